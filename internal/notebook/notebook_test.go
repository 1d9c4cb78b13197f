package notebook_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"isac/hub"
	"isac/hub/find"
	"isac/internal/keyring"
	"isac/internal/notebook"
	"isac/internal/store"
)

func open(t *testing.T, dir string) *notebook.Book {
	t.Helper()
	searches, err := store.OpenSearches(filepath.Join(dir, "searches.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = searches.Close() })
	ring, err := keyring.Open(filepath.Join(dir, "keys"))
	if err != nil {
		t.Fatal(err)
	}
	return notebook.New(searches, ring)
}

func TestWhatIsNewIsToldOnce(t *testing.T) {
	book := open(t, t.TempDir())
	newest, asked := uint64(5), 0
	look := func(person string, found uint64) []notebook.Saved {
		t.Helper()
		list, err := book.Look(t.Context(), person, newest, func(find.Question) (uint64, error) { asked++; return found, nil })
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	for range 2 { // the same is kept once
		if err := book.Save(t.Context(), "a", find.Question{Text: "x"}, newest); err != nil {
			t.Fatal(err)
		}
	}
	list := look("a", 5)
	if len(list) != 1 || list[0].Fresh || asked != 0 || len(look("b", 5)) != 0 {
		t.Fatalf("%+v, asked %d times", list, asked)
	}
	newest = 9
	if list := look("a", 5); list[0].Fresh || asked != 1 {
		t.Errorf("what fits nothing new is told: %+v", list)
	}
	newest = 10
	if list := look("a", 10); !list[0].Fresh || asked != 2 {
		t.Errorf("what is new isn't told: %+v", list)
	}
	if list := look("a", 10); !list[0].Fresh || asked != 2 {
		t.Errorf("it is forgotten or looked for again: %+v", list)
	}
	q, err := book.Open(t.Context(), "a", list[0].ID, newest)
	if err != nil || q.Text != "x" || look("a", 10)[0].Fresh {
		t.Errorf("after opening: %v, %v", q, err)
	}
	if _, err := book.Open(t.Context(), "b", list[0].ID, newest); hub.KindOf(err) != hub.NotFound {
		t.Errorf("somebody else opens it: %v", err)
	}
	if err := book.Drop(t.Context(), "a", list[0].ID); err != nil || len(look("a", 10)) != 0 {
		t.Errorf("after dropping: %v", err)
	}
	for i := range notebook.Most + 1 {
		err := book.Save(t.Context(), "a", find.Question{Text: string(rune('a' + i))}, newest)
		if (err != nil) != (i == notebook.Most) {
			t.Errorf("search %d: %v", i, err)
		}
	}
}

// A copy of the database tells neither who asks nor what; and who has left is forgotten.
func TestACopiedDatabaseTellsNothing(t *testing.T) {
	dir := t.TempDir()
	book := open(t, dir)
	for _, person := range []string{"analyst-planted", "analyst-left"} {
		if err := book.Save(t.Context(), person, find.Question{Text: "asked-planted"}, 1); err != nil {
			t.Fatal(err)
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "searches.db*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil || bytes.Contains(data, []byte("planted")) {
			t.Errorf("%s tells something, %v", filepath.Base(file), err)
		}
	}
	if err := book.KeepOnly(t.Context(), []hub.Person{{ID: "analyst-planted"}}); err != nil {
		t.Fatal(err)
	}
	for person, want := range map[string]int{"analyst-planted": 1, "analyst-left": 0} {
		list, err := book.Look(t.Context(), person, 1, nil)
		if err != nil || len(list) != want {
			t.Errorf("%s keeps %d searches, %v", person, len(list), err)
		}
	}
	other := t.TempDir()
	data, err := os.ReadFile(filepath.Join(dir, "searches.db"))
	if err == nil {
		err = os.WriteFile(filepath.Join(other, "searches.db"), data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	if list, err := open(t, other).Look(t.Context(), "analyst-planted", 1, nil); err != nil || len(list) != 0 {
		t.Errorf("with another key: %d searches, %v", len(list), err)
	}
}
