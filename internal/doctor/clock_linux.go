package doctor

import "golang.org/x/sys/unix"

// unkept reports whether the system says that nothing keeps its clock right.
func unkept() bool {
	var t unix.Timex
	state, err := unix.Adjtimex(&t)
	return err == nil && state == unix.TIME_ERROR
}
