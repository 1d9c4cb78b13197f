package bench

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	_ "github.com/mattn/go-sqlite3" // driver "sqlite3"
)

// view is a database in memory: how its tables and indexes are made, and all rows in
// the order in which they came.
type view struct {
	schema []string
	tables []table
}

type table struct {
	insert string
	rows   [][]any
}

// batchRows is how many rows go into one transaction.
const batchRows = 10_000

func openRaw(file string) (*sql.DB, error) {
	db, err := sql.Open("sqlite3", "file:"+file+"?_journal_mode=WAL&_synchronous=NORMAL")
	if err != nil {
		return nil, fmt.Errorf("opening database: %w", err)
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

// readViews reads the databases of a folder, and says how many rows they have.
func readViews(ctx context.Context, dir string, names ...string) (views []view, rows int, err error) {
	for _, name := range names {
		db, err := openRaw(filepath.Join(dir, name))
		if err != nil {
			return nil, 0, err
		}
		v, err := readView(ctx, db)
		err = errors.Join(err, db.Close())
		if err != nil {
			return nil, 0, fmt.Errorf("reading database: %w", err)
		}
		for _, t := range v.tables {
			rows += len(t.rows)
		}
		views = append(views, v)
	}
	return views, rows, nil
}

func readView(ctx context.Context, db *sql.DB) (v view, err error) {
	made, err := query(ctx, db, "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type DESC")
	if err != nil {
		return v, err
	}
	for _, m := range made {
		if strings.HasPrefix(m[2].(string), "CREATE VIRTUAL") {
			continue // what it holds stands in tables of its own
		}
		v.schema = append(v.schema, m[2].(string))
		if m[0].(string) != "table" {
			continue
		}
		order := "" // of arrival
		if strings.Contains(m[2].(string), "number") {
			order = " ORDER BY number"
		}
		rows, err := query(ctx, db, "SELECT * FROM "+m[1].(string)+order)
		if err != nil {
			return v, err
		}
		if len(rows) > 0 {
			marks := strings.TrimSuffix(strings.Repeat("?, ", len(rows[0])), ", ")
			v.tables = append(v.tables, table{"INSERT INTO " + m[1].(string) + " VALUES (" + marks + ")", rows})
		}
	}
	return v, nil
}

func query(ctx context.Context, db *sql.DB, q string) ([][]any, error) {
	rows, err := db.QueryContext(ctx, q)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var out [][]any
	for rows.Next() {
		row, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		err := rows.Scan(into...)
		if err != nil {
			return nil, err
		}
		out = append(out, row)
	}
	return out, rows.Err()
}

// insert writes everything into a new database and nothing more: prepared
// statements, many rows to a transaction.
func (v view) insert(ctx context.Context, file string) error {
	err := removeDatabase(file)
	if err != nil {
		return err
	}
	db, err := openRaw(file)
	if err != nil {
		return err
	}
	for _, s := range v.schema {
		_, err := db.ExecContext(ctx, s)
		if err != nil {
			return errors.Join(fmt.Errorf("making tables: %w", err), db.Close())
		}
	}
	for _, t := range v.tables {
		err := t.write(ctx, db)
		if err != nil {
			return errors.Join(fmt.Errorf("inserting rows: %w", err), db.Close())
		}
	}
	return db.Close()
}

func (t table) write(ctx context.Context, db *sql.DB) error {
	for from := 0; from < len(t.rows); from += batchRows {
		err := t.batch(ctx, db, t.rows[from:min(from+batchRows, len(t.rows))])
		if err != nil {
			return err
		}
	}
	return nil
}

func (t table) batch(ctx context.Context, db *sql.DB, rows [][]any) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	insert, err := tx.PrepareContext(ctx, t.insert)
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	for _, row := range rows {
		_, err := insert.ExecContext(ctx, row...)
		if err != nil {
			return errors.Join(err, tx.Rollback())
		}
	}
	return tx.Commit()
}
