package office

import (
	"bytes"
	"context"
	"slices"
	"time"

	"isac/hub"
	"isac/hub/register"
)

// heldList is a sector list that was read and compared, and waits for a yes.
type heldList struct {
	csv    []byte
	change Change
	until  time.Time
}

// listHeld is how long a list waits.
const listHeld = 30 * time.Minute

// Change is what a new sector list would change.
type Change struct {
	Digest  hub.Digest // of the new list
	Base    hub.Digest // of the list that it was compared with
	Before  int        // organisations
	After   int
	Members int // afterwards
	Joined  []Row
	Left    []Row
	Added   []Row
	Removed []Row
	Changed []Row
}

// Row is an organisation in a Change.
type Row struct {
	ID, Name string
	Columns  []string // that differ
}

// Same reports whether nothing would change.
func (c Change) Same() bool { return c.Digest == c.Base }

// Compare reads a sector list without taking it.
func (o *Office) Compare(csv []byte) (Change, error) {
	after, err := register.Read(bytes.NewReader(csv))
	if err != nil {
		return Change{}, err
	}
	before, _ := o.Roster.List()
	c := Change{Digest: after.Digest(), Base: before.Digest(), Before: before.Len(), After: after.Len(), Members: len(after.Members())}
	old := byID(before)
	for id, row := range byID(after) {
		now, _ := after.ByID(id)
		was, ok := before.ByID(id)
		line := Row{ID: id, Name: now.NameJA}
		switch {
		case now.Member && !was.Member:
			c.Joined = append(c.Joined, line)
		case !now.Member && was.Member:
			c.Left = append(c.Left, line)
		}
		if !ok {
			c.Added = append(c.Added, line)
		} else if line.Columns = differing(after.Header(), old[id], row); len(line.Columns) > 0 {
			c.Changed = append(c.Changed, line)
		}
	}
	for _, was := range before.All() {
		if _, ok := after.ByID(was.ID); ok {
			continue
		}
		c.Removed = append(c.Removed, Row{ID: was.ID, Name: was.NameJA})
		if was.Member {
			c.Left = append(c.Left, Row{ID: was.ID, Name: was.NameJA})
		}
	}
	for _, rows := range [][]Row{c.Joined, c.Left, c.Added, c.Removed, c.Changed} {
		slices.SortFunc(rows, func(a, b Row) int { return bytes.Compare([]byte(a.ID), []byte(b.ID)) })
	}
	return c, nil
}

func byID(r *register.Register) map[string][]string {
	at := slices.Index(r.Header(), "id")
	out := map[string][]string{}
	for _, row := range r.Rows() {
		out[row[at]] = row
	}
	return out
}

func differing(header, a, b []string) []string {
	var out []string
	for i, name := range header {
		if a[i] != b[i] {
			out = append(out, name)
		}
	}
	return out
}

// Import replaces the sector list.
func (o *Office) Import(ctx context.Context, by string, csv []byte) error {
	list, err := register.Read(bytes.NewReader(csv))
	if err != nil {
		return err
	}
	return o.do(ctx, by, Imported, "", list.Digest().String(), func() error { return o.Roster.Import(ctx, csv) })
}

// Hold compares a list and keeps it for a person, in place of one before, until she
// takes it.
func (o *Office) Hold(by string, csv []byte) (Change, error) {
	c, err := o.Compare(csv)
	if err != nil {
		return Change{}, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for person, h := range o.held {
		if !o.Now().Before(h.until) {
			delete(o.held, person)
		}
	}
	o.held[by] = heldList{csv, c, o.Now().Add(listHeld)}
	return c, nil
}

// Take imports the list that is held for a person, if it is the one she saw and is still
// compared with the list of now.
func (o *Office) Take(ctx context.Context, by, digest string) (Change, error) {
	o.mu.Lock()
	h, ok := o.held[by]
	delete(o.held, by)
	o.mu.Unlock()
	if !ok || !o.Now().Before(h.until) || h.change.Digest.String() != digest {
		return Change{}, hub.E(hub.NotFound, "office.list-gone")
	}
	now, _ := o.Roster.List()
	if now.Digest() != h.change.Base {
		return Change{}, hub.E(hub.Conflict, "office.list-changed")
	}
	return h.change, o.Import(ctx, by, h.csv)
}
