package store

import (
	"context"
	"fmt"
	"time"
)

// Private is private.db: events of cases, payloads sealed.
type Private struct{ database }

// OpenPrivate opens or makes private.db.
func OpenPrivate(file string, sync Sync) (*Private, error) {
	d, err := open(file, "private", sync)
	if err != nil {
		return nil, err
	}
	return &Private{d}, nil
}

// EventRow is one event of a case as it stands in the log.
type EventRow struct {
	Seq    uint64
	Place  int
	Case   string
	Kind   string
	Stage  string
	Time   time.Time
	Sealed []byte
}

// Put stores events and remembers the highest sequence, all at once. The event
// "shredded" empties the payloads of its case.
func (p *Private) Put(ctx context.Context, rows []EventRow) error {
	err := p.inTx(ctx, func(tx *transaction) error {
		for _, r := range rows {
			err := putEvent(tx, r)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("storing events in the view: %w", err)
	}
	return nil
}

func putEvent(tx *transaction, r EventRow) error {
	_, err := tx.run("INSERT INTO events (seq, place, case_id, kind, stage, time, sealed) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (seq, place) DO NOTHING",
		r.Seq, r.Place, r.Case, r.Kind, r.Stage, r.Time.UnixMilli(), r.Sealed)
	if err != nil {
		return err
	}
	if r.Kind == "shredded" {
		_, err = tx.run("UPDATE events SET sealed = x'' WHERE case_id = ?", r.Case)
		if err != nil {
			return err
		}
		err = mark(tx)
		if err != nil {
			return err
		}
	}
	return setApplied(tx, r.Seq)
}

// Counts tells how many events of each kind there are.
func (p *Private) Counts(ctx context.Context) (map[string]int, error) {
	rows, err := p.db.QueryContext(ctx, "SELECT kind, count(*) FROM events GROUP BY kind")
	if err != nil {
		return nil, fmt.Errorf("counting events: %w", err)
	}
	defer rows.Close()
	out := map[string]int{}
	for rows.Next() {
		var kind string
		var n int
		err := rows.Scan(&kind, &n)
		if err != nil {
			return nil, fmt.Errorf("counting events: %w", err)
		}
		out[kind] = n
	}
	return out, rows.Err()
}
