// Package store opens the hub's two SQLite databases and holds every query on
// them. public.db has released things only; private.db has the sealed events of
// cases. Both are views of the log: they can be deleted and rebuilt by replay.
//
// It trusts the file system, and the caller for what goes into public.db.
//
//	pub, err := store.OpenPublic(filepath.Join(dir, "public.db"), store.Synced)
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
	"strings"

	_ "github.com/mattn/go-sqlite3" // driver "sqlite3"

	"isac/hub"
)

//go:embed public/*.sql private/*.sql sessions/*.sql searches/*.sql outbox/*.sql
var schemas embed.FS

// upTo limits a query. The sign is there for what settled says.
const upTo = " LIMIT +?"

// settled makes SQLite plan a prepared statement once. A bare parameter beside an equals
// sign or as a limit counts for the plan, which is then made anew whenever one is bound;
// with a sign before it, which changes nothing else, it doesn't.
func settled(condition string) string { return strings.ReplaceAll(condition, "?", "+?") }

// keepConnections lets a view have some connections and keeps all of them: a new one would
// read the schema and prepare each statement anew.
func keepConnections(db *sql.DB) {
	db.SetMaxOpenConns(4)
	db.SetMaxIdleConns(4)
}

// database is one SQLite file with one writer and its schema in numbered steps.
type database struct {
	db   *sql.DB
	kind string // "public", "private", "sessions", "searches" or "outbox"
	file string
	// narrow says that views hide what some may not read (see Public.Seen).
	narrow bool
}

// Sync is when a database's writes must be on disk, as SQLite's options.
type Sync string

// A view in use is synced, and can be read while it is written. One that is built beside
// it isn't: whoever puts it in place syncs the file first, and one that died in between
// is built again.
const (
	Synced   Sync = "_journal_mode=WAL&_synchronous=NORMAL"
	Unsynced Sync = "_journal_mode=MEMORY&_synchronous=OFF"
)

func open(file, kind string, sync Sync) (database, error) {
	oneArena()
	db, err := sql.Open("sqlite3", address(file, sync))
	if err != nil {
		return database{}, fmt.Errorf("opening %s database: %w", kind, err)
	}
	keepConnections(db)
	d := database{db: db, kind: kind, file: file}
	err = d.migrate(kind)
	if err == nil {
		err = d.settle()
	}
	if err != nil {
		db.Close()
		return database{}, fmt.Errorf("opening %s database: %w", kind, err)
	}
	return d, nil
}

// inAddress writes a path into an URI, of which these signs would end it.
var inAddress = strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23")

// address is where a database is, with how it is opened.
func address(file string, sync Sync) string {
	return "file:" + inAddress.Replace(file) + "?" + string(sync) + "&_busy_timeout=10000&_foreign_keys=on&_secure_delete=on&_stmt_cache_size=64&_txlock=immediate"
}

// settle takes into the file what a hub that was killed left beside it, so that
// nothing is read there that has been deleted since.
func (d database) settle() error {
	_, err := d.db.Exec("PRAGMA wal_checkpoint(TRUNCATE)")
	return err
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
		return hub.E(hub.Conflict, "store.newer", kind+".db")
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
	return d.inTx(context.Background(), func(tx *transaction) error {
		_, err := tx.Exec(string(text))
		if err != nil {
			return err
		}
		_, err = tx.Exec(fmt.Sprintf("PRAGMA user_version = %d", version))
		return err
	})
}

// transaction is one, with each statement that run was given prepared once.
type transaction struct {
	*sql.Tx
	made map[string]*sql.Stmt
	met  map[string]int64 // rows of stix by id and version: most alerts repeat most objects
	said map[string]int64 // sentences of alerts, with their rows
}

// run executes one statement. What it prepared ends with the transaction.
func (t *transaction) run(query string, args ...any) (sql.Result, error) {
	s, ok := t.made[query]
	if !ok {
		var err error
		s, err = t.Prepare(query)
		if err != nil {
			return nil, err
		}
		t.made[query] = s
	}
	return s.Exec(args...)
}

// one reads one row.
func (t *transaction) one(query string, args []any, into ...any) error {
	s, ok := t.made[query]
	if !ok {
		var err error
		s, err = t.Prepare(query)
		if err != nil {
			return err
		}
		t.made[query] = s
	}
	return s.QueryRow(args...).Scan(into...)
}

func (d database) inTx(ctx context.Context, do func(*transaction) error) error {
	tx, err := d.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	err = do(&transaction{tx, map[string]*sql.Stmt{}, map[string]int64{}, map[string]int64{}})
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

func setApplied(tx *transaction, seq uint64) error {
	_, err := tx.run("UPDATE applied SET seq = max(seq, ?)", seq)
	return err
}

// mark notes, with what is deleted, that its bytes are to be made away with.
func mark(tx *transaction) error {
	_, err := tx.run("UPDATE applied SET vacate = 1")
	return err
}

// Vacate makes sure that nothing deleted is left in the file or beside it. It does
// nothing when nothing was deleted since, and fails while somebody reads an old
// state: then it must be called again.
func (d database) Vacate(ctx context.Context) error {
	var due bool
	err := d.db.QueryRowContext(ctx, "SELECT vacate FROM applied").Scan(&due)
	if err == nil && due {
		err = d.vacate(ctx)
	}
	if err != nil {
		return fmt.Errorf("erasing from the view: %w", err)
	}
	return nil
}

// vacate writes the public file anew, because deleted bytes can lie in the gaps of
// pages too, and cuts the log beside it off. What the private one lost was sealed to
// a key that is gone.
func (d database) vacate(ctx context.Context) (err error) {
	if d.kind == "public" {
		_, err = d.db.ExecContext(ctx, "VACUUM")
	}
	if err == nil {
		err = d.cutLog(ctx)
	}
	if err == nil {
		_, err = d.db.ExecContext(ctx, "UPDATE applied SET vacate = 0")
	}
	return err
}

func (d database) cutLog(ctx context.Context) error {
	var busy, pages, moved int
	err := d.db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &moved)
	if err == nil && busy != 0 {
		err = &hub.Error{Kind: hub.Unavailable, Text: "error.unavailable", Err: errors.New("cutting the log off: somebody reads")}
	}
	return err
}

// Close closes the database.
func (d database) Close() error { return d.db.Close() }
