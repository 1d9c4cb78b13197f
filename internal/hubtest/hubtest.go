// Package hubtest starts a real hub for tests: a node in a temporary folder with
// invented members, short clocks, members' connections over loopback, and people
// with keys. Nothing in it is a stand-in.
//
// It trusts nothing and is used by tests alone.
//
//	h := hubtest.Start(t, 20)
//	receipt := h.Report(0, bundle)
package hubtest

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"io"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/paper"
	"isac/hub/profile"
	"isac/hub/register"
	"isac/hub/register/synthetic"
	"isac/hub/review"
	"isac/hub/shelf"
	"isac/internal/admin"
	"isac/internal/conveyor"
	"isac/internal/mail"
	"isac/internal/member"
	"isac/internal/natsbus"
	"isac/internal/node"
	"isac/internal/validation"
	"isac/internal/webhook"
)

// Hub is a running hub and everyone around it.
type Hub struct {
	*node.Node
	T       testing.TB
	Folder  string
	Members []hub.Organisation
	Log     *Log
	Sector  *profile.Profile // from the next Open on
	Mail    *mail.Server     // from the next Open on
	Inside  []netip.Prefix   // where webhooks may be, from the next Open on
	Shelf   *shelf.Shelf     // the same; the program's when nil
	Signer  string           // socket of who holds the alert key
	Kept    string           // URL of the server that keeps the log; the hub's own when ""
	clocks  review.Clocks
	ahead   atomic.Int64 // how far the hub's clock is ahead of the real one
}

// Advance moves the hub's clock forward; what is due happens at the next tick.
func (h *Hub) Advance(d time.Duration) { h.ahead.Add(int64(d)) }

// Log collects what the hub logs.
type Log struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write implements io.Writer.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

// String returns all that was logged.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// tail returns the last n bytes of what was logged.
func (l *Log) tail(n int) string {
	text := l.String()
	return text[max(0, len(text)-n):]
}

// Start runs a hub with n members. Each change may alter the clocks.
func Start(t testing.TB, n int, change ...func(*review.Clocks)) *Hub {
	t.Helper()
	return StartSigned(t, n, "", change...)
}

// StartSigned is Start for a hub whose alert key a signer at a socket holds.
func StartSigned(t testing.TB, n int, signer string, change ...func(*review.Clocks)) *Hub {
	t.Helper()
	h := newHub(t, signer)
	for _, c := range change {
		c(&h.clocks)
	}
	h.begin(n)
	return h
}

// StartShared is Start for a hub whose log another server keeps.
func StartShared(t testing.TB, n int) (*Hub, *Server) {
	t.Helper()
	h := newHub(t, "")
	config, err := natsbus.ServerConfig(h.Folder, natsbus.Listeners{})
	h.must(err)
	s := startServer(t, config)
	h.Kept = s.ClientURL()
	h.begin(n)
	return h, s
}

// Beside starts another node of a hub whose log another server keeps, on a copy of its keys.
func (h *Hub) Beside() *Hub {
	h.T.Helper()
	other := newHub(h.T, h.Signer)
	other.Kept, other.Members, other.clocks = h.Kept, h.Members, h.clocks
	for _, name := range []string{"keys", "nats"} {
		h.must(os.CopyFS(filepath.Join(other.Folder, name), os.DirFS(filepath.Join(h.Folder, name))))
	}
	data, err := os.ReadFile(filepath.Join(h.Folder, "hub.json"))
	h.must(err)
	h.must(os.WriteFile(filepath.Join(other.Folder, "hub.json"), data, 0o600))
	other.Open()
	h.T.Cleanup(func() { _ = other.Close() })
	return other
}

func newHub(t testing.TB, signer string) *Hub {
	h := &Hub{T: t, Signer: signer, Folder: t.TempDir(), Log: new(Log), Sector: profile.HealthcareJP(), clocks: node.Clocks(profile.HealthcareJP().Clocks)}
	h.clocks.ReleaseJitter, h.clocks.NextSlot = 0, nil
	return h
}

// begin starts a new hub with n members.
func (h *Hub) begin(n int) {
	h.T.Helper()
	h.Open()
	list, err := register.New(synthetic.Register(n, 77))
	h.must(err)
	var csv bytes.Buffer
	h.must(list.Write(&csv))
	h.must(h.Roster.Import(h.T.Context(), csv.Bytes()))
	h.Members = list.Members()
	h.T.Cleanup(func() { _ = h.Close() })
}

// Open starts the node on the hub's folder, as after a restart.
func (h *Hub) Open() {
	h.T.Helper()
	v, err := validation.Embedded()
	h.must(err)
	h.Node, err = node.Start(h.T.Context(), node.Config{
		Dir: h.Folder, Listen: "127.0.0.1:0", Profile: h.Sector, Validator: v, Clocks: &h.clocks, Font: h.font(),
		Mail: h.Mail, Webhooks: webhook.Settings{Allow: h.Inside, Plain: true},
		Shelf: h.Shelf, Signer: h.Signer, NATSURL: h.Kept,
		Now:  func() time.Time { return time.Now().Add(time.Duration(h.ahead.Load())) },
		Tick: 20 * time.Millisecond, Log: slog.New(slog.NewTextHandler(io.Writer(h.Log), &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	h.must(err)
}

// font is Debian's, where it is installed.
func (h *Hub) font() *paper.Font {
	file, err := os.Open(paper.Noto)
	if err != nil {
		return nil
	}
	h.T.Cleanup(func() { _ = file.Close() })
	f, err := paper.Read(file)
	h.must(err)
	return f
}

func (h *Hub) must(err error) {
	h.T.Helper()
	if err != nil {
		h.T.Fatal(err)
	}
}

// Credentials issues a credentials file for member i.
func (h *Hub) Credentials(i int) string {
	h.T.Helper()
	r, err := admin.Do(h.T.Context(), h.Node, admin.Request{Op: "credentials", ID: h.Members[i].ID})
	h.must(err)
	file := filepath.Join(h.T.TempDir(), "member.creds")
	h.must(os.WriteFile(file, r.Credentials, 0o600))
	return file
}

// Dial connects as member i.
func (h *Hub) Dial(i int) *member.Conn {
	h.T.Helper()
	c, err := member.Read(h.Credentials(i))
	h.must(err)
	conn, err := c.Dial(h.Bus.URL())
	h.must(err)
	h.T.Cleanup(conn.Close)
	return conn
}

// Person is somebody with a key.
type Person struct {
	hub.Person
	Token string
	key   ed25519.PrivateKey
}

// Sign signs a digest for a purpose.
func (p Person) Sign(purpose review.Purpose, d hub.Digest) []byte {
	return ed25519.Sign(p.key, review.SigningBytes(purpose, d))
}

// Person puts somebody of member i (-1: the secretariat) on the roster.
func (h *Hub) Person(i int, roles ...hub.Role) Person {
	h.T.Helper()
	org := "hub"
	if i >= 0 {
		org = h.Members[i].ID
	}
	pub, priv, err := ed25519.GenerateKey(nil)
	h.must(err)
	who, token, err := h.Roster.AddPerson(h.T.Context(), org, roles, pub)
	h.must(err)
	return Person{who, token, priv}
}

// Join records the joining terms that a reporter signs: "standing" or "ask".
func (h *Hub) Join(p Person, mode review.Mode) {
	h.T.Helper()
	t := review.Terms{Member: p.Org, Mode: string(mode), Person: p.ID, Version: "1", Signed: h.Now()}
	t.Signature = ed25519.Sign(p.key, t.SigningBytes())
	h.must(h.Roster.SetTerms(h.T.Context(), t))
}

// Poll waits until done says so, for at most 30 seconds.
func (h *Hub) Poll(what string, done func() bool) {
	h.T.Helper()
	end := time.Now().Add(30 * time.Second)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		if time.Now().After(end) {
			h.T.Fatalf("%s: not within 30 s; the hub's log ends:\n%s", what, h.Log.tail(2000))
		}
		<-tick.C
	}
}

// Case waits for the newest case of a reporter to have a draft or a hold of the
// newest report, and returns it.
func (h *Hub) Case(p Person, versions int) conveyor.CaseView {
	h.T.Helper()
	var view conveyor.CaseView
	h.Poll("a drafted case", func() bool {
		ids, err := h.Desk.Cases(context.Background(), p.Person)
		if err != nil || len(ids) == 0 {
			return false
		}
		view, err = h.Desk.Case(context.Background(), p.Person, ids[len(ids)-1])
		return err == nil && view.Stages[0].Version >= versions
	})
	return view
}

// Consent confirms every prose fact and consents to both drafts.
func (h *Hub) Consent(p Person, c conveyor.CaseView) conveyor.CaseView {
	h.T.Helper()
	ctx := context.Background()
	var answers conveyor.Answers
	for _, f := range c.Prose {
		answers.Confirmed = append(answers.Confirmed, f.Key)
	}
	h.must(h.Desk.Answer(ctx, p.Person, c.Case, answers))
	c, err := h.Desk.Case(ctx, p.Person, c.Case)
	h.must(err)
	for _, s := range c.Stages {
		h.must(h.Desk.Consent(ctx, p.Person, c.Case, s.Stage, s.Digest, p.Sign(review.ToConsent, s.Digest)))
	}
	return c
}

// Approve lets the drawn moderators approve every open review until the case of the
// reporter has both alerts out, and returns it. The flash comes first: a full alert
// that is out closes a flash that isn't.
func (h *Hub) Approve(p Person, id string, moderators ...Person) conveyor.CaseView {
	h.T.Helper()
	var c conveyor.CaseView
	for i, stage := range []hub.Stage{hub.Flash, hub.Full} {
		h.Poll("the "+string(stage)+" alert", func() bool {
			h.ApproveOpen(stage, moderators...)
			var err error
			c, err = h.Desk.Case(context.Background(), p.Person, id)
			return err == nil && c.Stages[i].Alert != nil
		})
	}
	return c
}

// ApproveOpen lets moderators approve what is open of a stage now.
func (h *Hub) ApproveOpen(stage hub.Stage, moderators ...Person) {
	for _, m := range moderators {
		h.approveOpen(m, stage)
	}
}

func (h *Hub) approveOpen(m Person, stage hub.Stage) {
	list, err := h.Desk.Reviews(m.Person)
	if err != nil {
		return
	}
	for _, r := range list {
		if r.Stage != stage || r.Yours != review.Open || r.Digest.IsZero() {
			continue
		}
		// A draft that has just changed is approved in the next round.
		err := h.Desk.Decide(context.Background(), m.Person, r.Review, conveyor.Decision{
			Verb: "approve", Digest: r.Digest, Signature: m.Sign(r.Sign, r.Digest), Thin: r.Thin,
		})
		if err != nil {
			h.T.Logf("approving the %s draft: %v", r.Stage, err)
		}
	}
}

// Apart returns the indexes of n members that may moderate for member victim: no
// two of one operator, place or vendor.
func (h *Hub) Apart(victim, n int) []int {
	var out []int
	taken := map[string]bool{}
	add := func(o hub.Organisation) bool {
		keys := []string{"o" + o.Operator, "p" + o.Municipality}
		if taken[keys[0]] || taken[keys[1]] {
			return false
		}
		taken[keys[0]], taken[keys[1]] = true, true
		return true
	}
	add(h.Members[victim])
	for i := range h.Members {
		if i != victim && len(out) < n && add(h.Members[i]) {
			out = append(out, i)
		}
	}
	return out
}

// OnDisk reports whether the bytes stand anywhere in the hub's folder.
func (h *Hub) OnDisk(want string) bool {
	h.T.Helper()
	found := false
	err := filepath.WalkDir(h.Folder, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return nil // files come and go while the hub runs
		}
		data, err := os.ReadFile(path)
		found = found || err == nil && bytes.Contains(data, []byte(want))
		return nil
	})
	h.must(err)
	return found
}
