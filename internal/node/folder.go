package node

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"isac/hub"
	"isac/internal/keep"
	"isac/internal/keyring"
)

// format is the version of the data folder that this program writes.
const format = 1

// folder is the data folder, held by one node at a time.
type folder struct {
	lock    *os.File
	created time.Time
}

type folderFile struct {
	Format   int       `json:"format"`
	Created  time.Time `json:"created"`
	External bool      `json:"external,omitempty"` // the log is kept by another NATS server
	Exercise bool      `json:"exercise,omitempty"` // nothing in it is real
	Outer    bool      `json:"outer,omitempty"`    // of a hub's outer part: no log, no key
}

// openFolder makes or opens the data folder and holds it. Whether its log lies in the
// folder or at an external server is settled when it is made: taking the one for the
// other would be to lose the log. Whether it is an exercise's is settled then too: the
// real and the invented never meet.
func openFolder(dir string, external, exercise bool, now time.Time) (*folder, error) {
	return holdFolder(dir, folderFile{External: external, Exercise: exercise}, now)
}

// openOuterFolder is openFolder for the outer part of a hub, whose folder no whole hub and
// no inner part opens.
func openOuterFolder(dir string, now time.Time) (*folder, error) {
	return holdFolder(dir, folderFile{Outer: true}, now)
}

func holdFolder(dir string, want folderFile, now time.Time) (*folder, error) {
	err := keep.Folder(dir)
	if err != nil {
		return nil, folderError("node.folder-unwritable", err)
	}
	lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, folderError("node.folder-unwritable", err)
	}
	err = hold(lock)
	if err != nil {
		return nil, errors.Join(folderError("node.folder-in-use", err), lock.Close())
	}
	f := &folder{lock: lock}
	err = f.read(filepath.Join(dir, "hub.json"), want, now)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return f, nil
}

// read checks the folder's format, writing it into a new folder.
func (f *folder) read(file string, want folderFile, now time.Time) error {
	data, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		f.created = now.UTC().Truncate(time.Millisecond)
		want.Format, want.Created = format, f.created
		data, err = json.Marshal(want)
		if err == nil {
			err = keep.New(file, data)
		}
		if err != nil {
			return folderError("node.folder-unwritable", err)
		}
		return nil
	}
	var have folderFile
	if err == nil {
		err = json.Unmarshal(data, &have)
	}
	if err != nil {
		return folderError("node.folder-damaged", err)
	}
	if have.Format > format {
		return hub.E(hub.Conflict, "node.folder-newer")
	}
	if have.Outer != want.Outer {
		return hub.E(hub.Conflict, "node.folder-other-part")
	}
	if have.External != want.External {
		return hub.E(hub.Conflict, logElsewhere[have.External])
	}
	if have.Exercise != want.Exercise {
		return hub.E(hub.Conflict, exerciseElsewhere[have.Exercise])
	}
	f.created = have.Created
	return nil
}

// logElsewhere says what to do, by where the folder's log is.
var logElsewhere = map[bool]string{true: "node.log-external", false: "node.log-here"}

// exerciseElsewhere says what to do, by whether the folder is an exercise's.
var exerciseElsewhere = map[bool]string{true: "node.folder-exercise", false: "node.folder-real"}

func folderError(text string, err error) error {
	return &hub.Error{Kind: hub.Unavailable, Text: text, Err: fmt.Errorf("opening data folder: %w", err)}
}

func (f *folder) close() error { return f.lock.Close() }

// openRing opens the hub's keys, of which a signer may hold one, after a change of the
// alert key that a crash or a restore left undone was done: in the folder, or in the log.
func (n *Node) openRing(ctx context.Context) error {
	keys := filepath.Join(n.Dir, "keys")
	logged := n.Roster.Steps()
	steps, err := keyring.Settle(keys, logged)
	if err != nil {
		return err
	}
	for i := len(logged); i < len(steps); i++ {
		err = n.Roster.AddStep(ctx, i, steps[i])
		if err != nil {
			return err
		}
	}
	switch {
	case n.Aside:
		n.Ring, err = keyring.OpenAside(keys)
	case n.Signer != "":
		n.Ring, err = keyring.OpenSigned(keys, n.Signer, n.Now)
	default:
		n.Ring, err = keyring.Open(keys)
	}
	if err == nil {
		n.Roster.OnChange(func() { n.Ring.Logged(len(n.Roster.Steps())) })
	}
	return err
}
