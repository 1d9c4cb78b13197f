package store

import (
	"bytes"
	"database/sql"
	"os"
	"path/filepath"
	"testing"
	"time"

	"isac/hub"
)

const leaked = "a value that should never have gone out"

func leaky(number uint64) AlertRow {
	r := AlertRow{Seq: number, Bundle: []byte(leaked), Signature: []byte("s"), Title: hub.Text{JA: leaked, EN: leaked}}
	r.Alert = hub.Alert{Number: number, ID: "a", Version: int(number), Kind: hub.Released, Published: time.UnixMilli(1)}
	r.Indicators = []IndicatorRow{{StixID: "indicator--1", Type: "t", Value: leaked, Pattern: leaked}}
	r.Names = []NameRow{{"family", leaked}}
	r.Objects = []ObjectRow{{
		ID: "malware--1", Type: "malware", Version: "2026-01-01T00:00:00.000Z", Body: []byte(leaked),
		Twin: Twin{ID: "malware--2", Version: "2026-01-01T00:00:00.000Z", Body: []byte("the twin of " + leaked)},
	}}
	r.Sentences = []string{leaked}
	return r
}

func stone(number, seq uint64) AlertRow {
	r := AlertRow{Seq: seq, Signature: []byte("s"), Reason: "leak"}
	r.Alert = leaky(number).Alert
	r.Kind = hub.Recalled
	return r
}

// lies reports whether the value stands in the database's files as they are.
func lies(t *testing.T, dir string) bool {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		data, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(data, []byte(leaked)) {
			return true
		}
	}
	return false
}

// A reader of an old state keeps deleted bytes in the log beside the file. They go
// when it has ended, also when the hub died in between.
func TestDeletedBytesGoWhenTheLastReaderHasGone(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "public.db")
	open := func() *Public {
		p, err := OpenPublic(file, Synced)
		if err != nil {
			t.Fatal(err)
		}
		p.db.SetMaxOpenConns(1)
		if _, err := p.db.Exec("PRAGMA busy_timeout = 50"); err != nil {
			t.Fatal(err)
		}
		return p
	}
	p := open()
	for n := range uint64(2) {
		if err := p.Put(t.Context(), []AlertRow{leaky(n + 1)}); err != nil {
			t.Fatal(err)
		}
	}
	other, err := sql.Open("sqlite3", file)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	reader, err := other.Begin()
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if err := reader.QueryRow("SELECT count(*) FROM alerts").Scan(&n); err != nil || n != 2 || !lies(t, dir) {
		t.Fatalf("%d alerts, %v: the test shows nothing", n, err)
	}
	if err := p.Put(t.Context(), []AlertRow{stone(1, 3), stone(2, 4)}); err != nil {
		t.Fatal(err)
	}
	if err := p.Vacate(t.Context()); err == nil {
		t.Error("vacated under a reader of the old state")
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if !lies(t, dir) {
		t.Error("the bytes went while somebody could read them: the test shows nothing")
	}
	if err := reader.Rollback(); err != nil {
		t.Fatal(err)
	}
	p = open() // as after a crash: nobody remembers what was deleted but the file
	defer p.Close()
	if err := p.Vacate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if lies(t, dir) {
		t.Error("deleted bytes lie in the files")
	}
}
