package admin_test

import (
	"errors"
	"net"
	"path/filepath"
	"testing"

	"isac/hub"
	"isac/internal/admin"
)

// TestAnAnswerThatIsCutOff: only where nobody listens is there no hub. One that ends in the
// middle of a request may have carried it out.
func TestAnAnswerThatIsCutOff(t *testing.T) {
	dir := t.TempDir()
	ask := func() error {
		_, err := admin.Ask(t.Context(), dir, admin.Request{Op: "rotate"})
		return err
	}
	if err := ask(); !errors.Is(err, admin.ErrNoHub) {
		t.Errorf("without a socket: %v", err)
	}
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(dir, "admin.sock"), Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = c.Read(make([]byte, 1))
			_ = c.Close()
		}
	}()
	if err := ask(); errors.Is(err, admin.ErrNoHub) || hub.KindOf(err) != hub.Unavailable {
		t.Errorf("cut off: %v", err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if err := ask(); !errors.Is(err, admin.ErrNoHub) {
		t.Errorf("a socket that a dead hub left: %v", err)
	}
}
