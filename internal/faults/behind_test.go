package faults_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/deliver"
	"isac/internal/hubtest"
	"isac/internal/member"
)

// Members who ask for what they missed just when an alert goes out aren't told less
// than they have seen live: to them that would be a hub that went back in time.
func TestCatchUpIsNeverBehindWhatIsLive(t *testing.T) {
	h := hubtest.Start(t, 24)
	ctx, stop := context.WithCancel(t.Context())
	var all sync.WaitGroup
	for i := range 3 {
		w := member.Watcher{
			Conn: h.Dial(10 + i), Poll: 4 * time.Millisecond, Each: func(deliver.Entry, deliver.Chain) error { return nil },
			Warn: func(err error) {
				if ctx.Err() == nil {
					t.Errorf("a member was warned: %v", err)
				}
			},
		}
		all.Go(func() { _ = w.Run(ctx) })
	}
	reporter := h.Person(0, hub.Reporter)
	var moderators []hubtest.Person
	for _, i := range h.Apart(0, 3) {
		moderators = append(moderators, h.Person(i, hub.Moderator))
	}
	for n := range 5 {
		_, _, err := h.Dial(0).Report(t.Context(), hubtest.Bundle(h.Members[0], string(rune('a'+n)), "1", "198.51.100.7"))
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		h.Poll("the case", func() bool { ids, _ = h.Desk.Cases(ctx, reporter.Person); return len(ids) == n+1 })
		c := h.Consent(reporter, h.Case(reporter, 1))
		h.Approve(reporter, c.Case, moderators...)
	}
	stop()
	all.Wait()
}
