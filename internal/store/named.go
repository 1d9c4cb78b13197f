package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"isac/hub"
)

// NamedRow is an entry of the alert log with all that it names, indicators too.
type NamedRow struct {
	hub.Alert // number, id, kind, stage and time only
	Names     []NameRow
}

// Named returns up to n entries with numbers above after, in order. An indicator has
// the class "indicator" and the value "type value", in lower case.
func (p *Public) Named(ctx context.Context, after uint64, n int) ([]NamedRow, error) {
	rows, err := p.db.QueryContext(ctx, "SELECT number, id, kind, stage, published FROM alerts WHERE number > ? ORDER BY number"+upTo, after, n)
	if err != nil {
		return nil, fmt.Errorf("listing entries: %w", err)
	}
	out, err := scanNamed(rows)
	if err != nil || len(out) == 0 {
		return nil, err
	}
	return out, p.addNames(ctx, out)
}

func scanNamed(rows *sql.Rows) ([]NamedRow, error) {
	defer rows.Close()
	var out []NamedRow
	for rows.Next() {
		var r NamedRow
		var published int64
		err := rows.Scan(&r.Number, &r.ID, &r.Kind, &r.Stage, &published)
		if err != nil {
			return nil, fmt.Errorf("reading entries: %w", err)
		}
		r.Published = time.UnixMilli(published).UTC()
		out = append(out, r)
	}
	err := errors.Join(rows.Err(), rows.Close())
	if err != nil {
		return nil, fmt.Errorf("reading entries: %w", err)
	}
	return out, nil
}

// addNames fills in what entries of consecutive numbers name.
func (p *Public) addNames(ctx context.Context, out []NamedRow) error {
	first, last := out[0].Number, out[len(out)-1].Number
	rows, err := p.db.QueryContext(ctx, `SELECT number, class, value FROM names WHERE number BETWEEN ?1 AND ?2
		UNION ALL SELECT number, 'indicator', type || ' ' || lookup FROM indicators WHERE number BETWEEN ?1 AND ?2 ORDER BY 1, 2, 3`, first, last)
	if err != nil {
		return fmt.Errorf("reading names: %w", err)
	}
	defer rows.Close()
	at := 0
	for rows.Next() {
		var number uint64
		var n NameRow
		err := rows.Scan(&number, &n.Class, &n.Value)
		if err != nil {
			return fmt.Errorf("reading names: %w", err)
		}
		for out[at].Number < number {
			at++
		}
		out[at].Names = append(out[at].Names, n)
	}
	err = errors.Join(rows.Err(), rows.Close())
	if err != nil {
		return fmt.Errorf("reading names: %w", err)
	}
	return nil
}
