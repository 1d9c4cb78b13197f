package node

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"isac/hub"
)

func TestFolderIsHeldByOneAndRemembersItsDay(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	day := time.Date(2026, 5, 12, 1, 2, 3, 0, time.UTC)
	f, err := openFolder(dir, false, false, day)
	if err != nil {
		t.Fatal(err)
	}
	_, err = openFolder(dir, false, false, day)
	wantText(t, err, "node.folder-in-use")
	if err := f.close(); err != nil {
		t.Fatal(err)
	}
	// As after a kill while hub.json was written anew.
	if err := os.WriteFile(filepath.Join(dir, "hub.json.unfinished-1"), []byte(`{"for`), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err = openFolder(dir, false, false, day.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	defer f.close()
	if !f.created.Equal(day) {
		t.Errorf("created %v, want %v", f.created, day)
	}
}

func TestFolderOfANewerHubStaysAsItIs(t *testing.T) {
	dir := t.TempDir()
	text := `{"format":2,"created":"2026-05-12T01:02:03Z"}`
	file := filepath.Join(dir, "hub.json")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := openFolder(dir, false, false, time.Now())
	wantText(t, err, "node.folder-newer")
	if have, err := os.ReadFile(file); err != nil || string(have) != text {
		t.Errorf("hub.json is now %q, %v", have, err)
	}
}

// A log is never taken for another's.
func TestFolderKnowsWhereItsLogIs(t *testing.T) {
	for external, text := range map[bool]string{true: "node.log-external", false: "node.log-here"} {
		dir := filepath.Join(t.TempDir(), "data")
		f, err := openFolder(dir, external, false, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		if err := f.close(); err != nil {
			t.Fatal(err)
		}
		_, err = openFolder(dir, !external, false, time.Now())
		wantText(t, err, text)
		if f, err = openFolder(dir, external, false, time.Now()); err != nil {
			t.Fatal(err)
		}
		if err := f.close(); err != nil {
			t.Fatal(err)
		}
	}
}

// What is invented never lies where the real does.
func TestAnExercisesFolderIsItsOwn(t *testing.T) {
	for exercise, text := range map[bool]string{true: "node.folder-exercise", false: "node.folder-real"} {
		dir := filepath.Join(t.TempDir(), "data")
		f, err := openFolder(dir, false, exercise, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		err = f.close()
		if err != nil {
			t.Fatal(err)
		}
		_, err = openFolder(dir, false, !exercise, time.Now())
		wantText(t, err, text)
	}
}

func wantText(t *testing.T, err error, text string) {
	t.Helper()
	r := hub.RefusalOf(err)
	if r == nil || r.Text != text {
		t.Errorf("got %v, want %s", err, text)
	}
}
