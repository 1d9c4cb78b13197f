package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"isac/hub"
)

// SearchedRow is an entry of the alert log with what it can be searched by.
type SearchedRow struct {
	hub.Alert        // number, id, kind, stage, severity, TLP and time only
	News      uint64 // number of the newest version up to this one that is no mere update
	Names     []NameRow
	Types     []string // of its indicators
	Sentences []int64
}

// Searched returns up to n entries with numbers above after, in order.
func (p *Public) Searched(ctx context.Context, after uint64, n int) ([]SearchedRow, error) {
	out, err := p.searched(ctx, after, n)
	if err == nil && len(out) > 0 {
		err = p.addSearched(ctx, out)
	}
	if err != nil {
		return nil, fmt.Errorf("reading what is searched: %w", err)
	}
	return out, nil
}

func (p *Public) searched(ctx context.Context, after uint64, n int) (out []SearchedRow, err error) {
	rows, err := p.db.QueryContext(ctx, `SELECT a.number, a.id, a.kind, a.stage, a.severity, a.tlp, a.published, a.news, s.sentences
		FROM alerts a LEFT JOIN said s USING (number) WHERE a.number > ? ORDER BY a.number`+upTo, after, n)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var r SearchedRow
		var published int64
		var said []byte
		err := rows.Scan(&r.Number, &r.ID, &r.Kind, &r.Stage, &r.Severity, &r.TLP, &published, &r.News, &said)
		if err != nil {
			return nil, err
		}
		r.Published, r.Sentences = time.UnixMilli(published).UTC(), sentenceRows(said)
		out = append(out, r)
	}
	return out, errors.Join(rows.Err(), rows.Close())
}

// addSearched fills in names and types of entries of consecutive numbers.
func (p *Public) addSearched(ctx context.Context, out []SearchedRow) error {
	first, last := out[0].Number, out[len(out)-1].Number
	rows, err := p.db.QueryContext(ctx, `SELECT number, class, value FROM names WHERE number BETWEEN ?1 AND ?2
		UNION SELECT number, '', type FROM indicators WHERE number BETWEEN ?1 AND ?2 ORDER BY 1`, first, last)
	if err != nil {
		return err
	}
	defer rows.Close()
	at := 0
	for rows.Next() {
		var number uint64
		var n NameRow
		err := rows.Scan(&number, &n.Class, &n.Value)
		if err != nil {
			return err
		}
		for out[at].Number < number {
			at++
		}
		if n.Class == "" {
			out[at].Types = append(out[at].Types, n.Value)
		} else {
			out[at].Names = append(out[at].Names, n)
		}
	}
	return rows.Err()
}

// WithValue returns the numbers of the alerts that have an indicator of a value, of any
// type when typ is "".
func (p *Public) WithValue(ctx context.Context, typ, value string) ([]uint64, error) {
	return p.alertNumbers(ctx, "SELECT DISTINCT number FROM indicators WHERE lookup = ?1 AND (?2 = '' OR type = ?2)", Lookup(value), typ)
}

// mostValues is how many indicators a search by the beginning of values looks at: it is
// refused where there are more.
const mostValues = 200_000

// WithPrefix returns the numbers of the alerts that have an indicator of a type whose
// value, in lower case, begins so and is kept.
func (p *Public) WithPrefix(ctx context.Context, typ, prefix string, keep func(value string) bool) (out []uint64, err error) {
	low := Lookup(prefix)
	// One row of two lists: many rows take several times as long.
	var numbers, values string
	var n int
	err = p.db.QueryRowContext(ctx, `SELECT count(*), coalesce(group_concat(number, char(0)), ''), coalesce(group_concat(lookup, char(0)), '') FROM
		(SELECT number, lookup FROM indicators `+p.by("INDEXED BY indicators_lookup")+` WHERE lookup >= ?1 AND lookup < ?2 AND type = ?3 LIMIT +?4)`,
		low, low+"\U0010FFFF", typ, mostValues+1).Scan(&n, &numbers, &values)
	if err != nil {
		return nil, fmt.Errorf("searching values: %w", err)
	}
	if n > mostValues {
		return nil, hub.E(hub.TooLarge, "search.wide-pattern")
	}
	last, kept := "", false
	for range n {
		var number, value string
		number, numbers, _ = strings.Cut(numbers, "\x00")
		value, values, _ = strings.Cut(values, "\x00")
		if value != last || last == "" { // they come in order
			last, kept = value, keep(value)
		}
		if !kept {
			continue
		}
		of, err := strconv.ParseUint(number, 10, 64)
		if err != nil {
			return nil, errors.New("searching values: malformed") // the cause could quote a value
		}
		out = append(out, of)
	}
	if values != "" { // one that has the sign between values in it
		return nil, errors.New("searching values: malformed")
	}
	return out, nil
}

// Known returns those of the values that are of released indicators, in their order.
func (p *Public) Known(ctx context.Context, values []string) ([]string, error) {
	known := map[string]bool{}
	for some := range slices.Chunk(values, 500) {
		w := where{}
		w.addIn("lookup", lookups(some))
		rows, err := p.db.QueryContext(ctx, "SELECT DISTINCT lookup FROM indicators "+p.by("INDEXED BY indicators_lookup")+w.text(), w.args...)
		if err != nil {
			return nil, fmt.Errorf("looking values up: %w", err)
		}
		err = addKnown(rows, known)
		if err != nil {
			return nil, fmt.Errorf("looking values up: %w", err)
		}
	}
	return slices.DeleteFunc(slices.Clone(values), func(v string) bool { return !known[Lookup(v)] }), nil
}

func addKnown(rows *sql.Rows, known map[string]bool) error {
	defer rows.Close()
	for rows.Next() {
		var v string
		err := rows.Scan(&v)
		if err != nil {
			return err
		}
		known[v] = true
	}
	return errors.Join(rows.Err(), rows.Close())
}

func (p *Public) alertNumbers(ctx context.Context, query string, args ...any) (out []uint64, err error) {
	rows, err := p.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("searching alerts: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var n uint64
		err := rows.Scan(&n)
		if err != nil {
			return nil, fmt.Errorf("searching alerts: %w", err)
		}
		out = append(out, n)
	}
	err = rows.Err()
	if err != nil {
		return nil, fmt.Errorf("searching alerts: %w", err)
	}
	return out, nil
}

// Numbered returns the alerts with the numbers, the newest first and without
// bundles.
func (p *Public) Numbered(ctx context.Context, numbers []uint64) ([]AlertRow, error) {
	if len(numbers) == 0 {
		return nil, nil
	}
	w := where{}
	w.addNumbers("number", numbers)
	rows, err := p.db.QueryContext(ctx, "SELECT "+listed+" FROM alerts"+w.text()+" ORDER BY news DESC", w.args...)
	if err != nil {
		return nil, fmt.Errorf("listing alerts: %w", err)
	}
	return scanAlerts(rows)
}
