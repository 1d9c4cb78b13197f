package member

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/stix"
	"isac/hub/stix/pattern"
)

// Kept is a folder with the newest version of every released alert, as the hub signed
// it. The set of indicators is what these alerts say: it needs no signature of its own,
// only what is new in the log is fetched, and a withdrawal, a recall and an update take
// effect because they stand in the log as well. Each alert is verified when it comes
// and whenever it is read; a log that leaves one out is a gap in the chain.
type Kept struct {
	dir   string
	keys  *Keys
	state state
}

// state is how far the log has been read, and which alerts must be there.
type state struct {
	deliver.Chain
	Alerts map[string]uint64 `json:"alerts"` // number of the newest version by id
}

// Indicator is a value that a released alert tells of.
type Indicator struct {
	Type, Value, Alert string
	Confidence         int
	ValidUntil         time.Time
}

// OpenKept opens the folder for one hub inside of dir, and makes it if there is none.
func OpenKept(dir string, keys *Keys) (*Kept, error) {
	k := &Kept{dir: filepath.Join(dir, "alerts-"+hub.Sum(keys.Line().Pinned).String()[:16]), keys: keys, state: state{Alerts: map[string]uint64{}}}
	err := os.MkdirAll(k.dir, 0o700)
	if err != nil {
		return nil, k.unusable(err)
	}
	data, err := os.ReadFile(k.file("state"))
	if errors.Is(err, fs.ErrNotExist) {
		return k, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &k.state)
	}
	if err != nil || k.state.Alerts == nil {
		return nil, k.unusable(err)
	}
	return k, nil
}

func (k *Kept) unusable(err error) error {
	return &hub.Error{Kind: hub.Invalid, Text: "member.kept-unusable", Args: []string{k.dir}, Err: fmt.Errorf("reading kept alerts: %w", err)}
}

// Chain is how far the log has been read.
func (k *Kept) Chain() deliver.Chain { return k.state.Chain }

func (k *Kept) file(name string) string { return filepath.Join(k.dir, name+".json") }

// of is the file of an alert: its id is the hub's, but becomes no path.
func (k *Kept) of(id string) string { return k.file(hex.EncodeToString([]byte(id))) }

// CatchUp fetches what is new in the log; each is told how far it has come. What doesn't
// follow from what is kept is refused, with everything after it.
func (k *Kept) CatchUp(ctx context.Context, c *Conn, each func(number uint64)) error {
	w := Watcher{Conn: c, Chain: k.state.Chain, Each: func(e deliver.Entry, next deliver.Chain) error {
		each(e.Number)
		return k.take(e, next)
	}}
	err := w.Once(ctx)
	return errors.Join(err, k.save())
}

// take keeps an alert in the place of its older version, or deletes it. The entry that
// stands in the place of a deleted one says nothing of newer versions.
func (k *Kept) take(e deliver.Entry, next deliver.Chain) error {
	k.state.Chain = next
	if e.Number < k.state.Alerts[e.ID] || e.Kind == hub.Recalled && len(e.Bundle) == 0 {
		return nil
	}
	if e.Kind == hub.Withdrawn || e.Kind == hub.Recalled {
		return k.forget(e.ID)
	}
	data, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("keeping alert: %w", err)
	}
	k.state.Alerts[e.ID] = e.Number
	return k.write(k.of(e.ID), data)
}

// forget deletes an alert, after the state no longer names it.
func (k *Kept) forget(id string) error {
	delete(k.state.Alerts, id)
	err := k.save()
	if err != nil {
		return err
	}
	err = os.Remove(k.of(id))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return k.unusable(err)
	}
	return nil
}

func (k *Kept) save() error {
	data, err := json.Marshal(k.state)
	if err != nil {
		return fmt.Errorf("keeping alerts: %w", err)
	}
	return k.write(k.file("state"), data)
}

func (k *Kept) write(file string, data []byte) error {
	err := os.WriteFile(file+".new", data, 0o600)
	if err == nil {
		err = os.Rename(file+".new", file)
	}
	if err != nil {
		return k.unusable(err)
	}
	return nil
}

// Indicators reads all alerts that must be there, and verifies each.
func (k *Kept) Indicators() ([]Indicator, error) {
	var out []Indicator
	for id, number := range k.state.Alerts {
		e, err := k.read(id, number)
		if err != nil {
			return nil, k.unusable(err)
		}
		list, err := indicatorsOf(e)
		if err != nil {
			return nil, k.unusable(err)
		}
		out = append(out, list...)
	}
	slices.SortFunc(out, compareIndicators)
	return out, nil
}

func compareIndicators(a, b Indicator) int {
	return slices.Compare([]string{a.Type, a.Value, a.Alert}, []string{b.Type, b.Value, b.Alert})
}

func (k *Kept) read(id string, number uint64) (e deliver.Entry, err error) {
	data, err := os.ReadFile(k.of(id))
	if err != nil {
		return e, err
	}
	err = json.Unmarshal(data, &e)
	if err != nil {
		return e, err
	}
	// A crash may have come between an alert and the state: a newer one is as good.
	if e.ID != id || e.Number < number {
		return e, errors.New("another alert in its place")
	}
	return e, deliver.VerifyIn(k.keys.Line(), e)
}

// indicatorsOf gives one for each value that is compared in an alert's patterns.
func indicatorsOf(e deliver.Entry) ([]Indicator, error) {
	b, err := stix.ParseBundle(e.Bundle, stix.Limits{Bytes: 64 << 20, Depth: 100, Objects: 1 << 20})
	if err != nil {
		return nil, err
	}
	var out []Indicator
	for _, o := range b.Objects {
		if o.Type() != "indicator" {
			continue
		}
		p, err := pattern.Parse(o.Str("pattern"))
		if err != nil {
			continue // the hub wrote another kind of pattern
		}
		until, _ := o.Time("valid_until")
		confidence, _ := o.Int("confidence")
		for _, c := range p.Comparisons() {
			for _, v := range c.Values {
				out = append(out, Indicator{c.Path.String(), v.Text, e.ID, int(confidence), until})
			}
		}
	}
	return out, nil
}
