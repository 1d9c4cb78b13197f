package review

import (
	"cmp"
	"errors"
	"io"
	"slices"
	"time"

	"isac/hub"
)

// Emergency calls two people to decide on a flash now: a moderator on call and a
// duty officer, of different organisations. Everything else stays as it is:
// consent, signatures over the digest, the gate. What goes out this way is
// reviewed by two drawn moderators afterwards. Where neither is named the hub takes
// two who can be called, by lot.
type Emergency struct {
	Digest    hub.Digest // of the flash draft that it is about
	Reason    string     // of EmergencyReasons
	Caller    string     // a duty officer or somebody of the secretariat
	Moderator string
	Officer   string
}

type called struct {
	Reason string  `json:"reason"`
	Caller string  `json:"caller"`
	Seats  [2]Seat `json:"seats"`
}

func (*called) kind() Kind { return KindCalled }

// Call gives the two people their review ids. Nobody with a hard conflict can be
// called; a soft one is recorded. Somebody who was drawn leaves that seat. Why two
// can't be called isn't told: it would tell the caller who is near the reporter.
func (c *Case) Call(now time.Time, in Emergency, r Roster, random io.Reader) ([]Event, error) {
	t, _, err := c.in(hub.Flash, KindCalled)
	if err != nil {
		return nil, err
	}
	caller, err := active(r, in.Caller)
	if err != nil {
		return nil, err
	}
	if !holds(caller, []hub.Role{hub.DutyOfficer, hub.Secretariat}) {
		return nil, hub.E(hub.Forbidden, "error.forbidden")
	}
	if t.digest != in.Digest {
		return nil, hub.E(hub.Conflict, "review.draft-changed")
	}
	if !slices.Contains(EmergencyReasons(), in.Reason) {
		return nil, hub.E(hub.Invalid, "review.unknown-reason")
	}
	if t.emergency != "" {
		return nil, hub.E(hub.Conflict, "review.already-called")
	}
	pairs := []Emergency{in}
	if in.Moderator == "" && in.Officer == "" {
		pairs, err = c.onDuty(in, r, random)
	} else if ofOne(r, in.Moderator, in.Officer) {
		err = hub.E(hub.Forbidden, "review.two-organisations") // before any look at the reporter
	}
	if err != nil {
		return nil, err
	}
	for _, pair := range pairs {
		out, err := c.callBoth(now, pair, r, random)
		if err != nil || out != nil {
			return out, err
		}
	}
	return nil, hub.E(hub.Forbidden, "review.cannot-be-called")
}

// ofOne reports whether two people are of one organisation.
func ofOne(r Roster, a, b string) bool {
	one, errA := active(r, a)
	two, errB := active(r, b)
	return errA == nil && errB == nil && one.Org == two.Org
}

// callBoth gives the events of a call, none where the two can't be called.
func (c *Case) callBoth(now time.Time, in Emergency, r Roster, random io.Reader) ([]Event, error) {
	var list []body
	call := &called{Reason: in.Reason, Caller: in.Caller}
	for i, who := range []struct {
		id   string
		duty hub.Role
	}{{in.Moderator, hub.Moderator}, {in.Officer, hub.DutyOfficer}} {
		p, near, ok := c.callable(who.id, who.duty, r)
		if !ok {
			return nil, nil
		}
		id, err := newReview(random)
		if err != nil {
			return nil, err
		}
		call.Seats[i] = Seat{Review: id, Person: p.ID, Org: p.Org, Soft: near == soft, Duty: who.duty, State: Open, Time: instant(now)}
		for _, s := range c.flash.seats {
			if s.Person == who.id && s.live() {
				list = append(list, &recused{s.Review, "called"})
			}
		}
	}
	out, err := events(now, hub.Flash, append(list, call)...)
	if err != nil {
		return nil, err
	}
	if call.Seats[0].Org == call.Seats[1].Org || c.clone().Apply(out...) != nil { // an organisation that holds a drawn seat
		return nil, nil
	}
	return out, nil
}

// callable reports whether a person can be called for a duty, and how near they are.
func (c *Case) callable(person string, duty hub.Role, r Roster) (hub.Person, conflict, bool) {
	p, err := active(r, person)
	if err != nil || !p.Has(duty) {
		return p, hard, false
	}
	near := conflictOf(r, c.member, p.Org)
	return p, near, near != hard
}

// onDuty returns the pairs that may be called, in random order, those without any
// conflict first. The hub's own people moderate nothing.
func (c *Case) onDuty(in Emergency, r Roster, random io.Reader) ([]Emergency, error) {
	people := slices.Clone(r.People())
	slices.SortFunc(people, func(a, b hub.Person) int { return cmp.Compare(a.ID, b.ID) })
	err := shuffle(people, random)
	if err != nil {
		return nil, err
	}
	var pairs []Emergency
	softs := map[Emergency]int{}
	for _, m := range people {
		_, nearM, ok := c.callable(m.ID, hub.Moderator, r)
		if !ok || m.Org == Hub {
			continue
		}
		for _, o := range people {
			_, nearO, ok := c.callable(o.ID, hub.DutyOfficer, r)
			if !ok || o.Org == m.Org {
				continue
			}
			in.Moderator, in.Officer = m.ID, o.ID
			pairs = append(pairs, in)
			softs[in] = int(nearM) + int(nearO)
		}
	}
	slices.SortStableFunc(pairs, func(a, b Emergency) int { return cmp.Compare(softs[a], softs[b]) })
	return pairs, nil
}

func (b *called) fold(c *Case, t *track, _ Event) error {
	if b.Seats[0].Duty != hub.Moderator || b.Seats[1].Duty != hub.DutyOfficer || t != &c.flash {
		return errors.New("want a moderator and a duty officer for a flash")
	}
	t.emergency = b.Reason
	for _, s := range b.Seats {
		err := c.seat(t, s)
		if err != nil {
			return err
		}
	}
	return nil
}
