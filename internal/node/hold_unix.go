//go:build unix

package node

import (
	"os"
	"syscall"
)

// hold takes the file for this process; it ends with the process.
func hold(f *os.File) error {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}
