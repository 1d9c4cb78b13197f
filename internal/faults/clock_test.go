package faults_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/review"
	"isac/internal/conveyor"
	"isac/internal/hubtest"
	"isac/internal/member"
)

// The hub's clock jumps forth and back while reports come and people decide: each report
// is a case, and what was approved goes out once its time has come by whatever clock, in
// one chain whose times rise.
func TestClockJumps(t *testing.T) {
	h := hubtest.Start(t, 24, func(c *review.Clocks) {
		c.ReleaseJitter, c.NextSlot = time.Hour, func(t time.Time) time.Time { return t.Truncate(6 * time.Hour).Add(6 * time.Hour) }
	})
	reporter, conn := h.Person(0, hub.Reporter), h.Dial(0)
	var moderators []hubtest.Person
	for _, i := range h.Apart(0, 3) {
		moderators = append(moderators, h.Person(i, hub.Moderator))
	}
	w := &watcher{t: t, conn: h.Dial(1)}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	t.Cleanup(func() {
		if t.Failed() {
			for line := range strings.Lines(h.Log.String()) {
				if !strings.Contains(line, "catchup") {
					t.Log(line)
				}
			}
		}
	})
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = w.follow(ctx)
	}()
	jumps := []time.Duration{10 * time.Hour, -10 * time.Hour, -30 * time.Hour, 30 * time.Hour}
	var cases []string
	for n, jump := range jumps {
		h.Advance(jump)
		c := reportedAs(t, h, conn, reporter, n, cases)
		cases = append(cases, c.Case)
		h.Consent(reporter, c)
		h.Poll("approvals", func() bool {
			h.ApproveOpen(hub.Flash, moderators...)
			h.ApproveOpen(hub.Full, moderators...)
			c, err := h.Desk.Case(t.Context(), reporter.Person, c.Case)
			return err == nil && !slices.ContainsFunc(c.Stages, func(s review.ReporterStage) bool { return s.State == string(review.Reviewing) })
		})
	}
	h.Advance(30 * time.Hour) // the latest slot was set when the clock was ahead
	for _, id := range cases {
		h.Poll("a released case", func() bool {
			c, err := h.Desk.Case(t.Context(), reporter.Person, id)
			return err == nil && !slices.ContainsFunc(c.Stages, func(s review.ReporterStage) bool {
				return s.State != string(review.Released) && s.State != string(review.Closed)
			})
		})
	}
	last, err := h.Desk.Cases(t.Context(), reporter.Person)
	if err != nil || len(last) != len(jumps) {
		t.Errorf("%d cases of %d reports, %v", len(last), len(jumps), err)
	}
	var entries []deliver.Entry
	h.Poll("all alerts at a member", func() bool { entries = w.seen(); return len(entries) >= len(jumps) })
	stop()
	<-done
	wantOnce(t, entries)
	for i := 1; i < len(entries); i++ {
		if !entries[i].Published.After(entries[i-1].Published) {
			t.Errorf("entry %d is published before the one before it", entries[i].Number)
		}
	}
	t.Logf("%d jumps of the clock, %d entries of the alert log", len(jumps)+1, len(entries))
}

// reportedAs reports incident n and returns its case, which isn't one of others.
func reportedAs(t *testing.T, h *hubtest.Hub, conn *member.Conn, who hubtest.Person, n int, others []string) conveyor.CaseView {
	t.Helper()
	_, _, err := conn.Report(t.Context(), hubtest.Bundle(h.Members[0], fmt.Sprint(n), "1", address(n)))
	if err != nil {
		t.Fatal(err)
	}
	var c conveyor.CaseView
	h.Poll("a drafted case", func() bool {
		ids, err := h.Desk.Cases(t.Context(), who.Person)
		i := slices.IndexFunc(ids, func(id string) bool { return !slices.Contains(others, id) })
		if err != nil || i < 0 {
			return false
		}
		c, err = h.Desk.Case(t.Context(), who.Person, ids[i])
		return err == nil && c.Stages[0].Version > 0
	})
	return c
}
