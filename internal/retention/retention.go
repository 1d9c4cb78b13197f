// Package retention says what of a hub should have ended and hasn't. What ends things
// lies with what holds them (conveyor, ballot, helpdesk, postbox, notebook, store); this
// looks over their shoulders, from what is stored alone, and ends nothing.
//
// It trusts the log, the key folder and the clock that it is given. It tells classes and
// numbers, never whose.
//
//	late, err := retention.Overdue(ctx, retention.Config{…})
package retention

import (
	"context"
	"time"

	"isac/internal/keyring"
	"isac/internal/natsbus"
	"isac/internal/notebook"
	"isac/internal/store"
)

// Config is what is looked at; every field must be set.
type Config struct {
	Bus      *natsbus.Bus
	Ring     *keyring.Ring
	Sessions *store.Sessions
	Links    time.Duration                               // how long links and direct notices last
	Cases    func(grace time.Duration) int               // whose keys should be gone
	Notices  func(ctx context.Context) ([]uint64, error) // what is left of ended ones
	Now      func() time.Time
}

// Late is one class of which something is overdue.
type Late struct {
	What string `json:"what"`
	N    int    `json:"n"`
}

// Grace is how long after its end something may still be there: it is looked for every
// few hours, and a hub may have been off overnight.
const Grace = 24 * time.Hour

// Whats are the classes, as Late has them.
func Whats() []string {
	return []string{"cases", "epochs", "links", "calls", "drafts", "votes", "notices", "sessions"}
}

const (
	day  = 24 * time.Hour
	week = 7 * day
)

// Overdue looks at everything that ends. Every class is in the answer, most with 0.
func Overdue(ctx context.Context, c Config) ([]Late, error) {
	at := c.Now().Add(-Grace)
	epochs, err := c.epochs(ctx, at)
	if err != nil {
		return nil, err
	}
	notices, err := c.Notices(ctx)
	if err != nil {
		return nil, err
	}
	sessions, err := c.Sessions.Ended(ctx, at)
	if err != nil {
		return nil, err
	}
	quarter := time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC).AddDate(0, -3, 0)
	return []Late{
		{"cases", c.Cases(Grace)},
		{"epochs", epochs},
		{"links", c.before("links", keyring.Week(at.Add(-c.Links)))},
		{"calls", c.before("calls", keyring.Week(at.Add(-3*week)))}, // two weeks, and a week's last call is as old as its week
		{"drafts", c.before("drafts", keyring.Week(at.Add(-notebook.DraftsLast)))},
		{"votes", c.before("votes", keyring.Season(quarter))},
		{"notices", len(notices)},
		{"sessions", sessions},
	}, nil
}

// before counts the secrets of a kind of periods before one.
func (c Config) before(kind, period string) (n int) {
	for _, held := range c.Ring.Held(kind) {
		if held < period {
			n++
		}
	}
	return n
}

// epochs counts the keys of weeks that were over and that no case needs.
func (c Config) epochs(ctx context.Context, at time.Time) (int, error) {
	waiting, err := c.Bus.Subjects(ctx, natsbus.Intake, "intake.*")
	if err != nil || len(waiting) > 0 {
		return 0, err // a report that waits may need any
	}
	needed := map[string]bool{}
	err = c.Bus.Read(ctx, natsbus.Keys, "key.*", 0, func(m natsbus.Message) error {
		needed[c.Ring.EpochOf(m.Data)] = true
		return nil
	})
	n := 0
	for _, held := range c.Ring.Held("epochs") {
		if !needed[held] && held < keyring.Week(at.Add(-keyring.CardLife-day)) {
			n++
		}
	}
	return n, err
}
