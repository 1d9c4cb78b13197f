package store

import (
	"os"
	"path/filepath"
	"testing"
)

// A folder may be called anything: each database is a file of its own in it.
func TestFoldersOfAnyName(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a#b?c%41 d")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	public, err := OpenPublic(filepath.Join(dir, "public.db"), Synced)
	if err != nil {
		t.Fatal(err)
	}
	defer public.Close()
	private, err := OpenPrivate(filepath.Join(dir, "private.db"), Synced)
	if err != nil {
		t.Fatal(err)
	}
	defer private.Close()
	for _, name := range []string{"public.db", "private.db"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
}
