// Package postbox keeps direct notices (hub/direct) apart from everything else of the
// hub: in the stream NOTICES, sealed with the secrets of links, so that a notice and the
// record of it end with those. Nothing is pushed: who receives a notice reads it after
// signing in. A request is logged by its class alone.
//
//	id, err := box.Write(ctx, who, direct.Draft{Victim: "…", Text: "…", To: to})
//	notices, err := box.Of(ctx, who)
package postbox

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"isac/hub"
	"isac/hub/direct"
	"isac/hub/review"
	"isac/internal/keyring"
	"isac/internal/natsbus"
	"isac/internal/roster"
)

// Config is what a Box needs; every field must be set.
type Config struct {
	Bus    *natsbus.Bus
	Ring   *keyring.Ring
	Roster *roster.Roster
	Now    func() time.Time
	Log    *slog.Logger
}

// Box is safe for concurrent use.
type Box struct{ Config }

// New returns a Box.
func New(c Config) *Box { return &Box{c} }

const prefix = "notice."

// Write begins a notice, for the victim's consent.
func (b *Box) Write(ctx context.Context, who hub.Person, d direct.Draft) (string, error) {
	var raw [16]byte
	rand.Read(raw[:])
	d.ID = hex.EncodeToString(raw[:])
	e, err := direct.Write(b.Now(), who, d, b.Roster)
	if err == nil {
		err = b.put(ctx, d.ID, 0, e)
	}
	b.log(err)
	return d.ID, err
}

// Decide takes one word on a notice: what the verb says, by who says it.
func (b *Box) Decide(ctx context.Context, who hub.Person, id, verb string, signature []byte, to int) error {
	err := b.decide(ctx, who, id, verb, signature, to)
	b.log(err)
	return err
}

func (b *Box) decide(ctx context.Context, who hub.Person, id, verb string, signature []byte, to int) error {
	n, seq, err := b.read(ctx, id)
	if err == nil && n.Reads(who) == "" {
		err = hub.E(hub.NotFound, "error.not-found")
	}
	if err != nil {
		return err
	}
	by := review.Signed{Person: who.ID, Signature: signature}
	var e direct.Event
	switch verb {
	case "consent":
		e, err = n.Agree(b.Now(), by, b.Roster)
	case "refuse":
		e, err = n.Refuse(b.Now(), who)
	case "send":
		e, err = n.Send(b.Now(), by, b.Roster)
	case "hand":
		e, err = n.Hand(b.Now(), who, to)
	default:
		err = hub.E(hub.NotFound, "error.not-found")
	}
	if err != nil {
		return err
	}
	return b.put(ctx, id, seq, e)
}

// Get returns a notice for somebody who may read it, and as what she reads it; for
// everybody else there is none.
func (b *Box) Get(ctx context.Context, who hub.Person, id string) (direct.Notice, string, error) {
	n, _, err := b.read(ctx, id)
	if err != nil {
		return direct.Notice{}, "", err
	}
	as := n.Reads(who)
	if as == "" {
		return direct.Notice{}, "", hub.E(hub.NotFound, "error.not-found")
	}
	return n, as, nil
}

// Of returns the notices that a person may read, newest first.
func (b *Box) Of(ctx context.Context, who hub.Person) ([]direct.Notice, error) {
	events := map[string][]direct.Event{}
	err := b.Bus.Read(ctx, natsbus.Notices, prefix+"*", 0, func(m natsbus.Message) error {
		e, ok, err := b.open(m)
		if ok {
			id := strings.TrimPrefix(m.Subject, prefix)
			events[id] = append(events[id], e)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	var out []direct.Notice
	for _, list := range events {
		n, err := direct.Fold(list)
		if err == nil && n.Reads(who) != "" { // a beginning that has ended has no fold
			out = append(out, n)
		}
	}
	slices.SortFunc(out, func(a, b direct.Notice) int { return b.Written.Compare(a.Written) })
	return out, nil
}

func (b *Box) read(ctx context.Context, id string) (direct.Notice, uint64, error) {
	missing := hub.E(hub.NotFound, "error.not-found")
	_, err := hex.DecodeString(id)
	if err != nil || len(id) != 32 {
		return direct.Notice{}, 0, missing
	}
	messages, err := b.Bus.Subject(ctx, natsbus.Notices, prefix+id)
	if err != nil {
		return direct.Notice{}, 0, err
	}
	var list []direct.Event
	var seq uint64
	for _, m := range messages {
		e, ok, err := b.open(m)
		if err != nil {
			return direct.Notice{}, 0, err
		}
		if ok {
			list, seq = append(list, e), m.Seq
		}
	}
	n, err := direct.Fold(list)
	if err != nil || n.State == "" {
		return direct.Notice{}, 0, missing
	}
	return n, seq, nil
}

// open opens an event; ok is false for one whose week has ended.
func (b *Box) open(m natsbus.Message) (e direct.Event, ok bool, err error) {
	data, err := b.Ring.OpenLink(m.Data)
	if err != nil {
		return e, false, nil
	}
	err = json.Unmarshal(data, &e)
	if err != nil {
		return e, false, fmt.Errorf("reading notice: malformed") // the cause could quote a value
	}
	return e, true, nil
}

func (b *Box) put(ctx context.Context, id string, after uint64, e direct.Event) error {
	data, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("storing notice: %w", err)
	}
	sealed, err := b.Ring.SealLink(b.Now(), data)
	if err != nil {
		return err
	}
	_, err = b.Bus.Append(ctx, prefix+id, after, nil, sealed)
	return err
}

// Sweep erases what was said of notices so long ago that its week's secret has ended.
func (b *Box) Sweep(ctx context.Context) error {
	ended, err := b.Ended(ctx)
	for _, seq := range ended {
		if err == nil {
			err = b.Bus.EraseOne(ctx, natsbus.Notices, seq)
		}
	}
	return err
}

// Ended are the sequences of what can't be read any more and is still there.
func (b *Box) Ended(ctx context.Context) (ended []uint64, err error) {
	err = b.Bus.Read(ctx, natsbus.Notices, prefix+"*", 0, func(m natsbus.Message) error {
		_, err := b.Ring.OpenLink(m.Data)
		if err != nil {
			ended = append(ended, m.Seq)
		}
		return nil
	})
	return ended, err
}

func (b *Box) log(err error) {
	class := "ok"
	if err != nil {
		class = string(hub.KindOf(err))
	}
	b.Log.Info("direct notice", "class", class)
}
