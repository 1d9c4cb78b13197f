package notebook_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"isac/hub/form"
	"isac/internal/keyring"
	"isac/internal/notebook"
	"isac/internal/store"
)

// desk is a database of drafts with a clock of its own.
type desk struct {
	*notebook.Drafts
	t   *testing.T
	dir string
	now time.Time
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, dir: t.TempDir(), now: time.Date(2026, 11, 3, 4, 5, 6, 0, time.UTC)}
	kept, err := store.OpenSearches(filepath.Join(d.dir, "drafts.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = kept.Close() })
	ring, err := keyring.Open(filepath.Join(d.dir, "keys"))
	if err != nil {
		t.Fatal(err)
	}
	d.Drafts = notebook.NewDrafts(kept, ring, func() time.Time { return d.now })
	return d
}

func (d *desk) save(org, id, seen string) string {
	d.t.Helper()
	id, err := d.Save(d.t.Context(), org, notebook.Draft{ID: id, By: "p", Answers: form.Answers{Seen: seen}})
	if err != nil {
		d.t.Fatal(err)
	}
	return id
}

// seen are the texts of an organisation's drafts.
func (d *desk) seen(org string) []string {
	d.t.Helper()
	list, err := d.List(d.t.Context(), org)
	if err != nil {
		d.t.Fatal(err)
	}
	out := []string{}
	for _, x := range list {
		out = append(out, x.Answers.Seen)
	}
	return out
}

func (d *desk) want(org string, texts ...string) {
	d.t.Helper()
	if got := d.seen(org); fmt.Sprint(got) != fmt.Sprint(texts) {
		d.t.Errorf("%s has the drafts %v, want %v", org, got, texts)
	}
}

func TestDraftsAreTheOrganisations(t *testing.T) {
	d := newDesk(t)
	one := d.save("a", "", "first")
	d.now = d.now.Add(time.Hour)
	d.save("a", "", "second")
	d.want("a", "second", "first")
	d.want("b")
	d.now = d.now.Add(8 * 24 * time.Hour) // another week: sealed anew, in one place
	if got := d.save("a", one, "first, longer"); got != one {
		t.Errorf("the draft is another one now")
	}
	d.want("a", "first, longer", "second")
	if err := d.Drop(t.Context(), "b", one); err != nil {
		t.Fatal(err)
	}
	d.want("a", "first, longer", "second")
	if err := d.Drop(t.Context(), "a", one); err != nil {
		t.Fatal(err)
	}
	d.want("a", "second")
	for i := range notebook.MostDrafts {
		d.now = d.now.Add(time.Minute)
		d.save("a", "", fmt.Sprint(i))
	}
	d.want("a", "4", "3", "2", "1", "0")
}

// A draft ends by itself, and with it the secret that could open it.
func TestDraftsEnd(t *testing.T) {
	d := newDesk(t)
	d.save("a", "", "planted")
	d.save("left", "", "planted")
	files, err := filepath.Glob(filepath.Join(d.dir, "drafts.db*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil || bytes.Contains(data, []byte("planted")) {
			t.Errorf("%s tells something, %v", filepath.Base(file), err)
		}
	}
	if err := d.Sweep(t.Context(), []string{"a"}); err != nil {
		t.Fatal(err)
	}
	d.want("left")
	d.want("a", "planted")
	d.now = d.now.Add(notebook.DraftsLast)
	d.want("a")
	d.now = d.now.Add(7 * 24 * time.Hour)
	if err := d.Sweep(t.Context(), []string{"a"}); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(filepath.Join(d.dir, "keys", "drafts"))
	if err != nil || len(left) > 0 {
		t.Errorf("%d secrets are left, %v", len(left), err)
	}
}
