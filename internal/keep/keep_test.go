package keep_test

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"isac/internal/keep"
)

func TestNewNeverGoesOverAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	if err := keep.New(path, []byte("first")); err != nil {
		t.Fatal(err)
	}
	if err := keep.New(path, []byte("second")); !errors.Is(err, os.ErrExist) {
		t.Errorf("writing again: %v, want os.ErrExist", err)
	}
	wantOnly(t, path, "first")
}

func TestOfManyWritersOneKeepsItsFileWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	var all sync.WaitGroup
	kept := make(chan string, 20)
	for i := range 20 {
		all.Go(func() {
			text := string(rune('a' + i))
			err := keep.New(path, []byte(text))
			if err == nil {
				kept <- text
			} else if !errors.Is(err, os.ErrExist) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if len(kept) != 1 {
		t.Fatalf("%d writers kept their file, want 1", len(kept))
	}
	wantOnly(t, path, <-kept)
}

func TestReplace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "token")
	for _, text := range []string{"first", "second"} {
		if err := keep.Replace(path, []byte(text)); err != nil {
			t.Fatal(err)
		}
		wantOnly(t, path, text)
	}
}

func TestFolderClearsWhatACrashLeft(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	if err := keep.Folder(dir); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "key")
	for _, f := range []string{path, path + ".unfinished-123"} {
		if err := os.WriteFile(f, []byte("text"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := keep.Folder(dir); err != nil {
		t.Fatal(err)
	}
	wantOnly(t, path, "text")
}

// wantOnly wants a single file in the folder, for its owner only.
func wantOnly(t *testing.T, path, text string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil || string(data) != text {
		t.Errorf("file holds %q, %v, want %q", data, err, text)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	list, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(list) != 1 {
		t.Errorf("%d files in the folder, %v", len(list), err)
	}
}

func TestDestroyedFileIsOverwrittenAndGone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	if err := keep.New(path, []byte("secret")); err != nil {
		t.Fatal(err)
	}
	other := path + "-other" // a second name shows what became of the bytes
	if err := os.Link(path, other); err != nil {
		t.Fatal(err)
	}
	if err := keep.Destroy(path); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("after destroying: %v, want os.ErrNotExist", err)
	}
	if data, err := os.ReadFile(other); err != nil || string(data) != "\x00\x00\x00\x00\x00\x00" {
		t.Errorf("the bytes are %q, %v", data, err)
	}
}

// A crash may fall between the two names of a file that is being written, and
// between the renaming and the removal of one that is being destroyed.
func TestFolderEndsWhatACrashInterrupted(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "key")
	if err := keep.New(path, []byte("whole")); err != nil {
		t.Fatal(err)
	}
	if err := os.Link(path, path+".unfinished-1"); err != nil {
		t.Fatal(err)
	}
	old := filepath.Join(dir, "old.unfinished-destroyed")
	if err := os.WriteFile(old, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := keep.Folder(dir); err != nil {
		t.Fatal(err)
	}
	wantOnly(t, path, "whole")
}
