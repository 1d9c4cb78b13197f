package backup

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"

	"isac/internal/keep"
	"isac/internal/store"
)

// What of the data folder goes where. The views (public.db, private.db) are rebuilt from
// the log, and sessions end.
var (
	// description and databases go with the log; what they hold is sealed with keys that
	// don't.
	description = []string{"hub.json"}
	databases   = []string{"searches.db", "drafts.db", "outbox.db"}
	// lasting are the keys without which a hub isn't this hub.
	lasting = []string{"keys/*.key", "keys/alert.pub", "keys/alert.next.pub", "keys/alert.line", "nats/*.nk", "nats/members.jwt"}
	// ending are the keys by whose end cases, links, calls, drafts and votes end.
	ending = []string{"keys/epochs/*.age", "keys/links/*.key", "keys/calls/*.key", "keys/drafts/*.key", "keys/votes/*.key"}
)

// takeFiles seals the files of the data folder that aren't in the log.
func (s *Store) takeFiles(ctx context.Context, data string) (Sealed, error) {
	copies, err := os.MkdirTemp(s.dir, "files.unfinished-")
	if err != nil {
		return Sealed{}, err
	}
	defer os.RemoveAll(copies)
	for _, name := range databases {
		err := store.Copy(ctx, filepath.Join(data, name), filepath.Join(copies, name))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return Sealed{}, err
		}
	}
	w, err := s.seal()
	if err != nil {
		return Sealed{}, err
	}
	t := tar.NewWriter(w)
	err = errors.Join(addFiles(t, data, description), addFiles(t, copies, databases), t.Close())
	if err != nil {
		return Sealed{}, errors.Join(err, w.abandon())
	}
	return w.done()
}

// addFiles puts the files of a folder that match into a tar.
func addFiles(t *tar.Writer, dir string, patterns []string) error {
	for _, pattern := range patterns {
		found, err := fs.Glob(os.DirFS(dir), pattern)
		if err != nil {
			return err
		}
		for _, name := range found {
			if strings.Contains(name, ".unfinished-") {
				continue
			}
			data, err := os.ReadFile(filepath.Join(dir, name))
			if errors.Is(err, os.ErrNotExist) {
				continue // it ended just now
			}
			if err == nil {
				err = t.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(data)), Typeflag: tar.TypeReg, Format: tar.FormatPAX})
			}
			if err == nil {
				_, err = t.Write(data)
			}
			if err != nil {
				return fmt.Errorf("adding a file: %w", err)
			}
		}
	}
	return nil
}

// maxFile bounds one file of a tar, in bytes.
const maxFile = 4 << 30

// unpack writes the files of a tar below a folder, each only where one of the patterns
// allows it.
func unpack(r io.Reader, dir string, patterns []string) error {
	t := tar.NewReader(r)
	for {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil && (!matches(h.Name, patterns) || h.Size > maxFile) {
			err = errors.New("a file that doesn't belong there")
		}
		if err == nil {
			err = keep.Folder(filepath.Dir(filepath.Join(dir, h.Name)))
		}
		var data []byte
		if err == nil {
			data, err = io.ReadAll(t)
		}
		if err == nil {
			err = keep.Replace(filepath.Join(dir, h.Name), data)
		}
		if err != nil {
			return fmt.Errorf("unpacking: %w", err)
		}
	}
}

func matches(name string, patterns []string) bool {
	for _, p := range patterns {
		ok, err := filepath.Match(p, name)
		if err == nil && ok {
			return true
		}
	}
	return false
}

// KeyFiles are the two files that TakeKeys writes.
type KeyFiles struct {
	Keys    string `json:"keys"`    // keep it as long as the hub
	Secrets string `json:"secrets"` // destroy it within days
	Ended   int    `json:"ended"`   // older files of secrets that were overwritten and deleted
}

// TakeKeys seals copies of a hub's keys into a folder, which should be another than that of
// backups: the lasting ones in one file, in another those whose end is the end of
// cases, links, calls, drafts and votes. Files of the second kind that are older than
// keepFor are destroyed: each would bring back what has ended since.
func TakeKeys(data, dir, recipient string, now time.Time, keepFor time.Duration) (KeyFiles, error) {
	var out KeyFiles
	r, err := age.ParseX25519Recipient(recipient)
	if err == nil {
		err = keep.Folder(dir)
	}
	if err != nil {
		return out, fmt.Errorf("backing up keys: %w", err)
	}
	stamp := now.UTC().Format(nameForm)
	for _, kind := range []struct {
		name     string
		patterns []string
		to       *string
	}{{"keys-", lasting, &out.Keys}, {"secrets-", ending, &out.Secrets}} {
		*kind.to = filepath.Join(dir, kind.name+stamp+segmentEnd)
		err := sealFiles(data, dir, kind.name+stamp+segmentEnd, kind.patterns, r)
		if err != nil {
			return out, fmt.Errorf("backing up keys: %w", err)
		}
	}
	out.Ended, err = endSecrets(dir, now.Add(-keepFor))
	return out, err
}

func sealFiles(data, dir, name string, patterns []string, r age.Recipient) error {
	w, err := sealTo(dir, name, r)
	if err != nil {
		return err
	}
	t := tar.NewWriter(w)
	err = errors.Join(addFiles(t, data, patterns), t.Close())
	if err != nil {
		return errors.Join(err, w.abandon())
	}
	_, err = w.done()
	return err
}

// endSecrets destroys the copies of secrets that were made before an instant.
func endSecrets(dir string, before time.Time) (int, error) {
	files, err := filepath.Glob(filepath.Join(dir, "secrets-*"+segmentEnd))
	if err != nil {
		return 0, err
	}
	n := 0
	for _, file := range files {
		stamp := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(file), "secrets-"), segmentEnd)
		at, err := time.Parse(nameForm, stamp)
		if err != nil || !at.Before(before) {
			continue
		}
		err = keep.Destroy(file)
		if err != nil {
			return n, fmt.Errorf("ending an old copy of secrets: %w", err)
		}
		n++
	}
	return n, nil
}

// PutKeys writes the keys of a file that TakeKeys made into a data folder.
func PutKeys(file, data string, id age.Identity) error {
	err := unsealFile(file, id, func(r io.Reader) error { return unpack(r, data, append(append([]string{}, lasting...), ending...)) })
	if err != nil {
		return fmt.Errorf("restoring keys: %w", err)
	}
	return nil
}
