// Package notebook keeps the searches that people save, and knows which of them find
// something new. What somebody asks is told to nobody: all of a person's searches are
// one sealed row under a keyed name (internal/keyring), so that a copied database tells
// how many people keep searches, and to a kilobyte how much, and neither who nor what.
// Who also has the folder of keys can read it: the hub itself must be able to.
//
// It is no part of the log: with several hubs each has its own.
//
//	book := notebook.New(searches, ring)
//	err := book.Save(ctx, person, find.Question{Text: "FortiGate"}, newest)
package notebook

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"isac/hub"
	"isac/hub/find"
	"isac/internal/keyring"
	"isac/internal/store"
)

// Saved is one search that a person keeps.
type Saved struct {
	ID            string `json:"id"` // random
	find.Question `json:"question"`
	Seen          uint64 `json:"seen"`    // the newest number when it was last opened
	Checked       uint64 `json:"checked"` // the newest number when it was last looked for
	Fresh         bool   `json:"fresh"`   // something was found that is newer than Seen
}

// Most is how many searches a person can keep.
const Most = 12

// Book is safe for concurrent use.
type Book struct {
	searches *store.Searches
	ring     *keyring.Ring
	mu       sync.Mutex
}

// New returns the book of a database.
func New(searches *store.Searches, ring *keyring.Ring) *Book {
	return &Book{searches: searches, ring: ring}
}

// Save keeps a search of a person; newest is the newest number of an alert. One that is
// kept already stays as it is.
func (b *Book) Save(ctx context.Context, person string, q find.Question, newest uint64) error {
	return b.change(ctx, person, func(list []Saved) ([]Saved, error) {
		for _, s := range list {
			if s.Text == q.Text && slices.Equal(s.Only, q.Only) {
				return list, nil
			}
		}
		if len(list) >= Most {
			return nil, hub.E(hub.Conflict, "search.saved-full", fmt.Sprint(Most))
		}
		return append(list, Saved{ID: rand.Text(), Question: q, Seen: newest, Checked: newest}), nil
	})
}

// Open returns a search of a person and notes that what it finds now is seen.
func (b *Book) Open(ctx context.Context, person, id string, newest uint64) (q find.Question, err error) {
	err = b.change(ctx, person, func(list []Saved) ([]Saved, error) {
		at := slices.IndexFunc(list, func(s Saved) bool { return s.ID == id })
		if at < 0 {
			return nil, hub.E(hub.NotFound, "error.not-found")
		}
		q = list[at].Question
		list[at].Seen, list[at].Checked, list[at].Fresh = newest, newest, false
		return list, nil
	})
	return q, err
}

// Drop forgets a search of a person.
func (b *Book) Drop(ctx context.Context, person, id string) error {
	return b.change(ctx, person, func(list []Saved) ([]Saved, error) {
		return slices.DeleteFunc(list, func(s Saved) bool { return s.ID == id }), nil
	})
}

// Look returns the searches of a person, the newest first, after looking for what was
// released since they were looked for: find gives the newest number that one finds.
func (b *Book) Look(ctx context.Context, person string, newest uint64, find func(find.Question) (uint64, error)) (out []Saved, err error) {
	err = b.change(ctx, person, func(list []Saved) ([]Saved, error) {
		for i, s := range list {
			if s.Checked >= newest {
				continue
			}
			found, err := find(s.Question)
			if err != nil {
				return nil, err
			}
			list[i].Fresh, list[i].Checked = s.Fresh || found > s.Seen, newest
		}
		out = slices.Clone(list)
		return list, nil
	})
	slices.Reverse(out)
	return out, err
}

// change reads what a person keeps and writes it anew where it has changed.
func (b *Book) change(ctx context.Context, person string, do func([]Saved) ([]Saved, error)) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	name := b.ring.SearchesName(person)
	sealed, err := b.searches.Sealed(ctx, name)
	if err != nil {
		return err
	}
	var list []Saved
	if sealed != nil {
		data, err := b.ring.OpenSearches(person, sealed)
		if err != nil {
			return fmt.Errorf("opening saved searches: %w", err)
		}
		err = json.Unmarshal(data, &list)
		if err != nil {
			return fmt.Errorf("opening saved searches: %w", err)
		}
	}
	before := slices.Clone(list)
	list, err = do(list)
	if err != nil || slices.EqualFunc(before, list, same) {
		return err
	}
	sealed = nil
	if len(list) > 0 {
		data, err := json.Marshal(list)
		if err == nil {
			sealed, err = b.ring.SealSearches(person, data)
		}
		if err != nil {
			return fmt.Errorf("sealing saved searches: %w", err)
		}
	}
	return b.searches.Keep(ctx, name, sealed)
}

func same(a, b Saved) bool {
	return a.ID == b.ID && a.Seen == b.Seen && a.Checked == b.Checked && a.Fresh == b.Fresh
}

// KeepOnly forgets the searches of all but these people.
func (b *Book) KeepOnly(ctx context.Context, people []hub.Person) error {
	var names [][]byte
	for _, p := range people {
		names = append(names, b.ring.SearchesName(p.ID))
	}
	return b.searches.KeepOnly(ctx, names)
}
