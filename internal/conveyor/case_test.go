package conveyor

import (
	"testing"
	"time"

	"isac/hub"
	"isac/hub/review"
)

// TestAnOlderStateOfACaseTakesNoPlace: who stored first may come to the table last.
func TestAnOlderStateOfACaseTakesNoPlace(t *testing.T) {
	table := caseTable{open: map[string]*caseFile{}, ended: map[string]bool{}}
	older, newer := &caseFile{id: "c", seq: 10}, &caseFile{id: "c", seq: 11}
	table.put(newer)
	table.put(older)
	if f, _ := table.get("c"); f != newer {
		t.Errorf("the table has the state of %d", f.seq)
	}
	now := time.Date(2026, 5, 12, 0, 0, 0, 0, time.UTC)
	end := &caseFile{id: "c", seq: 12}
	received, err := end.fold.Receive("member", review.Report{Number: "r", Digest: hub.Sum([]byte("r")), Time: now})
	if err != nil || end.fold.Apply(received...) != nil {
		t.Fatal("no case")
	}
	shredded, err := end.fold.Shred(now.AddDate(1, 0, 0), review.Clocks{})
	if err != nil || end.fold.Apply(shredded...) != nil {
		t.Fatal("not shredded", err)
	}
	table.put(end)
	table.put(newer)
	if _, ok := table.get("c"); ok || len(table.all()) != 0 {
		t.Error("a shredded case came back")
	}
}

// TestPausesEnd: a duty that failed is forgotten with its pause, so that what ended
// cases leave doesn't pile up.
func TestPausesEnd(t *testing.T) {
	now := time.Date(2026, 5, 12, 0, 0, 0, 0, time.UTC)
	v := &Conveyor{Config: Config{Now: func() time.Time { return now }}}
	v.paused.Store("ended case", now.Add(pauseAfterFailure))
	now = now.Add(pauseAfterFailure / 2)
	v.paused.Store("living case", now.Add(pauseAfterFailure))
	v.resume()
	if _, paused := v.paused.Load("ended case"); !paused {
		t.Error("a pause ended before its time")
	}
	now = now.Add(pauseAfterFailure / 2)
	v.resume()
	_, ended := v.paused.Load("ended case")
	_, living := v.paused.Load("living case")
	if ended || !living {
		t.Errorf("paused: the ended case %v, the living one %v", ended, living)
	}
}
