package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"isac/hub"
)

// Position is a place in a collection: after it come entries that were added later.
type Position struct {
	Added int64 // Unix milliseconds
	Row   int64
}

// EntryQuery selects objects of one collection in the order in which they were added.
type EntryQuery struct {
	Collection string
	Twins      bool      // instead of the objects themselves
	Sees       []hub.TLP // labels of who asks
	After      Position
	IDs        []string
	Types      []string
	// Versions are which versions of each id: the last one when all are zero. Exact are
	// version texts.
	All, First, Last bool
	Exact            []string
	Limit            int
}

// Page says which part of a collection an answer holds.
type Page struct {
	Count int
	First int64    // Unix milliseconds
	Last  Position // zero values when there are none
	More  bool
}

// EntryRow is one object of a collection, without the object.
type EntryRow struct {
	Position
	ID, Version string
}

// A page is read in steps of so many objects, and ends before its limit where it has
// become so large, so that no answer takes much memory.
const (
	stepObjects = 125
	pageBytes   = 8 << 20
)

// Objects returns up to the limit of objects that match, as they stand: in parts, with
// commas between the objects of each.
func (p *Public) Objects(ctx context.Context, q EntryQuery) (parts [][]byte, page Page, err error) {
	limit, size := q.Limit, 0
	for page.Count < limit && size < pageBytes {
		q.Limit = min(stepObjects, limit-page.Count)
		part, step, err := p.step(ctx, q)
		if err != nil {
			return nil, Page{}, fmt.Errorf("listing objects: %w", err)
		}
		if step.Count == 0 {
			return parts, page, nil
		}
		if page.Count == 0 {
			page.First = step.First
		}
		parts, size = append(parts, part), size+len(part)
		page.Count, page.Last, q.After = page.Count+step.Count, step.Last, step.Last
		if step.Count < q.Limit {
			return parts, page, nil
		}
	}
	page.More, err = p.any(ctx, q)
	return parts, page, err
}

// step reads some objects. The database joins them, so that one row comes over.
func (p *Public) step(ctx context.Context, q EntryQuery) (objects []byte, page Page, err error) {
	from, w := q.where()
	var first sql.NullString
	var last, row sql.NullInt64
	err = p.db.QueryRowContext(ctx, `SELECT count(*), CAST(group_concat(body, ',') AS BLOB), group_concat(added), max(added), stix FROM
		(SELECT e.added AS added, e.stix AS stix, s.body AS body FROM `+from+w.text()+` ORDER BY e.added, e.stix`+upTo+`)`, append(w.args, q.Limit)...).
		Scan(&page.Count, (*uncopied)(&objects), &first, &last, &row)
	if err != nil || page.Count == 0 {
		return nil, Page{}, err
	}
	page.Last = Position{last.Int64, row.Int64}
	began, _, _ := strings.Cut(first.String, ",")
	page.First, err = strconv.ParseInt(began, 10, 64)
	return objects, page, err
}

// uncopied keeps the bytes of a column, which the driver makes anew for each row.
type uncopied []byte

// Scan implements sql.Scanner.
func (u *uncopied) Scan(src any) error {
	*u, _ = src.([]byte)
	return nil
}

// any reports whether an object matches.
func (p *Public) any(ctx context.Context, q EntryQuery) (is bool, err error) {
	from, w := q.where()
	err = p.db.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM "+from+w.text()+")", w.args...).Scan(&is)
	if err != nil {
		return false, fmt.Errorf("listing objects: %w", err)
	}
	return is, nil
}

// Records returns what Objects does without the objects: their ids and versions.
func (p *Public) Records(ctx context.Context, q EntryQuery) (out []EntryRow, page Page, err error) {
	from, w := q.where()
	rows, err := p.db.QueryContext(ctx, "SELECT e.added, e.stix, s.id, s.version FROM "+from+w.text()+" ORDER BY e.added, e.stix"+upTo, append(w.args, q.Limit+1)...)
	if err != nil {
		return nil, Page{}, fmt.Errorf("listing objects: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var r EntryRow
		err := rows.Scan(&r.Added, &r.Row, &r.ID, &r.Version)
		if err != nil {
			return nil, Page{}, fmt.Errorf("reading objects: %w", err)
		}
		out = append(out, r)
	}
	err = errors.Join(rows.Err(), rows.Close())
	if err != nil {
		return nil, Page{}, fmt.Errorf("reading objects: %w", err)
	}
	if len(out) == 0 {
		return nil, Page{}, nil
	}
	page.More = len(out) > q.Limit
	out = out[:min(len(out), q.Limit)]
	page.Count, page.First, page.Last = len(out), out[0].Added, out[len(out)-1].Position
	return out, page, nil
}

// Holds reports whether a collection has an object in any version.
func (p *Public) Holds(ctx context.Context, q EntryQuery, id string) (bool, error) {
	return p.any(ctx, EntryQuery{Collection: q.Collection, Twins: q.Twins, Sees: q.Sees, IDs: []string{id}, All: true})
}

// where is what a query wants of entries e and of objects or twins s.
func (q EntryQuery) where() (from string, w where) {
	objects := "stix"
	if q.Twins {
		objects = "twins"
	}
	from = "entries e CROSS JOIN " + objects + " s ON s.row = e.stix" // a row for each, in their order
	if len(q.IDs) > 0 {
		from = objects + " s CROSS JOIN entries e INDEXED BY entries_stix ON e.stix = s.row"
	}
	w.add("e.collection = ? AND (e.added, e.stix) > (?, ?)", q.Collection, q.After.Added, q.After.Row)
	w.addIn("e.type", q.Types)
	w.addIn("s.id", q.IDs)
	if !q.seesAll() {
		labels := []string{""}
		for _, t := range q.Sees {
			labels = append(labels, string(t))
		}
		w.addIn("s.tlp", labels)
	}
	q.versions(&w)
	return from, w
}

// seesAll reports whether no object of any collection is hidden.
func (q EntryQuery) seesAll() bool { return len(q.Sees) == len(collected) }

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
