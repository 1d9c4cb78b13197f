package store

import (
	"context"
	"fmt"
	"time"
)

// Versions returns when each version of an alert went out, the first one first.
func (p *Public) Versions(ctx context.Context, id string) ([]time.Time, error) {
	rows, err := p.db.QueryContext(ctx, "SELECT published FROM alerts WHERE id = ? ORDER BY number", id)
	if err != nil {
		return nil, fmt.Errorf("reading versions: %w", err)
	}
	defer rows.Close()
	var out []time.Time
	for rows.Next() {
		var at int64
		err := rows.Scan(&at)
		if err != nil {
			return nil, fmt.Errorf("reading versions: %w", err)
		}
		out = append(out, time.UnixMilli(at).UTC())
	}
	return out, rows.Err()
}
