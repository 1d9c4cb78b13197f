package conveyor_test

import (
	"testing"
	"time"

	"isac/hub"
	"isac/hub/ledger"
	"isac/internal/hubtest"
	"isac/internal/natsbus"
)

// TestLedger: every slot has one entry, quiet ones too, which says how far the chain of
// alerts had come; a restart continues the log that members have seen.
func TestLedger(t *testing.T) {
	h := hubtest.Start(t, 24)
	m := h.Person(0, hub.Moderator)
	c := h.Dial(1)
	var seen ledger.View
	look := func(what string, done func() bool) {
		t.Helper()
		h.Poll(what, func() bool {
			for more := true; more; {
				a, err := c.Ledger(t.Context(), seen.Request())
				if err == nil {
					more, err = seen.Take(h.Ring.Line(), a)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			return done()
		})
	}
	look("the entry of the slot of now", func() bool { return seen.Checked == 1 })
	if seen.Matched != 0 {
		t.Error("an alert was entered before there was any")
	}
	list := kev(t, 1, "one")
	if ok, err := take(t, h, list[0]); !ok || err != nil {
		t.Fatal(ok, err)
	}
	approve(t, h, m, list[0].ID)
	one := entries(t, h, 1)[0]
	seen.Came(one.Number, ledger.Alert{Digest: one.Digest, Published: one.Published})
	for n := range int64(3) {
		h.Advance(24 * time.Hour)
		look("an entry", func() bool { return seen.Checked >= 2+n })
		if n == 1 {
			if err := h.Close(); err != nil {
				t.Fatal(err)
			}
			c.Close()
			h.Open()
			c = h.Dial(1)
		}
	}
	if seen.Matched != seen.Checked-1 {
		t.Errorf("of %d entries %d tell of the alert", seen.Checked, seen.Matched)
	}
	subjects, err := h.Bus.Subjects(t.Context(), natsbus.Ledger, "ledger.*")
	if err != nil || int64(len(subjects)) != seen.Checked {
		t.Errorf("%d entries on %d subjects, %v", seen.Checked, len(subjects), err)
	}
	text, err := h.Desk.Checkpoint(t.Context())
	if err != nil || text != seen.Text {
		t.Errorf("everybody is shown another checkpoint: %v", err)
	}
	seen.Came(one.Number, ledger.Alert{Digest: hub.Sum([]byte("another")), Published: one.Published}) // as if this member had been told something else
	h.Advance(24 * time.Hour)
	h.Poll("a fork", func() bool {
		a, err := c.Ledger(t.Context(), seen.Request())
		if err != nil {
			t.Fatal(err)
		}
		_, err = seen.Take(h.Ring.Line(), a)
		_, fork := err.(*ledger.Fork)
		return fork
	})
}
