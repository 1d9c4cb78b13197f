package upstream

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"isac/hub"
	"isac/hub/advisory"
)

// The folders into which a file goes that was read, and one that couldn't be.
const (
	doneFolder = "taken"
	badFolder  = "refused"
)

// folder reads the files that were dropped: .json and .xml, none below and no links. Each
// is moved away when it was read.
func (r *round) folder(ctx context.Context) error {
	root, err := os.OpenRoot(r.s.Folder)
	if err != nil {
		return hub.E(hub.Unavailable, "upstream.no-folder")
	}
	defer root.Close()
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return hub.E(hub.Unavailable, "upstream.no-folder")
	}
	var refused error
	for _, e := range entries {
		ext := strings.ToLower(path.Ext(e.Name()))
		if !e.Type().IsRegular() || ext != ".json" && ext != ".xml" && ext != ".rdf" {
			continue
		}
		document, err := file(root, e.Name())
		if err == nil {
			err = r.take(ctx, document, r.s.Form)
		}
		to := doneFolder
		if kind := hub.KindOf(err); kind == hub.Invalid || kind == hub.TooLarge {
			to, refused = badFolder, err
		} else if err != nil {
			return err // it stays for the next round
		}
		err = move(root, e.Name(), to)
		if err != nil {
			return err
		}
	}
	return refused
}

func file(root *os.Root, name string) ([]byte, error) {
	f, err := root.Open(name)
	if err != nil {
		return nil, hub.E(hub.Unavailable, "upstream.no-folder")
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, advisory.Largest+1))
	if err != nil {
		return nil, hub.E(hub.Unavailable, "upstream.no-folder")
	}
	return data, nil // of one that is too large enough to say so
}

func move(root *os.Root, name, to string) error {
	err := root.Mkdir(to, 0o700)
	if err == nil || errors.Is(err, fs.ErrExist) {
		err = root.Rename(name, path.Join(to, name))
	}
	if err != nil {
		return fmt.Errorf("moving a dropped file: %w", hub.E(hub.Unavailable, "upstream.no-folder"))
	}
	return nil
}
