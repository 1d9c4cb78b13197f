package review

import (
	"testing"
	"time"

	"isac/hub"
)

func TestFlashUnderStandingConsentThenFullAlertAsked(t *testing.T) {
	s := newStory(t)
	s.w.join(Standing)
	s.approved(hub.Flash)
	if got := s.c.Phase(hub.Flash); got != Scheduled {
		t.Fatalf("flash is %s after two approvals", got)
	}
	at := s.c.ReleaseAt(hub.Flash)
	if at.Before(s.now) || !at.Before(s.now.Add(clocks.ReleaseJitter)) {
		t.Errorf("flash goes out %v after the second approval", at.Sub(s.now))
	}
	if at.After(s.now) {
		_, err := s.c.Begin(s.now, hub.Flash, s.w)
		s.refused(hub.Conflict, nil, err)
	}
	flash := s.release(hub.Flash, 1)
	s.draft(hub.Full, "full")
	if got := s.c.Phase(hub.Full); got != Asking {
		t.Fatalf("standing consent served for a full alert: %s", got)
	}
	s.consent(hub.Full)
	for _, seat := range s.draw(hub.Full) {
		s.approve(hub.Full, seat)
	}
	if at := s.c.ReleaseAt(hub.Full); !at.Equal(clocks.NextSlot(s.now)) {
		t.Errorf("full alert goes out at %v, not in the next slot", at)
	}
	full := s.release(hub.Full, 2)
	if flash.ID == full.ID {
		t.Error("flash and full share an id")
	}
	s.replayed()
}

func TestTheSameReportAndTheSameDraftGiveNothingNew(t *testing.T) {
	s := newStory(t)
	if n := s.do(s.c.Receive("victim", Report{"r2", hub.Sum([]byte("report")), s.now, nil, nil})); n != 0 {
		t.Errorf("the same report gave %d events", n)
	}
	s.draft(hub.Flash, "one")
	if n := s.do(s.c.TakeDraft(s.now, hub.Flash, Draft{Bytes: []byte("one")}, s.w, s.w.random)); n != 0 {
		t.Errorf("the same draft gave %d events", n)
	}
	_, err := s.c.Receive("sibling", Report{"r3", hub.Sum([]byte("other")), s.now, nil, nil})
	s.refused(hub.NotFound, nil, err)
}

func TestAChangedDraftVoidsConsentAndApprovals(t *testing.T) {
	for _, stop := range []Phase{Reviewing, Scheduled} {
		s := newStory(t)
		s.draft(hub.Flash, "one")
		s.consent(hub.Flash)
		seats := s.draw(hub.Flash)
		s.approve(hub.Flash, seats[0])
		if stop == Scheduled {
			s.approve(hub.Flash, seats[1])
		}
		if s.c.Phase(hub.Flash) != stop {
			t.Fatalf("phase %s, want %s", s.c.Phase(hub.Flash), stop)
		}
		stale := s.vote(seats[0], hub.Flash)
		s.draft(hub.Flash, "two")
		if got := s.c.Phase(hub.Flash); got != Asking {
			t.Fatalf("after a new draft the phase is %s", got)
		}
		s.consent(hub.Flash)
		if n := len(s.open(hub.Flash)); n != 2 {
			t.Errorf("%d open seats after a new draft, want the same 2", n)
		}
		_, err := s.c.Approve(s.now, stale, s.w, clocks, s.w.random)
		s.refused(hub.Conflict, nil, err)
		s.replayed()
	}
}

func TestCorrectionIsANewVersionOfTheSameAlert(t *testing.T) {
	s := newStory(t)
	s.approved(hub.Flash)
	first := s.release(hub.Flash, 1)
	s.draft(hub.Flash, "corrected")
	s.consent(hub.Flash)
	for _, seat := range s.draw(hub.Flash) {
		s.approve(hub.Flash, seat)
	}
	for _, seat := range s.open(hub.Flash) {
		s.approve(hub.Flash, seat)
	}
	second := s.release(hub.Flash, 2)
	if second.ID != first.ID || second.Version != 2 || second.Kind != hub.Corrected {
		t.Errorf("correction is %+v", second)
	}
	out, _ := s.c.Out(hub.Flash)
	if !out.First.Equal(first.Published) {
		t.Error("the time of the first version is lost")
	}
}

// TestUpdatesComeBetween: an update between any two steps of a correction and a
// withdrawal costs nothing that was signed, and takes a version of its own.
func TestUpdatesComeBetween(t *testing.T) {
	s := newStory(t)
	number := uint64(0)
	update := func() hub.Alert {
		out, _ := s.c.Out(hub.Flash)
		a := out.Alert
		number++
		a.Number, a.Version, a.Kind, a.Digest = 100+number, a.Version+1, hub.Updated, hub.Sum([]byte{byte(number)})
		s.do(s.c.NoteUpdate(s.now, hub.Flash, a))
		return a
	}
	s.approved(hub.Flash)
	first := s.release(hub.Flash, 1)
	_, err := s.c.NoteUpdate(s.now, hub.Flash, hub.Alert{Number: 9, ID: first.ID, Version: 3, Kind: hub.Updated, Stage: hub.Flash, Published: s.now, Digest: hub.Sum(nil)})
	s.refused(hub.Conflict, nil, err)
	update()
	s.draft(hub.Flash, "corrected")
	update()
	s.consent(hub.Flash)
	for _, seat := range append(s.draw(hub.Flash), s.open(hub.Flash)...) {
		update()
		s.approve(hub.Flash, seat)
	}
	s.now = s.c.ReleaseAt(hub.Flash)
	s.do(s.c.Begin(s.now, hub.Flash, s.w))
	newest := update()
	a, err := s.c.Approved(hub.Flash, s.w)
	if err != nil || a.Version() != newest.Version+1 || a.Kind() != hub.Corrected || !a.First().Equal(first.Published) {
		t.Fatalf("the correction is version %d, %s: %v", a.Version(), a.Kind(), err)
	}
	second := hub.Alert{Number: 50, ID: first.ID, Version: a.Version(), Kind: hub.Corrected, Stage: hub.Flash, Published: s.now, Digest: hub.Sum([]byte("second"))}
	s.do(s.c.NoteRelease(s.now, hub.Flash, second))

	third := update()
	s.do(s.c.TakeBack(s.now, hub.Flash, hub.Recalled, "leak", s.w.sign("mod-c", ToRecall, third.Digest), s.w))
	update()
	_, err = s.c.TakeBack(s.now, hub.Flash, hub.Recalled, "leak", s.w.sign("sec-1", ToRecall, first.Digest), s.w)
	s.refused(hub.Unsigned, nil, err) // another decision lies between
	s.do(s.c.TakeBack(s.now, hub.Flash, hub.Recalled, "leak", s.w.sign("sec-1", ToRecall, second.Digest), s.w))
	last := update()
	b, err := s.c.TakenBack(hub.Flash, s.w)
	if err != nil || b.Kind() != hub.Recalled || b.Version() != last.Version+1 {
		t.Fatalf("recalled as version %d: %v", b.Version(), err)
	}
	last.Number, last.Version, last.Kind, last.Digest = 60, last.Version+1, hub.Recalled, hub.Sum([]byte("gone"))
	s.do(s.c.NoteRelease(s.now, hub.Flash, last))
	last.Version, last.Kind = last.Version+1, hub.Updated
	_, err = s.c.NoteUpdate(s.now, hub.Flash, last)
	s.refused(hub.Conflict, nil, err)
	s.replayed()
}

func TestFullAlertClosesAFlashThatIsNotOut(t *testing.T) {
	s := newStory(t)
	s.draft(hub.Flash, "flash")
	s.approved(hub.Full)
	s.release(hub.Full, 1)
	if got := s.c.Phase(hub.Flash); got != Closed {
		t.Errorf("flash is %s after the full alert", got)
	}
	s.replayed()
}

// Everybody gets no full alert: the flash that they would get is still to be decided on.
func TestFullAlertLeavesAFlashOpenThatEverybodyIsToGet(t *testing.T) {
	s := newStory(t)
	s.do(s.c.TakeDraft(s.now, hub.Flash, Draft{Bytes: []byte("flash"), Edition: true, Ask: true}, s.w, s.w.random))
	s.approved(hub.Full)
	s.release(hub.Full, 1)
	if got := s.c.Phase(hub.Flash); got != Asking {
		t.Errorf("flash is %s after the full alert", got)
	}
	s.consent(hub.Flash)
	for _, seat := range s.draw(hub.Flash) {
		s.approve(hub.Flash, seat)
	}
	s.release(hub.Flash, 2)
	if got := s.c.Phase(hub.Flash); got != Released {
		t.Errorf("the flash for everybody is %s", got)
	}
	s.replayed()
}

// What members were told is wrong nobody else is told afterwards.
func TestAFullAlertTakenBackClosesAFlashThatIsNotOut(t *testing.T) {
	for name, back := range map[string]func(s *story, d hub.Digest){
		"the reporter withdraws": func(s *story, d hub.Digest) {
			s.do(s.c.TakeBack(s.now, hub.Full, hub.Withdrawn, "wrong", s.w.sign("reporter", ToWithdraw, d), s.w))
		},
		"two recall": func(s *story, d hub.Digest) {
			s.do(s.c.TakeBack(s.now, hub.Full, hub.Recalled, "leak", s.w.sign("mod-c", ToRecall, d), s.w))
			if got := s.c.Phase(hub.Flash); got != Scheduled {
				s.t.Fatalf("flash is %s after the word of one", got)
			}
			s.do(s.c.TakeBack(s.now, hub.Full, hub.Recalled, "leak", s.w.sign("sec-1", ToRecall, d), s.w))
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStory(t)
			s.do(s.c.TakeDraft(s.now, hub.Flash, Draft{Bytes: []byte("flash"), Edition: true, Ask: true}, s.w, s.w.random))
			s.consent(hub.Flash)
			for _, seat := range s.draw(hub.Flash) {
				s.approve(hub.Flash, seat)
			}
			s.approved(hub.Full)
			full := s.release(hub.Full, 1)
			back(s, full.Digest)
			if got := s.c.Phase(hub.Flash); got != Closed {
				t.Errorf("flash is %s after the full alert was taken back", got)
			}
			_, err := s.c.TakeDraft(s.now, hub.Flash, Draft{Bytes: []byte("again"), Edition: true, Ask: true}, s.w, s.w.random)
			s.refused(hub.Conflict, nil, err)
			s.replayed()
		})
	}
}

// Also one that was about to go out when the full alert was taken back, and was held.
func TestAFlashThatIsHeldAfterTheFullAlertWasTakenBackIsClosed(t *testing.T) {
	s := newStory(t)
	everybody := func(text string) Draft { return Draft{Bytes: []byte(text), Edition: true, Ask: true} }
	s.do(s.c.TakeDraft(s.now, hub.Flash, everybody("flash"), s.w, s.w.random))
	s.consent(hub.Flash)
	for _, seat := range s.draw(hub.Flash) {
		s.approve(hub.Flash, seat)
	}
	s.approved(hub.Full)
	full := s.release(hub.Full, 1)
	s.now = s.c.ReleaseAt(hub.Flash)
	s.do(s.c.Begin(s.now, hub.Flash, s.w))
	s.do(s.c.TakeBack(s.now, hub.Full, hub.Withdrawn, "wrong", s.w.sign("reporter", ToWithdraw, full.Digest), s.w))
	full.Number, full.Version, full.Kind, full.Digest = 2, 2, hub.Withdrawn, hub.Sum([]byte("revoked"))
	s.do(s.c.NoteRelease(s.now, hub.Full, full))
	s.do(s.c.Hold(s.now, hub.Flash, "not-releasable"))
	s.do(s.c.TakeDraft(s.now, hub.Flash, everybody("again"), s.w, s.w.random))
	if got := s.c.Phase(hub.Flash); got != Closed {
		t.Errorf("flash is %s", got)
	}
	s.replayed()
}

// A flash that waits for everybody alone ends with the reporter's no to them.
func TestAFlashAfterTheFullAlertIsForEverybodyOrForNobody(t *testing.T) {
	s := newStory(t)
	flash := func(text string, everybody bool) Draft {
		return Draft{Bytes: []byte(text), Edition: everybody, Ask: everybody}
	}
	s.do(s.c.TakeDraft(s.now, hub.Flash, flash("one", true), s.w, s.w.random))
	s.approved(hub.Full)
	s.release(hub.Full, 1)
	s.do(s.c.TakeDraft(s.now, hub.Flash, flash("two", true), s.w, s.w.random))
	if got := s.c.Phase(hub.Flash); got != Asking {
		t.Errorf("a flash for everybody is %s", got)
	}
	s.do(s.c.TakeDraft(s.now, hub.Flash, flash("three", false), s.w, s.w.random))
	if got := s.c.Phase(hub.Flash); got != Closed {
		t.Errorf("a flash for members, who have the full alert, is %s", got)
	}
	s.replayed()
}

func TestEmergencyGoesOutAtOnceAndIsReviewedAfter(t *testing.T) {
	s := newStory(t)
	s.w.join(Standing)
	s.draft(hub.Flash, "flash")
	call := Emergency{Digest: hub.Sum([]byte("flash")), Reason: "exploited-now", Caller: "sec-1", Moderator: "oncall", Officer: "officer"}
	s.do(s.c.Call(s.now, call, s.w, s.w.random))
	for _, seat := range s.c.Seats(hub.Flash) {
		s.approve(hub.Flash, seat)
	}
	if at := s.c.ReleaseAt(hub.Flash); !at.Equal(s.now) {
		t.Fatalf("emergency goes out at %v", at)
	}
	s.do(s.c.Begin(s.now, hub.Flash, s.w))
	a, err := s.c.Approved(hub.Flash, s.w)
	if err != nil || !a.Emergency() {
		t.Fatalf("%v, emergency %v", err, a.Emergency())
	}
	alert := hub.Alert{Number: 1, ID: a.AlertID(), Version: 1, Kind: hub.Released, Stage: hub.Flash, Published: s.now, Digest: hub.Sum(nil)}
	s.do(s.c.NoteRelease(s.now, hub.Flash, alert))
	if d := s.c.Due(s.now, clocks); len(d) != 1 || d[0].Kind != DrawModerators {
		t.Fatalf("after the emergency is due %v", d)
	}
	seats := s.draw(hub.Flash)
	if d := s.c.Due(s.now.Add(24*time.Hour), clocks); !hasDuty(d, ReviewLate) {
		t.Errorf("no review after 24 hours isn't told: %v", d)
	}
	for _, seat := range seats {
		s.approve(hub.Flash, seat)
	}
	if d := s.c.Due(s.now.Add(25*time.Hour), clocks); hasDuty(d, ReviewLate) || hasDuty(d, DrawModerators) {
		t.Errorf("reviewed, and still due: %v", d)
	}
	s.replayed()
}

func TestWithdrawalByTheReporter(t *testing.T) {
	s := newStory(t)
	s.approved(hub.Flash)
	alert := s.release(hub.Flash, 1)
	s.do(s.c.TakeBack(s.now, hub.Flash, hub.Withdrawn, "consent-withdrawn", s.w.sign("reporter", ToWithdraw, alert.Digest), s.w))
	b, err := s.c.TakenBack(hub.Flash, s.w)
	if err != nil || !b.Valid() || b.Version() != 2 || b.Kind() != hub.Withdrawn {
		t.Fatalf("%+v, %v", b, err)
	}
	alert.Number, alert.Version, alert.Kind, alert.Digest = 2, 2, hub.Withdrawn, hub.Sum([]byte("revoked"))
	s.do(s.c.NoteRelease(s.now, hub.Flash, alert))
	if s.c.Phase(hub.Flash) != Withdrawn {
		t.Errorf("phase %s", s.c.Phase(hub.Flash))
	}
	_, err = s.c.TakeDraft(s.now, hub.Flash, Draft{Bytes: []byte("again")}, s.w, s.w.random)
	s.refused(hub.Conflict, nil, err)
	s.replayed()
}

func TestRecallNeedsTwoPeople(t *testing.T) {
	s := newStory(t)
	s.approved(hub.Flash)
	alert := s.release(hub.Flash, 1)
	one := s.w.sign("mod-c", ToRecall, alert.Digest)
	s.do(s.c.TakeBack(s.now, hub.Flash, hub.Recalled, "leak", one, s.w))
	if s.c.Phase(hub.Flash) != Released {
		t.Fatalf("one person recalled: %s", s.c.Phase(hub.Flash))
	}
	if n := s.do(s.c.TakeBack(s.now, hub.Flash, hub.Recalled, "leak", one, s.w)); n != 0 {
		t.Errorf("the same person again gave %d events", n)
	}
	_, err := s.c.TakeBack(s.now, hub.Flash, hub.Recalled, "leak", s.w.sign("reporter-a", ToRecall, alert.Digest), s.w)
	s.refused(hub.Forbidden, nil, err)
	_, err = s.c.TakeBack(s.now, hub.Flash, hub.Recalled, "leak", s.w.sign("sec-1", ToWithdraw, alert.Digest), s.w)
	s.refused(hub.Unsigned, nil, err)
	s.do(s.c.TakeBack(s.now, hub.Flash, hub.Recalled, "leak", s.w.sign("sec-1", ToRecall, alert.Digest), s.w))
	b, err := s.c.TakenBack(hub.Flash, s.w)
	if err != nil || b.Reason() != "leak" || b.Kind() != hub.Recalled {
		t.Fatalf("%+v, %v", b, err)
	}
	s.replayed()
}

func TestRecallWithoutACase(t *testing.T) {
	w := newWorld(2)
	alert := hub.Alert{Number: 9, ID: "x", Version: 1, Kind: hub.Released, Stage: hub.Full, Digest: hub.Sum(nil)}
	m, err := NewMotion(alert, hub.Recalled, "leak")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := TakeBack(m, alert, w); err == nil {
		t.Error("nobody signed, and it is decided")
	}
	for _, id := range []string{"sec-1", "officer"} {
		m, err = m.Sign(w.sign(id, ToRecall, alert.Digest), w)
		if err != nil {
			t.Fatal(err)
		}
	}
	if b, err := TakeBack(m, alert, w); err != nil || !b.Valid() {
		t.Errorf("two signed: %v", err)
	}
	alert.Digest = hub.Sum([]byte("another"))
	if _, err := TakeBack(m, alert, w); err == nil {
		t.Error("a motion serves for another entry")
	}
}

func TestZeroValuesAreRefused(t *testing.T) {
	if (Approved{}).Valid() || (TakenBack{}).Valid() {
		t.Error("a zero value is valid")
	}
	var c Case
	_, err := c.Approved(hub.Flash, newWorld(1))
	if hub.KindOf(err) != hub.NotFound {
		t.Errorf("a case without a report: %v", err)
	}
}

func hasDuty(list []Duty, k DutyKind) bool {
	for _, d := range list {
		if d.Kind == k {
			return true
		}
	}
	return false
}
