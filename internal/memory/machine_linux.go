package memory

import "golang.org/x/sys/unix"

// machine is the machine's memory, 0 where the kernel doesn't say.
func machine() int64 {
	var s unix.Sysinfo_t
	err := unix.Sysinfo(&s)
	if err != nil {
		return 0
	}
	return int64(uint64(s.Totalram) * uint64(s.Unit))
}
