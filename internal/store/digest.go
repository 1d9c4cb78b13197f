package store

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"isac/hub"
)

// contents lists everything that a view says, in an order that doesn't depend on
// the order in which it was written.
var contents = map[string][]string{
	"public": {
		"SELECT " + alertColumns + ", newest FROM alerts ORDER BY number",
		"SELECT number, stix_id, type, value, lookup, pattern, confidence, valid_from, valid_until FROM indicators ORDER BY number, stix_id, type, value",
		"SELECT number, class, value FROM names ORDER BY number, class, value",
		"SELECT id, number, body FROM objects ORDER BY id, number",
	},
	"private": {
		"SELECT seq, place, case_id, kind, stage, time, sealed FROM events ORDER BY seq, place",
	},
}

// Digest is the SHA-256 of all rows of the view: equal for equal views.
func (d database) Digest(ctx context.Context) (hub.Digest, error) {
	h := sha256.New()
	enc := json.NewEncoder(h)
	for _, query := range contents[d.kind] {
		err := d.each(ctx, query, func(row []any) error { return enc.Encode(row) })
		if err != nil {
			return hub.Digest{}, fmt.Errorf("comparing the %s view: %w", d.kind, err)
		}
	}
	return hub.Digest(h.Sum(nil)), nil
}

// each calls use with the columns of every row.
func (d database) each(ctx context.Context, query string, use func([]any) error) error {
	rows, err := d.db.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	values, places := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		places[i] = &values[i]
	}
	for rows.Next() {
		err := rows.Scan(places...)
		if err != nil {
			return err
		}
		err = use(append([]any{query}, values...))
		if err != nil {
			return err
		}
	}
	return rows.Err()
}
