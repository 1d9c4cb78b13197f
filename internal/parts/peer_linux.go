package parts

import (
	"errors"
	"fmt"
	"net"
	"syscall"
)

// peer is the user at the other end, by the kernel's word.
func peer(c net.Conn) (uint32, error) {
	u, ok := c.(*net.UnixConn)
	if !ok {
		return 0, errors.New("not a unix socket")
	}
	raw, err := u.SyscallConn()
	if err != nil {
		return 0, fmt.Errorf("looking who is at the socket: %w", err)
	}
	var who *syscall.Ucred
	var unknown error
	err = raw.Control(func(fd uintptr) {
		who, unknown = syscall.GetsockoptUcred(int(fd), syscall.SOL_SOCKET, syscall.SO_PEERCRED)
	})
	err = errors.Join(err, unknown)
	if err != nil {
		return 0, fmt.Errorf("looking who is at the socket: %w", err)
	}
	return who.Uid, nil
}
