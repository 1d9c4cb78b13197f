package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Position is a place in a collection: after it come entries that were added later.
type Position struct {
	Added int64 // Unix milliseconds
	Row   int64
}

// EntryQuery selects objects of one collection in the order in which they were added.
type EntryQuery struct {
	Collection string
	After      Position
	IDs        []string
	Types      []string
	// Versions are which versions of each id: the last one when all are zero. Exact are
	// version texts.
	All, First, Last bool
	Exact            []string
	Limit            int
}

// EntryRow is one object of a collection.
type EntryRow struct {
	Position
	ID, Version string
	Body        []byte
}

// Objects returns up to the limit of entries that match, and whether there are more.
func (p *Public) Objects(ctx context.Context, q EntryQuery) (out []EntryRow, more bool, err error) {
	w := where{}
	w.add("e.collection = ? AND (e.added, e.stix) > (?, ?)", q.Collection, q.After.Added, q.After.Row)
	w.addIn("e.type", q.Types)
	w.addIn("s.id", q.IDs)
	q.versions(&w)
	from := "entries e CROSS JOIN stix s ON s.row = e.stix" // a row for each, in their order
	if len(q.IDs) > 0 {
		from = "stix s CROSS JOIN entries e ON e.stix = s.row"
	}
	rows, err := p.db.QueryContext(ctx, "SELECT e.added, e.stix, s.id, s.version, s.body FROM "+from+w.text()+" ORDER BY e.added, e.stix LIMIT ?", append(w.args, q.Limit+1)...)
	if err != nil {
		return nil, false, fmt.Errorf("listing objects: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var r EntryRow
		err := rows.Scan(&r.Added, &r.Row, &r.ID, &r.Version, &r.Body)
		if err != nil {
			return nil, false, fmt.Errorf("reading objects: %w", err)
		}
		out = append(out, r)
	}
	err = errors.Join(rows.Err(), rows.Close())
	if err != nil {
		return nil, false, fmt.Errorf("reading objects: %w", err)
	}
	if len(out) > q.Limit {
		return out[:q.Limit], true, nil
	}
	return out, false, nil
}

// Holds reports whether a collection has an object in any version.
func (p *Public) Holds(ctx context.Context, collection, id string) (bool, error) {
	var n int
	err := p.db.QueryRowContext(ctx, "SELECT count(*) FROM stix s CROSS JOIN entries e ON e.stix = s.row WHERE s.id = ? AND e.collection = ?", id, collection).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("looking for an object: %w", err)
	}
	return n > 0, nil
}

func (q EntryQuery) versions(w *where) {
	if q.All {
		return
	}
	var which []string
	var args []any
	if q.First {
		which = append(which, "e.first = 1")
	}
	if q.Last || !q.First && len(q.Exact) == 0 {
		which = append(which, "e.last = 1")
	}
	if len(q.Exact) > 0 {
		which = append(which, "s.version IN (?"+strings.Repeat(", ?", len(q.Exact)-1)+")")
		for _, v := range q.Exact {
			args = append(args, v)
		}
	}
	w.add("("+strings.Join(which, " OR ")+")", args...)
}

// addIn wants a column to be one of the values, unless there are none.
func (w *where) addIn(column string, values []string) {
	if len(values) == 0 {
		return
	}
	var args []any
	for _, v := range values {
		args = append(args, v)
	}
	w.add(column+" IN (?"+strings.Repeat(", ?", len(values)-1)+")", args...)
}
