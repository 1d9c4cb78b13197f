package projection

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"isac/hub"
	"isac/internal/natsbus"
	"isac/internal/store"
)

// batch is how many rows of the log go into one transaction.
const batch = 100

// Log is where messages are read. A natsbus.Bus is one.
type Log interface {
	// Read gives all messages of a stream on a subject with a sequence above after, in
	// order, to each.
	Read(ctx context.Context, stream, subject string, after uint64, each func(natsbus.Message) error) error
	// Last returns the newest message on a subject, or a hub.NotFound.
	Last(ctx context.Context, stream, subject string) (natsbus.Message, error)
}

// Projection keeps both views up to date.
type Projection struct {
	bus     Log
	public  *store.Public
	private *store.Private
	mu      sync.Mutex // one fold at a time
}

// New returns a projection into open databases.
func New(bus Log, public *store.Public, private *store.Private) *Projection {
	return &Projection{bus: bus, public: public, private: private}
}

// NewPublic returns a projection into public.db alone.
func NewPublic(bus Log, public *store.Public) *Projection {
	return &Projection{bus: bus, public: public}
}

// CatchUp applies everything that the log has and the views have not, and makes away
// with what it deleted. Where that fails it is tried again at the next call.
func (p *Projection) CatchUp(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	err := errors.Join(p.alerts(ctx), p.told(ctx), p.public.Vacate(ctx))
	if p.private == nil {
		return err
	}
	return errors.Join(err, p.events(ctx), p.private.Vacate(ctx))
}

// Reach brings the view of alerts up to a sequence of the log, and does nothing where it
// is there.
func (p *Projection) Reach(ctx context.Context, seq uint64) error {
	have, err := p.public.Applied(ctx)
	if err != nil || have >= seq {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.alerts(ctx)
}

func (p *Projection) alerts(ctx context.Context) error {
	after, err := p.public.Applied(ctx)
	if err != nil {
		return err
	}
	return fold(ctx, func(ctx context.Context, each func(natsbus.Message) error) error {
		return p.bus.Read(ctx, natsbus.Alerts, "alert.>", after, each)
	}, alertRows, p.public.Put)
}

func (p *Projection) events(ctx context.Context) error {
	after, err := p.private.Applied(ctx)
	if err != nil {
		return err
	}
	return fold(ctx, func(ctx context.Context, each func(natsbus.Message) error) error {
		return p.bus.Read(ctx, natsbus.Cases, "case.*", after, each)
	}, eventRows, p.private.Put)
}

// fold puts the rows of all messages into a view, batch by batch and in order. The
// next batch is read while one is put.
func fold[R any](ctx context.Context, read func(context.Context, func(natsbus.Message) error) error, rowsOf func(natsbus.Message) ([]R, error), put func(context.Context, []R) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	batches := make(chan []R)
	var unread error
	go func() {
		defer close(batches)
		unread = readBatches(ctx, read, rowsOf, batches)
	}()
	var err error
	for rows := range batches {
		if err == nil {
			err = put(ctx, rows)
		}
		if err != nil {
			stop()
		}
	}
	if err != nil {
		return err
	}
	return unread
}

func readBatches[R any](ctx context.Context, read func(context.Context, func(natsbus.Message) error) error, rowsOf func(natsbus.Message) ([]R, error), batches chan<- []R) error {
	var rows []R
	send := func() error {
		select {
		case batches <- rows:
			rows = nil
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	err := read(ctx, func(m natsbus.Message) error {
		more, err := rowsOf(m)
		rows = append(rows, more...)
		if err != nil || len(rows) < batch {
			return err
		}
		return send()
	})
	if err != nil || len(rows) == 0 {
		return err
	}
	return send()
}

// bareEvents is what a message of CASES says without its key.
type bareEvents struct {
	Events []struct {
		Kind  string    `json:"kind"`
		Stage string    `json:"stage"`
		Time  time.Time `json:"time"`
	} `json:"events"`
	Sealed []byte `json:"sealed"`
}

func eventRows(m natsbus.Message) ([]store.EventRow, error) {
	var e bareEvents
	err := json.Unmarshal(m.Data, &e)
	if err != nil {
		return nil, fmt.Errorf("reading event %d of the log: %w", m.Seq, err)
	}
	var rows []store.EventRow
	for i, head := range e.Events {
		row := store.EventRow{Seq: m.Seq, Place: i, Case: m.Subject[len("case."):], Kind: head.Kind, Stage: head.Stage, Time: head.Time, Sealed: []byte{}}
		if i == 0 {
			row.Sealed = e.Sealed
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// Compared is what a replay found.
type Compared struct {
	Alerts  int  `json:"alerts"`
	Events  int  `json:"events"`
	Same    bool `json:"same"` // the rebuilt views equal the ones that were there
	HadView bool `json:"had_view"`
}

// Replay builds both views anew beside the ones in dir, compares them with what was
// there, and puts the new ones in place. The hub must not be running.
func Replay(ctx context.Context, bus *natsbus.Bus, dir string) (Compared, error) {
	var c Compared
	tmp := filepath.Join(dir, "replay")
	err := errors.Join(os.RemoveAll(tmp), os.MkdirAll(tmp, 0o700))
	if err != nil {
		return c, fmt.Errorf("replaying: %w", err)
	}
	defer os.RemoveAll(tmp)
	had := make(chan oldView, 1)
	go func() { had <- readOld(ctx, bus, dir) }() // beside the work
	fresh, err := build(ctx, bus, tmp, store.Unsynced, &c)
	old := <-had
	err = errors.Join(err, old.err)
	if err != nil {
		return c, fmt.Errorf("replaying: %w", err)
	}
	c.HadView, c.Same = old.there, old.there && old.digests == fresh
	return c, replace(tmp, dir)
}

// oldView is what was there before a replay.
type oldView struct {
	there   bool
	digests [2]hub.Digest // zero of a view that can't be read
	err     error
}

// readOld brings the old views up to date first: what was only behind is no
// difference.
func readOld(ctx context.Context, bus *natsbus.Bus, dir string) (old oldView) {
	old.there, old.err = viewIn(dir)
	if !old.there || old.err != nil {
		return old
	}
	var c Compared
	digests, err := build(ctx, bus, dir, store.Synced, &c)
	if err == nil {
		old.digests = digests
	}
	return old
}

// build brings the views in dir up to date and returns their digests.
func build(ctx context.Context, bus *natsbus.Bus, dir string, sync store.Sync, c *Compared) (both [2]hub.Digest, err error) {
	public, err := store.OpenPublic(filepath.Join(dir, "public.db"), sync)
	if err != nil {
		return both, err
	}
	private, err := store.OpenPrivate(filepath.Join(dir, "private.db"), sync)
	if err != nil {
		return both, errors.Join(err, public.Close())
	}
	err = New(bus, public, private).CatchUp(ctx)
	if err == nil {
		c.Alerts, c.Events, err = counts(ctx, public, private)
	}
	if err == nil {
		both[0], err = public.Digest(ctx)
	}
	if err == nil {
		both[1], err = private.Digest(ctx)
	}
	return both, errors.Join(err, public.Close(), private.Close())
}

func counts(ctx context.Context, public *store.Public, private *store.Private) (alerts, events int, err error) {
	n, err := public.Newest(ctx)
	if err != nil {
		return 0, 0, err
	}
	kinds, err := private.Counts(ctx)
	for _, k := range kinds {
		events += k
	}
	return int(n), events, err
}

// viewIn reports whether both views are in a folder.
func viewIn(dir string) (bool, error) {
	for _, name := range []string{"public.db", "private.db"} {
		_, err := os.Stat(filepath.Join(dir, name))
		if errors.Is(err, os.ErrNotExist) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
	}
	return true, nil
}

// replace puts the new views in the places of the old. A view that is missing, as
// after a kill in between, is built anew; one with another's journal would be broken.
func replace(from, to string) error {
	for _, name := range []string{"public.db", "private.db"} {
		err := syncFile(filepath.Join(from, name))
		if err != nil {
			return fmt.Errorf("replaying: %w", err)
		}
		for _, suffix := range []string{"", "-wal", "-shm"} {
			err := os.Remove(filepath.Join(to, name+suffix))
			if err != nil && !errors.Is(err, os.ErrNotExist) {
				return fmt.Errorf("replaying: %w", err)
			}
		}
		err = os.Rename(filepath.Join(from, name), filepath.Join(to, name))
		if err != nil {
			return fmt.Errorf("replaying: %w", err)
		}
	}
	return nil
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
