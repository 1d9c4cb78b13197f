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
