package review

import (
	"encoding/json"
	"slices"
	"testing"

	"isac/hub"
)

// TestMarksNeedEveryApproval: a suggestion goes out where both moderators accepted
// it, and holds nothing up where they didn't.
func TestMarksNeedEveryApproval(t *testing.T) {
	const a, b, c = "indicator:file:name:a", "indicator:file:name:b", "indicator:file:name:c"
	s := newStory(t)
	s.do(s.c.TakeDraft(s.now, hub.Flash, Draft{Bytes: []byte("draft"), Single: []string{a, b, c}}, s.w, s.w.random))
	s.consent(hub.Flash)
	for i, seat := range s.draw(hub.Flash)[:2] {
		v := s.vote(seat, hub.Flash)
		s.accept(&v, [][]string{{a, b}, {c, b}}[i]...)
		s.do(s.c.Approve(s.now, v, s.w, clocks, s.w.random))
	}
	s.now = s.c.ReleaseAt(hub.Flash)
	s.do(s.c.Begin(s.now, hub.Flash, s.w))
	ok, err := s.c.Approved(hub.Flash, s.w)
	if err != nil {
		t.Fatal(err)
	}
	if got := ok.Marks(); !slices.Equal(got, []string{b}) {
		t.Errorf("marks %q, want what both accepted", got)
	}
	s.replayed()
}

// accept lets marks go, by signature.
func (s *story) accept(v *Vote, keys ...string) {
	v.Accept = keys
	v.By = s.w.sign(v.By.Person, ToApprove, Accepting(v.Digest, keys))
}

// TestMarksAreSigned: no list of marks counts but the one that the moderator signed, on
// its way to the hub or in the log.
func TestMarksAreSigned(t *testing.T) {
	const a, b = "indicator:file:name:a", "indicator:file:name:b"
	s := newStory(t)
	s.do(s.c.TakeDraft(s.now, hub.Flash, Draft{Bytes: []byte("draft"), Single: []string{a, b}}, s.w, s.w.random))
	s.consent(hub.Flash)
	seats := s.draw(hub.Flash)
	for why, list := range map[string][2][]string{
		"added":   {{a}, {a, b}},
		"taken":   {{a, b}, {a}},
		"changed": {{a}, {b}},
		"removed": {{a}, nil},
		"from no": {nil, {a}},
		"joined":  {{a, b}, {a + "\n" + b}},
	} {
		v := s.vote(seats[0], hub.Flash)
		s.accept(&v, list[0]...)
		v.Accept = list[1]
		got, err := s.c.Approve(s.now, v, s.w, clocks, s.w.random)
		if err == nil {
			t.Errorf("%s: taken", why)
		}
		if len(got) > 0 {
			t.Errorf("%s: %d events", why, len(got))
		}
	}
	v := s.vote(seats[0], hub.Flash)
	s.accept(&v, b, a) // the order is nobody's
	v.Accept = []string{a, b}
	s.do(s.c.Approve(s.now, v, s.w, clocks, s.w.random))
	s.c.flash.seats[s.c.flash.seatAt(v.Review)].Accept = []string{a}
	if _, err := s.c.verify(hub.Flash, s.w); err == nil {
		t.Error("a list that was changed in store is believed")
	}
}

// TestMarksOfOldApprovalsStayInside: approvals from before the list was signed are
// read, and count without it.
func TestMarksOfOldApprovalsStayInside(t *testing.T) {
	const a = "indicator:file:name:a"
	s := newStory(t)
	s.do(s.c.TakeDraft(s.now, hub.Flash, Draft{Bytes: []byte("draft"), Single: []string{a}}, s.w, s.w.random))
	s.consent(hub.Flash)
	for _, seat := range s.draw(hub.Flash)[:2] {
		v := s.vote(seat, hub.Flash)
		list, err := s.c.Approve(s.now, v, s.w, clocks, s.w.random)
		if err != nil {
			t.Fatal(err)
		}
		data, err := json.Marshal(&approved{v.Review, v.Digest, v.By, false, []string{a}})
		if err != nil {
			t.Fatal(err)
		}
		list[0].Version, list[0].Data = 1, data
		s.do(list, nil)
	}
	s.now = s.c.ReleaseAt(hub.Flash)
	s.do(s.c.Begin(s.now, hub.Flash, s.w))
	ok, err := s.c.Approved(hub.Flash, s.w)
	if err != nil || len(ok.Marks()) > 0 {
		t.Errorf("marks %q, %v", ok.Marks(), err)
	}
	s.replayed()
}
