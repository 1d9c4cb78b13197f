package conveyor_test

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/stix"
	"isac/internal/hubtest"
	"isac/internal/keyring"
	"isac/internal/member"
)

// rotated is a hub whose key of alerts changes.
type rotated struct {
	*hubtest.Hub
	t    *testing.T
	m    hubtest.Person
	next int // of alerts
}

func rotates(t *testing.T, signer string) *rotated {
	h := hubtest.StartSigned(t, 24, signer)
	return &rotated{Hub: h, t: t, m: h.Person(0, hub.Moderator)}
}

// alert has one alert more released.
func (r *rotated) alert() {
	r.t.Helper()
	r.next++
	a := kev(r.t, r.next, "alert")[r.next-1]
	ok, err := take(r.t, r.Hub, a)
	if !ok || err != nil {
		r.t.Fatal(ok, err)
	}
	approve(r.t, r.Hub, r.m, a.ID)
	entries(r.t, r.Hub, r.next)
}

func (r *rotated) rotate(in string, lost bool) {
	r.t.Helper()
	r.must(r.Desk.RotateKey(r.t.Context(), in, lost))
}

func (r *rotated) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// member reads a credentials file, and keeps the hub's keys in a folder.
func (r *rotated) member(file, keys string) *member.Conn {
	r.t.Helper()
	c, err := member.Read(file)
	r.must(err)
	r.must(c.KeepKeys(keys))
	conn, err := c.Dial(r.Bus.URL())
	r.must(err)
	r.t.Cleanup(conn.Close)
	return conn
}

// all fetches all alerts, of which none may be refused.
func (r *rotated) all(c *member.Conn) (got []deliver.Entry) {
	r.t.Helper()
	w := member.Watcher{Conn: c, Each: func(e deliver.Entry, _ deliver.Chain) error { got = append(got, e); return nil }}
	r.must(w.Once(r.t.Context()))
	return got
}

// secret is the alert key in the folder.
func (r *rotated) secret() string {
	r.t.Helper()
	data, err := os.ReadFile(filepath.Join(r.Folder, "keys", "alert.key"))
	r.must(err)
	return strings.TrimSpace(string(data))
}

func refusedAs(t *testing.T, err error, text string) {
	t.Helper()
	if e, ok := errors.AsType[*hub.Error](err); !ok || e.Text != text {
		t.Errorf("%v, want %s", err, text)
	}
}

// TestMembersFollowTheKey changes the key of alerts twice while members watch and report.
// Who watches misses nothing and is warned of nothing; who was away over both changes, and
// who comes new, believes all alerts; the ledger that was seen goes on; an old key is good
// for no newer alert, and is nowhere in the hub's folder.
func TestMembersFollowTheKey(t *testing.T) {
	r := rotates(t, "")
	away := r.Credentials(2)
	var mu sync.Mutex
	var live []deliver.Entry
	ctx, stop := context.WithCancel(t.Context())
	w := member.Watcher{
		Conn: r.Dial(1), Warn: func(err error) { t.Errorf("warned: %v", err) },
		Each: func(e deliver.Entry, _ deliver.Chain) error {
			mu.Lock()
			defer mu.Unlock()
			live = append(live, e)
			return nil
		},
	}
	var watching, reporting sync.WaitGroup
	watching.Go(func() {
		if err := w.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	done := make(chan bool)
	for i := 3; i < 6; i++ {
		c, card := r.Dial(i), member.Spool{Dir: t.TempDir()}
		reporting.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-done:
					return
				default:
				}
				err := card.Renew(ctx, c)
				if err == nil && n%100 == 0 {
					_, _, err = c.Report(ctx, hubtest.Bundle(r.Members[i], fmt.Sprint(n), "1", "203.0.113.7"))
				}
				if err != nil {
					t.Errorf("a report was refused: %v", err)
					return
				}
			}
		})
	}
	seen, err := member.OpenLedger(filepath.Join(t.TempDir(), "ledger"))
	r.must(err)
	look := func(size int64) {
		t.Helper()
		r.Poll("the ledger", func() bool { r.must(seen.Look(ctx, w.Conn)); return seen.View().Checked >= size })
	}
	look(1)
	before := seen.View().Text
	r.alert()
	old := r.secret()
	r.rotate("", false)
	r.alert()
	r.rotate("", false)
	r.alert()
	r.Poll("the watcher", func() bool { mu.Lock(); defer mu.Unlock(); return len(live) == 3 })
	r.Advance(24 * time.Hour)
	look(2)
	r.must(seen.Compare(ctx, w.Conn, before)) // by the first key, as another member was shown it
	close(done)
	reporting.Wait()
	stop()
	watching.Wait()

	if got := r.all(r.member(away, t.TempDir())); len(got) != 3 {
		t.Errorf("who was away has %d alerts", len(got))
	}
	if got := r.all(r.Dial(7)); len(got) != 3 {
		t.Errorf("who came new has %d alerts", len(got))
	}
	r.must(r.Close())
	r.Open()
	r.alert()
	list := entries(t, r.Hub, 4)
	line := r.Ring.Line()
	if len(line.Steps) != 2 || r.all(r.Dial(8)) == nil {
		t.Errorf("%d steps after a restart", len(line.Steps))
	}
	seed, err := hex.DecodeString(old)
	r.must(err)
	forged := list[3]
	forged.Signature = ed25519.Sign(ed25519.NewKeyFromSeed(seed), forged.Bundle)
	refusedAs(t, deliver.VerifyIn(line, forged), "deliver.old-key")
	for i, e := range list {
		r.must(deliver.VerifyIn(line, e))
		if makerOf(t, e) != makerOf(t, list[0]) {
			t.Errorf("alert %d is by another hub", i+1)
		}
	}
	if r.OnDisk(old) {
		t.Error("the first key is still in the folder")
	}
	left, err := filepath.Glob(filepath.Join(r.Folder, "keys", "alert.*"))
	r.must(err)
	for i := range left {
		left[i] = filepath.Base(left[i])
	}
	if !slices.Equal(left, []string{"alert.key", "alert.line"}) {
		t.Errorf("the folder of keys has %v", left)
	}
}

// makerOf is who made an alert.
func makerOf(t *testing.T, e deliver.Entry) string {
	t.Helper()
	b, err := stix.ParseBundle(e.Bundle, stix.Limits{Bytes: 64 << 20, Depth: 100, Objects: 10_000})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range b.Objects {
		if o.Type() == "report" {
			return o.Str("created_by_ref")
		}
	}
	return ""
}

// copyFolder copies a hub's folder.
func copyFolder(t *testing.T, from string) (to string) {
	t.Helper()
	to = filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return to
}

// TestAHubThatGoesBackIsRefused runs a copy of a hub from before its key changed: by it a
// member that knows the new key isn't led back, nor to another successor, and says why; one
// that knows nothing yet is.
func TestAHubThatGoesBackIsRefused(t *testing.T) {
	r := rotates(t, "")
	r.alert()
	creds, other, keys := r.Credentials(1), r.Credentials(2), t.TempDir()
	r.must(r.Close())
	past := copyFolder(t, r.Folder)
	r.Open()
	r.rotate("", false)
	r.alert()
	if got := r.all(r.member(creds, keys)); len(got) != 2 {
		t.Fatalf("%d alerts", len(got))
	}
	newest := r.Ring.AlertKey()
	r.must(r.Close())
	r.Folder = past
	r.Open()
	report := hubtest.Bundle(r.Members[1], "one", "1", "203.0.113.7")
	_, _, err := r.member(creds, keys).Report(t.Context(), report)
	refusedAs(t, err, "succession.back")
	r.rotate("", false)
	_, _, err = r.member(creds, keys).Report(t.Context(), report)
	refusedAs(t, err, "succession.two")
	c, err := member.Read(creds)
	r.must(err)
	r.must(c.KeepKeys(keys))
	if !c.Keys.Line().Newest().Equal(newest) {
		t.Error("the member was led to another key")
	}
	_, _, err = r.member(other, t.TempDir()).Report(t.Context(), report)
	r.must(err)
}

// TestWhoGetsNoAnswerIsToldSo: an alert by a new key, of which the hub tells nothing, isn't
// called forged, and comes when the hub answers. That keys can't be kept is told, once.
func TestWhoGetsNoAnswerIsToldSo(t *testing.T) {
	r := rotates(t, "")
	unkept := filepath.Join(t.TempDir(), "a file")
	c, err := member.Read(r.Credentials(1))
	r.must(err)
	r.must(c.KeepKeys(filepath.Join(unkept, "keys")))
	conn, err := c.Dial(r.Bus.URL())
	r.must(err)
	came := make(chan deliver.Entry, 100)
	watch := func(conn *member.Conn) (warned chan error, stop func()) {
		warned = make(chan error, 100)
		ctx, cancel := context.WithCancel(t.Context())
		got := make(chan bool)
		w := member.Watcher{Conn: conn, Warn: func(err error) { warned <- err }, Each: func(e deliver.Entry, _ deliver.Chain) error { came <- e; return nil }}
		go func() { _ = w.Run(ctx); close(got) }()
		return warned, func() { cancel(); <-got; conn.Close() }
	}
	r.must(os.WriteFile(unkept, nil, 0o600))
	warned, stop := watch(conn)
	r.alert()
	<-came
	r.rotate("", false)
	_, err = r.Bus.LeaveToOthers()
	r.must(err)
	r.alert()
	refusedAs(t, <-warned, "member.no-answer")
	stop()
	r.must(r.Close())
	r.Open()
	conn, err = c.Dial(r.Bus.URL())
	r.must(err)
	warned, stop = watch(conn)
	<-came // once more, and then the other
	<-came
	refusedAs(t, <-warned, "member.keys-unkept")
	stop()
	if n := len(c.Keys.Line().Steps); n != 1 || len(warned) > 0 {
		t.Errorf("%d steps are believed, %d warnings more", n, len(warned))
	}
}

// TestTheKeyMovesToASigner moves the key of alerts from the folder to an agent, to another
// of the agent's, and back; then an agent is gone for good.
func TestTheKeyMovesToASigner(t *testing.T) {
	r := rotates(t, "")
	creds := r.Credentials(1)
	socket := filepath.Join(t.TempDir(), "s")
	_, one, err := ed25519.GenerateKey(nil)
	r.must(err)
	_, two, err := ed25519.GenerateKey(nil)
	r.must(err)
	r.alert()
	old := r.secret()
	if err := r.Desk.RotateKey(t.Context(), socket, false); hub.KindOf(err) != hub.Unavailable {
		t.Fatalf("rotated to a signer that isn't there: %v", err)
	}
	stop := hubtest.ServeAgent(t, socket, hubtest.Agent(t, one, two))
	refusedAs(t, r.Desk.RotateKey(t.Context(), socket, false), "keyring.not-one-key")
	stop()
	stop = hubtest.ServeAgent(t, socket, hubtest.Agent(t, one))
	r.rotate(socket, false)
	r.alert()
	if !r.Ring.AlertKey().Equal(one.Public()) || r.OnDisk(old) {
		t.Error("the key didn't move, or is still here")
	}
	r.must(r.Close())
	r.Signer = socket // as the command says
	r.Open()
	r.alert()
	stop()
	stop = hubtest.ServeAgent(t, socket, hubtest.Agent(t, one, two))
	r.rotate("", false)
	stop()
	stop = hubtest.ServeAgent(t, socket, hubtest.Agent(t, two))
	r.alert()
	r.rotate(keyring.Folder, false)
	stop()
	r.must(r.Close())
	r.Signer = ""
	r.Open()
	r.alert()
	if got := r.all(r.member(creds, t.TempDir())); len(got) != 5 {
		t.Errorf("%d alerts", len(got))
	}
	if _, err := os.Stat(filepath.Join(r.Folder, "keys", "alert.pub")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("alert.pub is still there: %v", err)
	}

	_, three, err := ed25519.GenerateKey(nil)
	r.must(err)
	stop = hubtest.ServeAgent(t, socket, hubtest.Agent(t, three))
	r.rotate(socket, false)
	stop()
	if err := r.Desk.RotateKey(t.Context(), keyring.Folder, false); hub.KindOf(err) != hub.Unavailable {
		t.Fatalf("a key that is gone signed: %v", err)
	}
	r.rotate(keyring.Folder, true)
	r.alert()
	_, err = r.member(creds, t.TempDir()).FollowKeys(t.Context())
	refusedAs(t, err, "succession.by-hand")
	if got := r.all(r.Dial(2)); len(got) != 6 { // with new credentials
		t.Errorf("%d alerts", len(got))
	}
}

// TestAChangeThatACrashLeft kills a hub right after the log has the step: its next start
// ends the change.
func TestAChangeThatACrashLeft(t *testing.T) {
	r := rotates(t, "")
	creds := r.Credentials(1)
	s, err := r.Ring.Prepare("", r.Now)
	r.must(err)
	r.step(s)
	r.must(r.Close())
	r.Open()
	if !r.Ring.AlertKey().Equal(s.Public()) {
		t.Error("another key is in use")
	}
	r.alert()
	if got := r.all(r.member(creds, t.TempDir())); len(got) != 1 {
		t.Errorf("%d alerts", len(got))
	}
}

// TestAChangeIsEndedWhoeverGoesAway: who gave the command goes away right when the log gets the
// step, and the change is ended. Of one that was cut off there the command, given again, ends
// that and says so where another was wanted; the key that the log names isn't lost.
func TestAChangeIsEndedWhoeverGoesAway(t *testing.T) {
	r := rotates(t, "")
	creds := r.Credentials(1)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := r.Bus.NC.Subscribe("register.step.>", func(*nats.Msg) { cancel() })
	r.must(err)
	r.alert()
	r.must(r.Desk.RotateKey(ctx, "", false))
	r.Poll("the step", func() bool { return ctx.Err() != nil })
	if n := len(r.Ring.Line().Steps); n != 1 {
		t.Fatalf("%d steps", n)
	}
	r.alert()

	s, err := r.Ring.Prepare("", r.Now)
	r.must(err)
	r.step(s)
	r.rotate("", false)
	if !r.Ring.AlertKey().Equal(s.Public()) || len(r.Ring.Line().Steps) != 2 {
		t.Errorf("another key is in use, after %d steps", len(r.Ring.Line().Steps))
	}
	r.alert()

	socket := filepath.Join(t.TempDir(), "s")
	_, one, err := ed25519.GenerateKey(nil)
	r.must(err)
	stop := hubtest.ServeAgent(t, socket, hubtest.Agent(t, one))
	s, err = r.Ring.Prepare("", r.Now)
	r.must(err)
	r.step(s)
	refusedAs(t, r.Desk.RotateKey(t.Context(), socket, false), "keyring.ended-other")
	if !r.Ring.AlertKey().Equal(s.Public()) {
		t.Error("another key is in use")
	}
	r.alert()
	stop()
	r.must(r.Close())
	r.Open()
	if got := r.all(r.member(creds, t.TempDir())); len(got) != 4 {
		t.Errorf("%d alerts", len(got))
	}
}

// step stores the step to a successor, and no more.
func (r *rotated) step(s *keyring.Successor) {
	r.t.Helper()
	step, err := r.Ring.Step(s, uint64(r.next), r.Now(), false)
	r.must(err)
	n := len(r.Ring.Line().Steps)
	r.must(r.Roster.AddStep(r.t.Context(), n, step))
	r.must(r.Roster.AddStep(r.t.Context(), n, step)) // as after a lost acknowledgement
	step.After++
	if err := r.Roster.AddStep(r.t.Context(), n, step); hub.KindOf(err) != hub.Conflict {
		r.t.Errorf("a second successor was stored: %v", err)
	}
	if _, err := r.Ring.SignAlert([]byte("alert")); hub.KindOf(err) != hub.Unavailable {
		r.t.Errorf("a key signed that the log says is replaced: %v", err)
	}
}
