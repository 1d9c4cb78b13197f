package conveyor_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/review"
	"isac/internal/hubtest"
)

// shredded plays an incident to both alerts and waits for the end of its case.
func shredded(t *testing.T) (*hubtest.Hub, []hubtest.Person, []deliver.Entry) {
	t.Helper()
	h := hubtest.Start(t, 24)
	reporter, moderators, id := released(t, h)
	h.Advance(91 * 24 * time.Hour)
	h.Poll("shredding", func() bool {
		_, err := h.Desk.Case(context.Background(), reporter.Person, id)
		return hub.KindOf(err) == hub.NotFound
	})
	return h, moderators, entries(t, h, 2)
}

func TestAnAlertIsRecalledLongAfterItsCaseWasShredded(t *testing.T) {
	h, moderators, list := shredded(t)
	office, reader := h.Person(-1, hub.Secretariat), h.Person(3, hub.Reader)
	flash := list[0]
	ask := func(p hubtest.Person, purpose review.Purpose, alert string) error {
		return h.Desk.Recall(t.Context(), p.Person, alert, "leak", p.Sign(purpose, flash.Digest))
	}
	for _, c := range []struct {
		why  string
		want hub.ErrorKind
		err  error
	}{
		{"no such alert", hub.NotFound, ask(office, review.ToRecall, "00000000-0000-4000-8000-000000000000")},
		{"a wildcard", hub.NotFound, ask(office, review.ToRecall, "*")},
		{"somebody without the role", hub.Forbidden, ask(reader, review.ToRecall, flash.ID)},
		{"signed for something else", hub.Unsigned, ask(office, review.ToWithdraw, flash.ID)},
		{"the first", "", ask(office, review.ToRecall, flash.ID)},
		{"the same again", "", ask(office, review.ToRecall, flash.ID)},
	} {
		if hub.KindOf(c.err) != c.want {
			t.Errorf("%s: %v, want %q", c.why, c.err, c.want)
		}
	}
	if h.OnDisk(`"` + office.ID + `","signature"`) {
		t.Error("who asked stands on disk unsealed")
	}
	if err := h.Close(); err != nil { // the first word waits through a restart
		t.Fatal(err)
	}
	h.Open()
	if n := len(entries(t, h, 2)); n != 2 {
		t.Fatalf("%d entries after the word of one", n)
	}
	must(t, ask(moderators[0], review.ToRecall, flash.ID))
	gone(t, h, flash)
	if err := ask(moderators[1], review.ToRecall, flash.ID); hub.KindOf(err) != hub.Conflict {
		t.Errorf("recalled again: %v", err)
	}
	if full := entries(t, h, 3)[1]; full.Bundle == nil || full.Kind != hub.Released {
		t.Error("the other alert went too")
	}
}

// gone wants an alert's bytes to be erased, and a signed notice in the log.
func gone(t *testing.T, h *hubtest.Hub, a deliver.Entry) {
	t.Helper()
	list := entries(t, h, 3)
	if list[0].Bundle != nil || list[0].Reason != "leak" {
		t.Errorf("the bytes are there, or no reason: %q", list[0].Reason)
	}
	notice := list[2]
	if notice.ID != a.ID || notice.Kind != hub.Recalled || notice.Version != 2 || notice.Bundle == nil {
		t.Errorf("the notice is %s, version %d", notice.Kind, notice.Version)
	}
	var chain deliver.Chain
	for _, e := range list {
		must(t, deliver.Verify(h.Ring.AlertKey(), e))
		var err error
		chain, err = chain.Next(e)
		must(t, err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// decided stores that two decided to recall an alert, of which nothing is done.
func decided(t *testing.T, h *hubtest.Hub, a hub.Alert, two ...hubtest.Person) {
	t.Helper()
	m, err := review.NewMotion(a, hub.Recalled, "leak")
	must(t, err)
	for _, p := range two {
		m, err = m.Sign(review.Signed{Person: p.ID, Signature: p.Sign(review.ToRecall, m.Digest)}, h.Roster)
		must(t, err)
	}
	data, err := json.Marshal(map[string]any{"time": h.Now(), "motion": m})
	must(t, err)
	sealed, err := h.Ring.SealLink(h.Now(), data)
	must(t, err)
	_, err = h.Bus.Append(t.Context(), "link."+h.Ring.LinkName("motion", m.Alert), 0, nil, sealed)
	must(t, err)
}

// TestADecidedRecallIsDoneAfterADeath: the hub died between the second's word and
// the deed.
func TestADecidedRecallIsDoneAfterADeath(t *testing.T) {
	h, moderators, list := shredded(t)
	decided(t, h, list[0].Alert, moderators[:2]...)
	must(t, h.Close())
	h.Open()
	gone(t, h, list[0])
}

func TestAnAlertIsWithdrawnLongAfterItsCaseWasShredded(t *testing.T) {
	h, moderators, list := shredded(t)
	for _, p := range moderators[:2] {
		must(t, h.Desk.Revoke(t.Context(), p.Person, list[1].ID, "outdated", p.Sign(review.ToWithdraw, list[1].Digest)))
	}
	last := entries(t, h, 3)[2]
	if last.ID != list[1].ID || last.Kind != hub.Withdrawn || last.Version != 2 {
		t.Errorf("the last entry is %s, version %d", last.Kind, last.Version)
	}
}

// TestARecallThatFailsIsTriedAgain: it keeps no other from being done, and is done soon
// after the cause has gone, not at the next sweep.
func TestARecallThatFailsIsTriedAgain(t *testing.T) {
	h, moderators, list := shredded(t)
	office, second := h.Person(-1, hub.Secretariat), moderators[1]
	decided(t, h, list[0].Alert, moderators[0], second)
	decided(t, h, list[1].Alert, moderators[0], office)
	must(t, h.Roster.SetRoles(t.Context(), second.ID, []hub.Role{hub.Reader}, ""))
	must(t, h.Close())
	h.Open()
	after := entries(t, h, 3)
	if after[0].Bundle == nil || after[1].Bundle != nil || after[2].ID != list[1].ID {
		t.Fatalf("recalled with %s: the flash's bytes are there %v, the full alert's %v", after[2].Kind, after[0].Bundle != nil, after[1].Bundle != nil)
	}
	must(t, h.Roster.SetRoles(t.Context(), second.ID, second.Roles, ""))
	h.Advance(time.Minute)
	after = entries(t, h, 4)
	if after[0].Bundle != nil || after[3].ID != list[0].ID || after[3].Kind != hub.Recalled {
		t.Errorf("the last entry is %s, and the flash's bytes are there: %v", after[3].Kind, after[0].Bundle != nil)
	}
}
