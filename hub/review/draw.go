package review

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"isac/hub"
)

type drawn struct {
	Seat Seat `json:"seat"`
}

func (*drawn) kind() Kind { return KindDrawn }

// Draw fills the drawn seats of a stage up to `want` different organisations, 2 at
// least. It draws nobody of the reporter's organisation or operator, nobody of an
// organisation that proposed what is reviewed or that opened the original, nobody who has had a seat of the stage, and nobody of an organisation that has one or that
// stepped aside for a conflict. Organisations with a soft conflict are drawn only while fewer
// than two others remain, and the seat says so. Where nobody is left the error is
// Unavailable; where nobody is needed there are no events. Random gives the order
// and the review ids.
func (c *Case) Draw(now time.Time, s hub.Stage, want int, r Roster, random io.Reader) ([]Event, error) {
	t, phase, err := c.in(s, KindDrawn)
	if err != nil {
		return nil, err
	}
	if phase == Released && t.owed.IsZero() {
		return nil, hub.E(hub.Conflict, "review.not-now")
	}
	need := max(want, 2) - t.liveOrgs()
	if need <= 0 {
		return nil, nil
	}
	pool, err := c.pool(t, r, random)
	if err != nil {
		return nil, err
	}
	var list []body
	for _, p := range pool[:min(need, len(pool))] {
		p.Review, err = newReview(random)
		if err != nil {
			return nil, err
		}
		p.State, p.Time = Open, instant(now)
		list = append(list, &drawn{p})
	}
	if len(list) == 0 {
		return nil, hub.E(hub.Unavailable, "review.nobody-left")
	}
	return events(now, s, list...)
}

// pool returns who may be drawn, in random order, those without any conflict
// first, one of each organisation.
func (c *Case) pool(t *track, r Roster, random io.Reader) ([]Seat, error) {
	var clean, near []Seat
	people := slices.Clone(r.People())
	slices.SortFunc(people, func(a, b hub.Person) int { return cmp.Compare(a.ID, b.ID) })
	err := shuffle(people, random)
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		if !drawable(p) || c.barred(t, p) || seated(clean, p.Org) || seated(near, p.Org) {
			continue
		}
		switch conflictOf(r, c.member, p.Org) {
		case none:
			clean = append(clean, Seat{Person: p.ID, Org: p.Org})
		case soft:
			near = append(near, Seat{Person: p.ID, Org: p.Org, Soft: true})
		}
	}
	remain := len(clean) + t.cleanOrgs()
	if remain >= 2 {
		return clean, nil
	}
	return append(clean, near[:min(len(near), 2-remain)]...), nil
}

// cleanOrgs counts filled seats without a conflict.
func (t *track) cleanOrgs() int {
	n := 0
	for _, s := range t.seats {
		if s.Duty == "" && s.live() && !s.Soft {
			n++
		}
	}
	return n
}

// barred reports whether a person can't be drawn because of the seats so far.
func (c *Case) barred(t *track, p hub.Person) bool {
	if c.proposed(p.Org) || c.opened(p.ID, p.Org) {
		return true
	}
	for _, s := range t.seats {
		if s.Person == p.ID || s.Org == p.Org && s.State != Recused {
			return true
		}
	}
	for _, s := range slices.Concat(c.flash.seats, c.full.seats) {
		if s.Org == p.Org && s.State == Recused && s.Reason == "conflict" {
			return true
		}
	}
	return false
}

// drawable reports whether a person moderates, and has something to sign with.
func drawable(p hub.Person) bool {
	return p.Has(hub.Moderator) && p.Org != Hub && canSign(p)
}

func seated(list []Seat, org string) bool {
	return slices.ContainsFunc(list, func(s Seat) bool { return s.Org == org })
}

// shuffle is Fisher and Yates's with given randomness.
func shuffle(people []hub.Person, random io.Reader) error {
	for i := len(people) - 1; i > 0; i-- {
		j, err := below(random, uint64(i)+1)
		if err != nil {
			return fmt.Errorf("shuffling moderators: %w", err)
		}
		people[i], people[j] = people[j], people[i]
	}
	return nil
}

func (b *drawn) fold(c *Case, t *track, _ Event) error {
	if b.Seat.Duty != "" {
		return errors.New("a drawn seat has no duty")
	}
	return c.seat(t, b.Seat)
}

// seat adds a seat, and refuses what no draw gives.
func (c *Case) seat(t *track, s Seat) error {
	switch {
	case len(s.Review) != 32 || s.Person == "" || s.Org == "" || s.State != Open:
		return errors.New("incomplete seat")
	case s.Org == c.member:
		return errors.New("a seat for the reporter")
	case c.opened(s.Person, s.Org):
		return errors.New("a seat for who has opened the original")
	case c.proposed(s.Org):
		return errors.New("a seat for who proposed it")
	case c.flash.seatAt(s.Review) >= 0 || c.full.seatAt(s.Review) >= 0:
		return errors.New("a review id twice")
	}
	for _, other := range t.seats {
		if other.live() && (other.Person == s.Person || other.Org == s.Org) {
			return errors.New("an organisation twice")
		}
	}
	t.seats = append(t.seats, s)
	return nil
}
