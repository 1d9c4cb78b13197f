package simulation

import (
	"slices"

	"isac/hub"
	"isac/hub/review"
)

// decide has somebody do what the node shows them, now and then something else, and now
// and then twice.
func (w *world) decide(n *node) {
	if len(n.order) == 0 {
		return
	}
	id := n.order[w.dice.IntN(len(n.order))]
	c := n.cases[id].fold
	stage := []hub.Stage{hub.Flash, hub.Full}[w.dice.IntN(2)]
	_, digest := c.Draft(stage)
	if digest.IsZero() {
		return
	}
	times := 1 + w.dice.IntN(8)/7
	switch c.Phase(stage) {
	case review.Asking:
		w.ask(n, id, times, w.consent(stage, digest), nil)
	case review.Reviewing, review.Scheduled:
		w.moderate(n, id, c, stage, digest, times)
	case review.Returned:
		w.ask(n, id, times, func(n *node, c *review.Case) ([]review.Event, error) {
			return c.Answer(n.wall(), stage, "reporter", w.roster)
		}, nil)
	case review.Released:
		w.takeBack(n, id, c, stage, times)
	}
}

type command func(*node, *review.Case) ([]review.Event, error)

// ask sends a command, to this node and perhaps to another as well, and lets the node do
// what follows from it.
func (w *world) ask(n *node, id string, times int, do command, done func()) {
	for range times {
		n.begin(func(t *task) {
			_, err := t.update(id, func(c *change) error { return c.do(do(t.n, &c.fold)) })
			if err != nil {
				return
			}
			if t.ask(func() error { return nil }) == nil && done != nil {
				done()
			}
			t.attend(id)
		})
		if other := w.somebody(); other != nil {
			n = other
		}
	}
}

func (w *world) consent(s hub.Stage, digest hub.Digest) command {
	by := w.roster.sign("reporter", review.ToConsent, digest)
	return func(n *node, c *review.Case) ([]review.Event, error) {
		return c.Consent(n.wall(), s, digest, by, w.roster)
	}
}

// moderate has one who was drawn approve, or seldom send back or step aside.
func (w *world) moderate(n *node, id string, c review.Case, s hub.Stage, digest hub.Digest, times int) {
	seats := c.Seats(s)
	if len(seats) == 0 {
		return
	}
	seat := seats[w.dice.IntN(len(seats))]
	if open := slices.IndexFunc(seats, func(s review.Seat) bool { return s.State == review.Open }); open >= 0 && w.dice.IntN(2) == 0 {
		seat = seats[open]
	}
	switch roll := w.dice.IntN(24); {
	case roll == 0:
		w.ask(n, id, times, func(n *node, c *review.Case) ([]review.Event, error) {
			return c.Return(n.wall(), seat.Review, seat.Person, "unclear", nil, w.roster)
		}, nil)
	case roll == 1:
		w.ask(n, id, times, func(n *node, c *review.Case) ([]review.Event, error) {
			return c.Recuse(n.wall(), seat.Review, seat.Person, "no-time", w.roster)
		}, nil)
	default:
		w.approve(n, id, seat, digest, times)
	}
}

func (w *world) approve(n *node, id string, seat review.Seat, digest hub.Digest, times int) {
	by := w.roster.sign(seat.Person, review.ToApprove, digest)
	if w.signed[digest] == nil {
		w.signed[digest] = map[string]bool{}
	}
	w.signed[digest][seat.Org] = true
	vote := review.Vote{Review: seat.Review, Digest: digest, By: by}
	w.ask(n, id, times, func(n *node, c *review.Case) ([]review.Event, error) {
		return c.Approve(n.wall(), vote, w.roster, clocks, w.random)
	}, func() {
		w.tell("%s approves in %s", seat.Person, id)
		w.decided[id] = append(w.decided[id], seat.Review)
	})
}

// takeBack has the reporter withdraw what is out, or two people recall it; not often.
func (w *world) takeBack(n *node, id string, c review.Case, s hub.Stage, times int) {
	out, ok := c.Out(s)
	if !ok || w.dice.IntN(3) > 0 {
		return
	}
	d := out.Alert.Digest
	who, kind, purpose, reason := "reporter", hub.Withdrawn, review.ToWithdraw, "wrong"
	if w.dice.IntN(2) == 0 {
		who, kind, purpose, reason = []string{"sec", "mod-a", "mod-b"}[w.dice.IntN(3)], hub.Recalled, review.ToRecall, "leak"
	}
	by := w.roster.sign(who, purpose, d)
	w.ask(n, id, times, func(n *node, c *review.Case) ([]review.Event, error) {
		return c.TakeBack(n.wall(), s, kind, reason, by, w.roster)
	}, nil)
}

// settle ends the faults and lets all nodes do what they have to, until nothing more is
// to be expected.
func (w *world) settle() {
	w.calm = true
	for _, n := range w.nodes {
		if !n.up {
			n.start()
		}
		n.frozen, n.skew = false, 0
		n.rest()
	}
	for round := range 5 {
		w.pass(9 * hour)
		for _, n := range w.nodes {
			for slices.ContainsFunc(w.log.intake, func(d *delivery) bool { return !d.done }) && w.problem == "" {
				w.deliver(n)
				n.rest()
			}
			n.hearAll()
			n.keepLease()
			n.rest()
			if n.lease.Held(n.since()) {
				n.clock()
				n.rest()
			}
			if w.problem != "" {
				return
			}
		}
		if round > 0 && !w.waits() {
			break
		}
	}
	for _, n := range w.nodes {
		n.hearAll()
	}
}

// hearAll lets a node hear of all that others stored.
func (n *node) hearAll() {
	for _, id := range n.w.made {
		list := n.w.log.cases[id]
		for len(list) > 0 && n.w.problem == "" && (n.cases[id] == nil || n.cases[id].seq < list[len(list)-1].seq) {
			n.hear(id)
		}
	}
}

// rest lets a node finish what it is about.
func (n *node) rest() {
	for steps := 0; len(n.tasks) > 0; steps++ {
		n.advance(n.tasks[steps%len(n.tasks)])
		if steps > 100_000 {
			n.w.fail("a node doesn't come to rest")
			return
		}
	}
}

// waits reports whether some stage waits for its time or for the log.
func (w *world) waits() bool {
	for id := range w.log.cases {
		f, ok := w.nodes[0].cases[id]
		if !ok {
			return true
		}
		for _, s := range []hub.Stage{hub.Flash, hub.Full} {
			switch f.fold.Phase(s) {
			case review.Scheduled, review.Releasing, review.Withdrawing, review.Recalling:
				return true
			}
		}
	}
	return false
}
