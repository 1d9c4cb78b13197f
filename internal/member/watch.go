package member

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/nats-io/nats.go"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/succession"
)

// Watcher follows the alert log: live, and from its own cursor what it missed.
type Watcher struct {
	Conn  *Conn
	Chain deliver.Chain // where to begin; Each is told where it has come to
	// Each gets every verified entry once, in order. Its error ends the watch.
	Each func(deliver.Entry, deliver.Chain) error
	// Warn gets what was refused: a bad signature, a fork, a roll-back.
	Warn func(error)
	// Ledger is looked at now and then, if there is one: whether others are told the same.
	Ledger *Ledger
	// Poll is the longest time without asking for what was missed; 5 minutes when 0.
	Poll time.Duration

	seen map[uint64]hub.Digest // of this run, to tell a repetition from a fork
}

// Run follows the log until ctx ends, Each fails, or the hub shuts the member out.
func (w *Watcher) Run(ctx context.Context) error {
	w.seen = map[uint64]hub.Digest{w.Chain.Last: w.Chain.Digest}
	live := make(chan *nats.Msg, 4096)
	sub, err := w.Conn.nc.ChanSubscribe("isac.alert.>", live)
	if err != nil {
		return &hub.Error{Kind: hub.Unavailable, Text: "member.unreachable", Args: []string{w.Conn.URL}, Err: fmt.Errorf("subscribing: %w", err)}
	}
	defer sub.Unsubscribe()
	back := make(chan struct{}, 1)
	w.Conn.whenBack(func() { signal(back) })
	signal(back) // the first catch-up
	for {
		err := w.step(ctx, live, back)
		if unkept := w.Conn.Keys.toTell(); unkept != nil {
			w.warn(unkept)
		}
		if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// Once fetches what was missed and ends. The first thing that is refused is its error.
func (w *Watcher) Once(ctx context.Context) error {
	w.seen = map[uint64]hub.Digest{w.Chain.Last: w.Chain.Digest}
	var refused error
	w.Warn = func(err error) {
		if refused == nil {
			refused = err
		}
	}
	err := w.catchUp(ctx)
	if err == nil {
		err = refused
	}
	if err != nil && hub.KindOf(err) == hub.Internal { // of the chain
		err = &hub.Error{Kind: hub.Invalid, Text: "member.other-past", Err: err}
	}
	return err
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

func (w *Watcher) step(ctx context.Context, live chan *nats.Msg, back chan struct{}) error {
	poll := w.Poll
	if poll == 0 {
		poll = 5 * time.Minute
	}
	timer := time.NewTimer(poll/2 + rand.N(poll/2))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-back:
		return w.lookAfter(ctx, w.catchUp(ctx))
	case <-timer.C:
		return w.lookAfter(ctx, w.catchUp(ctx))
	case m := <-live:
		return w.take(ctx, m)
	}
}

// lookAfter looks at the ledger once everything that was missed is there. What is wrong
// with it is told and ends nothing: alerts are verified by themselves.
func (w *Watcher) lookAfter(ctx context.Context, err error) error {
	if err != nil || w.Ledger == nil {
		return err
	}
	err = w.Ledger.lookIfDue(ctx, w.Conn)
	if err != nil && ctx.Err() == nil {
		w.warn(err)
	}
	w.keepSeen()
	return nil
}

// keepSeen keeps what came and what was seen of the ledger. Without it the watch goes on.
func (w *Watcher) keepSeen() {
	if w.Ledger == nil {
		return
	}
	err := w.Ledger.save()
	if err != nil {
		w.warn(err)
	}
}

// take handles one live message.
func (w *Watcher) take(ctx context.Context, m *nats.Msg) error {
	e, err := deliver.FromMessage(m.Header, m.Data)
	if err != nil {
		w.warn(err)
		return nil
	}
	err = w.accept(ctx, e)
	if errors.As(err, new(*deliver.Gap)) {
		return w.catchUp(ctx)
	}
	w.keepSeen()
	if errors.Is(err, errLater) {
		return ctx.Err()
	}
	return err
}

// errLater is of an entry that can't be verified before the hub answers: it is asked for
// again, and what follows it too.
var errLater = errors.New("the hub didn't tell its keys")

// accept verifies an entry, adds it to the chain and hands it on. It returns
// *deliver.Gap, errLater, or the error of Each; what is refused goes to Warn.
func (w *Watcher) accept(ctx context.Context, e deliver.Entry) error {
	err := w.Conn.believe(ctx, func(line succession.Line) error { return deliver.VerifyIn(line, e) })
	if err != nil {
		w.warn(err)
		if hub.KindOf(err) == hub.Unavailable {
			return errLater
		}
		return nil
	}
	if digest, ok := w.seen[e.Number]; ok && digest == e.Digest {
		return nil // live and caught up
	}
	next, err := w.Chain.Next(e)
	if errors.As(err, new(*deliver.Gap)) {
		return err
	}
	if err != nil {
		w.warn(err)
		return nil
	}
	w.Chain = next
	w.seen[e.Number] = e.Digest
	if w.Ledger != nil {
		w.Ledger.came(e)
	}
	return w.Each(e, next)
}

// catchUp asks page by page for everything after the cursor. A hub that doesn't
// answer is asked again at the next poll.
func (w *Watcher) catchUp(ctx context.Context) error {
	for {
		page, err := w.page(ctx)
		if hub.KindOf(err) == hub.Unsigned {
			return err // to ask again is in vain
		}
		if err != nil {
			w.warn(err)
			return ctx.Err()
		}
		if page.Last < w.Chain.Last {
			w.warn(&deliver.RollBack{Number: page.Last, Last: w.Chain.Last})
			return nil
		}
		before := w.Chain.Last
		for _, e := range page.Entries {
			err := w.accept(ctx, e)
			if gap, ok := errors.AsType[*deliver.Gap](err); ok {
				w.warn(gap)
				return nil
			}
			if errors.Is(err, errLater) {
				return ctx.Err()
			}
			if err != nil {
				return err
			}
		}
		if !page.More || w.Chain.Last == before {
			return nil
		}
	}
}

func (w *Watcher) page(ctx context.Context) (deliver.CatchupResponse, error) {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	var page deliver.CatchupResponse
	data, err := json.Marshal(deliver.CatchupRequest{After: w.Chain.Last})
	if err != nil {
		return page, fmt.Errorf("asking for missed alerts: %w", err)
	}
	err = w.Conn.ask(ctx, "isac.catchup", data, &page)
	if err != nil {
		return page, err
	}
	return page, page.Refused.Err()
}

func (w *Watcher) warn(err error) {
	if w.Warn != nil {
		w.Warn(err)
	}
}
