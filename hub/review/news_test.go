package review

import (
	"testing"

	"isac/hub"
)

// What the news has makes the hub ask the reporter again, also where standing consent
// served; the same draft may then go on.
func TestTheNewsAsksTheReporterAgain(t *testing.T) {
	s := newStory(t)
	s.w.join(Standing)
	s.draft(hub.Flash, "one")
	seats := s.draw(hub.Flash)
	s.approve(hub.Flash, seats[0])
	s.do(s.c.Return(s.now, seats[1].Review, seats[1].Person, InNews, nil, s.w))
	v, err := s.c.ReporterView("reporter", s.w)
	if err != nil || s.c.Phase(hub.Flash) != Asking || v.Stages[0].Reason != InNews || !v.Stages[0].Can("consent") {
		t.Fatalf("the reporter is asked: %s %q, %v", s.c.Phase(hub.Flash), v.Stages[0].Reason, err)
	}
	for _, seat := range s.c.Seats(hub.Flash) {
		if seat.State != Open {
			t.Errorf("after a return a seat is %s", seat.State)
		}
	}
	s.consent(hub.Flash)
	for _, seat := range s.open(hub.Flash) {
		s.approve(hub.Flash, seat)
	}
	if got := s.c.Phase(hub.Flash); got != Scheduled {
		t.Errorf("after consent and two approvals: %s", got)
	}
	s.draft(hub.Flash, "two")
	if got := s.c.Phase(hub.Flash); got != Asking {
		t.Errorf("standing consent served for a later draft: %s", got)
	}
	s.replayed()
}
