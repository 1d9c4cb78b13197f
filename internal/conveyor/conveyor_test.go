package conveyor_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/review"
	"isac/internal/hubtest"
	"isac/internal/member"
)

const attacker = "203.0.113.99"

// released plays one incident to both alerts.
func released(t *testing.T, h *hubtest.Hub) (hubtest.Person, []hubtest.Person, string) {
	t.Helper()
	reporter := h.Person(0, hub.Reporter)
	var moderators []hubtest.Person
	for _, i := range h.Apart(0, 3) {
		moderators = append(moderators, h.Person(i, hub.Moderator))
	}
	_, _, err := h.Dial(0).Report(t.Context(), hubtest.Bundle(h.Members[0], "one", "1", attacker))
	if err != nil {
		t.Fatal(err)
	}
	c := h.Consent(reporter, h.Case(reporter, 1))
	h.Approve(reporter, c.Case, moderators...)
	return reporter, moderators, c.Case
}

func entries(t *testing.T, h *hubtest.Hub, want int) []deliver.Entry {
	t.Helper()
	var list []deliver.Entry
	h.Poll("the view", func() bool {
		var err error
		list, _, err = h.Entries(context.Background(), 0, 100)
		return err == nil && len(list) >= want
	})
	return list
}

func TestReportBecomesAlertsThatEveryMemberVerifies(t *testing.T) {
	h := hubtest.Start(t, 24)
	watcher := h.Dial(5)
	var mu sync.Mutex
	var got []deliver.Entry
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	w := member.Watcher{Conn: watcher, Each: func(e deliver.Entry, _ deliver.Chain) error {
		mu.Lock()
		defer mu.Unlock()
		got = append(got, e)
		return nil
	}, Warn: func(err error) { t.Errorf("warned: %v", err) }}
	go func() { _ = w.Run(ctx) }()
	released(t, h)
	h.Poll("the watcher", func() bool { mu.Lock(); defer mu.Unlock(); return len(got) == 2 })
	victim := h.Members[0]
	for _, e := range got {
		text := string(e.Bundle)
		for _, name := range []string{victim.NameJA, victim.Municipality, victim.HostnamePrefix, victim.Beds + "床", "2026-05-12"} {
			if strings.Contains(text, name) {
				t.Errorf("%s alert names the victim", e.Stage)
			}
		}
		if !strings.Contains(text, attacker) || !strings.Contains(text, "T1486") {
			t.Errorf("%s alert lacks the attacker's address or the technique", e.Stage)
		}
	}
	for _, name := range []string{victim.NameJA, victim.HostnamePrefix + "09", victim.ID} {
		if strings.Contains(h.Log.String(), name) {
			t.Error("the log names the victim")
		}
	}
	if h.OnDisk(victim.HostnamePrefix + "09") {
		t.Error("a host of the report stands on disk unsealed")
	}
}

func TestSameReportTenTimesIsOneCaseAndANewVersionContinuesIt(t *testing.T) {
	h := hubtest.Start(t, 20)
	reporter := h.Person(0, hub.Reporter)
	conn := h.Dial(0)
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			_, _, err := conn.Report(t.Context(), hubtest.Bundle(h.Members[0], "one", "1", attacker))
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	first := h.Case(reporter, 1)
	if _, err := conn.Send(t.Context(), hubtest.Bundle(h.Members[0], "one", "2", attacker)); err != nil {
		t.Fatal(err)
	}
	second := h.Case(reporter, 2)
	if first.Case != second.Case {
		t.Error("a new version made a new case")
	}
	if _, _, err := conn.Report(t.Context(), hubtest.Bundle(h.Members[0], "two", "1", attacker)); err != nil {
		t.Fatal(err)
	}
	h.Poll("a second case", func() bool {
		ids, err := h.Desk.Cases(context.Background(), reporter.Person)
		return err == nil && len(ids) == 2
	})
}

func TestUnreadableReportIsACaseThatTellsItsReporter(t *testing.T) {
	h := hubtest.Start(t, 20)
	reporter := h.Person(0, hub.Reporter)
	conn := h.Dial(0)
	receipt, err := conn.Send(t.Context(), []byte("age-encryption.org/v1\nnothing of the kind"))
	if err != nil {
		t.Fatal(err)
	}
	h.Poll("the status", func() bool { _, err := conn.Status(context.Background(), receipt.Number); return err == nil })
	h.Poll("a held case", func() bool {
		ids, err := h.Desk.Cases(context.Background(), reporter.Person)
		if err != nil || len(ids) != 1 {
			return false
		}
		c, err := h.Desk.Case(context.Background(), reporter.Person, ids[0])
		return err == nil && len(c.Problems) == 1 && c.Stages[0].State == string(review.Held)
	})
	if _, err := conn.Send(t.Context(), []byte("not JSON at all")); hub.KindOf(err) != hub.Invalid {
		t.Errorf("plain rubbish: %v, want invalid", err)
	}
	if _, err := h.Dial(1).Status(t.Context(), receipt.Number); hub.KindOf(err) != hub.NotFound {
		t.Errorf("another member's receipt: %v, want not found", err)
	}
}

func TestReviewsOfOthersAndNoReviewsLookTheSame(t *testing.T) {
	h := hubtest.Start(t, 24)
	_, moderators, _ := released(t, h)
	list, err := h.Desk.Reviews(moderators[0].Person)
	if err != nil {
		t.Fatal(err)
	}
	outsider := h.Person(h.Apart(0, 8)[7], hub.Moderator)
	var review string
	for _, r := range list {
		review = r.Review
	}
	if review == "" {
		list, _ = h.Desk.Reviews(moderators[1].Person)
		review = list[0].Review
	}
	_, drawn := h.Desk.Review(outsider.Person, review)
	_, none := h.Desk.Review(outsider.Person, strings.Repeat("0", len(review)))
	if drawn == nil || none == nil || drawn.Error() != none.Error() || hub.KindOf(drawn) != hub.NotFound {
		t.Errorf("not drawn: %v; no such review: %v", drawn, none)
	}
}

func TestRecalledBytesAreNowhere(t *testing.T) {
	h := hubtest.Start(t, 24)
	reporter, moderators, id := released(t, h)
	list := entries(t, h, 2)
	office := h.Person(-1, hub.Secretariat)
	for i, p := range []hubtest.Person{office, moderators[0]} {
		for _, e := range list {
			err := h.Desk.Recall(t.Context(), p.Person, e.ID, "leak", p.Sign(review.ToRecall, e.Digest))
			if err != nil {
				t.Fatalf("person %d: %v", i, err)
			}
		}
	}
	entries(t, h, 4)
	h.Poll("the recalled bytes to be gone", func() bool { return !h.OnDisk(attacker) })
	for _, e := range entries(t, h, 4)[:2] {
		if e.Bundle != nil || e.Kind != hub.Recalled || e.Reason != "leak" {
			t.Errorf("entry %d is %s with %d bytes, reason %q", e.Number, e.Kind, len(e.Bundle), e.Reason)
		}
		if err := deliver.Verify(h.Ring.AlertKey(), e); err != nil {
			t.Errorf("tombstone %d: %v", e.Number, err)
		}
	}
	c, err := h.Desk.Case(t.Context(), reporter.Person, id)
	if err != nil || c.Stages[0].State != string(review.Recalled) {
		t.Errorf("case after recall: %v, %v", c.Stages, err)
	}
}

func TestWithdrawnAlertIsANewVersion(t *testing.T) {
	h := hubtest.Start(t, 24)
	reporter, _, id := released(t, h)
	c, err := h.Desk.Case(t.Context(), reporter.Person, id)
	if err != nil {
		t.Fatal(err)
	}
	s := c.Stages[1]
	err = h.Desk.Withdraw(t.Context(), reporter.Person, id, s.Stage, "wrong", reporter.Sign(review.ToWithdraw, s.Back))
	if err != nil {
		t.Fatal(err)
	}
	list := entries(t, h, 3)
	last := list[2]
	if last.Kind != hub.Withdrawn || last.Version != 2 || last.ID != s.Alert.ID || !strings.Contains(string(last.Bundle), `"revoked":true`) {
		t.Errorf("last entry is %s version %d", last.Kind, last.Version)
	}
}

func TestShreddedCaseCantBeReadByTheHubItself(t *testing.T) {
	h := hubtest.Start(t, 24, func(k *review.Clocks) { k.Retention = 2 * time.Second })
	reporter, _, id := released(t, h)
	h.Poll("shredding", func() bool {
		_, err := h.Desk.Case(context.Background(), reporter.Person, id)
		return hub.KindOf(err) == hub.NotFound
	})
	for _, s := range []struct{ stream, subject string }{{"KEYS", "key." + id}, {"VAULT", "vault." + id + ".findings"}} {
		h.Poll("the end of "+s.stream, func() bool {
			_, err := h.Bus.Last(context.Background(), s.stream, s.subject)
			return hub.KindOf(err) == hub.NotFound
		})
	}
	if list := entries(t, h, 2); len(list) != 2 {
		t.Error("the alerts went with the case")
	}
}

func TestRestartGoesOnWhereItStopped(t *testing.T) {
	h := hubtest.Start(t, 24)
	reporter := h.Person(0, hub.Reporter)
	var moderators []hubtest.Person
	for _, i := range h.Apart(0, 3) {
		moderators = append(moderators, h.Person(i, hub.Moderator))
	}
	_, _, err := h.Dial(0).Report(t.Context(), hubtest.Bundle(h.Members[0], "one", "1", attacker))
	if err != nil {
		t.Fatal(err)
	}
	again := func() {
		if err := h.Close(); err != nil {
			t.Fatal(err)
		}
		h.Open()
	}
	again()
	c := h.Consent(reporter, h.Case(reporter, 1))
	again()
	defer func() {
		if t.Failed() {
			t.Log(h.Log)
		}
	}()
	h.Approve(reporter, c.Case, moderators...)
	again()
	list := entries(t, h, 2)
	var chain deliver.Chain
	for _, e := range list {
		if err := deliver.Verify(h.Ring.AlertKey(), e); err != nil {
			t.Error(err)
		}
		if chain, err = chain.Next(e); err != nil {
			t.Error(err)
		}
	}
}
