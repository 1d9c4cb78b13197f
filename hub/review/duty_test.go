package review

import (
	"testing"
	"time"

	"isac/hub"
)

// kinds returns what is due after a time, without the alarms of lateness.
func (s *story) due(after time.Duration) []DutyKind {
	var list []DutyKind
	for _, d := range s.c.Due(s.now.Add(after), clocks) {
		if d.Kind != DraftLate && d.Kind != FlashLate && d.Kind != FullLate {
			list = append(list, d.Kind)
		}
	}
	return list
}

func (s *story) wantDue(after time.Duration, want ...DutyKind) {
	s.t.Helper()
	got := s.due(after)
	if len(got) != len(want) {
		s.t.Fatalf("due after %v: %v, want %v", after, got, want)
	}
	for i := range got {
		if got[i] != want[i] {
			s.t.Fatalf("due after %v: %v, want %v", after, got, want)
		}
	}
}

func TestDutiesOfConsentAndReview(t *testing.T) {
	s := newStory(t)
	s.draft(hub.Flash, "draft")
	s.wantDue(time.Hour)
	s.wantDue(2*time.Hour, RemindReporter)
	s.wantDue(12*time.Hour, RemindReporter, RemindReporter, PhoneReporter)
	s.wantDue(24*365*time.Hour, RemindReporter, RemindReporter, PhoneReporter, ShredCase, DestroyLink)
	d := s.c.Due(s.now.Add(2*time.Hour), clocks)[len(s.c.Due(s.now.Add(2*time.Hour), clocks))-1]
	s.do(s.c.Done(s.now, d))
	s.wantDue(2 * time.Hour)
	s.draft(hub.Flash, "new draft")
	s.now = s.now.Add(time.Minute)
	s.wantDue(2*time.Hour, RemindReporter) // a new draft is asked for anew
	s.consent(hub.Flash)
	s.wantDue(0, DrawModerators)
	s.draw(hub.Flash)
	s.wantDue(0)
	s.wantDue(2*time.Hour, RemindModerators)
	s.wantDue(8*time.Hour, RemindModerators, DrawModerators, CallSecretariat)
	for _, d := range s.c.Due(s.now.Add(8*time.Hour), clocks) {
		if d.Kind == RemindModerators && len(d.Reviews) != 2 {
			t.Errorf("reminds %d moderators", len(d.Reviews))
		}
		if d.Kind == DrawModerators && d.Want != 3 {
			t.Errorf("draws up to %d", d.Want)
		}
	}
	s.replayed()
}

func TestADeclineDrawsTheNextAtOnce(t *testing.T) {
	s := newStory(t)
	s.draft(hub.Flash, "draft")
	s.consent(hub.Flash)
	seat := s.draw(hub.Flash)[0]
	s.do(s.c.Decline(s.now, seat.Review, seat.Person, "no-value", s.w))
	s.wantDue(0, DrawModerators)
}

func TestReleaseIsDueAtItsTimeAndResumes(t *testing.T) {
	s := newStory(t)
	s.approved(hub.Full)
	at := s.c.ReleaseAt(hub.Full).Sub(s.now)
	s.wantDue(at - time.Millisecond)
	s.wantDue(at, Publish)
	if next := s.c.Next(s.now.Add(at-time.Millisecond), clocks); !next.Equal(s.now.Add(at)) {
		t.Errorf("next duty at %v", next)
	}
	s.now = s.now.Add(at)
	s.do(s.c.Begin(s.now, hub.Full, s.w))
	s.wantDue(0, Publish) // died in between: it is due again
}

func TestLatenessIsTold(t *testing.T) {
	s := newStory(t)
	for after, want := range map[time.Duration]int{4 * time.Minute: 0, 5 * time.Minute: 1, 8 * time.Hour: 2, 24 * time.Hour: 3, 72 * time.Hour: 4} {
		if got := len(s.c.Due(s.now.Add(after), clocks)); got != want {
			t.Errorf("%d alarms after %v, want %d", got, after, want)
		}
	}
}

func TestShreddingWaitsForItsTimeAndEndsTheCase(t *testing.T) {
	s := newStory(t)
	s.approved(hub.Full)
	s.release(hub.Full, 1)
	_, err := s.c.Shred(s.now.Add(clocks.Retention-time.Hour), clocks)
	s.refused(hub.Conflict, nil, err)
	until := s.now.Add(clocks.Retention + 48*time.Hour)
	_, err = s.c.Keep(s.now, until, "reporter-a", s.w)
	s.refused(hub.NotFound, nil, err)
	s.do(s.c.Keep(s.now, until, "sec-1", s.w))
	_, err = s.c.Shred(s.now.Add(clocks.Retention), clocks)
	s.refused(hub.Conflict, nil, err)
	s.do(s.c.Shred(until, clocks))
	_, err = s.c.Receive("victim", Report{"r9", hub.Sum([]byte("late")), s.now, nil, nil})
	s.refused(hub.Gone, nil, err)
	if o := s.c.Outline(); len(o.Due(o.Received.Add(clocks.LinkRetention), clocks)) != 1 {
		t.Error("the outline alone doesn't know when the link ends")
	}
	s.replayed()
}

func TestAFlashGoesOutWithinItsLimitWhereItCan(t *testing.T) {
	w := newWorld(5)
	for range 200 {
		now := start.Add(clocks.FlashLimit - time.Hour)
		at, err := clocks.release(now, start, hub.Flash, false, w.random)
		if err != nil || at.Before(now) || at.After(start.Add(clocks.FlashLimit)) {
			t.Fatalf("at %v, %v", at, err)
		}
	}
}
