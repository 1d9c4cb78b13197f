package review

import (
	"errors"
	"io"
	"slices"
	"time"

	"isac/hub"
)

// Emergency calls two people to decide on a flash now: a moderator on call and a
// duty officer, of different organisations. Everything else stays as it is:
// consent, signatures over the digest, the gate. What goes out this way is
// reviewed by two drawn moderators afterwards.
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
// called; a soft one is recorded. Somebody who was drawn leaves that seat.
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
	var list []body
	call := &called{Reason: in.Reason, Caller: in.Caller}
	for i, who := range []struct {
		id   string
		duty hub.Role
	}{{in.Moderator, hub.Moderator}, {in.Officer, hub.DutyOfficer}} {
		call.Seats[i], err = c.dutySeat(now, who.id, who.duty, r, random)
		if err != nil {
			return nil, err
		}
		for _, s := range t.seats {
			if s.Person == who.id && s.live() {
				list = append(list, &recused{s.Review, "called"})
			}
		}
	}
	if call.Seats[0].Org == call.Seats[1].Org {
		return nil, hub.E(hub.Forbidden, "review.two-organisations")
	}
	out, err := events(now, hub.Flash, append(list, call)...)
	if err != nil {
		return nil, err
	}
	if c.clone().Apply(out...) != nil { // an organisation that holds a drawn seat
		return nil, hub.E(hub.Forbidden, "review.cannot-be-called")
	}
	return out, nil
}

func (c *Case) dutySeat(now time.Time, person string, duty hub.Role, r Roster, random io.Reader) (Seat, error) {
	p, err := active(r, person)
	if err != nil {
		return Seat{}, err
	}
	near := conflictOf(r, c.member, p.Org)
	if !p.Has(duty) || near == hard {
		return Seat{}, hub.E(hub.Forbidden, "review.cannot-be-called")
	}
	id, err := newReview(random)
	if err != nil {
		return Seat{}, err
	}
	return Seat{Review: id, Person: p.ID, Org: p.Org, Soft: near == soft, Duty: duty, State: Open, Time: instant(now)}, nil
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
