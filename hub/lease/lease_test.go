package lease

import (
	"testing"
	"time"
)

// One takes a free lease and keeps it; another takes it only when nothing was written
// for longer than a life, when the first has long ended its hold.
func TestLeaseChangesHandsAfterItsHold(t *testing.T) {
	const life = 6 * time.Second
	a, b := New("a", life), New("b", life)
	if a.Held(0) || !a.Read(0, 0, "") {
		t.Fatal("a free lease isn't to be taken")
	}
	a.Wrote(0, 1)
	if !a.Held(life/2) || a.Held(life*2/3) {
		t.Error("a hold must end after two thirds of a life")
	}
	for now := time.Duration(0); now <= life; now += b.Every() {
		if b.Read(now, 1, "a") {
			t.Fatalf("taken after %s", now)
		}
	}
	if !b.Read(life+1, 1, "a") {
		t.Fatal("not taken after a life")
	}
	b.Wrote(life+1, 2)
	if a.Held(life+1) || a.Read(life+2, 2, "b") || !b.Held(life+2) {
		t.Error("the first one doesn't give way")
	}
	if !a.Read(life+3, 3, "") {
		t.Error("what was given back isn't free")
	}
}
