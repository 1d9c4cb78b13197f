package roster

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"isac/hub/succession"
)

// stepPrefix begins the subjects of the changes of the hub's key of alerts, by their place.
const stepPrefix = "register.step."

// Steps are the changes of the hub's key of alerts, oldest first.
func (r *Roster) Steps() []succession.Step {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return slices.Clone(r.steps)
}

// CatchUp reads what was stored since, and tells of it.
func (r *Roster) CatchUp(ctx context.Context) error {
	before := r.folded()
	err := r.catchUp(ctx)
	if r.folded() > before {
		r.tell()
	}
	return err
}

// folded is the sequence of the last message that was read.
func (r *Roster) folded() uint64 {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.seq
}

// AddStep stores a change after a number of others: one alone, whoever is faster. Another
// is a hub.Conflict. Of one whose acknowledgement was lost it finds out that it is stored;
// with any other error it may be.
func (r *Roster) AddStep(ctx context.Context, after int, s succession.Step) error {
	err := r.storeJSONAt(ctx, fmt.Sprintf("%s%06d", stepPrefix, after), 0, s)
	if err == nil {
		return nil
	}
	unread := r.CatchUp(ctx)
	if unread != nil {
		return unread
	}
	if all := r.Steps(); len(all) > after && bytes.Equal(all[after].SigningBytes(), s.SigningBytes()) {
		return nil
	}
	return err
}
