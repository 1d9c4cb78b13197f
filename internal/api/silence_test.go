package api_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/review"
	"isac/internal/hubtest"
)

// TestSilenceIsNeverAYes: reminders after 2 and 8 hours, a call after 12, and then
// nothing goes out, until the content is destroyed.
func TestSilenceIsNeverAYes(t *testing.T) {
	h := hubtest.Start(t, 40)
	moderators, _ := people(h, 3)
	office, reporter := h.Person(-1, hub.Secretariat), h.Person(0, hub.Reporter)
	id := drafted(h, 0, reporter, hubtest.Bundle(h.Members[0], "one", "1", attacker))
	asked := time.Duration(0)
	for _, step := range []struct {
		after            time.Duration
		reminders, calls int // of both stages
	}{
		{90 * time.Minute, 0, 0},
		{150 * time.Minute, 2, 0},
		{450 * time.Minute, 2, 0},
		{510 * time.Minute, 4, 0},
		{690 * time.Minute, 4, 0},
		{750 * time.Minute, 4, 2},
		{30 * 24 * time.Hour, 4, 2},
	} {
		h.Advance(step.after - asked)
		asked = step.after
		h.Poll("the reminders", func() bool {
			return duties(h, review.RemindReporter) >= step.reminders && duties(h, review.PhoneReporter) >= step.calls
		})
		looked(h, moderators)
		if r, c := duties(h, review.RemindReporter), duties(h, review.PhoneReporter); r != step.reminders || c != step.calls {
			t.Errorf("after %v: %d reminders, %d calls; want %d, %d", step.after, r, c, step.reminders, step.calls)
		}
		for _, s := range []hub.Stage{hub.Flash, hub.Full} {
			if got := stage(h, reporter, id, s); got.State != string(review.Asking) || got.Consent != "" {
				t.Fatalf("after %v of silence the %s is %s, consent %q", step.after, s, got.State, got.Consent)
			}
		}
	}
	if list := waiting(h, office, ""); len(list) != 2 || !list[0].Overdue {
		t.Errorf("the secretariat sees %+v", list)
	}
	h.Advance(100 * 24 * time.Hour)
	h.Poll("the end of the case", func() bool { return h.Get(reporter, "/cases/"+id).Status == http.StatusNotFound })
	if len(entries(h, 0)) != 0 {
		t.Error("silence brought something out")
	}
	if list := waiting(h, office, ""); len(list) != 0 {
		t.Errorf("a case that ended is waited for: %+v", list)
	}
}

// looked waits until the hub has looked at every case since now. Moderators are drawn
// in a round of the clock: when they are drawn for one new case and then for another,
// a whole round lies between.
func looked(h *hubtest.Hub, moderators []hubtest.Person) {
	h.T.Helper()
	probe := h.Person(1, hub.Reporter)
	h.Join(probe, review.Standing)
	for range 2 {
		id := drafted(h, 1, probe, hubtest.Bundle(h.Members[1], h.Now().String(), "1", other))
		d := until(h, probe, id, hub.Flash, review.Reviewing).Digest
		h.Poll("a round of the clock", func() bool {
			return slices.ContainsFunc(moderators, func(m hubtest.Person) bool { _, ok := reviewOf(h, m, d); return ok })
		})
		for _, s := range []hub.Stage{hub.Flash, hub.Full} { // so that nothing of it falls due
			want(h, http.StatusOK, probe, "/cases/"+id+"/object", word{"stage": s})
		}
	}
}

// TestModeratorsAreRemindedAndReplaced: reminded after 2 hours, one more is drawn
// after 4, the secretariat is called after 8 and sees whom to telephone.
func TestModeratorsAreRemindedAndReplaced(t *testing.T) {
	h := hubtest.Start(t, 40)
	moderators, _ := people(h, 3)
	office, reporter := h.Person(-1, hub.Secretariat), h.Person(0, hub.Reporter)
	id := drafted(h, 0, reporter, hubtest.Bundle(h.Members[0], "one", "1", attacker))
	consent(h, reporter, id, hub.Flash)
	d := stage(h, reporter, id, hub.Flash).Digest
	drawn(h, d, moderators)
	count := func() (n int) {
		for _, m := range moderators {
			if _, ok := reviewOf(h, m, d); ok {
				n++
			}
		}
		return n
	}
	at := time.Duration(0)
	for _, step := range []struct {
		after                    time.Duration
		reminders, drawn, called int
	}{
		{90 * time.Minute, 0, 2, 0},
		{150 * time.Minute, 1, 2, 0},
		{210 * time.Minute, 1, 2, 0},
		{270 * time.Minute, 1, 3, 0},
		{450 * time.Minute, 1, 3, 0},
		{510 * time.Minute, 1, 3, 1},
		{30 * time.Hour, 1, 3, 1},
	} {
		h.Advance(step.after - at)
		at = step.after
		looked(h, moderators)
		r, n, c := duties(h, review.RemindModerators), count(), duties(h, review.CallSecretariat)
		if r != step.reminders || n != step.drawn || c != step.called {
			t.Errorf("after %v: %d reminders, %d drawn, %d calls; want %+v", step.after, r, n, c, step)
		}
	}
	var v review.DeskView
	want(h, http.StatusOK, office, "/drafts/"+d.String()[:20]+"/open", word{"reason": "no-answer"}).Into(h, &v)
	if len(v.Open) != 3 || v.Draft != nil || v.Member != "" {
		t.Errorf("the secretariat sees %+v", v)
	}
	if got := stage(h, reporter, id, hub.Flash).State; got != string(review.Reviewing) {
		t.Errorf("silence of moderators brought it to %s", got)
	}
}
