package member_test

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/review"
	"isac/internal/conveyor"
	"isac/internal/hubtest"
	"isac/internal/member"
)

const attacker = "203.0.113.99"

// seen collects the states that a follower told.
type seen struct {
	mu   sync.Mutex
	list []string
}

func (s *seen) add(raw json.RawMessage, _ review.Status) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = append(s.list, string(raw))
	return nil
}

func (s *seen) last() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.list) == 0 {
		return ""
	}
	return s.list[len(s.list)-1]
}

// bare is the state of a case as a machine sees it.
func bare(flash, full review.Phase) string {
	return `{"stages":[{"stage":"flash","state":"` + string(flash) + `"},{"stage":"full","state":"` + string(full) + `"}]}`
}

// TestFollowerTellsEveryChange: with a poll that never comes, what it learns it
// learns by the member's status subject.
func TestFollowerTellsEveryChange(t *testing.T) {
	h := hubtest.Start(t, 24)
	reporter := h.Person(0, hub.Reporter)
	var moderators []hubtest.Person
	for _, i := range h.Apart(0, 3) {
		moderators = append(moderators, h.Person(i, hub.Moderator))
	}
	conn := h.Dial(0)
	receipt, _, err := conn.Report(t.Context(), hubtest.Bundle(h.Members[0], "one", "1", attacker))
	if err != nil {
		t.Fatal(err)
	}
	c := h.Case(reporter, 1)
	var told seen
	ended := make(chan error, 1)
	go func() {
		ended <- member.Follower{Conn: conn, Receipt: receipt.Number, Each: told.add, Poll: time.Hour}.Run(t.Context())
	}()
	state := func(flash, full review.Phase) {
		t.Helper()
		h.Poll("state "+string(flash)+", "+string(full), func() bool { return told.last() == bare(flash, full) })
	}
	state(review.Asking, review.Asking)
	must(t, h.Desk.Object(t.Context(), reporter.Person, c.Case, hub.Full))
	state(review.Asking, review.Objected)
	// Another case of the member has states of its own, and changes none of these.
	_, _, err = conn.Report(t.Context(), hubtest.Bundle(h.Members[0], "two", "1", attacker))
	must(t, err)
	c = h.Consent(reporter, c)
	state(review.Reviewing, review.Reviewing)
	r := open(t, h, moderators, c.Stages[0].Digest)
	must(t, h.Desk.Decide(t.Context(), r.by.Person, r.Review, conveyor.Decision{Verb: "return", Reason: "unclear"}))
	state(review.Returned, review.Reviewing)
	must(t, h.Desk.Stand(t.Context(), reporter.Person, c.Case, hub.Flash))
	state(review.Reviewing, review.Reviewing)
	c = h.Approve(reporter, c.Case, moderators...)
	select {
	case err := <-ended:
		must(t, err)
	case <-time.After(30 * time.Second):
		t.Fatal("the follower goes on after the end")
	}
	state(review.Released, review.Released)
}

// drawn is an open review and who holds it.
type drawn struct {
	review.ModeratorView
	by hubtest.Person
}

func open(t *testing.T, h *hubtest.Hub, moderators []hubtest.Person, d hub.Digest) (out drawn) {
	t.Helper()
	h.Poll("an open review", func() bool {
		for _, m := range moderators {
			list, err := h.Desk.Reviews(m.Person)
			must(t, err)
			for _, r := range list {
				if r.Digest == d && r.Yours == review.Open {
					out = drawn{r, m}
					return true
				}
			}
		}
		return false
	})
	return out
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestFollowerOfAFreshReceiptWaitsForItsCase, and of no receipt at all ends.
func TestFollowerOfAFreshReceiptWaitsForItsCase(t *testing.T) {
	h := hubtest.Start(t, 20)
	conn := h.Dial(0)
	none := member.Follower{Conn: conn, Receipt: strings.Repeat("a", 26), Each: new(seen).add}
	if err := none.Run(t.Context()); hub.KindOf(err) != hub.NotFound {
		t.Errorf("no such receipt: %v", err)
	}
	receipt, _, err := conn.Report(t.Context(), hubtest.Bundle(h.Members[0], "one", "1", attacker))
	must(t, err)
	var told seen
	ctx, stop := context.WithCancel(t.Context())
	f := member.Follower{Conn: conn, Receipt: receipt.Number, Fresh: true, Poll: 100 * time.Millisecond, Each: func(raw json.RawMessage, s review.Status) error {
		stop()
		return told.add(raw, s)
	}}
	must(t, f.Run(ctx))
	if told.last() != bare(review.Asking, review.Asking) && told.last() != bare("waiting", "waiting") {
		t.Errorf("told %s", told.last())
	}
	other := member.Follower{Conn: h.Dial(1), Receipt: receipt.Number, Each: told.add}
	if err := other.Run(t.Context()); hub.KindOf(err) != hub.NotFound {
		t.Errorf("another member's receipt: %v", err)
	}
}
