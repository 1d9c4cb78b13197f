package peers_test

import (
	"bytes"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"isac/hub"
	"isac/internal/hubtest"
	"isac/internal/keyring"
	"isac/internal/natsbus"
	"isac/internal/peers"
)

// now is a Monday, so that a new week begins within a day before it.
var now = time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)

// node is one of a hub: a data folder, its keys, its connection.
type node struct {
	dir  string
	bus  *natsbus.Bus
	ring *keyring.Ring
	all  *peers.Peers
}

// world is a NATS server and what the first node of a hub has.
type world struct {
	t        *testing.T
	url, dir string
}

func newWorld(t *testing.T) world {
	t.Helper()
	dir := t.TempDir()
	config, err := natsbus.ServerConfig(dir, natsbus.Listeners{})
	if err != nil {
		t.Fatal(err)
	}
	return world{t, hubtest.NATSServer(t, config, t.TempDir()).ClientURL(), dir}
}

// copied is a data folder as an operator copies it.
func (w world) copied(from string) string {
	w.t.Helper()
	dir := w.t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		w.t.Fatal(err)
	}
	return dir
}

func (w world) start(dir string, at time.Time) (*node, error) {
	w.t.Helper()
	n := &node{dir: dir}
	var err error
	n.bus, err = natsbus.Start(w.t.Context(), natsbus.Options{Dir: dir, URL: w.url})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(n.bus.Close)
	n.ring, err = keyring.Open(filepath.Join(dir, "keys"))
	if err != nil {
		w.t.Fatal(err)
	}
	n.all, err = peers.Start(w.t.Context(), peers.Config{Bus: n.bus, Ring: n.ring, Now: func() time.Time { return at }, Log: slog.New(slog.DiscardHandler)})
	return n, err
}

func (w world) mustStart(dir string, at time.Time) *node {
	w.t.Helper()
	n, err := w.start(dir, at)
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// epoch is the public half of the epoch key that a node seals to.
func (n *node) epoch(t *testing.T, at time.Time) string {
	t.Helper()
	_, recipient, err := n.ring.Epoch(at)
	if err != nil {
		t.Fatal(err)
	}
	return recipient
}

func TestNodesHaveTheSameSecrets(t *testing.T) {
	w := newWorld(t)
	a := w.mustStart(w.dir, now)
	first := a.epoch(t, now)
	b := w.mustStart(w.copied(w.dir), now)
	if b.epoch(t, now) != first {
		t.Error("what was copied isn't the same")
	}
	// Both need the next week's at once: one of them holds, for both.
	next := now.AddDate(0, 0, 7)
	var got [2]string
	var both sync.WaitGroup
	for i, n := range []*node{a, b} {
		both.Go(func() { got[i] = n.epoch(t, next) })
	}
	both.Wait()
	if got[0] == "" || got[0] != got[1] || got[0] == first {
		t.Errorf("next week's keys: %q", got)
	}
	// One that was copied before asks for what was made since.
	late := w.mustStart(w.copied(w.dir), next)
	if late.epoch(t, next) != got[0] {
		t.Error("a node that came late has another key")
	}
	sealed, err := a.ring.SealLink(next, []byte("case"))
	if err != nil {
		t.Fatal(err)
	}
	if err := b.all.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	if data, err := b.ring.OpenLink(sealed); err != nil || string(data) != "case" {
		t.Errorf("a link of another node: %q, %v", data, err)
	}
}

// What is destroyed is nowhere: not in the stream, nor asked for again.
func TestSecretsEndEverywhere(t *testing.T) {
	w := newWorld(t)
	a := w.mustStart(w.dir, now)
	name, _, err := a.ring.Epoch(now)
	if err != nil {
		t.Fatal(err)
	}
	secret, _ := a.ring.Secret("epochs", name)
	b := w.mustStart(w.copied(w.dir), now)
	for _, n := range []*node{a, b} {
		if err := n.ring.DestroyEpoch(name); err != nil {
			t.Fatal(err)
		}
	}
	for _, n := range []*node{a, b} {
		if err := n.all.Sync(t.Context()); err != nil {
			t.Errorf("after the end: %v", err)
		}
		if _, ok := n.ring.Secret("epochs", name); ok {
			t.Error("a destroyed secret is back")
		}
		err := filepath.WalkDir(n.dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			data, err := os.ReadFile(path)
			if bytes.Contains(data, secret) {
				t.Errorf("a destroyed secret stands in %s", filepath.Base(path))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// A secret whose only holder is away is missed, and nothing takes its place.
func TestNobodyMakesUpWhatIsMissing(t *testing.T) {
	w := newWorld(t)
	before := w.copied(w.dir)
	a := w.mustStart(w.dir, now)
	if err := os.CopyFS(filepath.Join(before, "keys"), os.DirFS(filepath.Join(w.dir, "keys"))); err != nil {
		t.Fatal(err)
	}
	made := a.epoch(t, now)
	a.bus.Close()
	b, err := w.start(before, now)
	if hub.KindOf(err) != hub.Unavailable {
		t.Fatalf("a node without the week's key: %v", err)
	}
	if _, _, err := b.ring.Epoch(now); err == nil {
		t.Error("it made a key of its own")
	}
	a = w.mustStart(w.dir, now)
	if err := b.all.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	if b.epoch(t, now) != made || a.epoch(t, now) != made {
		t.Error("the keys differ")
	}
}

// A node with keys of its own, made while it was apart, doesn't start beside the others.
func TestStrangersAreToldSo(t *testing.T) {
	w := newWorld(t)
	apart := w.copied(w.dir)
	a := w.mustStart(w.dir, now)
	a.epoch(t, now)
	if err := os.CopyFS(filepath.Join(apart, "keys"), os.DirFS(filepath.Join(w.dir, "keys"))); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(apart, "keys", "epochs", "*.age"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%v, %v", files, err)
	}
	if err := os.Remove(files[0]); err != nil {
		t.Fatal(err)
	}
	ring, err := keyring.Open(filepath.Join(apart, "keys"))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := ring.Epoch(now); err != nil {
		t.Fatal(err)
	}
	if _, err := w.start(apart, now); hub.KindOf(err) != hub.Conflict {
		t.Errorf("a node with another key of the week: %v", err)
	}
}

// Who carries the messages may ask and offer as much as it likes.
func TestTheCarrierLearnsNothing(t *testing.T) {
	w := newWorld(t)
	a := w.mustStart(w.dir, now)
	name, _, err := a.ring.Epoch(now)
	if err != nil {
		t.Fatal(err)
	}
	mark, err := a.bus.Last(t.Context(), natsbus.Nodes, "node.secret.epochs."+name)
	if err != nil {
		t.Fatal(err)
	}
	for _, proof := range []string{"", string(mark.Data)} {
		question := []byte(`{"kind":"epochs","period":"` + name + `","mark":"` + string(mark.Data) + `","to":"age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj","proof":"` + proof + `"}`)
		if m, err := a.bus.NC.Request("hub.nodes.ask", question, 300*time.Millisecond); err == nil {
			t.Errorf("the carrier was answered with %d bytes", len(m.Data))
		}
	}
}
