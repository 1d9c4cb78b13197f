package member

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"time"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/ledger"
	"isac/hub/succession"
)

// Ledger is what a member has seen of the hub's ledger, in a file. It is safe for
// concurrent use.
type Ledger struct {
	file string

	mu    sync.Mutex
	view  ledger.View
	asked time.Time
}

// NewLedger has seen nothing and keeps what it sees in the file.
func NewLedger(file string) *Ledger { return &Ledger{file: file} }

// OpenLedger reads the file; one that isn't there has seen nothing.
func OpenLedger(file string) (*Ledger, error) {
	l := NewLedger(file)
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return l, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &l.view)
	}
	if err != nil {
		return nil, &hub.Error{Kind: hub.Invalid, Text: "member.bad-ledger", Args: []string{file}, Err: fmt.Errorf("reading what was seen of the ledger: %w", err)}
	}
	return l, nil
}

// View is what has been seen.
func (l *Ledger) View() ledger.View {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.view
}

// came notes a verified alert; save keeps it.
func (l *Ledger) came(e deliver.Entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.view.Came(e.Number, ledger.Alert{Digest: e.Digest, Published: e.Published})
}

func (l *Ledger) save() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	data, err := json.Marshal(l.view)
	if err != nil {
		return fmt.Errorf("keeping what was seen of the ledger: %w", err)
	}
	err = writeSynced(l.file+".new", data)
	if err == nil {
		err = os.Rename(l.file+".new", l.file)
	}
	if err != nil {
		return fmt.Errorf("keeping what was seen of the ledger: %w", err)
	}
	return nil
}

const (
	lookEvery = 6 * time.Hour  // by itself; entries come once or twice a day
	quietFor  = 50 * time.Hour // two days without an entry, and the hours that a restart may take
)

// lookIfDue looks when that wasn't done for a while.
func (l *Ledger) lookIfDue(ctx context.Context, c *Conn) error {
	l.mu.Lock()
	due := time.Since(l.asked) >= lookEvery
	l.mu.Unlock()
	if !due {
		return nil
	}
	return l.Look(ctx, c)
}

// Look fetches what is new in the ledger, checks it against what was seen and against
// the alerts that came, and keeps it. A *ledger.Fork is a proof that the hub showed two
// pasts; then what was seen before stays.
func (l *Ledger) Look(ctx context.Context, c *Conn) error {
	for more := true; more; {
		l.mu.Lock()
		q := l.view.Request()
		l.mu.Unlock()
		a, err := c.Ledger(ctx, q)
		if err != nil {
			return err
		}
		err = c.believe(ctx, func(line succession.Line) (err error) {
			l.mu.Lock()
			defer l.mu.Unlock()
			more, err = l.view.Take(line, a)
			l.asked = time.Now()
			return err
		})
		slot := l.View().Slot
		if err != nil {
			return l.proof(err)
		}
		if off := time.Since(slot); !more && (off > quietFor || off < -24*time.Hour) {
			return errors.Join(l.save(), &hub.Error{Kind: hub.Unavailable, Text: "member.stale-ledger", Args: []string{slot.Local().Format("2006-01-02 15:04")}})
		}
	}
	return l.save()
}

// Compare checks a checkpoint that somebody else was shown, by a proof that the hub is
// asked for. A *ledger.Fork says that the two were shown different pasts.
func (l *Ledger) Compare(ctx context.Context, c *Conn, theirs string) error {
	var other ledger.Checkpoint
	err := c.believe(ctx, func(line succession.Line) (err error) {
		other, err = ledger.Open(line, theirs)
		return err
	})
	if err != nil {
		return err
	}
	a, err := c.Ledger(ctx, ledger.Request{Size: other.Size, Checked: other.Size})
	if err != nil {
		return err
	}
	return l.proof(c.believe(ctx, func(line succession.Line) error {
		l.mu.Lock()
		defer l.mu.Unlock()
		return l.view.Compare(line, theirs, a)
	}))
}

// ForkSuffix ends the name of the file with the proof of a fork, beside that of the ledger.
const ForkSuffix = ".fork"

// proof keeps what proves a fork: two checkpoints, or one and an alert's number.
func (l *Ledger) proof(err error) error {
	fork, ok := errors.AsType[*ledger.Fork](err)
	if !ok {
		return err
	}
	data, failed := json.MarshalIndent(fork, "", "  ")
	if failed == nil {
		failed = os.WriteFile(l.file+ForkSuffix, append(data, '\n'), 0o600)
	}
	return errors.Join(err, failed)
}
