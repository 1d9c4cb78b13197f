// Package outbox brings what a stage of a case owes its members to the end of the alert
// log: a release, a correction, the revoked version of a withdrawal, or a recall.
//
//	begin the case → (erase) → one entry at the end of the log → send → note it in the case
//
// Each step can be repeated, and finds what it had done: whoever dies on the way, another
// goes on. The entry's place decides that there is one of each version: its subject is
// named by alert and version, and it is stored on condition that nobody stored anything
// at the end of the log since it was built.
//
// The package trusts the case machine for what may go out, and World for what stands in
// the log.
//
//	err := outbox.Begin(w, stage, roster)
//	entry, err := outbox.Finish(w, stage, roster)
package outbox

import (
	"time"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/review"
)

// World is where the outbox meets log, keys and members. Any call may fail, and have
// happened all the same.
type World interface {
	Now() time.Time
	// Decide stores what decide answers for the newest state of the case, all or none.
	Decide(decide func(*review.Case) ([]review.Event, error)) error
	// Newest is the case with every update of the stage that the log has; hub.NotFound
	// when it has ended.
	Newest() (review.Case, error)
	// Erase puts tombstones in the place of every version of what is recalled.
	Erase(back review.TakenBack) error
	// Stored is what the log has of a version of an alert, or the tombstone in its place;
	// hub.NotFound for nothing.
	Stored(alert string, version int) (deliver.Entry, error)
	// Append builds, signs and stores what the stage owes, at the end of the log; it is a
	// hub.Conflict where somebody else stored there since the end was known.
	Append(c review.Case, version int) (deliver.Entry, error)
	// Send gives an entry to the members who are connected. It may be sent twice.
	Send(e deliver.Entry) error
}

// Begin starts the release of a stage whose time has come. Where nothing waits for its
// time it does nothing.
func Begin(w World, s hub.Stage, r review.Roster) error {
	return w.Decide(func(c *review.Case) ([]review.Event, error) {
		if c.Phase(s) != review.Scheduled {
			return nil, nil
		}
		return c.Begin(w.Now(), s, r)
	})
}

// Finish brings out what the stage owes and returns its entry; one without a number when
// nothing is owed.
func Finish(w World, s hub.Stage, r review.Roster) (deliver.Entry, error) {
	c, err := w.Newest()
	if hub.KindOf(err) == hub.NotFound || err == nil && !Owed(c.Phase(s)) {
		return deliver.Entry{}, nil // somebody else has done it
	}
	if err != nil {
		return deliver.Entry{}, err
	}
	if c.Phase(s) == review.Recalling {
		// First the bytes, so that nothing the notice may wait for keeps them served.
		back, err := c.TakenBack(s, r)
		if err == nil {
			err = w.Erase(back)
		}
		if err != nil {
			return deliver.Entry{}, err
		}
	}
	e, err := entry(w, c, s)
	if err != nil {
		return deliver.Entry{}, err
	}
	err = w.Send(e)
	if err != nil {
		return deliver.Entry{}, err
	}
	err = w.Decide(func(c *review.Case) ([]review.Event, error) { return c.NoteRelease(w.Now(), s, e.Alert) })
	return e, err
}

// Owed reports whether members wait for an entry of the log.
func Owed(p review.Phase) bool {
	return p == review.Releasing || p == review.Withdrawing || p == review.Recalling
}

// entry returns the entry of the log that is due: the stored one where a step died after
// storing it, else a new one. A tombstone in its place says that the case has gone on and
// this node doesn't know yet: what was recalled never comes again.
func entry(w World, c review.Case, s hub.Stage) (deliver.Entry, error) {
	version := 1
	if out, ok := c.Out(s); ok {
		version = out.Alert.Version + 1
	}
	e, err := w.Stored(c.AlertID(s), version)
	if hub.KindOf(err) == hub.NotFound {
		return w.Append(c, version)
	}
	if err == nil && len(e.Bundle) == 0 {
		return deliver.Entry{}, hub.E(hub.Conflict, "error.conflict")
	}
	return e, err
}
