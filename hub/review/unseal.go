package review

import (
	"errors"
	"slices"
	"time"

	"isac/hub"
)

// Unsealed is the trace of an original report that a case officer opened, for its
// reporter.
type Unsealed struct {
	Time   time.Time `json:"time"`
	Reason string    `json:"reason"` // of UnsealReasons
}

type unsealed struct {
	By     Signed     `json:"by"`
	Org    string     `json:"org"`
	Reason string     `json:"reason"`
	Report hub.Digest `json:"report"` // of the version that was opened
}

func (*unsealed) kind() Kind { return KindUnsealed }

// UnsealReasons are why a case officer opens an original: the reporter asked for it,
// the machine could not read or clear it, or a law wants it.
func UnsealReasons() []string {
	return []string{"reporter-called", "unreadable", "gate-failed", "legal"}
}

// Original is the digest of the newest report, which a case officer signs to open it.
func (c *Case) Original() hub.Digest {
	if len(c.reports) == 0 {
		return hub.Digest{}
	}
	return c.reports[len(c.reports)-1].Digest
}

// OriginalNumber is the number of the newest report's receipt.
func (c *Case) OriginalNumber() string {
	if len(c.reports) == 0 {
		return ""
	}
	return c.reports[len(c.reports)-1].Number
}

// Unseal records that a case officer opens the original, and why, by a signature over
// its digest. Who has a seat in the review, or had one, opens nothing of the case; and
// who has opened it gets none, nor does anybody of that organisation.
func (c *Case) Unseal(now time.Time, reason string, digest hub.Digest, by Signed, r Roster) ([]Event, error) {
	p, err := active(r, by.Person)
	if err != nil {
		return nil, err
	}
	err = c.mayUnseal(p)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(UnsealReasons(), reason) {
		return nil, hub.E(hub.Invalid, "review.unknown-reason")
	}
	if digest.IsZero() || digest != c.Original() {
		return nil, hub.E(hub.Conflict, "review.original-changed")
	}
	err = by.check(p, ToOpenOriginal, digest)
	if err != nil {
		return nil, err
	}
	return events(now, "", &unsealed{by, p.Org, reason, digest})
}

// MayUnseal reports, by its error, whether a person may open the original.
func (c *Case) MayUnseal(person string, r Roster) error {
	p, err := active(r, person)
	if err != nil {
		return err
	}
	return c.mayUnseal(p)
}

func (c *Case) mayUnseal(p hub.Person) error {
	switch {
	case !p.Has(hub.CaseOfficer):
		return hub.E(hub.Forbidden, "error.forbidden")
	case c.outline.Shredded:
		return hub.E(hub.Gone, "review.shredded")
	case c.member == "" || c.several():
		return hub.E(hub.NotFound, "review.not-found")
	case slices.ContainsFunc(slices.Concat(c.flash.seats, c.full.seats), func(s Seat) bool { return one(s.Person, s.Org, p.ID, p.Org) }):
		return hub.E(hub.Forbidden, "review.moderates-it")
	}
	return nil
}

// opened reports whether a person, or somebody of the same organisation, has opened the
// original.
func (c *Case) opened(person, org string) bool {
	return slices.ContainsFunc(c.unsealed, func(u unsealed) bool { return one(u.By.Person, u.Org, person, org) })
}

// one reports whether two people are one, or of one organisation other than the hub.
func one(person, org, other, of string) bool { return person == other || org == of && org != Hub }

func (b *unsealed) fold(c *Case, _ *track, e Event) error {
	if b.By.Person == "" || b.Org == "" || b.Report != c.Original() || b.Report.IsZero() {
		return errors.New("nobody, or another report")
	}
	c.unsealed = append(c.unsealed, *b)
	c.traces = append(c.traces, Unsealed{e.Time, b.Reason})
	return nil
}
