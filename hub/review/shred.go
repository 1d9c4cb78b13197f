package review

import (
	"time"

	"isac/hub"
)

type (
	kept struct {
		Person string    `json:"person"`
		Until  time.Time `json:"until"`
	}
	shredded struct{}
)

func (*kept) kind() Kind     { return KindKept }
func (*shredded) kind() Kind { return KindShredded }

// maxKept is the longest time for which a case may be kept beyond its retention.
const maxKept = 366 * 24 * time.Hour

// Keep puts off the shredding on request: of a reporter's person, or of the
// secretariat (a law asks for it, say).
func (c *Case) Keep(now, until time.Time, person string, r Roster) ([]Event, error) {
	p, err := active(r, person)
	if err != nil {
		return nil, err
	}
	if c.member == "" || !p.Has(hub.Secretariat) && (p.Org != c.member || !p.Has(hub.Reporter)) {
		return nil, hub.E(hub.NotFound, "review.not-found")
	}
	if c.outline.Shredded {
		return nil, hub.E(hub.Gone, "review.shredded")
	}
	if until.Before(now) || until.Sub(now) > maxKept {
		return nil, hub.E(hub.Invalid, "review.keep-too-long")
	}
	return events(now, "", &kept{person, instant(until)})
}

// Shred ends the case: after this event the caller destroys its key. It is refused
// before its time and while an entry of the log is owed.
func (c *Case) Shred(now time.Time, k Clocks) ([]Event, error) {
	if c.outline.Shredded {
		return nil, nil
	}
	for _, d := range c.Due(now, k) {
		if d.Kind == ShredCase {
			return events(now, "", &shredded{})
		}
	}
	return nil, hub.E(hub.Conflict, "review.too-early")
}

func (b *kept) fold(c *Case, _ *track, _ Event) error {
	c.kept = b.Until
	return nil
}

func (*shredded) fold(c *Case, _ *track, _ Event) error { return nil }
