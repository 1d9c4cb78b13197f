package simulation

import (
	"crypto/ed25519"
	"encoding/json"
	"iter"
	"time"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/lease"
	"isac/hub/outbox"
	"isac/hub/review"
)

// file is what a node knows of a case.
type file struct {
	fold review.Case
	seq  uint64
}

// node is one hub of several. All that it knows it forgets when it dies.
type node struct {
	w      *world
	name   string
	lives  int
	up     bool
	frozen bool
	cases  map[string]*file
	order  []string // of cases, as they came
	head   struct {
		seq, number uint64
		digest      hub.Digest
		busy        bool // one release at a time
	}
	lease lease.Lease
	skew  time.Duration // of the clock on its wall
	stood time.Duration // how long its other clock stood still
	tasks []*task
}

// task is something that a node is about, which stops before each of its steps.
type task struct {
	n     *node
	next  func() (struct{}, bool)
	stop  func()
	yield func(struct{}) bool
	doubt bool // the log crashed under the step that is next
}

type died struct{}

// begin starts a task up to its first step.
func (n *node) begin(do func(*task)) *task {
	t := &task{n: n}
	t.next, t.stop = iter.Pull(func(yield func(struct{}) bool) {
		defer func() {
			if r := recover(); r != nil && r != (died{}) {
				panic(r)
			}
		}()
		t.yield = yield
		do(t)
	})
	n.tasks = append(n.tasks, t)
	return t
}

// go on to the next step, if the node lives to see it.
func (t *task) step() {
	if !t.yield(struct{}{}) {
		panic(died{})
	}
}

// ask is one question to the log: it may be lost on the way there, or its answer on the
// way back.
func (t *task) ask(do func() error) error {
	t.step()
	fate := t.n.w.fate(t)
	if fate == refused {
		return errUnavailable
	}
	err := do()
	if fate == unanswered {
		return errUnavailable
	}
	return err
}

// wall is the time that the node tells.
func (n *node) wall() time.Time { return n.w.now.Add(n.skew) }

// since is the node's clock that is never set, but stands still while the machine does.
func (n *node) since() time.Duration { return n.w.now.Sub(start) - n.stood }

// start lets a node begin with what the log has.
func (n *node) start() {
	n.up, n.frozen = true, false
	n.lives++
	n.cases, n.order = map[string]*file{}, nil
	n.head.busy = false
	n.lease = lease.New(n.name+string(rune('0'+n.lives%10)), leaseLife)
	for _, id := range n.w.made {
		if len(n.w.log.cases[id]) > 0 {
			_, _ = n.read(id)
		}
	}
	n.readHead(n.w.log.lastAlert())
}

const leaseLife = 6 * time.Second

func (n *node) die() {
	n.up = false
	for _, t := range n.tasks {
		t.stop()
	}
	n.tasks = nil
}

func (n *node) put(id string, f *file) {
	have, ok := n.cases[id]
	if !ok {
		n.order = append(n.order, id)
	}
	if !ok || have.seq <= f.seq {
		n.cases[id] = f
	}
}

// read folds all that the log has of a case.
func (n *node) read(id string) (*file, error) {
	f := new(file)
	for _, m := range n.w.log.cases[id] {
		if err := f.fold.Apply(m.events...); err != nil {
			n.w.fail("the log of a case doesn't fold: %v", err)
			return f, err
		}
		f.seq = m.seq
	}
	n.put(id, f)
	return n.cases[id], nil
}

// hear folds the next message of a case that another node stored.
func (n *node) hear(id string) {
	f, ok := n.cases[id]
	if !ok {
		f = new(file)
	}
	for _, m := range n.w.log.cases[id] {
		if m.seq <= f.seq {
			continue
		}
		next := &file{fold: f.fold, seq: m.seq}
		if err := next.fold.Apply(m.events...); err != nil {
			n.w.fail("a message of another node doesn't fold: %v", err)
			return
		}
		n.put(id, next)
		return
	}
}

// change collects what several commands answer on a copy of a case.
type change struct {
	fold   review.Case
	events []review.Event
}

func (c *change) do(events []review.Event, err error) error {
	if err == nil {
		err = c.fold.Apply(events...)
	}
	if err == nil {
		c.events = append(c.events, events...)
	}
	return err
}

// update decides on the newest state that the node knows and stores what was decided on
// condition that it is the newest; else it reads and decides anew.
func (t *task) update(id string, decide func(*change) error) (*file, error) {
	n := t.n
	for range 8 {
		f, ok := n.cases[id]
		var err error
		if !ok {
			err = t.ask(func() (err error) { f, err = n.read(id); return err })
		}
		if err != nil {
			return nil, err
		}
		c := change{fold: f.fold}
		err = decide(&c)
		if err != nil || len(c.events) == 0 {
			return f, err
		}
		var seq uint64
		err = t.ask(func() (err error) { seq, err = n.w.log.appendCase(id, f.seq, c.events); return err })
		if err == nil {
			next := &file{fold: c.fold, seq: seq}
			n.put(id, next)
			return next, nil
		}
		if hub.KindOf(err) != hub.Conflict {
			return nil, err
		}
		err = t.ask(func() error { _, err := n.read(id); return err })
		if err != nil {
			return nil, err
		}
	}
	return nil, errConflict
}

// attend does what is due of a case.
func (t *task) attend(id string) {
	n := t.n
	f, ok := n.cases[id]
	if !ok {
		return
	}
	for _, d := range f.fold.Due(n.wall(), clocks) {
		switch d.Kind {
		case review.DrawModerators:
			_, _ = t.update(id, func(c *change) error {
				err := c.do(c.fold.Draw(n.wall(), d.Stage, d.Want, n.w.roster, n.w.random))
				if err != nil {
					return err
				}
				return c.do(c.fold.Done(n.wall(), d))
			})
		case review.Publish:
			t.publish(id, d.Stage)
		case review.ShredCase, review.DestroyLink:
		default:
			_, _ = t.update(id, func(c *change) error { return c.do(c.fold.Done(n.wall(), d)) })
		}
	}
}

// publish is the outbox at work; what fails is tried at the next tick.
func (t *task) publish(id string, s hub.Stage) {
	w := &owing{t: t, id: id, stage: s}
	if outbox.Begin(w, s, t.n.w.roster) != nil {
		return
	}
	for t.n.head.busy {
		t.step()
	}
	t.n.head.busy = true
	_, _ = outbox.Finish(w, s, t.n.w.roster)
	t.n.head.busy = false
}

// owing is one stage of a case where the outbox meets the simulated log.
type owing struct {
	t     *task
	id    string
	stage hub.Stage
}

func (o *owing) Now() time.Time { return o.t.n.wall() }

func (o *owing) Decide(decide func(*review.Case) ([]review.Event, error)) error {
	_, err := o.t.update(o.id, func(c *change) error { return c.do(decide(&c.fold)) })
	return err
}

func (o *owing) Newest() (review.Case, error) {
	f, ok := o.t.n.cases[o.id]
	if !ok {
		return review.Case{}, errNotFound
	}
	return f.fold, nil
}

func (o *owing) Stored(alert string, version int) (e deliver.Entry, err error) {
	subject := subjectOf(alert, version)
	err = o.t.ask(func() (err error) { e, err = o.t.n.w.log.alert(subject); return err })
	if hub.KindOf(err) == hub.NotFound {
		err = o.t.ask(func() (err error) { e, err = o.t.n.w.log.alert(subject + buried); return err })
	}
	return e, err
}

func (o *owing) Append(c review.Case, version int) (deliver.Entry, error) {
	n, r := o.t.n, o.t.n.w.roster
	a := hub.Alert{
		Number: n.head.number + 1, Previous: n.head.digest, ID: c.AlertID(o.stage), Version: version, Stage: o.stage,
		Published: n.wall().Truncate(time.Millisecond), TLP: hub.TLPAmber, Severity: hub.High,
	}
	var draft hub.Digest
	if c.Phase(o.stage) == review.Releasing {
		ok, err := c.Approved(o.stage, r)
		if err != nil {
			return deliver.Entry{}, err
		}
		a.Kind, draft = ok.Kind(), ok.Digest()
	} else {
		back, err := c.TakenBack(o.stage, r)
		if err != nil {
			return deliver.Entry{}, err
		}
		a.Kind = back.Kind()
	}
	bundle, err := json.Marshal(a)
	if err != nil {
		return deliver.Entry{}, err
	}
	a.Digest = hub.Sum(bundle)
	e := deliver.Entry{Alert: a, Bundle: bundle, Signature: ed25519.Sign(alertKey, bundle)}
	err = o.t.store(subjectOf(a.ID, version), e)
	if err == nil {
		n.head.number, n.head.digest = a.Number, a.Digest
	}
	n.w.of[a.Digest] = draft
	return e, err
}

// store puts an entry at the end of the alert log as the node knows it.
func (t *task) store(subject string, e deliver.Entry) error {
	n := t.n
	var seq uint64
	err := t.ask(func() (err error) { seq, err = n.w.log.appendAlert(n.head.seq, subject, e); return err })
	if hub.KindOf(err) == hub.Conflict {
		var last uint64
		if t.ask(func() error { last = n.w.log.lastAlert(); return nil }) == nil {
			_ = t.ask(func() error { n.readHead(last); return nil })
		}
		return err
	}
	if err == nil {
		n.head.seq = seq
	}
	return err
}

// readHead finds the end of the alert log, which was at last a moment ago.
func (n *node) readHead(last uint64) {
	n.head.seq = last
	for _, a := range n.w.log.alerts {
		if a.entry.Number > n.head.number {
			n.head.number, n.head.digest = a.entry.Number, a.entry.Digest
		}
	}
}

func (o *owing) Erase(back review.TakenBack) error {
	for version := 1; version < back.Version(); version++ {
		err := o.bury(subjectOf(back.Alert().ID, version), back.Reason())
		if err != nil {
			return err
		}
	}
	return nil
}

// bury puts a tombstone in the place of one version.
func (o *owing) bury(subject, reason string) error {
	log := o.t.n.w.log
	var old deliver.Entry
	err := o.t.ask(func() (err error) { old, err = log.alert(subject); return err })
	if hub.KindOf(err) == hub.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	err = o.t.ask(func() error { _, err := log.alert(subject + buried); return err })
	if hub.KindOf(err) == hub.NotFound {
		stone := deliver.Entry{Alert: old.Alert, Reason: reason}
		stone.Kind = hub.Recalled
		err = o.t.store(subject+buried, stone)
	}
	if err != nil {
		return err
	}
	return o.t.ask(func() error { log.eraseAlert(subject); return nil })
}

func (o *owing) Send(e deliver.Entry) error {
	return o.t.ask(func() error { o.t.n.w.sent = append(o.t.n.w.sent, e.Alert); return nil })
}

var alertKey = keyOf("the hub's alerts")
