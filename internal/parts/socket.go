package parts

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/user"
	"slices"
	"strconv"

	"isac/hub"
)

// Listen takes the socket at path anew, for its owner and group, and lets in who is one
// of the users.
func Listen(path string, users []uint32, log *slog.Logger) (net.Listener, error) {
	err := os.Remove(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("making socket: %w", err)
	}
	l, err := net.Listen("unix", path)
	if err == nil {
		err = os.Chmod(path, 0o660)
	}
	if err != nil {
		return nil, fmt.Errorf("making socket: %w", err)
	}
	return guarded{l, users, log}, nil
}

// guarded is a listener that shuts out everybody but some users.
type guarded struct {
	net.Listener
	users []uint32
	log   *slog.Logger
}

func (g guarded) Accept() (net.Conn, error) {
	for {
		c, err := g.Listener.Accept()
		if err != nil {
			return nil, err
		}
		err = isOf(c, g.users)
		if err == nil {
			return c, nil
		}
		g.log.Warn("another user at the socket")
		_ = c.Close()
	}
}

// errStranger says that another user is at the other end.
var errStranger = errors.New("another user is at the other end of the socket")

// isOf refuses a connection at whose other end is none of the users.
func isOf(c net.Conn, users []uint32) error {
	uid, err := peer(c)
	if err != nil {
		return err
	}
	if !slices.Contains(users, uid) {
		return errStranger
	}
	return nil
}

// Users are the numbers of a user by name or number, or of this process where it is "".
func Users(name string) ([]uint32, error) {
	if name == "" {
		return []uint32{uint32(os.Geteuid())}, nil
	}
	u, err := user.Lookup(name)
	if err == nil {
		name = u.Uid
	}
	n, err := strconv.ParseUint(name, 10, 32)
	if err != nil {
		return nil, hub.E(hub.Invalid, "node.no-user", name)
	}
	return []uint32{uint32(n)}, nil
}
