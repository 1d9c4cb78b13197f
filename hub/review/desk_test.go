package review

import (
	"testing"
	"time"

	"isac/hub"
)

// waiting returns the only draft that waits after a time.
func (s *story) waiting(after time.Duration) Waiting {
	s.t.Helper()
	list := s.c.Waiting(s.now.Add(after), clocks)
	if len(list) != 1 {
		s.t.Fatalf("%d drafts wait, want 1", len(list))
	}
	return list[0]
}

func TestTheDeskOpensADraftWithReasonAndTrace(t *testing.T) {
	s := newStory(t)
	d := s.draft(hub.Flash, "the draft")
	if w := s.waiting(11 * time.Hour); w.Overdue || w.Digest != d || w.State != string(Asking) {
		t.Errorf("after 11 hours waits %+v", w)
	}
	if !s.waiting(12 * time.Hour).Overdue {
		t.Error("after 12 hours nobody need be telephoned")
	}
	absent(t, "secretariat", s.waiting(0), "victim", "reporter", "the draft", s.c.AlertID(hub.Flash))
	_, err := s.c.DeskView(hub.Flash, "sec-1", s.w)
	s.refused(hub.NotFound, nil, err)
	s.do(s.c.Open(s.now, hub.Flash, d, "reporter-called", "sec-1", s.w, clocks))
	if n := s.do(s.c.Open(s.now, hub.Flash, d, "reporter-called", "sec-1", s.w, clocks)); n != 0 {
		t.Errorf("opening again gave %d events", n)
	}
	v, err := s.c.DeskView(hub.Flash, "sec-1", s.w)
	if err != nil || string(v.Draft) != "the draft" || v.Member != "victim" || len(v.Reporters) != 1 || v.Reporters[0] != "reporter" {
		t.Errorf("opened: %+v, %v", v, err)
	}
	_, err = s.c.DeskView(hub.Flash, "sec-2", s.w) // who has left no trace
	s.refused(hub.NotFound, nil, err)
	rep, err := s.c.ReporterView("reporter", s.w)
	if err != nil || len(rep.Stages[0].Looks) != 1 || rep.Stages[0].Looks[0].Reason != "reporter-called" {
		t.Errorf("the reporter sees %+v, %v", rep.Stages[0].Looks, err)
	}
	absent(t, "reporter", rep, "sec-1")
	s.draft(hub.Flash, "another draft")
	_, err = s.c.DeskView(hub.Flash, "sec-1", s.w) // a trace is of one draft
	s.refused(hub.NotFound, nil, err)
	s.replayed()
}

func TestTheDeskOpensNothingWithoutNeed(t *testing.T) {
	s := newStory(t)
	d := s.draft(hub.Flash, "the draft")
	for _, c := range []struct {
		why            string
		digest         hub.Digest
		reason, person string
		want           hub.ErrorKind
	}{
		{"not overdue", d, "no-answer", "sec-1", hub.Conflict},
		{"no reason", d, "", "sec-1", hub.Invalid},
		{"curious", d, "curious", "sec-1", hub.Invalid},
		{"a moderator", d, "emergency", "mod-a", hub.Forbidden},
		{"a duty officer", d, "emergency", "officer", hub.Forbidden},
		{"nobody", d, "emergency", "", hub.Forbidden},
		{"another draft", hub.Sum(nil), "emergency", "sec-1", hub.Conflict},
	} {
		list, err := s.c.Open(s.now, hub.Flash, c.digest, c.reason, c.person, s.w, clocks)
		if hub.KindOf(err) != c.want || len(list) > 0 {
			t.Errorf("%s: %v with %d events, want %s", c.why, err, len(list), c.want)
		}
	}
	_, err := s.c.Open(s.now, hub.Full, hub.Digest{}, "emergency", "sec-1", s.w, clocks)
	s.refused(hub.Conflict, nil, err) // no draft
}

// TestOfAReviewTheDeskSeesOnlyWhomToTelephone: neither text nor member.
// A held stage has no draft; the reporter may object to it all the same, and then there
// is still nothing to open.
func TestTheDeskOpensNoDraftWhereThereIsNone(t *testing.T) {
	s := newStory(t)
	s.do(s.c.Hold(s.now, hub.Full, "unreadable"))
	s.do(s.c.Object(s.now, hub.Full, "reporter", s.w))
	list, err := s.c.Open(s.now, hub.Full, hub.Digest{}, "reporter-called", "sec-1", s.w, clocks)
	s.refused(hub.Conflict, list, err)
	s.replayed()
}

func TestOfAReviewTheDeskSeesOnlyWhomToTelephone(t *testing.T) {
	s := newStory(t)
	d := s.draft(hub.Flash, "the draft")
	s.consent(hub.Flash)
	seats := s.draw(hub.Flash)
	s.approve(hub.Flash, seats[0])
	for _, reason := range []string{"reporter-called", "emergency", "no-answer"} {
		_, err := s.c.Open(s.now, hub.Flash, d, reason, "sec-1", s.w, clocks)
		s.refused(hub.Conflict, nil, err)
	}
	s.now = s.now.Add(8 * time.Hour)
	s.do(s.c.Open(s.now, hub.Flash, d, "no-answer", "sec-1", s.w, clocks))
	v, err := s.c.DeskView(hub.Flash, "sec-1", s.w)
	if err != nil || len(v.Open) != 1 || v.Open[0] != seats[1].Person {
		t.Errorf("opened: %+v, %v", v, err)
	}
	absent(t, "secretariat", v, "victim", "reporter\"", "draft\":\"", seats[0].Person)
	s.replayed()
}

func TestAnEmergencyIsLateAfterItsOwnTime(t *testing.T) {
	s := newStory(t)
	s.w.join(Standing)
	d := s.draft(hub.Flash, "flash")
	if hasDuty(s.c.Due(s.now.Add(3*time.Hour), clocks), FlashLate) {
		t.Fatal("late after 3 hours without an emergency")
	}
	s.do(s.c.Call(s.now, Emergency{d, "exploited-now", "sec-1", "oncall", "officer"}, s.w, s.w.random))
	if !hasDuty(s.c.Due(s.now.Add(2*time.Hour), clocks), FlashLate) {
		t.Error("an emergency isn't late after 2 hours")
	}
}

func TestSettledIsWhenNobodyWorksOnIt(t *testing.T) {
	s := newStory(t)
	if s.c.Status().Settled() {
		t.Error("settled without a draft")
	}
	s.approved(hub.Flash)
	s.release(hub.Flash, 1)
	s.draft(hub.Full, "full")
	if s.c.Status().Settled() {
		t.Error("settled while the full alert is asked for")
	}
	s.do(s.c.Object(s.now, hub.Full, "reporter", s.w))
	if !s.c.Status().Settled() || (Status{}).Settled() {
		t.Error("not settled after the reporter's no, or settled without stages")
	}
}
