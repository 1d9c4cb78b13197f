package backup_test

import (
	"crypto/ed25519"
	"path/filepath"
	"testing"
	"time"

	"isac/internal/hubtest"
)

// hold answers with a new key at a socket.
func hold(t *testing.T) (socket string) {
	t.Helper()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	socket = filepath.Join(t.TempDir(), "s")
	hubtest.ServeAgent(t, socket, hubtest.Agent(t, key))
	return socket
}

// TestARestoredHubKnowsItsSigner restores a hub whose alert key an agent holds, beside an
// agent with another key: the hub stays the one it was.
func TestARestoredHubKnowsItsSigner(t *testing.T) {
	socket := hold(t)
	r := rehearseOn(t, hubtest.StartSigned(t, 40, socket))
	key := r.Ring.AlertKey()
	taken, keys := r.take(time.Now()), r.keys(time.Now())
	r.must(r.Close())
	for signer, ready := range map[string]bool{hold(t): false, socket: true} {
		r.Folder, _ = r.restore(taken.Name, keys.Keys, keys.Secrets)
		r.Signer = signer
		r.Open()
		if !r.Ring.AlertKey().Equal(key) || (r.Ring.SignerReady() == nil) != ready {
			t.Errorf("the restored hub has another alert key, or the wrong signer: ready %v", ready)
		}
		r.must(r.Close())
	}
}
