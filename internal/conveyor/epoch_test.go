package conveyor_test

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"isac/hub"
	"isac/internal/hubtest"
	"isac/internal/keyring"
	"isac/internal/member"
)

// turning is a hub to which members report over the turn of the week.
type turning struct {
	*hubtest.Hub
	t     *testing.T
	conns map[int]*member.Conn
	sent  [24]atomic.Int64 // reports, by member

	reporters map[int]hubtest.Person
}

func (w *turning) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// bundle is the next report of a member.
func (w *turning) bundle(i int) []byte {
	return hubtest.Bundle(w.Members[i], fmt.Sprint("incident ", w.sent[i].Add(1)), "1", "203.0.113.7")
}

// kept seals a report to the card that a member's spool has, and sends it.
func (w *turning) kept(i int, s member.Spool) {
	w.t.Helper()
	_, err := s.Put(w.conns[i].Credentials, w.bundle(i))
	w.must(err)
	all, err := s.Send(w.t.Context(), w.conns[i])
	w.must(err)
	if len(all) != 1 || all[0].Refused != nil {
		w.t.Errorf("a report by an old card: %v", all)
	}
}

// over has members report without a pause until each has two receipts of the next week,
// and one of a card of the week before.
func (w *turning) over(members []int) {
	w.t.Helper()
	turn := nextWeek(w.Now())
	w.Advance(turn.Add(-20 * time.Millisecond).Sub(w.Now()))
	var all sync.WaitGroup
	for _, i := range members {
		old := member.Spool{Dir: w.t.TempDir()}
		w.must(old.Renew(w.t.Context(), w.conns[i]))
		all.Go(func() {
			for after := 0; after < 2; {
				late := !w.Now().Before(turn)
				_, _, err := w.conns[i].Report(w.t.Context(), w.bundle(i))
				if err != nil {
					w.t.Errorf("a report was refused: %v", err)
					return
				}
				if late {
					after++
				}
			}
			w.kept(i, old)
		})
	}
	all.Wait()
}

// opened waits until each report of a member has a case, which the hub could open.
func (w *turning) opened(i int) {
	w.t.Helper()
	who := w.reporters[i].Person
	var ids []string
	w.Poll("the cases", func() bool {
		var err error
		ids, err = w.Desk.Cases(w.t.Context(), who)
		return err == nil && len(ids) == int(w.sent[i].Load())
	})
	for _, id := range ids {
		w.Poll("a draft", func() bool {
			c, err := w.Desk.Case(w.t.Context(), who, id)
			if slices.ContainsFunc(c.Problems, func(p hub.Problem) bool { return p.Rule == "intake.unreadable" }) {
				w.t.Fatalf("the hub has no key for a report of member %d", i)
			}
			return err == nil && c.Stages[0].Version > 0
		})
	}
}

func nextWeek(t time.Time) time.Time {
	day := t.UTC().Truncate(24 * time.Hour)
	return day.AddDate(0, 0, 1+(7-int(day.Weekday()))%7)
}

// TestReportsOverTheTurnOfTheWeek: while the key to which reports are sealed changes, every
// report gets a receipt and becomes a case that the hub could open, whichever week's card it
// was sealed by; so does one that waited for a month in a spool. Then the key ends.
func TestReportsOverTheTurnOfTheWeek(t *testing.T) {
	w := &turning{Hub: hubtest.Start(t, 24), t: t, conns: map[int]*member.Conn{}, reporters: map[int]hubtest.Person{}}
	members := []int{1, 2, 3, 5}
	for _, i := range members {
		w.conns[i], w.reporters[i] = w.Dial(i), w.Person(i, hub.Reporter)
	}
	quiet := member.Spool{Dir: t.TempDir()} // of a week in which nobody reports
	w.must(quiet.Renew(t.Context(), w.conns[5]))
	week := keyring.Week(w.Now())
	w.Advance(7 * 24 * time.Hour)
	for range 2 {
		w.over(members[:3])
	}
	for _, i := range members[:3] {
		w.opened(i)
	}
	w.Advance(14 * 24 * time.Hour) // while no report waits, for which all keys would stay
	turned := w.Now()
	w.Poll("the sweep", func() bool { return w.Desk.Health(0).Turned.After(turned.Add(100 * time.Millisecond)) })
	w.kept(5, quiet)
	w.opened(5)
	if !slices.Contains(w.Ring.Epochs(), week) {
		t.Error("the key of the quiet week is gone")
	}
	w.Advance(21 * 24 * time.Hour)
	w.Poll("the end of the quiet week's key", func() bool { return !slices.Contains(w.Ring.Epochs(), week) })
}
