package member

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/nats-io/nats.go"

	"isac/hub"
	"isac/hub/review"
)

// Follower tells how far the case behind a receipt comes. It asks now and then, and
// at once when the member's own status subject says that something has changed: of
// which receipt it doesn't say.
type Follower struct {
	Conn    *Conn
	Receipt string
	Fresh   bool // just given: the hub may not have come to it yet
	// Each gets every new state, as it came and as read. Its error ends it.
	Each func(json.RawMessage, review.Status) error
	// Warn gets what kept the hub from answering; it is asked again.
	Warn func(error)
	// Poll is the longest time without asking; a minute when 0.
	Poll time.Duration
}

// untilSeen is how often a fresh receipt is asked for until the hub knows its case.
const untilSeen = 2 * time.Second

// Run follows until nobody works on the case any more, ctx ends, or Each fails.
func (f Follower) Run(ctx context.Context) error {
	told := make(chan *nats.Msg, 16) // what doesn't fit is a reason to ask that is there already
	sub, err := f.Conn.nc.ChanSubscribe("isac.status."+f.Conn.User, told)
	if err != nil {
		return &hub.Error{Kind: hub.Unavailable, Text: "member.unreachable", Err: fmt.Errorf("subscribing: %w", err)}
	}
	defer sub.Unsubscribe()
	var last json.RawMessage
	for {
		raw, s, err := f.ask(ctx)
		switch kind := hub.KindOf(err); {
		case ctx.Err() != nil:
			return nil
		case kind == hub.NotFound && last != nil:
			return nil // its content was destroyed
		case kind == hub.NotFound && f.Fresh:
		case kind == hub.Unavailable:
			f.warn(err)
		case err != nil:
			return err
		case !bytes.Equal(raw, last):
			last = raw
			err := f.Each(raw, s)
			if err != nil {
				return err
			}
		}
		if s.Settled() || !f.wait(ctx, told, last != nil) {
			return nil
		}
	}
}

func (f Follower) ask(ctx context.Context) (json.RawMessage, review.Status, error) {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	var s review.Status
	raw, err := f.Conn.Status(ctx, f.Receipt)
	if err != nil {
		return nil, s, err
	}
	err = json.Unmarshal(raw, &s)
	if err != nil {
		return nil, s, &hub.Error{Kind: hub.Unavailable, Text: "member.no-answer", Err: fmt.Errorf("reading state: %w", err)}
	}
	return raw, s, nil
}

// wait returns when there is a reason to ask again; false when ctx ends.
func (f Follower) wait(ctx context.Context, told chan *nats.Msg, seen bool) bool {
	poll := f.Poll
	if poll == 0 {
		poll = time.Minute
	}
	if !seen {
		poll = min(poll, untilSeen)
	}
	timer := time.NewTimer(poll/2 + rand.N(poll/2))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
	case <-told:
	}
	return true
}

func (f Follower) warn(err error) {
	if f.Warn != nil {
		f.Warn(err)
	}
}
