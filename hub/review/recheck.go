package review

import (
	"time"

	"isac/hub"
)

// Recheck compares a case with a roster that may have changed: somebody left, was
// found to be in conflict, or a member changed its joining terms. Seats that no
// longer fit become free, standing consent that no longer stands is asked for.
// Without changes there are no events.
func (c *Case) Recheck(now time.Time, r Roster) ([]Event, error) {
	var out []Event
	if c.outline.Shredded {
		return nil, nil
	}
	for _, s := range []hub.Stage{hub.Flash, hub.Full} {
		list, err := c.recheck(now, s, r)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

func (c *Case) recheck(now time.Time, s hub.Stage, r Roster) ([]Event, error) {
	t, phase := c.track(s), c.Phase(s)
	if t.consent != nil && can(KindConsentAsked, phase) && c.checkConsent(s, *t.consent, r) != nil {
		return events(now, s, &consentAsked{})
	}
	if !can(KindRecused, phase) {
		return nil, nil
	}
	var list []body
	for _, seat := range t.seats {
		_, ok := seat.fit(r, c.member)
		if seat.State != Recused && !ok {
			list = append(list, &recused{seat.Review, "left"})
		}
	}
	if len(list) == 0 {
		return nil, nil
	}
	return c.stepAside(now, s, list)
}
