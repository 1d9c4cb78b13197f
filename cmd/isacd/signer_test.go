package main

import (
	"bytes"
	"crypto/ed25519"
	"os"
	"path/filepath"
	"testing"

	"isac/hub"
	"isac/hub/register"
	"isac/hub/register/synthetic"
	"isac/internal/admin"
	"isac/internal/hubtest"
)

// TestCommandsLeaveTheAlertKeyToTheSigner imports a sector list before the hub's first
// start, as README does, and begins with a signer then.
func TestCommandsLeaveTheAlertKeyToTheSigner(t *testing.T) {
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	dir, socket := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "s")
	_, key, err := ed25519.GenerateKey(nil)
	must(err)
	hubtest.ServeAgent(t, socket, hubtest.Agent(t, key))
	list, err := register.New(synthetic.Register(40, 77))
	must(err)
	var csv bytes.Buffer
	must(list.Write(&csv))
	_, err = ask(t.Context(), dir, admin.Request{Op: "import", CSV: csv.Bytes()})
	must(err)
	for _, file := range []string{"alert.key", "alert.pub", "receipt.key"} {
		if _, err := os.Stat(filepath.Join(dir, "keys", file)); err == nil {
			t.Errorf("a command made %s", file)
		}
	}
	s, err := readSettings("")
	must(err)
	s.Data, s.Listen, s.NATSListen, s.Signer = dir, "", "127.0.0.1:0", "unix:"+socket
	n, err := openNode(t.Context(), s, true)
	must(err)
	if !n.Ring.AlertKey().Equal(key.Public()) || n.Ring.SignerReady() != nil {
		t.Error("the hub doesn't use the signer's key")
	}
	must(n.Close())
	_, err = ask(t.Context(), dir, admin.Request{Op: "list"})
	must(err)
	s.Signer = ""
	if _, err := openNode(t.Context(), s, true); hub.KindOf(err) != hub.Invalid {
		t.Errorf("served without its signer: %v", err)
	}
}
