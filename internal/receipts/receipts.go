// Package receipts is what is relayed to partners, and which of it they acknowledged.
//
// A relay partner sees the edition that was chosen for it and gives a receipt for each
// version; the secretariat sees them all. A receipt stands in the chained record of what
// was done at the hub, with ids alone. The package trusts the released view and the
// roster.
//
//	items, err := desk.For(ctx, who)
//	err = desk.Take(ctx, who, items[0].ID, items[0].Version)
package receipts

import (
	"context"
	"slices"
	"strconv"
	"time"

	"isac/hub"
	"isac/hub/edition"
	"isac/internal/reading"
	"isac/internal/roster"
	"isac/internal/store"
)

// Verb is what a receipt is called in the record.
const Verb = "receipt"

// most are shown, newest first.
const most = 100

// Desk is safe for concurrent use; every field must be set.
type Desk struct {
	Reading *reading.Room
	Roster  *roster.Roster
	Now     func() time.Time
}

// Item is one thing that is relayed, in its newest version.
type Item struct {
	ID        string       `json:"id"`
	Version   int          `json:"version"`
	TLP       hub.TLP      `json:"tlp"`
	Title     hub.Text     `json:"title"`
	Severity  hub.Severity `json:"severity"`
	Published time.Time    `json:"published"`
	Path      string       `json:"path"`          // on the hub's pages
	Back      bool         `json:"taken_back"`    // it was withdrawn or recalled
	Received  time.Time    `json:"received_at"`   // the zero time until there is a receipt for this version
	Pending   bool         `json:"receipt_asked"` // there is none yet
}

// Given is what one partner was given.
type Given struct {
	Person  string  `json:"person"`
	Name    string  `json:"name"`
	Edition hub.TLP `json:"edition"`
	Items   []Item  `json:"editions"`
}

// For returns what is relayed to a partner.
func (d Desk) For(ctx context.Context, who hub.Person) ([]Item, error) {
	if !who.Has(hub.RelayPartner) {
		return nil, hub.E(hub.Forbidden, "error.forbidden")
	}
	items, err := d.items(ctx, who)
	if err != nil {
		return nil, err
	}
	done := map[string]time.Time{}
	for _, a := range d.Roster.Acts() {
		if a.Verb == Verb && a.By == who.ID {
			done[a.Of+" "+a.Detail] = a.Time
		}
	}
	for i := range items {
		items[i].Received = done[items[i].ID+" "+items[i].detail()]
		items[i].Pending = items[i].Received.IsZero()
	}
	return items, nil
}

func (i Item) detail() string { return string(i.TLP) + " " + strconv.Itoa(i.Version) }

func (d Desk) items(ctx context.Context, who hub.Person) ([]Item, error) {
	if who.OnlyClear() {
		return d.clear(ctx)
	}
	rows, err := d.Reading.Of(who).Public.Alerts(ctx, store.AlertQuery{Limit: most})
	if err != nil {
		return nil, err
	}
	var out []Item
	for _, r := range rows {
		out = append(out, Item{ID: r.ID, Version: r.Version, TLP: r.TLP, Title: r.Title, Severity: r.Severity, Published: r.Published, Path: "/alerts/" + r.ID, Back: r.Kind.Back()})
	}
	return out, nil
}

func (d Desk) clear(ctx context.Context) ([]Item, error) {
	rows, err := d.Reading.Editions(ctx, most)
	if err != nil {
		return nil, err
	}
	var out []Item
	for _, r := range rows {
		i := Item{ID: edition.ID(r.ID), Version: r.Version, TLP: hub.TLPClear, Published: r.Published, Path: edition.Path + "/" + edition.ID(r.ID), Back: true}
		if !r.Kind.Back() && r.Bundle != nil {
			e, ok, err := edition.Of(r.Bundle)
			if err != nil {
				return nil, err
			}
			i.Title, i.Severity, i.Back = e.Title, e.Severity, !ok
		}
		out = append(out, i)
	}
	return out, nil
}

// Take notes a partner's receipt for a version of something that is relayed to it. A
// second one of the same changes nothing; of a version that is no longer the newest it is
// refused, so that what is acknowledged is what holds.
func (d Desk) Take(ctx context.Context, who hub.Person, id string, version int) error {
	items, err := d.For(ctx, who)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(items, func(i Item) bool { return i.ID == id })
	switch {
	case at < 0:
		return hub.E(hub.NotFound, "error.not-found")
	case items[at].Version != version:
		return hub.E(hub.Conflict, "partner.newer-version")
	case !items[at].Pending:
		return nil
	}
	return d.Roster.Record(ctx, roster.Act{Time: d.Now(), By: who.ID, Verb: Verb, Of: id, Detail: items[at].detail()})
}

// All returns what every partner was given, for the secretariat.
func (d Desk) All(ctx context.Context, who hub.Person) ([]Given, error) {
	if !who.Has(hub.Secretariat) || who.Org != "hub" {
		return nil, hub.E(hub.Forbidden, "error.forbidden")
	}
	var out []Given
	for _, p := range d.Roster.People() {
		if !p.Has(hub.RelayPartner) {
			continue
		}
		items, err := d.For(ctx, p)
		if err != nil {
			return nil, err
		}
		g := Given{Person: p.ID, Edition: hub.TLPClear, Items: items}
		if p.Partner != nil {
			g.Name, g.Edition = p.Partner.Name, p.Partner.Edition
		}
		out = append(out, g)
	}
	return out, nil
}
