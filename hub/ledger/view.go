package ledger

import (
	"crypto/ed25519"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"isac/hub"
	"isac/hub/succession"
)

// View is what a member keeps: the newest checkpoint that it was shown, how many
// entries it has looked at, and of the alerts that came what the next entries are
// compared with. The zero value has seen nothing.
type View struct {
	Text    string           `json:"checkpoint"` // as it was signed, to be shown to others
	Seen    Checkpoint       `json:"seen"`
	Checked int64            `json:"checked"`
	Slot    time.Time        `json:"slot"`    // of the newest entry looked at
	Number  uint64           `json:"number"`  // that it tells of
	Alerts  map[uint64]Alert `json:"alerts"`  // by number, the newest that came
	Matched int64            `json:"matched"` // entries that an alert was compared with
}

// Alert is what is kept of a verified alert: its digest and when the hub says that it was
// published.
type Alert struct {
	Digest    hub.Digest `json:"digest"`
	Published time.Time  `json:"published"`
}

// Came notes an alert of the chain.
func (v *View) Came(number uint64, a Alert) {
	if v.Alerts == nil {
		v.Alerts = map[uint64]Alert{}
	}
	v.Alerts[number] = a
	if len(v.Alerts) > 2*keptAlerts {
		v.forget()
	}
}

// Fork says that what was shown can't be all of one log, with what shows it. Two
// checkpoints of one size and different roots, or an entry and the signed alert of its
// number, prove it to anybody. Where the hub's answer only fails to show that one
// checkpoint goes on from the other, it may as well be whoever carried the answer who
// meddled: Proven is false, and to ask again by another way tells.
type Fork struct {
	Ours   string  `json:"ours"`             // a checkpoint
	Theirs string  `json:"theirs,omitempty"` // another, or "" where it is an alert
	Entry  *Proven `json:"entry,omitempty"`  // of Ours, and not the alert's
	Number uint64  `json:"number,omitempty"` // of the alert
	Proven bool    `json:"proven"`
}

func (f *Fork) Error() string {
	if f.Theirs == "" {
		return fmt.Sprintf("checking the ledger: alert %d isn't the one that the ledger has", f.Number)
	}
	return "checking the ledger: two checkpoints aren't of one log"
}

// Take checks an answer to the view's Request, signed by the hub's newest key, and moves on; what is wrong with it is a
// *Fork, or a hub.Error where it isn't the hub's. It returns whether there is more to
// ask for.
func (v *View) Take(line succession.Line, a Answer) (more bool, err error) {
	c, err := openNewest(line, a)
	if err != nil {
		return false, err
	}
	if !follows(v.Seen, c, a.Consistency) {
		return false, &Fork{Ours: v.Text, Theirs: a.Checkpoint, Proven: v.Seen.Size == c.Size}
	}
	if len(a.Entries) == 0 && v.Checked < c.Size {
		return false, hub.E(hub.Invalid, "ledger.withheld")
	}
	next := *v
	next.Text, next.Seen = a.Checkpoint, c
	for _, e := range a.Entries {
		err := next.look(c, e)
		if err != nil {
			return false, err
		}
	}
	*v = next
	return v.Checked < c.Size && len(a.Entries) > 0, nil
}

// Request is what to ask for next.
func (v *View) Request() Request { return Request{v.Seen.Size, v.Checked} }

// look compares the next entry with the tree and with the alerts that came.
func (v *View) look(c Checkpoint, e Proven) error {
	err := tlog.CheckRecord(e.Proof, c.Size, c.Root, v.Checked, tlog.RecordHash(e.leaf()))
	if err != nil {
		return &hub.Error{Kind: hub.Invalid, Text: "ledger.not-proven", Err: fmt.Errorf("checking the ledger: %w", err)}
	}
	alert, came := v.Alerts[e.Number]
	if came && alert.Digest != e.Digest {
		return &Fork{Ours: v.Text, Entry: &e, Number: e.Number, Proven: true}
	}
	if v.Checked > 0 && (!e.Slot.After(v.Slot) || e.Number < v.Number) {
		return &Fork{Ours: v.Text, Entry: &e, Number: v.Number, Proven: true}
	}
	for number, a := range v.Alerts {
		if number > e.Number && e.Slot.After(a.Published.Add(late)) {
			return &Fork{Ours: v.Text, Entry: &e, Number: number, Proven: true} // it was out by then
		}
	}
	if came {
		v.Matched++
	}
	v.Checked++
	v.Slot, v.Number = e.Slot, e.Number
	return nil
}

// late is how long before a slot an alert must be out that the slot's entry may not leave out.
const late = time.Hour

// forget drops all but the newest alerts. Each digest rests on those before it, so that
// one that is the same for two members says so of all earlier ones.
func (v *View) forget() {
	var newest uint64
	for number := range v.Alerts {
		newest = max(newest, number)
	}
	for number := range v.Alerts {
		if number+keptAlerts < newest {
			delete(v.Alerts, number)
		}
	}
}

// keptAlerts is how many of the newest alerts are remembered: more than come between two
// slots, since an entry may be about any of those.
const keptAlerts = 1000

func openNewest(line succession.Line, a Answer) (Checkpoint, error) {
	return open(line, []ed25519.PublicKey{line.Newest()}, a.Checkpoint)
}

// Compare checks the checkpoint that somebody else was shown, which may be one of an older
// key, against the one of the view. The answer is the hub's to a request from the smaller
// of the two.
func (v *View) Compare(line succession.Line, theirs string, a Answer) error {
	other, err := Open(line, theirs)
	if err != nil {
		return err
	}
	newest, err := openNewest(line, a)
	if err != nil {
		return err
	}
	if !follows(other, newest, a.Consistency) {
		return &Fork{Ours: a.Checkpoint, Theirs: theirs, Proven: other.Size == newest.Size}
	}
	return nil
}

// follows reports whether a checkpoint continues an earlier one.
func follows(old, now Checkpoint, proof tlog.TreeProof) bool {
	switch {
	case old.Size > now.Size:
		return false
	case old.Size == 0:
		return true
	case old.Size == now.Size:
		return old.Root == now.Root
	}
	return tlog.CheckTree(proof, now.Size, now.Root, old.Size, old.Root) == nil
}
