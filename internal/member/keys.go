package member

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/succession"
)

// Keys are the keys of alerts that a member believes: the one of its credentials file, and
// those that followed it. They are safe for concurrent use.
type Keys struct {
	file string // "" where nothing is kept

	mu     sync.Mutex
	line   succession.Line
	asked  time.Time // when the hub last told nothing new
	unkept error     // why what it told isn't kept, until somebody is told
}

// OpenKeys reads what is known of the keys that followed one, from a folder of the user's
// own; with "" nothing is read and nothing kept.
func OpenKeys(dir string, pinned ed25519.PublicKey) (*Keys, error) {
	k := &Keys{line: succession.Of(pinned)}
	if dir == "" {
		return k, nil
	}
	k.file = filepath.Join(dir, "keys-"+hub.Sum(pinned).String()[:16]+".json")
	data, err := os.ReadFile(k.file)
	if errors.Is(err, fs.ErrNotExist) {
		return k, nil
	}
	var kept []succession.Step
	if err == nil {
		err = json.Unmarshal(data, &kept)
	}
	if err == nil {
		k.line, err = k.line.Follow(kept)
	}
	if err != nil {
		return nil, &hub.Error{Kind: hub.Invalid, Text: "member.bad-keys", Args: []string{k.file}, Err: fmt.Errorf("reading the hub's keys: %w", err)}
	}
	return k, nil
}

// Line is what is believed now.
func (k *Keys) Line() succession.Line {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.line
}

// follow goes on by what the hub tells, and keeps it. Where it can't be kept it holds for
// this run: alerts are not to be missed for that.
func (k *Keys) follow(steps []succession.Step) (moved bool, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	next, err := k.line.Follow(steps)
	if err != nil || len(next.Steps) == len(k.line.Steps) {
		return false, err
	}
	k.line = next
	if k.file == "" {
		return true, nil
	}
	data, err := json.Marshal(next.Steps)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(k.file), 0o700)
	}
	if err == nil {
		err = writeSynced(k.file+".new", data)
	}
	if err == nil {
		err = os.Rename(k.file+".new", k.file)
	}
	if err != nil {
		k.unkept = &hub.Error{Kind: hub.Unavailable, Text: "member.keys-unkept", Args: []string{filepath.Dir(k.file)}, Err: fmt.Errorf("keeping the hub's keys: %w", err)}
		return true, k.unkept
	}
	return true, nil
}

// toTell is why keys aren't kept, once.
func (k *Keys) toTell() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	err := k.unkept
	k.unkept = nil
	return err
}

const (
	keysTime  = 10 * time.Second // that the hub may take to tell its keys
	keysPause = time.Second      // after it told nothing new
)

// believe checks something that the hub signed. Where its keys, as far as they are known,
// don't fit, the hub is asked once whether others have followed; where it doesn't answer that
// is the error, a hub.Unavailable: what was signed may be genuine.
func (c *Conn) believe(ctx context.Context, check func(succession.Line) error) error {
	line := c.Keys.Line()
	err := check(line)
	if hub.KindOf(err) != hub.Invalid {
		return err
	}
	moved, failed := c.followKeys(ctx, len(line.Steps))
	switch {
	case moved:
		return check(c.Keys.Line())
	case failed != nil:
		return failed
	}
	return err
}

// followKeys asks the hub for its keys, unless others have been found since the caller knew
// of some, or it told nothing new a moment ago.
func (c *Conn) followKeys(ctx context.Context, known int) (moved bool, err error) {
	k := c.Keys
	k.mu.Lock()
	since, asked := len(k.line.Steps) > known, time.Since(k.asked) < keysPause
	k.mu.Unlock()
	if since || asked {
		return since, nil
	}
	moved, err = c.FollowKeys(ctx)
	if !moved && hub.KindOf(err) != hub.Unavailable {
		k.mu.Lock()
		k.asked = time.Now()
		k.mu.Unlock()
	}
	return moved, err
}

// FollowKeys asks the hub which keys have followed, and believes those that are proven. It
// returns whether there are new ones; with an error that is hub.Unavailable they may hold
// for this run alone.
func (c *Conn) FollowKeys(ctx context.Context) (moved bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, keysTime)
	defer cancel()
	data, err := json.Marshal(deliver.CaseRequest{Ask: "keys"})
	if err != nil {
		return false, fmt.Errorf("asking the hub: %w", err)
	}
	var a deliver.CaseAnswer
	err = c.ask(ctx, "isac.case", data, &a)
	if err == nil {
		err = a.Refused.Err()
	}
	if err != nil {
		if hub.KindOf(err) == hub.Invalid { // a hub of before there was the question
			return false, nil
		}
		return false, err
	}
	return c.Keys.follow(a.Keys)
}
