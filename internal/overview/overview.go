// Package overview keeps the sector's index (hub/sector) in step with the released
// view, and answers from it. It reads released alerts alone, and trusts the view.
//
//	o := overview.New(public)
//	related, err := o.Related(ctx, id, 5)
package overview

import (
	"context"
	"slices"
	"sync"
	"time"

	"isac/hub"
	"isac/hub/sector"
	"isac/internal/store"
)

// batch is how many entries are read at a time.
const batch = 500

// Overview is safe for concurrent use.
type Overview struct {
	public *store.Public
	mu     sync.Mutex
	index  *sector.Index
	after  uint64 // the number up to which the index is complete
	view   seen
}

// seen is the view that was asked for last. It stays as it is until an alert comes or a
// day begins.
type seen struct {
	after    uint64
	day      string
	quarters int
	sector.View
}

// New returns an overview of a view. It reads when it is first asked.
func New(public *store.Public) *Overview {
	return &Overview{public: public, index: sector.New()}
}

// Related returns up to n alerts that relate to one.
func (o *Overview) Related(ctx context.Context, id string, n int) (out []sector.Relation, err error) {
	err = o.ask(ctx, func(x *sector.Index) { out = x.Related(id, n) })
	return out, err
}

// Like returns up to n alerts that relate to what isn't released, by what it names.
func (o *Overview) Like(ctx context.Context, names []sector.Name, stage hub.Stage, n int) (out []sector.Relation, err error) {
	err = o.ask(ctx, func(x *sector.Index) { out = x.Like(names, stage, n) })
	return out, err
}

// Clusters returns full alerts since an instant that tell the same way.
func (o *Overview) Clusters(ctx context.Context, since time.Time, score int) (out []sector.Cluster, err error) {
	err = o.ask(ctx, func(x *sector.Index) { out = x.Clusters(since, score) })
	return out, err
}

// View returns what the last n whole quarters before now tell; it isn't to be changed.
func (o *Overview) View(ctx context.Context, now time.Time, n int) (out sector.View, err error) {
	err = o.ask(ctx, func(x *sector.Index) {
		day := now.UTC().Format(time.DateOnly)
		if o.view.after != o.after || o.view.day != day || o.view.quarters != n {
			o.view = seen{o.after, day, n, x.View(now, n)}
		}
		out = o.view.View
	})
	return out, err
}

// Recurring returns the entry routes that come again.
func (o *Overview) Recurring(ctx context.Context, now time.Time) (out []string, err error) {
	err = o.ask(ctx, func(x *sector.Index) { out = x.Recurring(now) })
	return out, err
}

// CatchUp brings the index in step with the view, before somebody asks.
func (o *Overview) CatchUp(ctx context.Context) error { return o.ask(ctx, func(*sector.Index) {}) }

// ask brings the index up to date first.
func (o *Overview) ask(ctx context.Context, use func(*sector.Index)) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	for {
		rows, err := o.public.Named(ctx, o.after, batch)
		if err != nil {
			return err
		}
		for _, r := range rows {
			o.take(r)
		}
		if len(rows) < batch {
			break
		}
	}
	use(o.index)
	return nil
}

func (o *Overview) take(r store.NamedRow) {
	o.after = r.Number
	if r.Stage == hub.Advisory {
		return // of no incident
	}
	if r.Kind == hub.Withdrawn || r.Kind == hub.Recalled {
		o.index.Remove(r.ID)
		return
	}
	if slices.ContainsFunc(r.Names, func(n store.NameRow) bool { return n.Class == store.OfAlerts }) {
		return // it repeats what others tell
	}
	a := sector.Alert{ID: r.ID, Number: r.Number, Stage: r.Stage, Published: r.Published}
	for _, n := range r.Names {
		a.Names = append(a.Names, sector.Name{Class: hub.Class(n.Class), Value: n.Value})
	}
	o.index.Put(a)
}
