//go:build !linux

package doctor

// unkept isn't known here.
func unkept() bool { return false }
