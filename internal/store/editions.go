package store

import (
	"context"
	"fmt"
)

// putEdition remembers that a flash had an edition for everybody.
func putEdition(tx *transaction, r AlertRow) error {
	if r.Edition == "" {
		return nil
	}
	_, err := tx.run("INSERT OR IGNORE INTO editions (id, alert) VALUES (?, ?)", r.Edition, r.ID)
	return err
}

// Editions returns the newest version of the flashes that have, or had, an edition for
// everybody, newest first, 500 at most. Whether one has it now its bundle says.
func (p *Public) Editions(ctx context.Context, n int) ([]AlertRow, error) {
	rows, err := p.db.QueryContext(ctx, "SELECT "+newestColumns+" FROM alerts WHERE newest = 1 AND id IN (SELECT alert FROM editions) ORDER BY news DESC"+upTo, limit(n))
	if err != nil {
		return nil, fmt.Errorf("listing editions: %w", err)
	}
	return scanAlerts(rows)
}

// Edition returns the newest version of the flash whose edition has an id.
func (p *Public) Edition(ctx context.Context, id string) (AlertRow, error) {
	rows, err := p.db.QueryContext(ctx, "SELECT "+newestColumns+" FROM alerts WHERE newest = 1 AND id = (SELECT alert FROM editions WHERE id = ?)", id)
	if err != nil {
		return AlertRow{}, fmt.Errorf("reading edition: %w", err)
	}
	return scanAlert(rows)
}
