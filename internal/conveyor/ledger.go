package conveyor

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"time"

	"isac/hub"
	"isac/hub/ledger"
	"isac/internal/natsbus"
)

// ledgerLog is the ledger as far as this node has read it.
type ledgerLog struct {
	mu  sync.Mutex
	log ledger.Log
	seq uint64 // of the stream

	warned time.Time // of what kept it from going on, once an hour
}

// ledgerSubject is that of the entry of a slot: one for each, whoever is faster.
func ledgerSubject(slot time.Time) string { return "ledger." + slot.UTC().Format("20060102T1504") }

// readLedger reads what was added since, by whichever node. Its lock must be held.
func (v *Conveyor) readLedger(ctx context.Context) error {
	l := &v.ledger
	return v.Bus.Read(ctx, natsbus.Ledger, "ledger.*", l.seq, func(m natsbus.Message) error {
		var e ledger.Entry
		err := json.Unmarshal(m.Data, &e)
		if err == nil {
			err = l.log.Add(e)
		}
		if err != nil {
			return fmt.Errorf("reading the ledger: %w", err)
		}
		l.seq = m.Seq
		return nil
	})
}

// enter adds the entry of a slot that has passed. Of several that the hub slept through
// the last has one: it says as much as all of them.
func (v *Conveyor) enter(ctx context.Context) {
	l := &v.ledger
	l.mu.Lock()
	defer l.mu.Unlock()
	once, cancel := context.WithTimeout(ctx, longestEntry) // what else is due doesn't wait for it
	defer cancel()
	err := v.enterSlot(once)
	if err != nil && ctx.Err() == nil && hub.KindOf(err) != hub.Conflict && v.Now().Sub(l.warned) > time.Hour {
		l.warned = v.Now()
		v.Log.Warn("ledger not continued", "class", string(hub.KindOf(err)))
	}
}

// longestEntry is how long an entry may take before it is tried again at the next tick.
const longestEntry = 10 * time.Second

func (v *Conveyor) enterSlot(ctx context.Context) error {
	l := &v.ledger
	newest, some := l.log.Newest()
	slot := v.slotBefore(v.Now())
	if some && newest.Slot.After(slot.Add(24*time.Hour)) {
		return hub.E(hub.Internal, "ledger.ahead") // a clock was wrong: nothing is entered until that day
	}
	if some && !slot.After(newest.Slot) {
		return nil
	}
	err := v.readLedger(ctx)
	if err != nil {
		return err
	}
	newest, some = l.log.Newest()
	if some && !slot.After(newest.Slot) {
		return nil // another node was faster
	}
	e := ledger.Entry{Slot: slot.UTC(), Salt: make([]byte, 32)}
	_, err = io.ReadFull(v.Random, e.Salt)
	if err != nil {
		return fmt.Errorf("drawing a salt: %w", err)
	}
	e.Number, e.Digest, err = v.newestAlert(ctx)
	if err == nil && e.Number < newest.Number {
		err = hub.E(hub.Unavailable, "error.unavailable") // an entry can't be taken back
	}
	if err != nil {
		return err
	}
	data, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("writing the ledger: %w", err)
	}
	_, err = v.Bus.AppendLast(ctx, ledgerSubject(slot), l.seq, nil, data)
	if err != nil {
		return err
	}
	return v.readLedger(ctx)
}

// slotBefore is the slot that t is in: the last at or before it. A sector without slots
// has one at each midnight of its clock.
func (v *Conveyor) slotBefore(t time.Time) time.Time {
	k := v.Profile.Clocks
	y, m, d := t.In(k.Location()).Date()
	slot := time.Date(y, m, d, 0, 0, 0, 0, k.Location())
	if len(k.Slots) == 0 {
		return slot
	}
	for next := k.NextSlot(slot.AddDate(0, 0, -1)); !next.After(t); next = k.NextSlot(next) {
		slot = next
	}
	return slot
}

// newestAlert is the end of the chain as every member can have it.
func (v *Conveyor) newestAlert(ctx context.Context) (uint64, hub.Digest, error) {
	last := v.head.last.Load()
	page, err := v.page(ctx, max(last, 1)-1)
	if err == nil && last > 0 && len(page.Entries) == 0 {
		err = hub.E(hub.Unavailable, "error.unavailable")
	}
	if err != nil || last == 0 {
		return 0, hub.Digest{}, err
	}
	e := page.Entries[len(page.Entries)-1]
	return e.Number, e.Digest, nil
}

// ledgerAnswer answers a member that looks at the ledger.
func (v *Conveyor) ledgerAnswer(ctx context.Context, q *ledger.Request) (*ledger.Answer, error) {
	if q == nil {
		return nil, hub.E(hub.Invalid, "http.bad-body")
	}
	log, err := v.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	for {
		line := v.Ring.Line()
		a, err := log.Answer(line, v.Ring.SignAlert, *q)
		if err != nil || line.Newest().Equal(v.Ring.AlertKey()) { // it didn't change meanwhile
			return &a, err
		}
	}
}

// snapshot is the ledger as it is, to answer from without its lock: a signer may be slow,
// and the next entry mustn't wait for it.
func (v *Conveyor) snapshot(ctx context.Context) (ledger.Log, error) {
	l := &v.ledger
	l.mu.Lock()
	defer l.mu.Unlock()
	err := v.readLedger(ctx)
	return l.log, err
}

// Checkpoint is the newest state of the ledger as a signed note, for everybody.
func (v *Conveyor) Checkpoint(ctx context.Context) (string, error) {
	a, err := v.ledgerAnswer(ctx, &ledger.Request{Size: 1 << 62, Checked: 1 << 62})
	if err != nil {
		return "", err
	}
	return a.Checkpoint, nil
}
