package review

import (
	"slices"
	"strings"
	"testing"
	"time"

	"isac/hub"
)

// ofAlerts is a case that was made of released alerts, with its draft.
func ofAlerts(t *testing.T) *story {
	s := newStory(t)
	s.c, s.log = new(Case), nil
	s.do(s.c.Receive(Hub, Report{Number: "r", Digest: hub.Sum([]byte("list")), Time: s.now, Proposed: &Proposed{Person: "mod-a", Org: "a"}}))
	s.draft(hub.Full, "several")
	return s
}

// TestAlertsOfAlertsNeedNobodysConsent: there is no victim to ask, but two approvals of
// different organisations are needed as ever.
func TestAlertsOfAlertsNeedNobodysConsent(t *testing.T) {
	s := ofAlerts(t)
	if s.c.Phase(hub.Full) != Reviewing {
		t.Fatalf("the draft is %s", s.c.Phase(hub.Full))
	}
	if d := s.c.Due(s.now.Add(30*24*time.Hour), clocks); hasDuty(d, FlashLate) || hasDuty(d, DraftLate) || hasDuty(d, RemindReporter) {
		t.Errorf("somebody is waited for: %v", d)
	}
	_, err := s.c.TakeDraft(s.now, hub.Flash, Draft{Bytes: []byte("flash")}, s.w, s.w.random)
	s.refused(hub.Invalid, nil, err)
	seats := s.draw(hub.Full)
	if len(seats) != 2 || seats[0].Org == seats[1].Org {
		t.Fatalf("drawn are %+v", seats)
	}
	s.approve(hub.Full, seats[0])
	_, err = s.c.Begin(s.now, hub.Full, s.w)
	s.refused(hub.Conflict, nil, err)
	s.approve(hub.Full, seats[1])
	s.now = s.c.ReleaseAt(hub.Full)
	s.do(s.c.Begin(s.now, hub.Full, s.w))
	a, err := s.c.Approved(hub.Full, s.w)
	if err != nil || !a.Several() {
		t.Fatalf("%v, of several alerts: %v", err, a.Several())
	}
	alert := s.release(hub.Full, 1)
	// Nobody takes it back alone.
	s.do(s.c.TakeBack(s.now, hub.Full, hub.Withdrawn, "wrong", s.w.sign("sec-1", ToWithdraw, alert.Digest), s.w))
	if s.c.Phase(hub.Full) != Released {
		t.Errorf("one person withdrew: %s", s.c.Phase(hub.Full))
	}
	s.replayed()
}

// TestNobodyIsSparedByIt: what a report tells isn't released without its reporter.
func TestNobodyIsSparedByIt(t *testing.T) {
	s := newStory(t)
	s.draft(hub.Full, "full")
	list, err := events(s.now, hub.Full, &consented{Consent{Kind: OfReleased}})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.c.Apply(list...); err == nil {
		t.Error("a case with a report was consented to by nobody")
	}
	s.consent(hub.Full)
	s.c.full.consent = &Consent{Kind: OfReleased} // as if the log were forged
	for _, seat := range s.draw(hub.Full) {
		s.approve(hub.Full, seat)
	}
	s.now = s.c.ReleaseAt(hub.Full)
	if _, err := s.c.Begin(s.now, hub.Full, s.w); hub.KindOf(err) != hub.Forbidden {
		t.Errorf("it went out: %v", err)
	}
}

// TestNobodyApprovesWhatTheyProposed: nobody of the organisation that proposed it is
// drawn, and whoever proposes it again loses the seat that the organisation had.
func TestNobodyApprovesWhatTheyProposed(t *testing.T) {
	s := ofAlerts(t)
	all, err := s.c.Draw(s.now, hub.Full, 20, s.w, s.w.random)
	s.do(all, err)
	seats := s.open(hub.Full)
	if len(seats) < 3 || slices.ContainsFunc(seats, func(x Seat) bool { return x.Org == "a" }) {
		t.Fatalf("drawn are %+v", seats)
	}
	first := seats[0]
	s.approve(hub.Full, first)
	again := Report{Number: "r2", Digest: hub.Sum([]byte("list")), Time: s.now, Proposed: &Proposed{Person: first.Person, Org: first.Org}}
	s.do(s.c.Receive(Hub, again))
	for _, seat := range s.c.Seats(hub.Full) {
		if seat.Org == first.Org && seat.State != Recused {
			t.Errorf("who proposed it has a seat: %s", seat.State)
		}
	}
	_, err = s.c.Approve(s.now, s.vote(first, hub.Full), s.w, clocks, s.w.random)
	s.refused(hub.NotFound, nil, err)
	if n := s.do(s.c.Receive(Hub, again)); n != 0 {
		t.Errorf("the same proposal gave %d events", n)
	}
	_, err = s.c.Receive(Hub, Report{Number: "r3", Digest: hub.Sum([]byte("other")), Time: s.now})
	s.refused(hub.Invalid, nil, err)
	s.replayed()
	forged := *first.with("b")
	list, err := events(s.now, hub.Full, &drawn{forged})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.c.Apply(list...); err == nil {
		t.Error("a stored seat for who proposed it was folded")
	}
}

// with is the seat under another review id, open.
func (s Seat) with(digit string) *Seat {
	s.Review, s.State, s.Signed = strings.Repeat(digit, 32), Open, nil
	return &s
}
