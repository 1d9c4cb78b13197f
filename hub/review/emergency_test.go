package review

import (
	"math/rand/v2"
	"testing"

	"isac/hub"
)

// flashCase is a case whose flash waits for its reviewers, with these people besides.
func flashCase(t *testing.T, more ...string) *story {
	s := newStory(t)
	s.draft(hub.Flash, "draft")
	s.consent(hub.Flash)
	for _, org := range more {
		s.w.person("officer-"+org, org, hub.DutyOfficer)
	}
	return s
}

// TestEmergencyTellsNotWhy: whoever asks for two people learns only that they can't be
// called: not which of them, and not whether they are near the reporter, have left,
// were drawn, lack the duty, or never were. So nobody finds the reporter by asking.
func TestEmergencyTellsNotWhy(t *testing.T) {
	ok := Emergency{Digest: hub.Sum([]byte("draft")), Reason: "exploited-now", Caller: "sec-1", Moderator: "oncall", Officer: "officer"}
	first := ""
	for why, spoil := range map[string]func(s *story, in *Emergency){
		"a moderator of the victim":      func(_ *story, in *Emergency) { in.Moderator = "mod-victim" },
		"a moderator of its operator":    func(_ *story, in *Emergency) { in.Moderator = "mod-sibling" },
		"a duty officer of the victim":   func(_ *story, in *Emergency) { in.Officer = "officer-victim" },
		"a duty officer of its operator": func(_ *story, in *Emergency) { in.Officer = "officer-sibling" },
		"a moderator who has left":       func(s *story, _ *Emergency) { s.w.leave("oncall") },
		"a duty officer who has left":    func(s *story, _ *Emergency) { s.w.leave("officer") },
		"a moderator who never was":      func(_ *story, in *Emergency) { in.Moderator = "nobody" },
		"a duty officer who never was":   func(_ *story, in *Emergency) { in.Officer = "nobody" },
		"a moderator who isn't one":      func(_ *story, in *Emergency) { in.Moderator = "reporter-a" },
		"a duty officer who isn't one":   func(_ *story, in *Emergency) { in.Officer = "sec-2" },
		"one of two":                     func(_ *story, in *Emergency) { in.Officer = "" },
		"an organisation that was drawn": func(s *story, in *Emergency) {
			seat := s.draw(hub.Flash)[0]
			s.w.person("colleague", seat.Org, hub.Moderator)
			in.Moderator = "colleague"
		},
	} {
		s := flashCase(t, "sibling")
		in := ok
		spoil(s, &in)
		list, err := s.c.Call(s.now, in, s.w, s.w.random)
		if err == nil || len(list) > 0 {
			t.Errorf("%s: called", why)
			continue
		}
		if first == "" {
			first = err.Error()
		}
		if err.Error() != first || hub.KindOf(err) != hub.Forbidden {
			t.Errorf("%s: %q, another refusal says %q", why, err, first)
		}
	}
}

// TestTwoOfOneOrganisation are refused for that, whether they are near the reporter or
// not: it is seen before.
func TestTwoOfOneOrganisation(t *testing.T) {
	for _, org := range []string{"victim", "sibling", "b"} {
		s := flashCase(t, "sibling", "b")
		_, err := s.c.Call(s.now, Emergency{hub.Sum([]byte("draft")), "exploited-now", "sec-1", "mod-" + org, "officer-" + org}, s.w, s.w.random)
		if err == nil || err.Error() != hub.E(hub.Forbidden, "review.two-organisations").Error() {
			t.Errorf("two of %s: %v", org, err)
		}
	}
}

// TestEmergencyByLot: where nobody is named the hub takes two who can be called, of
// different organisations, near the reporter only where nobody else is.
func TestEmergencyByLot(t *testing.T) {
	in := Emergency{Digest: hub.Sum([]byte("draft")), Reason: "exploited-now", Caller: "sec-1"}
	moderators := map[string]int{}
	for seed := range 60 {
		s := flashCase(t, "sibling", "a", "neighbour")
		s.do(s.c.Call(s.now, in, s.w, rand.NewChaCha8([32]byte{byte(seed)})))
		seats := s.c.Seats(hub.Flash)
		if len(seats) != 2 || seats[0].Duty != hub.Moderator || seats[1].Duty != hub.DutyOfficer || seats[0].Org == seats[1].Org {
			t.Fatalf("called %+v", seats)
		}
		for _, seat := range seats {
			p, _ := s.w.Person(seat.Person)
			if seat.Soft || conflictOf(s.w, "victim", seat.Org) != none || !p.Has(seat.Duty) {
				t.Errorf("called %+v", seat)
			}
		}
		moderators[seats[0].Person]++
		s.approve(hub.Flash, seats[0])
		s.approve(hub.Flash, seats[1])
		if got := s.c.Phase(hub.Flash); got != Scheduled {
			t.Fatalf("after both: %s", got)
		}
		s.replayed()
	}
	if len(moderators) < 3 {
		t.Errorf("60 lots fell on %v", moderators)
	}
	s := flashCase(t)
	for _, id := range []string{"mod-a", "mod2-a", "mod-b", "mod-c", "oncall"} {
		s.w.leave(id)
	}
	s.do(s.c.Call(s.now, in, s.w, s.w.random))
	if seats := s.c.Seats(hub.Flash); !seats[0].Soft || conflictOf(s.w, "victim", seats[0].Org) != soft {
		t.Errorf("with nobody else left: %+v", seats)
	}
	s = flashCase(t)
	s.w.leave("officer")
	s.w.leave("oncall")
	list, err := s.c.Call(s.now, in, s.w, s.w.random)
	s.refused(hub.Forbidden, list, err)
}
