package simulation

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"isac/hub"
	"isac/hub/review"
)

// world is one schedule: all nodes, their log, and whoever has to do with them.
type world struct {
	roster *roster
	log    *journal
	nodes  []*node
	dice   *rand.Rand
	random *rand.ChaCha8
	now    time.Time
	calm   bool // the faults have ended

	made     []string                       // names that cases got
	receipts map[string]string              // receipt → incident, as answered
	decided  map[string][]string            // case → reviews whose approval was answered
	signed   map[hub.Digest]map[string]bool // draft → organisations that ever signed for it
	of       map[hub.Digest]hub.Digest      // entry → draft
	sent     []hub.Alert
	sends    map[string]int // incident → how often it was reported
	problem  string
	count    counts
	say      func(string, ...any)
}

// counts are figures of many schedules.
type counts struct{ steps, deaths, jumps, pairs, receipts, cases, alerts, recalls int }

func newWorld(seed uint64, m mutant) *world {
	w := &world{
		dice: rand.New(rand.NewPCG(seed, 7)), random: rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8), byte(seed >> 16), byte(seed >> 24)}), now: start,
		log:      &journal{cases: map[string][]message{}, links: map[string]string{}, mutant: m},
		receipts: map[string]string{}, decided: map[string][]string{}, signed: map[hub.Digest]map[string]bool{}, of: map[hub.Digest]hub.Digest{}, sends: map[string]int{},
	}
	w.roster = rosters[w.dice.IntN(2)]
	for i := range 2 + w.dice.IntN(2) {
		n := &node{w: w, name: string(rune('A' + i))}
		n.start()
		w.nodes = append(w.nodes, n)
	}
	return w
}

var rosters = [2]*roster{newRoster(true), newRoster(false)}

func (w *world) fail(format string, args ...any) {
	if w.problem == "" {
		w.problem = fmt.Sprintf(format, args...)
	}
}

func (w *world) tell(format string, args ...any) {
	if w.say != nil {
		w.say(format, args...)
	}
}

type fate int

const (
	answered fate = iota
	refused
	unanswered
)

// fate is what becomes of a question to the log.
func (w *world) fate(t *task) fate {
	w.count.steps++
	if w.calm {
		return answered
	}
	roll := w.dice.IntN(40)
	if t.doubt {
		t.doubt = false
		roll %= 2
	}
	switch roll {
	case 0:
		return refused
	case 1:
		return unanswered
	}
	return answered
}

// somebody picks a node that is up and not standing still, nil for none.
func (w *world) somebody() *node {
	n := w.nodes[w.dice.IntN(len(w.nodes))]
	if !n.up || n.frozen {
		return nil
	}
	return n
}

// happen lets one thing happen.
func (w *world) happen() {
	n := w.somebody()
	roll := w.dice.IntN(100)
	switch {
	case roll < 10:
		w.weather(roll)
	case n == nil:
	case roll < 13 && len(n.tasks) < 4:
		w.report(n)
	case roll < 18 && len(n.tasks) < 4:
		w.deliver(n)
	case roll < 42 && len(n.tasks) < 4:
		w.decide(n)
	case roll < 46 && len(n.tasks) < 4:
		n.clock()
	case roll < 56 && len(n.tasks) < 4:
		n.keepLease()
	case roll < 64 && len(w.made) > 0:
		n.hear(w.made[w.dice.IntN(len(w.made))])
	default:
		w.goOn(n)
	}
}

// goOn lets a node take one step of one of the things that it is about, now and then
// many.
func (w *world) goOn(n *node) {
	if len(n.tasks) == 0 {
		return
	}
	t := n.tasks[w.dice.IntN(len(n.tasks))]
	steps := 1
	if w.dice.IntN(3) == 0 {
		steps = 8
	}
	for range steps {
		if !n.advance(t) {
			return
		}
	}
}

// advance takes one step of a task and reports whether there are more.
func (n *node) advance(t *task) bool {
	_, more := t.next()
	if more {
		return true
	}
	for i, x := range n.tasks {
		if x == t {
			n.tasks = append(n.tasks[:i], n.tasks[i+1:]...)
		}
	}
	return false
}

// weather is what goes wrong.
func (w *world) weather(roll int) {
	n := w.nodes[w.dice.IntN(len(w.nodes))]
	switch {
	case !n.up:
		n.start()
		w.tell("%s starts", n.name)
	case n.frozen:
		n.frozen = false
		w.tell("%s goes on", n.name)
	case roll < 2:
		n.die()
		w.count.deaths++
		w.tell("%s dies", n.name)
	case roll < 4:
		for _, x := range w.nodes {
			if x.up && !x.frozen && x.lease.Held(x.since()) {
				n = x // what it believes is worth most
			}
		}
		n.frozen = true
		w.pass(leaseLife)
		w.tell("%s stands still", n.name)
	case roll < 5:
		n.skew = time.Duration(w.dice.IntN(1201)-600) * time.Minute
		w.count.jumps++
		w.tell("the clock of %s is %s off", n.name, n.skew)
	case roll < 6:
		w.log.crash()
		for _, n := range w.nodes {
			for _, t := range n.tasks {
				t.doubt = true
			}
		}
		w.tell("the log crashes")
	default:
		w.pass(time.Duration(1+w.dice.IntN(8)) * []time.Duration{time.Second, time.Second, time.Second, 15 * time.Minute}[w.dice.IntN(4)])
	}
}

// leaders counts the nodes that lead as far as they know.
func (w *world) leaders() int {
	leaders := 0
	for _, n := range w.nodes {
		if n.up && n.lease.Held(n.since()) {
			leaders++
		}
	}
	return leaders
}

// pass lets time go by, but not at machines that stand still.
func (w *world) pass(d time.Duration) {
	w.now = w.now.Add(d)
	for _, n := range w.nodes {
		if n.frozen {
			n.stood += d
		}
	}
}

// report has a member report one of two incidents, again until there is an answer.
func (w *world) report(n *node) {
	incident := "incident " + strconv.Itoa(w.dice.IntN(2))
	if w.sends[incident] > 2 {
		return
	}
	w.sends[incident]++
	d := &delivery{number: incident + " receipt " + strconv.Itoa(w.sends[incident]), incident: incident, member: "victim", version: 1, at: n.wall()}
	if w.sends[incident] == 3 {
		d.version = 2 // there is more to say by now
	}
	n.begin(func(t *task) {
		err := t.ask(func() error { w.log.intake = append(w.log.intake, d); return nil })
		if err == nil && t.ask(func() error { return nil }) == nil {
			w.receipts[d.number] = incident
			w.tell("%s: %s at %s", d.number, "answered", n.name)
		}
	})
}

// deliver gives a stored report to a node to make its case, whether another has it in
// hand or not.
func (w *world) deliver(n *node) {
	for _, i := range w.dice.Perm(len(w.log.intake)) {
		if d := w.log.intake[i]; !d.done {
			n.begin(func(t *task) { t.draft(d) })
			return
		}
	}
}

// draft makes the case of a report, or finds it made.
func (t *task) draft(d *delivery) {
	n, w := t.n, t.n.w
	var id string
	fresh := "case " + strconv.Itoa(len(w.made))
	w.made = append(w.made, fresh)
	err := t.ask(func() error { id = w.log.link(d.incident, fresh); return nil })
	if err == nil {
		err = t.ask(func() error { w.log.link(d.number, id); return nil })
	}
	if err == nil {
		_, err = t.update(id, func(c *change) error { return n.takeIn(c, d) })
	}
	if err == nil {
		_ = t.ask(func() error { d.done = true; return nil })
	}
}

// takeIn records a report and its drafts.
func (n *node) takeIn(c *change, d *delivery) error {
	text := []byte(d.incident + " as of version " + strconv.Itoa(d.version))
	events, err := c.fold.Receive(d.member, review.Report{Number: d.number, Digest: hub.Sum(text), Time: d.at})
	if err != nil || len(events) == 0 && c.fold.Outline().Flash != review.Empty {
		return err
	}
	err = c.do(events, nil)
	for _, s := range []hub.Stage{hub.Flash, hub.Full} {
		if err != nil {
			return err
		}
		draft := review.Draft{Bytes: append([]byte(string(s)+" of "), text...)}
		err = c.do(c.fold.TakeDraft(n.wall(), s, draft, n.w.roster, n.w.random))
		if hub.KindOf(err) == hub.Conflict {
			err = nil
		}
	}
	return err
}

// clock does what is due, if the node leads as far as it knows.
func (n *node) clock() {
	n.begin(func(t *task) {
		if !n.lease.Held(n.since()) {
			return
		}
		if n.w.leaders() > 1 {
			n.w.count.pairs++
		}
		for _, id := range n.order {
			t.attend(id)
		}
	})
}

// keepLease takes or keeps the lease, if it is to be had.
func (n *node) keepLease() {
	n.begin(func(t *task) {
		log := n.w.log
		asked := n.since()
		var seq uint64
		var holder string
		err := t.ask(func() error { seq, holder = log.lease.seq, log.lease.holder; return nil })
		if err != nil || !n.lease.Read(asked, seq, holder) {
			return
		}
		err = t.ask(func() error {
			if log.lease.seq != seq {
				return errConflict
			}
			log.seq++
			log.lease.seq, log.lease.holder = log.seq, n.name+string(rune('0'+n.lives%10))
			seq = log.lease.seq
			return nil
		})
		if err == nil {
			n.lease.Wrote(asked, seq)
		}
	})
}

// prepare lets some of a case's life pass without faults, so that they meet it at every
// age.
func (w *world) prepare() {
	w.calm = true
	defer func() { w.calm = false }()
	n := w.nodes[0]
	do := []func(){
		func() { w.report(n) },
		func() { w.deliver(n) },
		n.keepLease,
		n.clock,
		func() { w.decide(n) },
		n.clock,
	}
	for _, step := range do[:w.dice.IntN(len(do)+1)] {
		step()
		n.rest()
	}
	for range w.dice.IntN(12) {
		w.decide(n)
		n.rest()
		if w.dice.IntN(4) == 0 {
			w.pass(4 * hour)
			n.keepLease()
			n.rest()
			n.clock()
			n.rest()
		}
	}
}
