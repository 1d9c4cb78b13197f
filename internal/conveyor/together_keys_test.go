package conveyor_test

import (
	"crypto/ed25519"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"isac/hub"
	"isac/internal/conveyor"
	"isac/internal/hubtest"
	"isac/internal/keyring"
)

// sharing is a hub whose log another server keeps.
func sharing(t *testing.T) (*rotated, *hubtest.Server) {
	t.Helper()
	h, s := hubtest.StartShared(t, 24)
	r := &rotated{Hub: h, t: t, m: h.Person(0, hub.Moderator)}
	r.leads()
	return r, s
}

// leads waits until the hub does what must be done once.
func (r *rotated) leads() {
	r.t.Helper()
	r.Poll("the lease", func() bool { return r.Desk.Leads() })
}

// TestNoChangeBesideAnotherHub: while two hubs run on one log the key isn't changed. Where it
// was, since one didn't see the other, the other signs nothing and leaves members alone, whom
// it would lead back.
func TestNoChangeBesideAnotherHub(t *testing.T) {
	r, _ := sharing(t)
	c := r.member(r.Credentials(1), t.TempDir())
	r.alert()
	other := r.Beside()
	refusedAs(t, r.Desk.RotateKey(t.Context(), "", false), "keyring.others")
	refusedAs(t, other.Desk.RotateKey(t.Context(), "", false), "keyring.others")

	see := r.Desk.Others
	r.Desk.Others = nil
	r.rotate("", false)
	r.Desk.Others = see
	r.Poll("the step", other.Ring.Replaced)
	for range 30 {
		_, err := c.FollowKeys(t.Context())
		r.must(err)
	}
	r.Poll("the other to leave", func() bool { return strings.Contains(other.Log.String(), "members are left to it") })
	for i := range 10 {
		_, _, err := c.Report(t.Context(), hubtest.Bundle(r.Members[1], string(rune('a'+i)), "1", "203.0.113.7"))
		r.must(err)
	}
	r.alert()
	if got := r.all(c); len(got) != 2 {
		t.Errorf("%d alerts", len(got))
	}

	r.must(other.Close())
	r.leads()
	r.rotate(keyring.Folder, false)
	r.alert()
	if got := r.all(c); len(got) != 3 {
		t.Errorf("%d alerts", len(got))
	}
}

// downing is an agent that first has something happen where it signs a step.
type downing struct {
	agent.Agent
	once sync.Once
	down func()
}

func (d *downing) Sign(key ssh.PublicKey, data []byte) (*ssh.Signature, error) {
	if strings.HasPrefix(string(data), "isac key v1") {
		d.once.Do(d.down)
	}
	return d.Agent.Sign(key, data)
}

// TestAChangeThatTheLogDidntAnswer: the log's server goes away right before it is to store the
// step. Nothing is signed until it is back; then the change is ended by itself.
func TestAChangeThatTheLogDidntAnswer(t *testing.T) {
	conveyor.ShortenChange(t, 3*time.Second)
	r, server := sharing(t)
	creds := r.Credentials(1)
	r.alert()
	_, key, err := ed25519.GenerateKey(nil)
	r.must(err)
	held := agent.NewKeyring()
	r.must(held.Add(agent.AddedKey{PrivateKey: key}))
	socket := filepath.Join(t.TempDir(), "s")
	hubtest.ServeAgent(t, socket, &downing{Agent: held, down: server.Down})

	refusedAs(t, r.Desk.RotateKey(t.Context(), socket, false), "keyring.unsure")
	if _, err := r.Ring.SignAlert([]byte("alert")); hub.KindOf(err) != hub.Unavailable {
		t.Errorf("it signed: %v", err)
	}
	server.Up()
	r.Poll("the change", func() bool { return r.Ring.AlertKey().Equal(key.Public()) && !r.Ring.Unsure() })
	r.alert()
	if got := r.all(r.member(creds, t.TempDir())); len(got) != 2 || len(r.Ring.Line().Steps) != 1 {
		t.Errorf("%d alerts, %d steps", len(got), len(r.Ring.Line().Steps))
	}
}
