// Package keep writes the few files that a hub can't do without (keys, revocations,
// the description of its folder) so that a crash or a full disk at any moment leaves
// the file as it was, whole and new, or missing: never half of it. It destroys them
// in the same way.
//
// It trusts the file system to rename and link at once and to keep what was synced.
// Files are for their owner only.
//
//	err := keep.New(path, key)       // never over an existing file
//	err = keep.Replace(path, token)
//	err = keep.Destroy(path)
package keep

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// unfinished marks files that were being written or destroyed; Folder removes them.
const (
	unfinished = ".unfinished-"
	destroyed  = unfinished + "destroyed"
)

// Folder makes a folder for its owner only, unless it is there, and clears it of
// what a crash left half written.
func Folder(dir string) error {
	_, err := os.Stat(dir)
	if errors.Is(err, os.ErrNotExist) {
		err = os.MkdirAll(dir, 0o700)
		if err == nil {
			err = sync(filepath.Dir(dir))
		}
	}
	if err != nil {
		return fmt.Errorf("making folder: %w", err)
	}
	return tidy(dir)
}

func tidy(dir string) error {
	files, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("clearing folder: %w", err)
	}
	for _, f := range files {
		if !strings.Contains(f.Name(), unfinished) {
			continue
		}
		remove := os.Remove // not erase: it may be a second name of the whole file
		if strings.HasSuffix(f.Name(), destroyed) {
			remove = erase
		}
		err := remove(filepath.Join(dir, f.Name()))
		if err != nil {
			return fmt.Errorf("clearing folder: %w", err)
		}
	}
	return nil
}

// New writes a file that must not exist yet. An existing one stays as it is, and
// the error is os.ErrExist.
func New(path string, data []byte) error {
	tmp, err := write(path, data)
	if err != nil {
		return err
	}
	err = os.Link(tmp, path) // a rename would go over an existing file
	err = errors.Join(err, os.Remove(tmp))
	if err != nil {
		return fmt.Errorf("keeping file: %w", err)
	}
	return sync(filepath.Dir(path))
}

// Replace writes a file in the place of the one that may be there.
func Replace(path string, data []byte) error {
	tmp, err := write(path, data)
	if err != nil {
		return err
	}
	err = os.Rename(tmp, path)
	if err != nil {
		return fmt.Errorf("keeping file: %w", errors.Join(err, os.Remove(tmp)))
	}
	return sync(filepath.Dir(path))
}

// Destroy overwrites a file and removes it. A crash on the way leaves it under a
// name that Folder clears, never damaged in its place.
func Destroy(path string) error {
	gone := path + destroyed
	err := os.Rename(path, gone)
	if err != nil {
		return fmt.Errorf("destroying file: %w", err)
	}
	err = erase(gone)
	if err != nil {
		return fmt.Errorf("destroying file: %w", err)
	}
	return sync(filepath.Dir(path))
}

// erase overwrites a file with zeros, for disks on which that reaches the old
// bytes, and removes it.
func erase(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil {
		_, err = f.WriteAt(make([]byte, info.Size()), 0)
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close(), os.Remove(path))
}

// write puts data, synced, into a new file beside path and returns its name.
func write(path string, data []byte) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+unfinished)
	if err != nil {
		return "", fmt.Errorf("keeping file: %w", err)
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err != nil {
		return "", fmt.Errorf("keeping file: %w", errors.Join(err, os.Remove(f.Name())))
	}
	return f.Name(), nil
}

// sync makes the names in a folder last, which syncing the files doesn't.
func sync(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("syncing folder: %w", err)
	}
	err = errors.Join(d.Sync(), d.Close())
	if err != nil {
		return fmt.Errorf("syncing folder: %w", err)
	}
	return nil
}
