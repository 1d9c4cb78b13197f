package canary_test

import (
	"bytes"
	"database/sql"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"isac/internal/keyring"
)

// thief has a copy of a data folder and all keys that it could get, and opens what
// they open: every message in the files of the streams, acknowledged, deleted or
// not, and every row of the private view.
type thief struct {
	t      *testing.T
	ring   *keyring.Ring
	cases  []keyring.CaseKey
	closed [][]byte
	opened []blob
}

// stolen opens what lies in folder with the keys in the folders named keys.
func stolen(t *testing.T, folder string, keys ...string) []blob {
	t.Helper()
	mine := filepath.Join(t.TempDir(), "keys")
	for _, k := range keys {
		copyFolder(t, k, mine)
	}
	ring, err := keyring.Open(mine)
	if err != nil {
		t.Fatal(err)
	}
	x := &thief{t: t, ring: ring}
	for _, b := range files(t, folder) {
		if strings.HasSuffix(b.where, ".blk") {
			name, data, _ := bytes.Cut(b.data, []byte("\n"))
			x.block(string(name), data)
		}
	}
	x.rows(filepath.Join(folder, "private.db"))
	for again := true; again; {
		again = x.round()
	}
	return x.opened
}

// block takes a file of a stream apart: record by record, whatever became of them.
func (x *thief) block(name string, data []byte) {
	const header, hash, hasHeaders = 22, 8, 1 << 31
	for len(data) >= header {
		n := binary.LittleEndian.Uint32(data)
		subject := int(binary.LittleEndian.Uint16(data[20:]))
		size := int(n &^ hasHeaders)
		if size < header+hash || size > len(data) || header+subject > size-hash {
			x.t.Fatalf("%s isn't read as records", name)
		}
		body := data[header+subject : size-hash]
		if n&hasHeaders != 0 && len(body) >= 4 {
			body = body[min(len(body), 4+int(binary.LittleEndian.Uint32(body))):]
		}
		x.take(body)
		data = data[size:]
	}
}

// rows reads the sealed column of the private view.
func (x *thief) rows(file string) {
	db, err := sql.Open("sqlite3", file)
	if err != nil {
		x.t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query("SELECT sealed FROM events")
	if err != nil {
		x.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var sealed []byte
		if err := rows.Scan(&sealed); err != nil {
			x.t.Fatal(err)
		}
		x.take(sealed)
	}
	if err := rows.Err(); err != nil {
		x.t.Fatal(err)
	}
}

// take keeps what may be sealed, and all parts of it that may be.
func (x *thief) take(data []byte) {
	if len(data) == 0 {
		return
	}
	x.closed = append(x.closed, data)
	if len(data) > 4 {
		if n := int(binary.BigEndian.Uint32(data)); n <= len(data)-4 {
			x.closed = append(x.closed, data[4:4+n], data[4+n:]) // as INTAKE keeps two
		}
	}
	var v map[string]any
	if json.Unmarshal(data, &v) != nil {
		return
	}
	for _, field := range v {
		text, _ := field.(string)
		if inner, err := base64.StdEncoding.DecodeString(text); err == nil && len(inner) > 40 {
			x.take(inner)
		}
	}
}

// round tries every key on everything that is still closed.
func (x *thief) round() (more bool) {
	var left [][]byte
	for _, c := range x.closed {
		text, ok := x.open(c)
		if !ok {
			left = append(left, c)
			continue
		}
		more = true
		x.opened = append(x.opened, blob{where: "opened", data: text})
	}
	x.closed = left
	return more
}

func (x *thief) open(c []byte) ([]byte, bool) {
	if key, err := x.ring.Unwrap(c); err == nil {
		x.cases = append(x.cases, key)
		return []byte("the key of a case"), true
	}
	for _, try := range []func([]byte) ([]byte, error){x.ring.OpenReport, x.ring.OpenOwn, x.ring.OpenLink} {
		if text, err := try(c); err == nil {
			return text, true
		}
	}
	for _, k := range x.cases {
		if text, err := k.Open(c); err == nil {
			return text, true
		}
	}
	return nil, false
}

// copyFolder copies the files below from into to, as a backup does.
func copyFolder(t *testing.T, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return nil // files come and go while the hub runs
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return nil
		}
		target := filepath.Join(to, name)
		err = os.MkdirAll(filepath.Dir(target), 0o700)
		if err != nil {
			return err
		}
		return os.WriteFile(target, data, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// backup copies the data folder, without the keys that end.
func (w *world) backup() string {
	w.t.Helper()
	to := filepath.Join(w.t.TempDir(), "backup")
	copyFolder(w.t, w.Folder, to)
	for _, ending := range []string{"epochs", "links"} {
		w.must(os.RemoveAll(filepath.Join(to, "keys", ending)))
	}
	return to
}

func (w *world) keys() string { return filepath.Join(w.Folder, "keys") }
