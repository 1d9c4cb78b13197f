package faults_test

import (
	"bytes"
	"database/sql"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/mattn/go-sqlite3" // driver "sqlite3"
)

// wantEnd wants a command to end with a code and to say the words on standard error.
func wantEnd(t *testing.T, c *exec.Cmd, code int, words ...string) {
	t.Helper()
	got, out, errs := finish(t, c)
	if got != code {
		t.Errorf("ended with %d, want %d", got, code)
	}
	if out != "" {
		t.Errorf("printed %q", out)
	}
	for _, w := range words {
		if !strings.Contains(errs, w) {
			t.Errorf("said %q, want %q in it", errs, w)
		}
	}
}

// spoil changes one cell of a list; line 1 is the header.
func spoil(t *testing.T, list []byte, line int, column, cell string) string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(list)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range rows[0] {
		if name == column {
			rows[line-1][i] = cell
		}
	}
	var out bytes.Buffer
	if err := csv.NewWriter(&out).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// A list with one broken cell is refused with its line and column, and the list that
// was there stays, whether the hub runs or not.
func TestCorruptList(t *testing.T) {
	s := newSite(t, "")
	file, members := sector(t, 20)
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if code, _, errs := run(t, "member", "import", file, "--data", s.data); code != 0 {
		t.Fatal(errs)
	}
	lines := strings.SplitAfter(string(good), "\n")
	bad := map[string]struct {
		text  string
		words []string
	}{
		"a number":        {spoil(t, good, 7, "beds", "akebono"), []string{"Line 7", `"beds"`}},
		"an id twice":     {spoil(t, good, 9, "id", members[0].ID), []string{"Line 9", `"id"`}},
		"yes or no":       {spoil(t, good, 3, "member", "akebono"), []string{"Line 3", `"member"`}},
		"an address":      {spoil(t, good, 5, "ipv4", "999.1.1.1/24"), []string{"Line 5", `"ipv4"`}},
		"not UTF-8":       {spoil(t, good, 6, "name_ja", "\x88\xc0"), []string{"Line 6", `"name_ja"`, "UTF-8"}},
		"no name":         {spoil(t, good, 4, "name_ja", ""), []string{"Line 4", `"name_ja"`}},
		"an unknown name": {spoil(t, good, 1, "beds", "akebono"), []string{"Line 1", `"akebono"`}},
		"a short line":    {strings.Join(lines[:10], "") + "SYN99999,yes\n", []string{"Line 11"}},
		"an open quote":   {strings.Join(lines[:10], "") + `SYN99999,"akebono` + "\n" + lines[10], []string{"Line 1"}},
		"an empty file":   {"", []string{"line 1"}},
		"another kind":    {"PK\x03\x04akebono", []string{"ine 1"}},
	}
	before := listed(t, s.data)
	try := func(t *testing.T) {
		for name, b := range bad {
			t.Run(name, func(t *testing.T) {
				file := filepath.Join(t.TempDir(), "bad.csv")
				write(t, file, b.text)
				wantEnd(t, exec.Command(isacd(t), "member", "import", file, "--data", s.data, "--lang", "en"), 1, append(b.words, "Nothing was imported")...)
			})
		}
		if after := listed(t, s.data); after != before {
			t.Errorf("the list was\n%sand is\n%s", before, after)
		}
	}
	t.Run("no hub", try)
	s.start(t)
	t.Run("hub", try)
}

func listed(t *testing.T, data string) string {
	t.Helper()
	code, out, errs := run(t, "member", "list", "--data", data)
	if code != 0 || strings.Count(out, "\n") < 20 {
		t.Fatalf("listing ends with %d, %s%s", code, out, errs)
	}
	return out
}

// Whichever port is taken, the hub says so with what to do, ends by itself, and
// starts when the port is free.
func TestPortInUse(t *testing.T) {
	metrics := freePort(t)
	for _, which := range []string{"http", "nats", "metrics"} {
		t.Run(which, func(t *testing.T) {
			s := newSite(t, "")
			appendTo(t, s.config, "metrics = \""+metrics+"\"\n")
			addr := map[string]string{"http": s.http, "nats": s.nats, "metrics": metrics}[which]
			l, err := net.Listen("tcp", addr)
			if err != nil {
				t.Fatal(err)
			}
			wantEnd(t, s.serve(t), 7, "another port", addr, "address already in use")
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
			s.start(t).stop(t)
		})
	}
}

func appendTo(t *testing.T, file, text string) {
	t.Helper()
	old, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	write(t, file, string(old)+text)
}

func TestFolderInUse(t *testing.T) {
	s := newSite(t, "")
	p := s.start(t)
	other := newSite(t, s.data)
	wantEnd(t, other.serve(t), 7, "Another hub uses the data folder")
	wantEnd(t, exec.Command(isacd(t), "replay", "--data", s.data, "--lang", "en"), 7, "Another hub uses the data folder")
	p.list(t, 20) // the first one goes on
	p.stop(t)
}

// A place that can't be written to is told, whoever runs the hub: permissions don't
// hold for root, so the place is below a file, or on a read-only mount.
func TestUnwritableFolder(t *testing.T) {
	const words = "The data folder can't be written to"
	t.Run("below a file", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "file")
		write(t, file, "")
		for _, data := range []string{file, filepath.Join(file, "data")} {
			wantEnd(t, newSite(t, data).serve(t), 7, words)
		}
	})
	t.Run("without permission", func(t *testing.T) {
		if os.Geteuid() == 0 {
			t.Skip("permissions don't hold for root; the read-only mount shows the same")
		}
		data := t.TempDir()
		if err := os.Chmod(data, 0o500); err != nil {
			t.Fatal(err)
		}
		wantEnd(t, newSite(t, data).serve(t), 7, words)
	})
	t.Run("read-only", func(t *testing.T) {
		s := newSite(t, "")
		s.start(t).stop(t)
		before := files(t, s.data)
		const script = `mount --bind "$1" "$1" && mount -o remount,bind,ro "$1"`
		wantEnd(t, mounted(t, script, s.data, s.serve(t)), 7, words, "read-only file system")
		list, _ := sector(t, 20)
		wantEnd(t, mounted(t, script, s.data, exec.Command(isacd(t), "member", "import", list, "--data", s.data, "--lang", "en")), 7, words)
		wantSame(t, before, files(t, s.data))
		s.start(t).stop(t)
	})
}

// files reads all files of a folder; those of a running hub come and go.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			var data []byte
			data, err = os.ReadFile(path)
			all[path] = string(data)
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func wantSame(t *testing.T, before, after map[string]string) {
	t.Helper()
	for path, data := range after {
		if old, ok := before[path]; !ok || old != data {
			t.Errorf("%s is new or changed", filepath.Base(path))
		}
		delete(before, path)
	}
	for path := range before {
		t.Errorf("%s is gone", filepath.Base(path))
	}
}

// What a newer version wrote is left alone, byte for byte.
func TestFolderOfANewerVersion(t *testing.T) {
	s := newSite(t, "")
	s.start(t).stop(t)
	t.Run("the folder", func(t *testing.T) {
		file := filepath.Join(s.data, "hub.json")
		old, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		write(t, file, strings.Replace(string(old), `"format":1`, `"format":99`, 1))
		before := files(t, s.data)
		list, _ := sector(t, 20)
		for _, c := range []*exec.Cmd{
			s.serve(t), exec.Command(isacd(t), "replay", "--data", s.data, "--lang", "en"), exec.Command(isacd(t), "member", "import", list, "--data", s.data, "--lang", "en"),
		} {
			wantEnd(t, c, 6, "A newer version of the hub wrote the data folder")
		}
		wantSame(t, before, files(t, s.data))
		write(t, file, string(old))
	})
	for _, name := range []string{"public.db", "private.db"} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(s.data, name)
			version(t, file, 99)
			before, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			wantEnd(t, s.serve(t), 6, name, "newer version")
			if after, err := os.ReadFile(file); err != nil || !bytes.Equal(before, after) {
				t.Errorf("%s was changed, %v", name, err)
			}
			if err := os.Remove(file); err != nil { // as the text says
				t.Fatal(err)
			}
			s.start(t).stop(t)
		})
	}
}

// version writes the number of a database's schema.
func version(t *testing.T, file string, n int) {
	t.Helper()
	db, err := sql.Open("sqlite3", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(fmt.Sprintf("PRAGMA user_version = %d", n)); err != nil {
		t.Fatal(err)
	}
}
