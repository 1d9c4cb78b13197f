package admin

import (
	"errors"
	"net"
	"os"
)

// listenSocket makes the socket anew; one left by a dead hub is removed, since the
// folder's lock says that no other hub runs.
func listenSocket(path string) (net.Listener, error) {
	err := os.Remove(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	return l, os.Chmod(path, 0o600)
}
