package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Searches is searches.db: what people have saved, sealed. The drafts of reports lie in
// another file of the same kind.
type Searches struct{ database }

// OpenSearches opens or makes searches.db.
func OpenSearches(file string) (*Searches, error) {
	d, err := open(file, "searches", Synced)
	if err != nil {
		return nil, err
	}
	return &Searches{d}, nil
}

// Sealed returns what is kept under a name, nil when nothing is.
func (s *Searches) Sealed(ctx context.Context, name []byte) (sealed []byte, err error) {
	err = s.db.QueryRowContext(ctx, "SELECT sealed FROM searches WHERE name = ?", name).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading saved searches: %w", err)
	}
	return sealed, nil
}

// Keep puts what is sealed in the place of what was kept under a name; nil keeps
// nothing.
func (s *Searches) Keep(ctx context.Context, name, sealed []byte) (err error) {
	if sealed == nil {
		_, err = s.db.ExecContext(ctx, "DELETE FROM searches WHERE name = ?", name)
	} else {
		_, err = s.db.ExecContext(ctx, "INSERT INTO searches (name, sealed) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed", name, sealed)
	}
	if err != nil {
		return fmt.Errorf("saving searches: %w", err)
	}
	return nil
}

// KeepOnly forgets what is kept under other names.
func (s *Searches) KeepOnly(ctx context.Context, names [][]byte) error {
	err := s.inTx(ctx, func(tx *transaction) error {
		_, err := tx.run("CREATE TEMP TABLE still (name BLOB PRIMARY KEY)")
		if err != nil {
			return err
		}
		for _, name := range names {
			_, err := tx.run("INSERT OR IGNORE INTO still (name) VALUES (?)", name)
			if err != nil {
				return err
			}
		}
		_, err = tx.run("DELETE FROM searches WHERE name NOT IN (SELECT name FROM still)")
		if err != nil {
			return err
		}
		_, err = tx.Exec("DROP TABLE still")
		return err
	})
	if err != nil {
		return fmt.Errorf("forgetting saved searches: %w", err)
	}
	return nil
}
