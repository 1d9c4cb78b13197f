package review

import (
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
		v.Accept = [][]string{{a, b}, {c, b}}[i]
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
