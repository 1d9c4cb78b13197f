package notebook

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"isac/hub"
	"isac/hub/form"
	"isac/internal/keyring"
	"isac/internal/store"
)

// Draft is a report that somebody has begun and not sent.
type Draft struct {
	ID      string       `json:"id"` // random
	By      string       `json:"by"` // the person who saved it last
	Saved   time.Time    `json:"saved"`
	Case    string       `json:"case,omitempty"` // that it continues
	Answers form.Answers `json:"answers"`
}

const (
	// DraftsLast is how long a draft is kept after it was last saved.
	DraftsLast = 14 * 24 * time.Hour
	// MostDrafts is how many an organisation can keep: the oldest makes room.
	MostDrafts = 5
)

// Drafts keeps an organisation's drafts for those of its people who report, as one
// sealed row. Its secret is a week's and is destroyed: what an old backup has of a draft
// can't be opened. It is safe for concurrent use.
type Drafts struct {
	kept *store.Searches
	ring *keyring.Ring
	now  func() time.Time
	mu   sync.Mutex
}

// NewDrafts returns the drafts of a database of their own.
func NewDrafts(kept *store.Searches, ring *keyring.Ring, now func() time.Time) *Drafts {
	return &Drafts{kept: kept, ring: ring, now: now}
}

// List returns an organisation's drafts, the newest first.
func (d *Drafts) List(ctx context.Context, org string) ([]Draft, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	list, _, err := d.read(ctx, org)
	return list, err
}

// Save keeps a draft in the place of the one with its id, or as another, and returns
// its id.
func (d *Drafts) Save(ctx context.Context, org string, one Draft) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	list, names, err := d.read(ctx, org)
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(list, func(x Draft) bool { return x.ID == one.ID })
	if at < 0 {
		one.ID = rand.Text()
	} else {
		list = slices.Delete(list, at, at+1)
	}
	one.Saved = d.now()
	list = slices.Insert(list, 0, one)
	return one.ID, d.write(ctx, org, list[:min(MostDrafts, len(list))], names)
}

// Drop forgets a draft.
func (d *Drafts) Drop(ctx context.Context, org, id string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	list, names, err := d.read(ctx, org)
	if err != nil || !slices.ContainsFunc(list, func(x Draft) bool { return x.ID == id }) {
		return err
	}
	return d.write(ctx, org, slices.DeleteFunc(list, func(x Draft) bool { return x.ID == id }), names)
}

// read returns the drafts of an organisation that haven't ended, and the names under
// which they are kept.
func (d *Drafts) read(ctx context.Context, org string) (list []Draft, names [][]byte, err error) {
	for _, name := range d.ring.DraftNames(org) {
		sealed, err := d.kept.Sealed(ctx, name)
		if err != nil {
			return nil, nil, err
		}
		if sealed == nil {
			continue
		}
		data, err := d.ring.OpenDrafts(org, sealed)
		if err != nil {
			return nil, nil, err
		}
		var some []Draft
		err = json.Unmarshal(data, &some)
		if err != nil {
			return nil, nil, fmt.Errorf("opening drafts: malformed") // the cause could quote a value
		}
		list, names = append(list, some...), append(names, name)
	}
	list = slices.DeleteFunc(list, func(x Draft) bool { return d.now().Sub(x.Saved) >= DraftsLast })
	slices.SortFunc(list, func(a, b Draft) int { return b.Saved.Compare(a.Saved) })
	return list, names, nil
}

// write seals drafts with the secret of this week and forgets the names of before.
func (d *Drafts) write(ctx context.Context, org string, list []Draft, before [][]byte) error {
	data, err := json.Marshal(list)
	if err != nil {
		return fmt.Errorf("sealing drafts: %w", err)
	}
	name, sealed, err := d.ring.SealDrafts(d.now(), org, data)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		sealed = nil
	}
	err = d.kept.Keep(ctx, name, sealed)
	for _, old := range before {
		if err == nil && !slices.Equal(old, name) {
			err = d.kept.Keep(ctx, old, nil)
		}
	}
	return err
}

// Sweep erases the drafts that have ended, those of others than these organisations,
// and the secrets of weeks that no draft is left of.
func (d *Drafts) Sweep(ctx context.Context, orgs []string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	err := d.ring.EndDrafts(d.now().Add(-DraftsLast))
	if err != nil {
		return err
	}
	var names [][]byte
	for _, org := range orgs {
		list, kept, err := d.read(ctx, org)
		if err != nil {
			return err
		}
		if len(list) > 0 {
			names = append(names, kept...)
		}
	}
	return d.kept.KeepOnly(ctx, names)
}

// Run sweeps at the start and now and then until ctx ends.
func (d *Drafts) Run(ctx context.Context, every time.Duration, members func() []string, log *slog.Logger) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	var swept time.Time
	for {
		if d.now().Sub(swept) >= time.Hour {
			swept = d.now()
			err := d.Sweep(ctx, members())
			if err != nil && ctx.Err() == nil {
				log.Warn("drafts not swept", "class", string(hub.KindOf(err)))
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
