package conveyor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/hub/review"
	"isac/internal/keyring"
	"isac/internal/natsbus"
)

// caseFile is one case in memory: its key, its fold, and the sequence of its last
// stored message. It is replaced, never changed.
type caseFile struct {
	id   string
	key  keyring.CaseKey
	fold review.Case
	seq  uint64
}

// caseTable holds the cases that are not shredded.
type caseTable struct {
	mu    sync.RWMutex
	open  map[string]*caseFile
	ended map[string]bool // shredded since the start
}

func (t *caseTable) get(id string) (*caseFile, bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	f, ok := t.open[id]
	return f, ok
}

// put takes the place of an older state. Two that store one after the other may come
// here the other way round: what is older than what is here is nothing new.
func (t *caseTable) put(f *caseFile) {
	t.mu.Lock()
	defer t.mu.Unlock()
	have, ok := t.open[f.id]
	switch {
	case t.ended[f.id] || ok && have.seq > f.seq:
	case f.fold.Outline().Shredded:
		delete(t.open, f.id)
		t.ended[f.id] = true
	default:
		t.open[f.id] = f
	}
}

func (t *caseTable) hasEnded(id string) bool {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.ended[id]
}

func (t *caseTable) all() []*caseFile {
	t.mu.RLock()
	defer t.mu.RUnlock()
	out := make([]*caseFile, 0, len(t.open))
	for _, f := range t.open {
		out = append(out, f)
	}
	return out
}

// stored is a message of CASES: the heads of its events in the clear, which stay,
// and the whole events sealed with the case's key, which end with it.
type stored struct {
	Policy string         `json:"policy"`
	Events []review.Event `json:"events"` // without data
	Sealed []byte         `json:"sealed"`
}

func seal(key keyring.CaseKey, policy string, events []review.Event) ([]byte, error) {
	s := stored{Policy: policy}
	for _, e := range events {
		e.Data = nil
		s.Events = append(s.Events, e)
	}
	whole, err := json.Marshal(events)
	if err != nil {
		return nil, fmt.Errorf("storing events: %w", err)
	}
	s.Sealed, err = key.Seal(whole)
	if err != nil {
		return nil, err
	}
	return json.Marshal(s)
}

func unseal(key keyring.CaseKey, data []byte) ([]review.Event, error) {
	var s stored
	err := json.Unmarshal(data, &s)
	if err != nil {
		return nil, fmt.Errorf("reading events: %w", err)
	}
	whole, err := key.Open(s.Sealed)
	if err != nil {
		return nil, err
	}
	var events []review.Event
	err = json.Unmarshal(whole, &events)
	if err != nil {
		return nil, errors.New("reading events: malformed")
	}
	return events, nil
}

// loadCases folds every case of the log whose key still exists. It returns the
// sequence of the last message that it is sure to have read.
func (v *Conveyor) loadCases(ctx context.Context) (uint64, error) {
	last, err := v.Bus.LastSeq(ctx, natsbus.Cases)
	if err != nil {
		return 0, err
	}
	keys := map[string]keyring.CaseKey{}
	err = v.Bus.Read(ctx, natsbus.Keys, "key.*", 0, func(m natsbus.Message) error {
		key, err := v.Ring.Unwrap(m.Data)
		if err == nil {
			keys[strings.TrimPrefix(m.Subject, "key.")] = key
		}
		return nil // a key of a destroyed epoch is a shredded case
	})
	if err != nil {
		return 0, err
	}
	return last, v.Bus.Read(ctx, natsbus.Cases, "case.*", 0, func(m natsbus.Message) error {
		id := strings.TrimPrefix(m.Subject, "case.")
		key, ok := keys[id]
		if !ok {
			return nil
		}
		return v.fold(id, key, m)
	})
}

// fold adds one stored message to the case in memory.
func (v *Conveyor) fold(id string, key keyring.CaseKey, m natsbus.Message) error {
	next := &caseFile{id: id, key: key, seq: m.Seq}
	if f, ok := v.cases.get(id); ok {
		next.fold = f.fold
	}
	events, err := unseal(key, m.Data)
	if err != nil {
		return fmt.Errorf("folding case: %w", err)
	}
	err = next.fold.Apply(events...)
	if err != nil {
		return fmt.Errorf("folding case: %w", err)
	}
	v.cases.put(next)
	return nil
}

// reload folds a case from the log, for when somebody else has moved it.
func (v *Conveyor) reload(ctx context.Context, id string) (*caseFile, error) {
	key, err := v.caseKey(ctx, id)
	if err != nil {
		return nil, err
	}
	messages, err := v.Bus.Subject(ctx, natsbus.Cases, "case."+id)
	if err != nil {
		return nil, err
	}
	f := &caseFile{id: id, key: key}
	for _, m := range messages {
		events, err := unseal(key, m.Data)
		if err != nil {
			return nil, err
		}
		err = f.fold.Apply(events...)
		if err != nil {
			return nil, fmt.Errorf("folding case: %w", err)
		}
		f.seq = m.Seq
	}
	v.cases.put(f)
	return f, nil
}

func (v *Conveyor) caseKey(ctx context.Context, id string) (key keyring.CaseKey, err error) {
	m, err := v.Bus.Last(ctx, natsbus.Keys, "key."+id)
	if err != nil {
		return keyring.CaseKey{}, err
	}
	err = v.withKeys(ctx, func() (err error) {
		key, err = v.Ring.Unwrap(m.Data)
		return err
	})
	return key, err
}

// change collects the events of several commands on a copy of a case, to be stored
// as one message.
type change struct {
	fold   review.Case
	events []review.Event
}

// do applies what a command answered, so that the next command sees it.
func (c *change) do(events []review.Event, err error) error {
	if err != nil {
		return err
	}
	err = c.fold.Apply(events...)
	if err != nil {
		return err
	}
	c.events = append(c.events, events...)
	return nil
}

// attempts is how often a change is tried when others are faster.
const attempts = 8

// update runs decide on the newest state of a case and stores its events, all or
// none; when somebody was faster it reads anew and decides again.
func (v *Conveyor) update(ctx context.Context, id string, decide func(*change) error) (*caseFile, error) {
	for range attempts {
		f, err := v.opened(ctx, id)
		if err != nil {
			return nil, err
		}
		next, err := v.try(ctx, f, decide)
		if hub.KindOf(err) != hub.Conflict || !errors.As(err, new(*staleError)) {
			return next, err
		}
		_, err = v.reload(ctx, id)
		if err != nil {
			return nil, err
		}
	}
	return nil, hub.E(hub.Conflict, "error.conflict")
}

// staleError marks a conflict of the store, not of the case machine.
type staleError struct{ error }

func (s *staleError) Unwrap() error { return s.error }

func (v *Conveyor) try(ctx context.Context, f *caseFile, decide func(*change) error) (*caseFile, error) {
	c := change{fold: f.fold}
	err := decide(&c)
	if err != nil || len(c.events) == 0 {
		return f, err
	}
	data, err := seal(f.key, anonymize.DefaultPolicy().Version, c.events)
	if err != nil {
		return nil, err
	}
	seq, err := v.Bus.Append(ctx, "case."+f.id, f.seq, nil, data)
	if err != nil {
		return nil, &staleError{err}
	}
	next := &caseFile{id: f.id, key: f.key, fold: c.fold, seq: seq}
	v.cases.put(next)
	v.changed()
	if !slices.Equal(f.fold.Status().Stages, next.fold.Status().Stages) {
		v.tell(next)
	}
	return next, nil
}

// openCase finds or makes the case of an incident: the link decides, so that one
// incident has one case however often and however fast it is reported.
func (v *Conveyor) openCase(ctx context.Context, member, incident string, now time.Time) (*caseFile, error) {
	id, err := v.link(ctx, v.Ring.LinkName("incident", member, incident), randomName(), now)
	if err != nil {
		return nil, err
	}
	if f, ok := v.cases.get(id); ok {
		return f, nil
	}
	err = v.makeKey(ctx, id, now)
	if err != nil {
		return nil, err
	}
	return v.reload(ctx, id)
}

// makeKey stores a key for the case unless it has one.
func (v *Conveyor) makeKey(ctx context.Context, id string, now time.Time) error {
	key, err := keyring.NewCaseKey()
	if err != nil {
		return err
	}
	wrapped, err := v.Ring.Wrap(key, now)
	if err != nil {
		return err
	}
	_, err = v.Bus.Append(ctx, "key."+id, 0, nil, wrapped)
	if hub.KindOf(err) == hub.Conflict {
		return nil
	}
	return err
}
