package conveyor_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/feedback"
	"isac/hub/review"
	"isac/hub/stix"
	"isac/internal/hubtest"
	"isac/internal/store"
)

const day = 24 * time.Hour

// verified wants every entry to be genuine and to follow the one before it, and the
// versions of each alert to come one by one.
func verified(t *testing.T, h *hubtest.Hub, list []deliver.Entry) {
	t.Helper()
	var chain deliver.Chain
	version := map[string]int{}
	for _, e := range list {
		must(t, deliver.Verify(h.Ring.AlertKey(), e))
		var err error
		chain, err = chain.Next(e)
		must(t, err)
		if version[e.ID]++; e.Version != version[e.ID] {
			t.Errorf("entry %d is version %d, want %d", e.Number, e.Version, version[e.ID])
		}
	}
}

// worth is the confidence of the first indicator in a bundle.
func worth(t *testing.T, bundle []byte) int {
	t.Helper()
	b, err := stix.ParseBundle(bundle, stix.DefaultLimits())
	must(t, err)
	for _, o := range b.Objects {
		if o.Type() == "indicator" {
			n, _ := o.Int("confidence")
			return int(n)
		}
	}
	t.Fatal("no indicator")
	return 0
}

// TestUpdatesComeBetweenWhatPeopleDecide plays updates, a correction, a restart and a
// recall of one alert in the running hub: none of them is lost.
func TestUpdatesComeBetweenWhatPeopleDecide(t *testing.T) {
	h := hubtest.Start(t, 24)
	reporter, moderators, id := released(t, h)
	first := entries(t, h, 2)
	h.Advance(6 * day)
	must(t, h.Close())
	h.Open()
	if n := len(entries(t, h, 2)); n != 2 {
		t.Fatalf("updated within a week: %d entries", n)
	}
	h.Advance(2 * day)
	flash := entries(t, h, 3)[2]
	if flash.Kind != hub.Updated || flash.ID != first[0].ID || flash.Version != 2 || worth(t, flash.Bundle) >= worth(t, first[0].Bundle) {
		t.Fatalf("the update is %s, version %d, worth %d after %d", flash.Kind, flash.Version, worth(t, flash.Bundle), worth(t, first[0].Bundle))
	}

	if rows, err := h.Public.Alerts(t.Context(), store.AlertQuery{}); err != nil || len(rows) != 2 || rows[0].ID != first[1].ID || rows[1].Version != 2 {
		t.Errorf("the update is told as news: %v", err)
	}

	// A correction follows, though its case knows nothing of the update.
	_, _, err := h.Dial(0).Report(t.Context(), hubtest.Bundle(h.Members[0], "one", "2", "198.51.100.7"))
	must(t, err)
	h.Poll("the new drafts", func() bool {
		c, err := h.Desk.Case(context.Background(), reporter.Person, id)
		return err == nil && c.Stages[0].State == string(review.Asking) && c.Stages[1].State == string(review.Asking)
	})
	c, err := h.Desk.Case(t.Context(), reporter.Person, id)
	must(t, err)
	h.Consent(reporter, c)
	for _, stage := range []hub.Stage{hub.Flash, hub.Full} {
		h.Poll("the correction", func() bool {
			h.ApproveOpen(stage, moderators...)
			list := entries(t, h, 3)
			return slices.ContainsFunc(list, func(e deliver.Entry) bool { return e.Stage == stage && e.Kind == hub.Corrected })
		})
	}
	list := entries(t, h, 5)
	corrected := list[3]
	if corrected.ID != first[0].ID || corrected.Version != 3 || list[4].Version != 2 {
		t.Fatalf("the corrections are versions %d and %d", corrected.Version, list[4].Version)
	}

	// One person signs the corrected version, the other the next update: it is one recall.
	sign := func(p hubtest.Person, e deliver.Entry) error {
		return h.Desk.Recall(t.Context(), p.Person, e.ID, "leak", p.Sign(review.ToRecall, e.Digest))
	}
	must(t, sign(moderators[0], corrected))
	h.Advance(9 * day)
	update := entries(t, h, 6)[5]
	if update.ID != first[0].ID || update.Kind != hub.Updated || update.Version != 4 {
		t.Fatalf("the second update is of %s, version %d", update.Kind, update.Version)
	}
	must(t, h.Close())
	h.Open()
	if err := sign(moderators[1], flash); err == nil {
		t.Error("what was corrected since serves for a recall")
	}
	must(t, sign(moderators[1], update))
	list = entries(t, h, 7)
	notice := list[6]
	if notice.Kind != hub.Recalled || notice.Version != 5 || notice.ID != first[0].ID {
		t.Fatalf("the notice is %s, version %d", notice.Kind, notice.Version)
	}
	for i, gone := range []bool{true, false, true, true, false, true, false} {
		if (list[i].Bundle == nil) != gone {
			t.Errorf("entry %d: its bytes are gone: %v, want %v", i+1, !gone, gone)
		}
	}
	verified(t, h, list)
	h.Advance(time.Hour) // the next round
	for _, e := range entries(t, h, 8)[7:] {
		if e.ID == first[0].ID {
			t.Errorf("what was recalled has a %s version %d", e.Kind, e.Version)
		}
	}
	verified(t, h, entries(t, h, 8))
}

// TestWithoutACaseUpdatesGoOn: an alert whose case was shredded is updated all the same,
// and a recall that one person asked for before an update is decided after it.
func TestWithoutACaseUpdatesGoOn(t *testing.T) {
	h := hubtest.Start(t, 24, func(c *review.Clocks) { c.Retention = day })
	reporter, moderators, id := released(t, h)
	h.Advance(2 * day)
	h.Poll("shredding", func() bool {
		_, err := h.Desk.Case(context.Background(), reporter.Person, id)
		return hub.KindOf(err) == hub.NotFound
	})
	first := entries(t, h, 2)[0]
	sign := func(p hubtest.Person, e deliver.Entry) error {
		return h.Desk.Recall(t.Context(), p.Person, e.ID, "leak", p.Sign(review.ToRecall, e.Digest))
	}
	must(t, sign(moderators[0], first))
	h.Advance(7 * day)
	update := entries(t, h, 3)[2]
	if update.ID != first.ID || update.Kind != hub.Updated {
		t.Fatalf("the update is %s", update.Kind)
	}
	must(t, sign(moderators[1], first))
	list := entries(t, h, 4)
	if n := list[3]; n.Kind != hub.Recalled || n.Version != 3 || n.ID != first.ID || list[0].Bundle != nil || list[2].Bundle != nil {
		t.Errorf("the notice is %s, version %d", n.Kind, n.Version)
	}
	verified(t, h, list)
}

// TestFalsePositivesGoOutAsAnUpdate: what eleven members say is in the next version,
// with all rules of the profile; what nine say isn't, byte for byte.
func TestFalsePositivesGoOutAsAnUpdate(t *testing.T) {
	h := hubtest.Start(t, 30)
	released(t, h)
	first := entries(t, h, 2)[0]
	say := func(from, to int) {
		t.Helper()
		for i := from; i < to; i++ {
			must(t, h.Ballot.Cast(t.Context(), h.Person(i, hub.Reader).Person, feedback.Request{Value: attacker, Answer: feedback.FalsePositive}))
		}
	}
	say(2, 11)
	h.Advance(8 * day)
	update := entries(t, h, 3)[2]
	again := indicator(t, update.Bundle)
	i, ok := feedback.Stated(indicator(t, first.Bundle))
	if want := h.Ballot.Rules.Stand(i, nil, update.Published); !ok || worth(t, update.Bundle) != want.Confidence {
		t.Errorf("after nine answers worth %d, want %d by age alone", worth(t, update.Bundle), want.Confidence)
	}
	say(11, 13)
	h.Advance(day)
	h.Poll("the telling", func() bool {
		told, err := h.Public.Told(context.Background(), feedback.OfIndicator(again.ID()))
		return err == nil && len(told) == 1
	})
	h.Advance(7 * day)
	next := entries(t, h, 4)[3]
	told, err := h.Public.Told(t.Context(), feedback.OfIndicator(again.ID()))
	must(t, err)
	want := h.Ballot.Rules.Stand(i, told, next.Published)
	until, _ := indicator(t, next.Bundle).Time("valid_until")
	if len(told) != 1 || worth(t, next.Bundle) != want.Confidence || !until.Equal(want.ValidUntil) || !until.Before(i.Until) {
		t.Errorf("after eleven answers worth %d until %v, want %+v of %v", worth(t, next.Bundle), until, want, told)
	}
	verified(t, h, entries(t, h, 4))
}

func indicator(t *testing.T, bundle []byte) stix.Object {
	t.Helper()
	b, err := stix.ParseBundle(bundle, stix.DefaultLimits())
	must(t, err)
	i := slices.IndexFunc(b.Objects, func(o stix.Object) bool { return o.Type() == "indicator" })
	if i < 0 {
		t.Fatal("no indicator")
	}
	return b.Objects[i]
}
