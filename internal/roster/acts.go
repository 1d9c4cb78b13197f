package roster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"isac/hub"
)

// actPrefix begins the subjects of what the secretariat did, "register.act.3". Each
// holds the digest of the one before, so that none can be taken out or written anew.
const actPrefix = "register.act."

// Act is one thing that somebody of the secretariat, or whoever runs the hub, did to the
// roster. It has ids only: nothing of a report or a case is ever in one.
type Act struct {
	Number   int        `json:"number"` // from 1
	Time     time.Time  `json:"time"`
	By       string     `json:"by"` // id of the person; Operator for a command beside the hub
	Verb     string     `json:"verb"`
	Of       string     `json:"of,omitempty"`     // id of the member or person it was done to
	Detail   string     `json:"detail,omitempty"` // roles, or the digest of a list
	Previous hub.Digest `json:"previous"`
}

// Operator is who gives commands on the machine of the hub.
const Operator = "operator"

// acts are all of them, in order.
type acts struct {
	list   []Act
	digest hub.Digest // of the newest
}

func (r *Roster) applyAct(data []byte) error {
	var a Act
	err := json.Unmarshal(data, &a)
	if err != nil {
		return fmt.Errorf("reading act: %w", err)
	}
	if a.Number != len(r.did.list)+1 || a.Previous != r.did.digest {
		return errors.New("reading act: one is missing, or isn't the one that was written")
	}
	r.did = acts{append(slices.Clip(r.did.list), a), hub.Sum(data)}
	return nil
}

// mostTries bounds how often an act is written anew because another node was faster.
const mostTries = 20

// Record appends an act; number and digest are given to it.
func (r *Roster) Record(ctx context.Context, a Act) error {
	for range mostTries {
		r.mu.RLock()
		a.Number, a.Previous = len(r.did.list)+1, r.did.digest
		r.mu.RUnlock()
		a.Time = a.Time.UTC().Truncate(time.Second)
		data, err := json.Marshal(a)
		if err != nil {
			return fmt.Errorf("recording act: %w", err)
		}
		subject := actPrefix + strconv.Itoa(a.Number)
		err = r.storeAt(ctx, subject, 0, data)
		if hub.KindOf(err) != hub.Conflict {
			return err
		}
		err = r.catchUp(ctx)
		if err != nil {
			return err
		}
	}
	return hub.E(hub.Conflict, "error.conflict")
}

// Acts returns all acts, oldest first. The slice is shared: callers must not change it.
func (r *Roster) Acts() []Act {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return slices.Clip(r.did.list)
}
