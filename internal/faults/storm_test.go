package faults_test

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/review"
	"isac/internal/admin"
	"isac/internal/conveyor"
	"isac/internal/hubtest"
	"isac/internal/member"
)

// storm is a hub's members and people at work: some report, one of them consents,
// moderators approve, now and then an alert is recalled, others watch. They know
// nothing of the hub's deaths but what they see: no answer, and then they try again.
type storm struct {
	t          *testing.T
	site       site
	api        member.API
	members    []hub.Organisation
	reporters  []*reporter
	consenter  worker
	moderators []worker
	office     worker
	watchers   []*watcher
	history    history
	several    bool // nodes: each shows what it has heard of
	work       sync.WaitGroup
}

// reporter is a member's machine and what it was given.
type reporter struct {
	org    hub.Organisation
	conn   *member.Conn
	person worker
	pause  time.Duration

	mu       sync.Mutex
	receipts map[string]int // receipt → incident
	given    map[string]time.Time
	waited   []time.Duration
}

// worker is a person with a token and a key.
type worker struct {
	name string
	api  member.API
	key  ed25519.PrivateKey
}

func (w worker) sign(p review.Purpose, d hub.Digest) []byte {
	return ed25519.Sign(w.key, review.SigningBytes(p, d))
}

// apart is how many members of the storm have nothing to do with each other.
const apart = 8

func newStorm(t *testing.T, s site, p *process) *storm {
	t.Helper()
	x := &storm{t: t, site: s, api: member.API{URL: "http://" + s.http, Lang: "en"}, history: history{begun: time.Now()}}
	all := p.list(t, 40)
	world := hubtest.Hub{Members: all}
	x.members = []hub.Organisation{all[0]}
	for _, i := range world.Apart(0, apart-1) {
		x.members = append(x.members, all[i])
	}
	if len(x.members) < apart {
		t.Fatal("too few members that are apart")
	}
	for i := range 3 {
		r := &reporter{org: x.members[i], conn: x.dial(p, i), person: x.person(p, i, hub.Reporter), receipts: map[string]int{}, given: map[string]time.Time{}}
		r.pause = 300 * time.Millisecond
		x.reporters = append(x.reporters, r)
	}
	x.reporters[0].pause = 700 * time.Millisecond // its incidents go all the way
	x.consenter = x.reporters[0].person
	for i := 3; i < 6; i++ {
		x.moderators = append(x.moderators, x.person(p, i, hub.Moderator))
	}
	x.office = x.person(p, -1, hub.Secretariat)
	for i := 6; i < 8; i++ {
		x.watchers = append(x.watchers, &watcher{t: t, conn: x.dial(p, i)})
	}
	return x
}

func (x *storm) dial(p *process, i int) *member.Conn {
	x.t.Helper()
	return p.dial(x.t, x.members[i].ID, nats.CustomReconnectDelay(func(int) time.Duration { return 100*time.Millisecond + rand.N(200*time.Millisecond) }))
}

func (x *storm) person(p *process, i int, role hub.Role) worker {
	x.t.Helper()
	org := "hub"
	if i >= 0 {
		org = x.members[i].ID
	}
	pub, priv, err := ed25519.GenerateKey(nil)
	if err != nil {
		x.t.Fatal(err)
	}
	reply := p.ask(x.t, admin.Request{Op: "person", ID: org, Roles: []hub.Role{role}, Key: pub})
	api := x.api
	api.Token = reply.Token
	return worker{string(role) + " of " + org, api, priv}
}

// report sends one new incident after another until ctx ends; each until there is a
// receipt, as the client's help says.
func (x *storm) report(ctx context.Context, r *reporter) {
	for n := 0; ctx.Err() == nil; n++ {
		bundle := hubtest.Bundle(r.org, fmt.Sprint(n), "1", address(n))
		begun := time.Now()
		for {
			try, cancel := context.WithTimeout(context.Background(), 3*time.Second)
			receipt, _, err := r.conn.Report(try, bundle)
			cancel()
			if err == nil {
				r.mu.Lock()
				r.receipts[receipt.Number], r.given[receipt.Number] = n, time.Now()
				r.waited = append(r.waited, time.Since(begun))
				r.mu.Unlock()
				break
			}
			if hub.KindOf(err) != hub.Unavailable {
				x.t.Errorf("reporting: %v", err)
				break
			}
		}
		rest(ctx, r.pause/2+rand.N(r.pause))
	}
}

// address is the attacker's of an incident: none is a part of another.
func address(n int) string {
	nets := []string{"192.0.2", "198.51.100", "203.0.113"}
	return fmt.Sprintf("%s.%d", nets[n/150%3], 100+n%150)
}

func rest(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// every does one round after another until ctx ends. A round may fail: the hub may
// be dead, or somebody was faster.
func (x *storm) every(ctx context.Context, pause time.Duration, round func(context.Context)) {
	x.work.Go(func() {
		for ctx.Err() == nil {
			round(ctx)
			rest(ctx, pause)
		}
	})
}

// decide lets people do what waits for them.
func (x *storm) decide(ctx context.Context) {
	x.every(ctx, 200*time.Millisecond, x.consent)
	for _, m := range x.moderators {
		sentBack := map[hub.Digest]bool{}
		x.every(ctx, 200*time.Millisecond, func(ctx context.Context) { x.approve(ctx, m, sentBack) })
	}
	x.every(ctx, 500*time.Millisecond, x.recall)
}

func (x *storm) cases(ctx context.Context, w worker) ([]conveyor.CaseView, error) {
	var list struct {
		Cases []conveyor.CaseView `json:"cases"`
	}
	err := w.api.Get(ctx, "/cases", nil, &list)
	return list.Cases, err
}

type body map[string]any

// ask is a command on a draft, for the history.
func (x *storm) ask(ctx context.Context, w worker, verb, path string, draft hub.Digest, content body) {
	call := x.history.now()
	err := w.api.Post(ctx, path, content, new(any))
	x.history.add(call, act{verb, w.name, draft}, said(err))
}

// see is what somebody was shown of a draft since call.
func (x *storm) see(call int64, w worker, verb string, draft hub.Digest, state string) {
	over := state == string(review.Closed) || state == string(review.Held)
	if !x.several && !draft.IsZero() && !over {
		x.history.add(call, act{verb, w.name, draft}, state)
	}
}

func (x *storm) consent(ctx context.Context) {
	call := x.history.now()
	list, _ := x.cases(ctx, x.consenter)
	for _, c := range list {
		for _, s := range c.Stages {
			x.see(call, x.consenter, "seen", s.Digest, s.State)
		}
	}
	for _, c := range list {
		if c.Received.UnixMilli()%3 == 0 && len(c.Answers.Confirmed) == 0 && c.Stages[0].State == string(review.Asking) {
			_ = x.consenter.api.Post(ctx, "/cases/"+c.Case+"/answers", body{"all": true}, new(any))
			continue // with its new drafts in the next round
		}
		for _, s := range c.Stages {
			switch s.State {
			case string(review.Asking):
				x.ask(ctx, x.consenter, "consent", "/cases/"+c.Case+"/consent", s.Digest, body{"stage": s.Stage, "digest": s.Digest, "signature": x.consenter.sign(review.ToConsent, s.Digest)})
			case string(review.Returned):
				x.ask(ctx, x.consenter, "stand", "/cases/"+c.Case+"/stand", s.Digest, body{"stage": s.Stage})
			}
		}
	}
}

// approve has a moderator say yes to what is open, and of some drafts, the first time, no.
func (x *storm) approve(ctx context.Context, m worker, sentBack map[hub.Digest]bool) {
	var list struct {
		Reviews []review.ModeratorView `json:"reviews"`
	}
	call := x.history.now()
	_ = m.api.Get(ctx, "/reviews", nil, &list)
	for _, r := range list.Reviews {
		x.see(call, m, "own", r.Digest, string(r.Yours))
		x.see(call, m, "seen", r.Digest, r.State)
	}
	for _, r := range list.Reviews {
		switch {
		case r.Yours != review.Open || r.Digest.IsZero():
		case r.Digest[1]%6 == 0 && !sentBack[r.Digest]:
			sentBack[r.Digest] = true
			x.ask(ctx, m, "return", "/reviews/"+r.Review+"/return", r.Digest, body{"reason": "unclear"})
		default:
			x.ask(ctx, m, "approve", "/reviews/"+r.Review+"/approve", r.Digest, body{"digest": r.Digest, "signature": m.sign(r.Sign, review.Accepting(r.Digest, r.Single)), "accept_thin": r.Thin, "accept": r.Single})
		}
	}
}

// recalled picks the incidents whose alerts are recalled, by what is known of them.
func recalled(a hub.Alert) bool { return a.Digest[0]%4 == 0 }

// recall has two people recall some of what is out.
func (x *storm) recall(ctx context.Context) {
	var list struct {
		Alerts []hub.Alert `json:"alerts"`
	}
	_ = x.office.api.Get(ctx, "/alerts", url.Values{"limit": {"500"}}, &list)
	for _, a := range list.Alerts {
		if a.Kind != hub.Released || !recalled(a) {
			continue
		}
		for _, w := range []worker{x.office, x.moderators[0]} {
			_ = w.api.Post(ctx, "/alerts/"+a.ID+"/recall", body{"digest": a.Digest, "signature": w.sign(review.ToRecall, a.Digest), "reason": "leak"}, new(any))
		}
	}
}

// watcher is a member's client that follows the alerts.
type watcher struct {
	t    *testing.T
	conn *member.Conn

	mu    sync.Mutex
	got   []deliver.Entry
	at    []time.Time
	chain deliver.Chain
}

// follow watches until ctx ends. The hub may be silent; it may not be caught out.
func (w *watcher) follow(ctx context.Context) error {
	m := member.Watcher{Conn: w.conn, Poll: time.Second, Each: func(e deliver.Entry, c deliver.Chain) error {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.got, w.at, w.chain = append(w.got, e), append(w.at, time.Now()), c
		return nil
	}, Warn: func(err error) {
		if hub.KindOf(err) != hub.Unavailable {
			w.t.Errorf("a member was warned: %v", err)
		}
	}}
	return m.Run(ctx)
}

func (w *watcher) seen() []deliver.Entry {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.got)
}

// pastNumbers tells the numbers of the receipts of a member and of its incidents.
func (r *reporter) held() (receipts []string, incidents int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	different := map[int]bool{}
	for _, n := range r.receipts {
		different[n] = true
	}
	return slices.Sorted(maps.Keys(r.receipts)), len(different)
}
