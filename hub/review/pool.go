package review

import (
	"fmt"

	"isac/hub"
)

// Drawable is how many moderators of different organisations a case of each member
// should find: two to approve, and two for those who step aside or don't answer.
const Drawable = 4

// Short returns those of the members whose case would find fewer moderators of
// different organisations than wanted, as things stand now. It draws nobody.
func Short(members []hub.Organisation, want int, r Roster) ([]hub.Organisation, error) {
	settled := still{r, r.People()}
	var out []hub.Organisation
	for _, m := range members {
		c := &Case{member: m.ID}
		pool, err := c.pool(&c.flash, settled, ones{})
		if err != nil {
			return nil, fmt.Errorf("looking for moderators: %w", err)
		}
		if len(pool) < want {
			out = append(out, m)
		}
	}
	return out, nil
}

// Moderators returns who may be drawn at all, of any organisation.
func Moderators(r Roster) []hub.Person {
	var out []hub.Person
	for _, p := range r.People() {
		if drawable(p) {
			out = append(out, p)
		}
	}
	return out
}

// still is a roster whose people are read once.
type still struct {
	Roster
	people []hub.Person
}

func (s still) People() []hub.Person { return s.people }

// ones stand in where the order doesn't matter: the largest number is never drawn anew.
type ones struct{}

func (ones) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 0xff
	}
	return len(p), nil
}
