package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
)

// Copy writes what a database holds now, and nothing that it has deleted, into a new
// file. A hub may be using it. A database that isn't there is os.ErrNotExist.
func Copy(ctx context.Context, file, to string) error {
	_, err := os.Stat(file)
	if err != nil {
		return fmt.Errorf("copying database: %w", err)
	}
	db, err := sql.Open("sqlite3", "file:"+file+"?_busy_timeout=10000")
	if err != nil {
		return fmt.Errorf("copying database: %w", err)
	}
	_, err = db.ExecContext(ctx, "VACUUM INTO ?", to)
	err = errors.Join(err, db.Close())
	if err != nil {
		return fmt.Errorf("copying database: %w", err)
	}
	return nil
}
