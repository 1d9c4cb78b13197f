package review

import (
	"bytes"
	"testing"

	"isac/hub"
)

// TestApprovedBelievesNothingStored spoils a case that is being released, one field
// at a time, below its events.
func TestApprovedBelievesNothingStored(t *testing.T) {
	for why, spoil := range map[string]func(*story, *track){
		"no consent":                          func(_ *story, k *track) { k.consent = nil },
		"another mode":                        func(_ *story, k *track) { k.mode = Standing },
		"standing without terms":              func(_ *story, k *track) { k.mode, k.consent = Standing, &Consent{Kind: Standing} },
		"another consent":                     func(_ *story, k *track) { k.consent = &Consent{Kind: ByPerson, By: []Signed{{Person: "reporter"}}} },
		"another draft":                       func(_ *story, k *track) { k.draft.Bytes = []byte("other") },
		"another draft, digested":             func(_ *story, k *track) { k.draft.Bytes = []byte("other"); k.digest = hub.Sum(k.draft.Bytes) },
		"no draft":                            func(_ *story, k *track) { k.digest = hub.Digest{} },
		"thin":                                func(_ *story, k *track) { k.draft.Thin = true },
		"an accepted mark that isn't in it":   func(_ *story, k *track) { k.seats[0].Accept = []string{"cve:x"} },
		"an open seat":                        func(_ *story, k *track) { k.seats[0].State = Open },
		"a seat without a yes":                func(_ *story, k *track) { k.seats[0].Signed = nil },
		"another's seat":                      func(_ *story, k *track) { k.seats[0].Person = k.seats[1].Person },
		"another organisation":                func(_ *story, k *track) { k.seats[0].Org = "nowhere" },
		"one seat twice":                      func(_ *story, k *track) { k.seats[0] = k.seats[1] },
		"a seat on call without an emergency": func(_ *story, k *track) { k.seats[0].Duty = hub.Moderator },
		"one key for two people": func(s *story, k *track) {
			for i := range s.w.people {
				if p := &s.w.people[i]; p.ID == k.seats[1].Person {
					first, _ := s.w.Person(k.seats[0].Person)
					p.Key = first.Key
					k.seats[1].Signed = &Signed{p.ID, k.seats[0].Signed.Signature}
				}
			}
		},
		"no longer a moderator": func(s *story, k *track) {
			for i := range s.w.people {
				if p := &s.w.people[i]; p.ID == k.seats[0].Person {
					p.Roles = []hub.Role{hub.Reader}
				}
			}
		},
	} {
		s := newStory(t)
		s.approved(hub.Flash)
		s.now = s.c.ReleaseAt(hub.Flash)
		s.do(s.c.Begin(s.now, hub.Flash, s.w))
		if _, err := s.c.Approved(hub.Flash, s.w); err != nil {
			t.Fatal(err)
		}
		spoil(s, &s.c.flash)
		if a, err := s.c.Approved(hub.Flash, s.w); err == nil || a.Valid() {
			t.Errorf("%s: approved all the same", why)
		}
	}
}

func TestTwoOfOneOrganisationAreNotTwo(t *testing.T) {
	w := newWorld(1)
	seat := func(person, org string) Seat {
		by := w.sign(person, ToApprove, hub.Sum([]byte("draft")))
		return Seat{Person: person, Org: org, Signed: &by}
	}
	one, other := seat("mod-a", "a"), seat("mod2-a", "a")
	if two([]Seat{one, other, one}, w) {
		t.Error("two people of one organisation are enough")
	}
	if !two([]Seat{one, other, seat("mod-b", "b")}, w) {
		t.Error("two organisations are not enough")
	}
}

func TestANewDraftUnderStandingConsentVoidsApprovals(t *testing.T) {
	s := newStory(t)
	s.w.join(Standing)
	s.approved(hub.Flash)
	s.draft(hub.Flash, "two")
	if got := s.c.Phase(hub.Flash); got != Reviewing {
		t.Fatalf("phase %s", got)
	}
	if n := len(s.open(hub.Flash)); n != 2 {
		t.Errorf("%d seats are open after a new draft, want both", n)
	}
	s.approve(hub.Flash, s.open(hub.Flash)[0])
	if got := s.c.Phase(hub.Flash); got != Reviewing {
		t.Errorf("one approval of the new draft: %s", got)
	}
}

func TestTwoCopiesReceiveDifferentReports(t *testing.T) {
	s := newStory(t)
	for _, text := range []string{"2", "3"} { // room to grow in the list
		s.do(s.c.Receive("victim", Report{"r" + text, hub.Sum([]byte(text)), s.now, nil, nil}))
	}
	a, b := *s.c, *s.c
	for i, c := range []*Case{&a, &b} {
		list, err := c.Receive("victim", Report{"r", hub.Sum(bytes.Repeat([]byte("x"), i+1)), s.now, nil, nil})
		if err != nil || c.Apply(list...) != nil {
			t.Fatal("no report")
		}
	}
	if a.Reports()[3] == b.Reports()[3] {
		t.Error("the report of one copy stands in the other")
	}
}
