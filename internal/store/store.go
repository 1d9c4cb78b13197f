// Package store opens the hub's two SQLite databases and holds every query on
// them. public.db has released things only; private.db has the sealed events of
// cases. Both are views of the log: they can be deleted and rebuilt by replay.
//
// It trusts the file system, and the caller for what goes into public.db.
//
//	pub, err := store.OpenPublic(filepath.Join(dir, "public.db"))
//	page, err := pub.Alerts(ctx, store.AlertQuery{Limit: 50})
package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"

	_ "github.com/mattn/go-sqlite3" // driver "sqlite3"
)

//go:embed public/*.sql private/*.sql
var schemas embed.FS

// ErrNewer says that a newer version of the hub wrote the database.
var ErrNewer = errors.New("the database was written by a newer version of the hub: install that version, or delete the file to have it rebuilt from the log")

// database is one SQLite file with one writer and its schema in numbered steps.
type database struct {
	db   *sql.DB
	kind string // "public" or "private"
}

func open(file, kind string) (database, error) {
	db, err := sql.Open("sqlite3", "file:"+file+"?_journal_mode=WAL&_synchronous=NORMAL&_busy_timeout=10000&_foreign_keys=on&_secure_delete=on")
	if err != nil {
		return database{}, fmt.Errorf("opening %s database: %w", kind, err)
	}
	db.SetMaxOpenConns(4)
	d := database{db, kind}
	err = d.migrate(kind)
	if err != nil {
		db.Close()
		return database{}, fmt.Errorf("opening %s database: %w", kind, err)
	}
	return d, nil
}

// migrate runs the steps above PRAGMA user_version, each in a transaction.
func (d database) migrate(kind string) error {
	steps, err := fs.Glob(schemas, path.Join(kind, "*.sql"))
	if err != nil {
		return err
	}
	slices.Sort(steps)
	var have int
	err = d.db.QueryRow("PRAGMA user_version").Scan(&have)
	if err != nil {
		return err
	}
	if have > len(steps) {
		return ErrNewer
	}
	for i, step := range steps[have:] {
		err := d.step(step, have+i+1)
		if err != nil {
			return fmt.Errorf("step %s: %w", step, err)
		}
	}
	return nil
}

func (d database) step(name string, version int) error {
	text, err := schemas.ReadFile(name)
	if err != nil {
		return err
	}
	return d.inTx(context.Background(), func(tx *sql.Tx) error {
		_, err := tx.Exec(string(text))
		if err != nil {
			return err
		}
		_, err = tx.Exec(fmt.Sprintf("PRAGMA user_version = %d", version))
		return err
	})
}

func (d database) inTx(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := d.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	err = do(tx)
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// Applied returns the stream sequence up to which the view is complete.
func (d database) Applied(ctx context.Context) (uint64, error) {
	var seq uint64
	err := d.db.QueryRowContext(ctx, "SELECT seq FROM applied").Scan(&seq)
	if err != nil {
		return 0, fmt.Errorf("reading applied sequence: %w", err)
	}
	return seq, nil
}

func setApplied(tx *sql.Tx, seq uint64) error {
	_, err := tx.Exec("UPDATE applied SET seq = max(seq, ?)", seq)
	return err
}

// Close closes the database.
func (d database) Close() error { return d.db.Close() }
