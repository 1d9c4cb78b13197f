package conveyor

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/edition"
	"isac/hub/feedback"
	"isac/hub/gate"
	"isac/hub/outbox"
	"isac/hub/release"
	"isac/hub/review"
	"isac/hub/stix"
	"isac/hub/succession"
	"isac/hub/vocab"
	"isac/internal/natsbus"
)

// logHead is the end of the alert log: the place of the next entry.
type logHead struct {
	mu     sync.Mutex // one release at a time
	seq    uint64     // of the stream
	number uint64
	digest hub.Digest
	id     string
	free   time.Time        // from when on the milliseconds are nobody's: see room
	last   atomic.Uint64    // number, for who doesn't hold mu
	vocab  *gate.Vocabulary // the hub's own texts, made once for a vocabulary
	of     *vocab.Vocab
	step   *succession.Step // of a change of the key that the log hasn't answered for
}

// loadHead finds the end of the alert log.
func (v *Conveyor) loadHead(ctx context.Context) error {
	seq, err := v.Bus.LastSeq(ctx, natsbus.Alerts)
	if err != nil {
		return err
	}
	h := &v.head
	h.seq = seq
	var newest deliver.Entry
	err = v.Bus.Read(ctx, natsbus.Alerts, "alert.>", 0, func(m natsbus.Message) error {
		e, err := deliver.FromMessage(m.Header, m.Data)
		if err != nil {
			return fmt.Errorf("reading the alert log: %w", err)
		}
		if e.Number > newest.Number {
			newest = e
		}
		return nil
	})
	if err == nil && newest.Number > h.number {
		h.move(newest)
	}
	return err
}

// move makes an entry the end of the log.
func (h *logHead) move(e deliver.Entry) {
	h.number, h.digest, h.id = e.Number, e.Digest, e.ID
	h.free = e.Published.Add(room(e))
	h.raise(e.Number)
}

// raise tells of a newer number, whoever was faster.
func (h *logHead) raise(number uint64) {
	for have := h.last.Load(); have < number && !h.last.CompareAndSwap(have, number); have = h.last.Load() {
	}
}

// room is how long after its publication no other entry is published: a millisecond
// for each of its objects, which readers tell apart by time. Of one that was erased
// the number isn't known, so it is the largest.
func room(e deliver.Entry) time.Duration {
	b, err := stix.ParseBundle(e.Bundle, stix.Limits{Bytes: 64 << 20, Depth: 100, Objects: 10_000})
	if err != nil {
		return release.MaxObjects * time.Millisecond
	}
	return time.Duration(len(b.Objects)) * time.Millisecond
}

// own returns the vocabulary of the hub's own texts.
func (v *Conveyor) own() *gate.Vocabulary {
	v.know.mu.Lock()
	defer v.know.mu.Unlock()
	if now := v.Vocabulary(); v.head.vocab == nil || v.head.of != now {
		v.head.vocab, v.head.of = release.OwnTextsOf(v.Library, now, v.Profile), now
	}
	return v.head.vocab
}

// publish brings out what a stage owes its members: a release, the revoked version
// of a withdrawal, or a recall.
func (v *Conveyor) publish(ctx context.Context, id string, s hub.Stage) error {
	f, ok := v.cases.get(id)
	if ok && f.fold.Phase(s) == review.Scheduled && v.lapsed(f, s) {
		return v.withoutCell(ctx, f)
	}
	w := &owing{v: v, ctx: ctx, id: id, stage: s}
	err := outbox.Begin(w, s, v.Roster)
	if hub.KindOf(err) == hub.Forbidden {
		v.recheck(ctx, id) // somebody left, or terms changed, since the approvals
	}
	if err != nil {
		return err
	}
	v.head.mu.Lock()
	defer v.head.mu.Unlock()
	e, err := outbox.Finish(w, s, v.Roster)
	if w.unfit && w.now.fold.Phase(s) == review.Releasing {
		err = v.hold(ctx, id, s)
		if err == nil && v.lapsed(w.now, s) {
			err = v.withoutCell(ctx, w.now)
		}
		return err
	}
	if err == nil && e.Number > 0 {
		v.measure(w.now, e)
	}
	return err
}

// owing is one stage of a case where the outbox meets the log.
type owing struct {
	v     *Conveyor
	ctx   context.Context
	id    string
	stage hub.Stage
	now   *caseFile // as last read or stored
	unfit bool      // what is owed can't go out as it is
}

// Now is the hub's clock.
func (w *owing) Now() time.Time { return w.v.Now() }

// Decide stores what is decided on the newest state of the case.
func (w *owing) Decide(decide func(*review.Case) ([]review.Event, error)) error {
	f, err := w.v.update(w.ctx, w.id, func(c *change) error { return c.do(decide(&c.fold)) })
	if err == nil {
		w.now = f
	}
	return err
}

// Newest is the case, after the updates of the log.
func (w *owing) Newest() (review.Case, error) {
	err := w.v.catchUp(w.ctx, w.id)
	if err != nil {
		return review.Case{}, err
	}
	f, err := w.v.follow(w.ctx, w.id, w.stage)
	if err != nil {
		return review.Case{}, err
	}
	w.now = f
	return f.fold, nil
}

// Erase takes what is recalled from the log.
func (w *owing) Erase(back review.TakenBack) error {
	err := w.v.erase(w.ctx, back)
	w.v.changed()
	return err
}

// Stored is an entry that a step had stored before it died, or what is left of it.
func (w *owing) Stored(alert string, version int) (deliver.Entry, error) {
	return w.v.version(w.ctx, alert, version)
}

// Append makes the entry and stores it at the end of the log.
func (w *owing) Append(c review.Case, version int) (deliver.Entry, error) {
	b, err := w.v.build(w.ctx, w.now, w.stage)
	var e deliver.Entry
	if err == nil {
		e, err = w.v.append(w.ctx, subjectOf(c.AlertID(w.stage), version), b)
	}
	w.unfit = hub.KindOf(err) == hub.Held || hub.KindOf(err) == hub.TooLarge
	return e, err
}

// Send publishes an entry to members.
func (w *owing) Send(e deliver.Entry) error {
	err := w.v.Bus.Publish(e.Subject(), nats.Header(deliver.Header(e)), e.Bundle)
	w.v.changed()
	return err
}

// subjectOf is where a version of an alert stands in the log.
func subjectOf(alert string, version int) string {
	return "alert." + alert + "." + strconv.Itoa(version)
}

// follow notes the updates of a stage that the log has and the case doesn't know yet.
// Nobody decides on an update, so the case learns of it when it moves on.
func (v *Conveyor) follow(ctx context.Context, id string, s hub.Stage) (*caseFile, error) {
	for {
		f, ok := v.cases.get(id)
		if !ok {
			return nil, hub.E(hub.NotFound, "review.not-found")
		}
		out, isOut := f.fold.Out(s)
		if !isOut || out.Alert.Kind.Back() {
			return f, nil
		}
		e, err := v.version(ctx, out.Alert.ID, out.Alert.Version+1)
		if hub.KindOf(err) == hub.NotFound || err == nil && !isUpdate(e) {
			return f, nil
		}
		if err != nil {
			return nil, err
		}
		a := e.Alert
		a.Kind = hub.Updated // that of a tombstone says what became of it
		_, err = v.update(ctx, id, func(c *change) error { return c.do(c.fold.NoteUpdate(v.Now(), s, a)) })
		if err != nil {
			return nil, err
		}
	}
}

// isUpdate reports whether an entry is an update, or what is left of one: of versions
// that people decided on, the case knows.
func isUpdate(e deliver.Entry) bool {
	return e.Kind == hub.Updated || e.Kind == hub.Recalled && len(e.Bundle) == 0
}

// version returns a version of an alert, or its tombstone.
func (v *Conveyor) version(ctx context.Context, id string, n int) (deliver.Entry, error) {
	subject := subjectOf(id, n)
	m, err := v.Bus.Last(ctx, natsbus.Alerts, subject)
	if hub.KindOf(err) == hub.NotFound {
		m, err = v.Bus.Last(ctx, natsbus.Alerts, subject+buried)
	}
	if err != nil {
		return deliver.Entry{}, err
	}
	return deliver.FromMessage(m.Header, m.Data)
}

// measure tells how long a first release took.
func (v *Conveyor) measure(f *caseFile, e deliver.Entry) {
	if v.Released != nil && e.Kind == hub.Released && f.fold.Member() != review.Hub {
		v.Released(e.Stage, e.Published.Sub(f.fold.Outline().Received))
	}
}

func (v *Conveyor) hold(ctx context.Context, id string, s hub.Stage) error {
	_, err := v.update(ctx, id, func(c *change) error { return c.do(c.fold.Hold(v.Now(), s, "not-releasable")) })
	return err
}

// append signs a bulletin and stores it at the end of the log.
func (v *Conveyor) append(ctx context.Context, subject string, b release.Bulletin) (deliver.Entry, error) {
	err := v.newestStep(ctx)
	if err != nil {
		return deliver.Entry{}, err
	}
	e, err := b.Entry(v.Ring.SignAlert)
	if err != nil {
		return deliver.Entry{}, err
	}
	err = v.store(ctx, subject, e)
	if err != nil {
		return deliver.Entry{}, err
	}
	h := &v.head
	h.move(e)
	return e, nil
}

// store puts an entry at the end of the stream, unless another node was faster: then
// it's a hub.Conflict, and tried again at the next tick.
func (v *Conveyor) store(ctx context.Context, subject string, e deliver.Entry) error {
	seq, err := v.Bus.AppendLast(ctx, subject, v.head.seq, nats.Header(deliver.Header(e)), e.Bundle)
	if hub.KindOf(err) == hub.Conflict {
		return errors.Join(v.loadHead(ctx), err)
	}
	if err != nil {
		return err
	}
	v.head.seq = seq
	return nil
}

func (v *Conveyor) build(ctx context.Context, f *caseFile, s hub.Stage) (release.Bulletin, error) {
	a, g, err := v.gateOf(ctx, f)
	if err != nil {
		return release.Bulletin{}, err
	}
	p, err := v.params(ctx, f, s)
	if err != nil {
		return release.Bulletin{}, err
	}
	switch f.fold.Phase(s) {
	case review.Withdrawing, review.Recalling:
		back, err := f.fold.TakenBack(s, v.Roster)
		if err != nil {
			return release.Bulletin{}, err
		}
		return release.BuildBack(back, p, g)
	}
	ok, err := f.fold.Approved(s, v.Roster)
	if err != nil {
		return release.Bulletin{}, err
	}
	if v.lapsed(f, s) {
		return release.Bulletin{}, hub.E(hub.Held, "release.held")
	}
	if ok.Several() {
		p.Related, err = v.relatedOf(ctx, ok.Draft())
	} else {
		p.Marks, err = v.marks(ctx, f, ok)
	}
	if err != nil {
		return release.Bulletin{}, err
	}
	return release.Build(a, ok, p, g)
}

// params give the next place of the log, for a stage.
func (v *Conveyor) params(ctx context.Context, f *caseFile, s hub.Stage) (release.Params, error) {
	if out, ok := f.fold.Out(s); ok {
		return v.after(ctx, out.Alert, out.First)
	}
	return v.next(ctx)
}

// next is the place of an alert's first version. The caller holds the head.
func (v *Conveyor) next(ctx context.Context) (release.Params, error) {
	h := &v.head
	err := v.Reach(ctx, h.seq)
	if err != nil {
		return release.Params{}, err
	}
	now := v.instant()
	if now.Before(h.free) {
		now = h.free
	}
	return release.Params{
		Number: h.number + 1, Previous: h.digest, PreviousID: h.id,
		Published: now, FirstNumber: h.number + 1, FirstPublished: now,
		Hub: v.Hub, BaseURL: v.BaseURL, Vocab: v.Vocabulary(),
		Known:   func(id string) (stix.Object, bool) { return v.Known(ctx, id) },
		Updates: v.Updates, Told: v.told(ctx), Forms: v.Forms,
	}, nil
}

// instant is now, but not before there was a hub: a clock that is behind stops no
// report.
func (v *Conveyor) instant() time.Time {
	now := v.Now()
	if now.Before(v.Hub.Created) {
		return v.Hub.Created
	}
	return now
}

// told is what is told of indicators, read when one is asked for.
func (v *Conveyor) told(ctx context.Context) func(string) []feedback.Count {
	return func(id string) []feedback.Count {
		if v.Told == nil {
			return nil
		}
		counts, err := v.Told(ctx, feedback.OfIndicator(id))
		if err != nil {
			return nil // stated as it is, and updated later
		}
		return counts
	}
}

// after is the place of an alert's next version.
func (v *Conveyor) after(ctx context.Context, newest hub.Alert, first time.Time) (release.Params, error) {
	p, err := v.next(ctx)
	if err != nil {
		return p, err
	}
	p.FirstPublished, p.FirstNumber = first, newest.Number
	if one, ok := v.first(ctx, newest.ID); ok {
		p.FirstNumber = one.Number
	}
	if !p.Published.After(newest.Published) {
		p.Published = newest.Published.Add(time.Millisecond) // modified rises strictly
	}
	return p, nil
}

// first returns the first version of an alert, or its tombstone.
func (v *Conveyor) first(ctx context.Context, id string) (deliver.Entry, bool) {
	e, err := v.version(ctx, id, 1)
	return e, err == nil
}

// buried ends the subject of the tombstone of a version.
const buried = ".gone"

// erase overwrites every version of a recalled alert in the log and puts signed
// tombstones in their places. What it did before it died it finds done.
func (v *Conveyor) erase(ctx context.Context, back review.TakenBack) error {
	for version := 1; version < back.Version(); version++ {
		subject := subjectOf(back.Alert().ID, version)
		m, err := v.Bus.Last(ctx, natsbus.Alerts, subject)
		if hub.KindOf(err) == hub.NotFound {
			continue
		}
		if err != nil {
			return err
		}
		err = v.bury(ctx, subject, m, back.Reason())
		if err != nil {
			return err
		}
	}
	return nil
}

// bury puts a tombstone with the class of the reason in the place of one version.
func (v *Conveyor) bury(ctx context.Context, subject string, m natsbus.Message, reason string) error {
	old, err := deliver.FromMessage(m.Header, m.Data)
	if err != nil {
		return err
	}
	_, clear, err := edition.Of(old.Bundle)
	if err != nil {
		return err
	}
	stone := deliver.Entry{Alert: old.Alert, Reason: reason, Clear: clear}
	stone.Kind = hub.Recalled
	data, err := deliver.Tombstone(stone.Alert, stone.Reason)
	if err != nil {
		return err
	}
	err = v.newestStep(ctx)
	if err != nil {
		return err
	}
	stone.Signature, err = v.Ring.SignAlert(data)
	if err != nil {
		return err
	}
	_, err = v.Bus.Last(ctx, natsbus.Alerts, subject+buried)
	if hub.KindOf(err) == hub.NotFound {
		err = v.store(ctx, subject+buried, stone)
	}
	if err != nil {
		return err
	}
	_, err = v.Bus.Erase(ctx, natsbus.Alerts, subject)
	return err
}
