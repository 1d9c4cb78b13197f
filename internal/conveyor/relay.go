package conveyor

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"isac/hub"
	"isac/hub/advisory"
	"isac/hub/deliver"
	"isac/hub/gate"
	"isac/hub/release"
	"isac/hub/review"
	"isac/internal/natsbus"
)

// An advisory has no report, no victim and no case. It waits in a stream of its own, in
// which everything is public or was sent to the hub to be passed on, so nothing in it is
// sealed. One moderator decides, and it goes out on the way of all alerts: signed, numbered
// and in the chain.

const (
	itemPrefix   = "advisory.item."
	cursorPrefix = "advisory.cursor."
)

// mostWaiting is how many advisories of one source wait at a time, so that no source buries
// the others. What comes beyond it is taken later.
const mostWaiting = 200

// relayed are the advisories as folded from the stream.
type relayed struct {
	mu     sync.Mutex
	after  uint64 // up to here it is folded
	items  map[string]*relayedItem
	public *gate.Register       // the sector list without what is private
	of     hub.Digest           // the list of which that was made
	late   map[string]time.Time // since when those wait of which was told that it is too long
}

type relayedItem struct {
	fold advisory.Item
	seq  uint64 // of its last event
}

// read folds what has come. The caller holds mu.
func (v *Conveyor) readRelayed(ctx context.Context) error {
	r := &v.relayed
	return v.Bus.Read(ctx, natsbus.Advisories, itemPrefix+"*", r.after, func(m natsbus.Message) error {
		var e advisory.Event
		err := json.Unmarshal(m.Data, &e)
		if err != nil {
			return fmt.Errorf("reading advisory: malformed") // the cause could quote it
		}
		id := strings.TrimPrefix(m.Subject, itemPrefix)
		n := r.items[id]
		if n == nil {
			n = &relayedItem{}
			r.items[id] = n
		}
		err = n.fold.Apply(e)
		if err != nil {
			return err
		}
		if n.fold.State == advisory.Sent || n.fold.State == advisory.No {
			n.fold.Notice.Text = "" // it has gone its way: its digest is enough
		}
		n.seq, r.after = m.Seq, m.Seq
		return nil
	})
}

// put stores an event of an item and folds it. The caller holds mu.
func (v *Conveyor) putRelayed(ctx context.Context, id string, seq uint64, e advisory.Event) error {
	data, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("storing advisory: %w", err)
	}
	_, err = v.Bus.Append(ctx, itemPrefix+id, seq, nil, data)
	if err != nil {
		return err
	}
	return v.readRelayed(ctx)
}

// TakeAdvisory brings a notice before the working group, unless it is there already, in
// this version or a later one; taken tells which. It is a hub.TooOften error while too many
// of its source wait.
func (v *Conveyor) TakeAdvisory(ctx context.Context, a advisory.Advisory) (taken bool, err error) {
	r := &v.relayed
	r.mu.Lock()
	defer r.mu.Unlock()
	err = v.readRelayed(ctx)
	if err != nil {
		return false, err
	}
	if !isAlertID(a.ID) {
		return false, hub.E(hub.Invalid, "advisory.malformed")
	}
	have := r.items[a.ID]
	if have == nil {
		have = &relayedItem{}
	}
	exploited := v.Roster.Exploited().CVEs
	a.Exploited = a.Exploited || slices.ContainsFunc(a.CVEs, func(id string) bool { return slices.Contains(exploited, id) })
	_, ok := have.fold.Take(v.Now(), a, false)
	if !ok {
		return false, nil
	}
	waiting := 0
	for _, n := range r.items {
		if n.fold.State == advisory.Waits && n.fold.Source == a.Source {
			waiting++
		}
	}
	if waiting >= mostWaiting {
		return false, hub.E(hub.TooOften, "advisory.full")
	}
	names, err := v.namesSomebody(a)
	if err != nil {
		return false, err
	}
	e, _ := have.fold.Take(v.Now(), a, names)
	err = v.putRelayed(ctx, a.ID, have.seq, e)
	if hub.KindOf(err) == hub.Conflict { // another node was faster
		return false, v.readRelayed(ctx)
	}
	v.logRequest("advisory", err)
	return err == nil, err
}

// namesSomebody reports whether a notice names an organisation of the sector list, by its
// public names. What members' own assets are isn't looked for: the answer is shown.
func (v *Conveyor) namesSomebody(a advisory.Advisory) (bool, error) {
	r := &v.relayed
	list, _ := v.Roster.List()
	if list.Len() == 0 {
		return false, nil
	}
	if r.public == nil || r.of != list.Digest() {
		rows, member := list.Rows(), slices.Index(list.Header(), "member")
		open := make([][]string, len(rows))
		for i, row := range rows {
			open[i] = slices.Clone(row)
			if member >= 0 {
				open[i][member] = "no"
			}
		}
		public, err := gate.Compile(list.Header(), open)
		if err != nil {
			return false, fmt.Errorf("compiling public names: %w", err)
		}
		r.public, r.of = public, list.Digest()
	}
	return release.Named(a, r.public)
}

// Advisories returns those before the working group, for who is of it: what waits first,
// the oldest before the newer, then what was decided, the newest first.
func (v *Conveyor) Advisories(ctx context.Context, who hub.Person) ([]advisory.Item, error) {
	if !who.Has(hub.Moderator) && !who.Has(hub.Secretariat) {
		return nil, hub.E(hub.Forbidden, "error.forbidden")
	}
	r := &v.relayed
	r.mu.Lock()
	defer r.mu.Unlock()
	err := v.readRelayed(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]advisory.Item, 0, len(r.items))
	for _, n := range r.items {
		out = append(out, n.fold)
	}
	slices.SortFunc(out, func(a, b advisory.Item) int {
		wa, wb := a.State == advisory.Waits, b.State == advisory.Waits
		switch {
		case wa != wb:
			if wa {
				return -1
			}
			return 1
		case wa:
			return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.ID, b.ID))
		}
		return cmp.Or(b.Since.Compare(a.Since), cmp.Compare(a.ID, b.ID))
	})
	return out, nil
}

// Advisory returns one of them.
func (v *Conveyor) Advisory(ctx context.Context, who hub.Person, id string) (advisory.Item, error) {
	list, err := v.Advisories(ctx, who)
	if err != nil {
		return advisory.Item{}, err
	}
	at := slices.IndexFunc(list, func(n advisory.Item) bool { return n.ID == id })
	if at < 0 {
		return advisory.Item{}, hub.E(hub.NotFound, "error.not-found")
	}
	return list[at], nil
}

// DecideAdvisory takes a moderator's word: "approve" with her signature over its digest for
// advisory.ToRelease, or "decline".
func (v *Conveyor) DecideAdvisory(ctx context.Context, who hub.Person, id, verb string, signature []byte) error {
	err := v.decideAdvisory(ctx, who, id, verb, signature)
	v.logRequest("advisory", err)
	if err == nil && verb == "approve" {
		v.relay(ctx)
	}
	return err
}

func (v *Conveyor) decideAdvisory(ctx context.Context, who hub.Person, id, verb string, signature []byte) error {
	if !who.Has(hub.Moderator) {
		return hub.E(hub.Forbidden, "error.forbidden")
	}
	r := &v.relayed
	r.mu.Lock()
	defer r.mu.Unlock()
	err := v.readRelayed(ctx)
	if err != nil {
		return err
	}
	n, ok := r.items[id]
	if !ok {
		return hub.E(hub.NotFound, "error.not-found")
	}
	var e advisory.Event
	switch verb {
	case "approve":
		e, err = n.fold.Approve(v.Now(), review.Signed{Person: who.ID, Signature: signature}, v.Roster)
	case "decline":
		e, err = n.fold.Decline(v.Now(), who)
	default:
		err = hub.E(hub.NotFound, "error.not-found")
	}
	if err != nil {
		return err
	}
	return v.putRelayed(ctx, id, n.seq, e)
}

// relay brings out the advisories that are approved. What fails is tried at the next tick.
func (v *Conveyor) relay(ctx context.Context) {
	r := &v.relayed
	r.mu.Lock()
	defer r.mu.Unlock()
	err := v.readRelayed(ctx)
	if err != nil {
		return
	}
	for id, n := range r.items {
		if v.leads() {
			v.remindOf(id, n.fold)
		}
		if n.fold.State != advisory.Going {
			continue
		}
		err := v.relayOne(ctx, id, n)
		if err != nil && ctx.Err() == nil {
			v.Log.Warn("advisory not released", "class", string(hub.KindOf(err)))
		}
	}
}

// remindOf tells once that an advisory waits for longer than the target; a hub that starts
// anew tells it once more. The caller holds mu.
func (v *Conveyor) remindOf(id string, n advisory.Item) {
	r := &v.relayed
	if n.State != advisory.Waits || v.Now().Before(n.Since.Add(advisory.Target)) || r.late[id].Equal(n.Since) {
		return
	}
	r.late[id] = n.Since
	v.Log.Info("duty", "duty", string(review.AdvisoryLate))
	if v.Due != nil {
		v.Due(review.AdvisoryLate)
	}
}

// SourceStates tells how the sources of advisories were last read, for who is of the working
// group.
func (v *Conveyor) SourceStates(ctx context.Context, who hub.Person) ([]advisory.SourceState, error) {
	if !who.Has(hub.Moderator) && !who.Has(hub.Secretariat) {
		return nil, hub.E(hub.Forbidden, "error.forbidden")
	}
	if v.Sources == nil {
		return nil, nil
	}
	return v.Sources(ctx)
}

// relayOne brings out one advisory, as often as it takes: what an earlier try stored it
// finds stored.
func (v *Conveyor) relayOne(ctx context.Context, id string, n *relayedItem) error {
	v.head.mu.Lock()
	defer v.head.mu.Unlock()
	over := advisory.Event{Kind: advisory.Returned, Time: v.Now()}
	passed, err := n.fold.Pass(v.Roster)
	if err != nil {
		return v.putRelayed(ctx, id, n.seq, over) // who approved isn't a moderator any more
	}
	e, err := v.relayEntry(ctx, passed)
	if hub.KindOf(err) == hub.Held || hub.KindOf(err) == hub.TooLarge || hub.KindOf(err) == hub.Gone {
		v.Log.Warn("advisory not released", "class", string(hub.KindOf(err)))
		return v.putRelayed(ctx, id, n.seq, over)
	}
	if err != nil {
		return err
	}
	v.changed()
	err = v.Bus.Publish(e.Subject(), nats.Header(deliver.Header(e)), e.Bundle)
	if err != nil {
		return err
	}
	return v.putRelayed(ctx, id, n.seq, advisory.Event{Kind: advisory.Released, Time: v.Now(), Version: e.Version})
}

// relayEntry returns the entry of an advisory: the stored one where a step died after
// storing it, else a new one. It is hub.Gone where the advisory was taken back.
func (v *Conveyor) relayEntry(ctx context.Context, passed advisory.Passed) (deliver.Entry, error) {
	id := passed.Advisory().ID
	newest, err := v.newest(ctx, id)
	if err != nil && hub.KindOf(err) != hub.NotFound {
		return deliver.Entry{}, err
	}
	switch {
	case newest.Version > 0 && newest.Kind.Back():
		return deliver.Entry{}, hub.E(hub.Gone, "advisory.not-now")
	case newest.Version >= passed.Version():
		return newest, nil
	}
	_, g, err := v.tools()
	if err != nil {
		return deliver.Entry{}, err
	}
	p, err := v.next(ctx)
	if newest.Version > 0 {
		p, err = v.after(ctx, newest.Alert, v.firstTime(ctx, newest.Alert))
	}
	if err != nil {
		return deliver.Entry{}, err
	}
	b, err := release.BuildAdvisory(passed, v.Library, p, release.Gate{Register: g, Own: v.own()})
	if err != nil {
		return deliver.Entry{}, err
	}
	return v.append(ctx, subjectOf(id, b.Alert().Version), b)
}

// Cursor returns how far a source has been read, as KeepCursor kept it; nil where nothing
// was.
func (v *Conveyor) Cursor(ctx context.Context, source string) ([]byte, error) {
	m, err := v.Bus.Last(ctx, natsbus.Advisories, cursorPrefix+source)
	if hub.KindOf(err) == hub.NotFound {
		return nil, nil
	}
	return m.Data, err
}

// KeepCursor keeps how far a source has been read, in the place of what was kept before.
func (v *Conveyor) KeepCursor(ctx context.Context, source string, cursor []byte) error {
	before, err := v.Bus.Last(ctx, natsbus.Advisories, cursorPrefix+source)
	if err != nil && hub.KindOf(err) != hub.NotFound {
		return err
	}
	_, err = v.Bus.Append(ctx, cursorPrefix+source, before.Seq, nil, cursor)
	if err == nil && before.Seq > 0 {
		err = v.Bus.EraseOne(ctx, natsbus.Advisories, before.Seq)
	}
	return err
}
