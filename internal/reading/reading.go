// Package reading is what somebody may read of what is released.
//
// Every face that somebody signs in to (pages, the API, feeds, what is relayed to partners)
// reads through it, and is handed the released view for a person only: alerts, indicators,
// search, the sector and live news are then those of the labels that this person sees
// (hub.Person.Sees), and what isn't among them isn't there. It trusts the view and the roster.
//
//	rows, err := room.Of(who).Public.Alerts(ctx, store.AlertQuery{Limit: 50})
package reading

import (
	"context"
	"errors"
	"slices"
	"sync"

	"isac/hub"
	"isac/hub/vocab"
	"isac/internal/finder"
	"isac/internal/overview"
	"isac/internal/store"
)

// View is what is released, as far as somebody may read it.
type View struct {
	Public   *store.Public
	Overview *overview.Overview
	Finder   *finder.Finder
	Whole    bool // nothing is left out
}

// Room is safe for concurrent use.
type Room struct {
	whole *View
	vocab *vocab.Vocab
	sees  func(hub.Person) []hub.TLP

	mu     sync.Mutex
	narrow []narrow
}

// narrow is a view of some labels alone.
type narrow struct {
	labels []hub.TLP
	view   *View
}

// New returns a room in which who sees every label that is given to anybody reads whole.
// Which labels somebody sees, the roster knows.
func New(whole View, v *vocab.Vocab, sees func(hub.Person) []hub.TLP) *Room {
	whole.Whole = true
	return &Room{whole: &whole, vocab: v, sees: sees}
}

// Of is what a person may read. The view for those who don't read everything is made when
// the first of them comes.
func (r *Room) Of(who hub.Person) *View {
	labels := r.sees(who)
	if slices.Contains(labels, hub.TLPAmberStrict) {
		return r.whole
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, n := range r.narrow {
		if slices.Equal(n.labels, labels) {
			return n.view
		}
	}
	public := r.whole.Public.Seen(labels)
	v := &View{Public: public, Overview: overview.New(public), Finder: finder.New(public, r.vocab)}
	r.narrow = append(r.narrow, narrow{labels, v})
	return v
}

// Applied is how far the view has come.
func (r *Room) Applied(ctx context.Context) (uint64, error) { return r.whole.Public.Applied(ctx) }

// Editions are the newest flashes that everybody may read, or could: who asks doesn't matter.
func (r *Room) Editions(ctx context.Context, n int) ([]store.AlertRow, error) {
	return r.whole.Public.Editions(ctx, n)
}

// Edition is one of them, by the edition's id.
func (r *Room) Edition(ctx context.Context, id string) (store.AlertRow, error) {
	return r.whole.Public.Edition(ctx, id)
}

// Close closes what was opened for those who don't read everything.
func (r *Room) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var errs []error
	for _, n := range r.narrow {
		errs = append(errs, n.view.Public.Close())
	}
	return errors.Join(errs...)
}
