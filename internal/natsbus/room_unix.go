//go:build linux || darwin

package natsbus

import "syscall"

// room is how many bytes are free for this process where dir lies.
func room(dir string) (uint64, error) {
	var s syscall.Statfs_t
	err := syscall.Statfs(dir, &s)
	return s.Bavail * uint64(s.Bsize), err
}
