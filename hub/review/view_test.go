package review

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"isac/hub"
)

// TestViewsTellNothingOfOthers searches what each may see for what they may not.
func TestViewsTellNothingOfOthers(t *testing.T) {
	s := newStory(t)
	s.draft(hub.Flash, "the draft")
	s.consent(hub.Flash)
	seats := s.draw(hub.Flash)
	s.approve(hub.Flash, seats[0])
	mod, err := s.c.ModeratorView(seats[1].Review, seats[1].Person, s.w)
	if err != nil {
		t.Fatal(err)
	}
	absent(t, "moderator", mod, "victim", "reporter", "r1", seats[0].Review, seats[0].Person, seats[1].Person, start.Format("2006-01-02"), s.c.AlertID(hub.Flash))
	rep, err := s.c.ReporterView("reporter", s.w)
	if err != nil {
		t.Fatal(err)
	}
	absent(t, "reporter", rep, seats[0].Review, seats[0].Person, seats[1].Person, `"a"`, `"b"`, s.c.AlertID(hub.Flash))
	absent(t, "machine", s.c.Status(), "victim", seats[0].Person, "digest", "draft")
}

func absent(t *testing.T, who string, view any, words ...string) {
	t.Helper()
	data, err := json.Marshal(view)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range words {
		if strings.Contains(string(data), w) {
			t.Errorf("the %s's view holds %q: %s", who, w, data)
		}
	}
}

// TestNotDrawnConflictedAndNonExistingLookTheSame compares the answers.
func TestNotDrawnConflictedAndNonExistingLookTheSame(t *testing.T) {
	s := newStory(t)
	s.draft(hub.Flash, "the draft")
	s.consent(hub.Flash)
	seat := s.draw(hub.Flash)[0]
	var answers []string
	for _, ask := range [][2]string{{seat.Review, "oncall"}, {seat.Review, "mod-victim"}, {seat.Review, "reporter"}, {strings.Repeat("0", 32), seat.Person}, {"", ""}} {
		_, err := s.c.ModeratorView(ask[0], ask[1], s.w)
		e, ok := err.(*hub.Error)
		if !ok {
			if seat.Person == ask[1] {
				continue
			}
			t.Fatalf("%v answered", ask)
		}
		answers = append(answers, fmt.Sprint(e.Kind, e.Text, e.Args, e.Err))
	}
	for _, a := range answers {
		if a != answers[0] {
			t.Errorf("answers differ: %q and %q", a, answers[0])
		}
	}
	_, err := s.c.ReporterView("mod-a", s.w)
	s.refused(hub.NotFound, nil, err)
	_, err = s.c.ReporterView("nobody", s.w)
	s.refused(hub.NotFound, nil, err)
}

func TestAHeldCaseShowsItsClassAndNoDraft(t *testing.T) {
	s := newStory(t)
	s.draft(hub.Flash, "the draft")
	s.consent(hub.Flash)
	seat := s.draw(hub.Flash)[0]
	s.do(s.c.Hold(s.now, hub.Flash, "not-releasable"))
	v, err := s.c.ModeratorView(seat.Review, seat.Person, s.w)
	if err != nil || v.State != "held" || v.Reason != "not-releasable" || v.Draft != nil || !v.Digest.IsZero() {
		t.Errorf("%+v, %v", v, err)
	}
}

func TestNothingIsSaidInLogLines(t *testing.T) {
	s := newStory(t)
	s.approved(hub.Flash)
	s.now = s.c.ReleaseAt(hub.Flash)
	s.do(s.c.Begin(s.now, hub.Flash, s.w))
	a, err := s.c.Approved(hub.Flash, s.w)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []any{s.c, *s.c, struct{ fold Case }{*s.c}.fold, a, s.log[0]} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
			if out := fmt.Sprintf(verb, v); strings.Contains(out, "victim") || strings.Contains(out, "draft of") || len(out) > 40 {
				t.Errorf("%s prints %q", verb, out)
			}
		}
	}
}
