package review

import (
	"testing"

	"isac/hub"
)

func TestDrawTakesTwoOrganisationsWithoutConflict(t *testing.T) {
	seen := map[string]bool{}
	for seed := range byte(60) {
		s := newStory(t)
		s.w.random = newWorld(seed).random
		s.draft(hub.Flash, "draft")
		s.consent(hub.Flash)
		seats := s.draw(hub.Flash)
		if len(seats) != 2 || seats[0].Org == seats[1].Org || seats[0].Review == seats[1].Review {
			t.Fatalf("drew %+v", seats)
		}
		for _, seat := range seats {
			seen[seat.Person] = true
			if seat.Soft || conflictOf(s.w, "victim", seat.Org) != none {
				t.Errorf("drew %s of %s", seat.Person, seat.Org)
			}
		}
		if n := s.do(s.c.Draw(s.now, hub.Flash, 2, s.w, s.w.random)); n != 0 {
			t.Errorf("drawing again gave %d events", n)
		}
	}
	for _, id := range []string{"mod-a", "mod2-a", "mod-b", "mod-c", "oncall"} {
		if !seen[id] {
			t.Errorf("%s is never drawn", id)
		}
	}
}

// TestSoftConflictsOnlyWhileFewerThanTwoOthersRemain removes the others one by one.
func TestSoftConflictsOnlyWhileFewerThanTwoOthersRemain(t *testing.T) {
	s := newStory(t)
	s.draft(hub.Flash, "draft")
	s.consent(hub.Flash)
	for _, id := range []string{"mod-a", "mod2-a", "mod-b"} {
		s.w.leave(id)
	}
	for _, seat := range s.draw(hub.Flash) { // c and d remain: no soft one
		if seat.Soft {
			t.Fatalf("a soft conflict was drawn although two others remain")
		}
	}
	if _, err := s.c.Draw(s.now, hub.Flash, 3, s.w, s.w.random); hub.KindOf(err) != hub.Unavailable {
		t.Fatalf("two others hold seats and don't answer: %v", err)
	}
	c := s.c.Seats(hub.Flash)[0]
	s.do(s.c.Recuse(s.now, c.Review, c.Person, "no-time", s.w))
	soft := 0
	for _, seat := range s.draw(hub.Flash) {
		if seat.Org == "victim" || seat.Org == "sibling" {
			t.Errorf("a hard conflict was drawn")
		}
		if seat.Soft {
			soft++
		}
	}
	if soft != 1 {
		t.Errorf("%d soft conflicts on record, want 1", soft)
	}
	s.replayed()
}

// A colleague of who stepped aside for a conflict isn't drawn, for a new draft neither.
func TestAConflictBarsColleaguesForEveryDraft(t *testing.T) {
	drawn := 0
	for seed := range byte(40) {
		s := newStory(t)
		s.w.random = newWorld(seed).random
		s.draft(hub.Flash, "draft")
		s.consent(hub.Flash)
		for _, seat := range s.draw(hub.Flash) {
			if seat.Person == "mod-a" {
				drawn++
				s.do(s.c.Recuse(s.now, seat.Review, seat.Person, "conflict", s.w))
				s.draft(hub.Flash, "another draft")
				s.consent(hub.Flash)
				for _, next := range s.draw(hub.Flash) {
					if next.Org == seat.Org && next.Person != seat.Person {
						t.Errorf("%s was drawn after %s had stepped aside", next.Person, seat.Person)
					}
				}
				s.replayed()
				break
			}
		}
	}
	if drawn == 0 {
		t.Error("mod-a was never drawn: nothing was tried")
	}
}

func TestNobodyLeftIsToldAndNeverAHardConflict(t *testing.T) {
	s := newStory(t)
	s.draft(hub.Flash, "draft")
	s.consent(hub.Flash)
	for _, id := range []string{"mod-a", "mod2-a", "mod-b", "mod-c", "oncall", "mod-neighbour", "mod-customer"} {
		s.w.leave(id)
	}
	list, err := s.c.Draw(s.now, hub.Flash, 2, s.w, s.w.random)
	s.refused(hub.Unavailable, list, err)
}

func TestASoftConflictThatIsNotOnRecordDoesNotCount(t *testing.T) {
	s := newStory(t)
	s.approved(hub.Flash)
	o := s.w.orgs[s.c.Seats(hub.Flash)[0].Org]
	o.Vendor = "vendor-1"
	s.w.orgs[o.ID] = o
	s.now = s.c.ReleaseAt(hub.Flash)
	list, err := s.c.Begin(s.now, hub.Flash, s.w)
	s.refused(hub.Forbidden, list, err)
}

func TestNumbersAreDrawnEvenly(t *testing.T) {
	w := newWorld(3)
	counts := make([]int, 7)
	const rounds = 70000
	for range rounds {
		n, err := below(w.random, 7)
		if err != nil {
			t.Fatal(err)
		}
		counts[n]++
	}
	for n, c := range counts {
		if c < rounds/7*95/100 || c > rounds/7*105/100 {
			t.Errorf("%d came %d times of %d", n, c, rounds)
		}
	}
}
