package review

import "isac/hub"

// conflict is how near an organisation stands to the one that reported.
type conflict int

const (
	none conflict = iota
	soft          // same municipality, or same named vendor
	hard          // the same organisation, or the same operator
)

// conflictOf compares an organisation with the reporter's. What isn't on the
// sector list is taken for a hard conflict, but for the hub's own people.
func conflictOf(r Roster, reporter, org string) conflict {
	if org == Hub {
		return none
	}
	a, okA := r.Organisation(reporter)
	b, okB := r.Organisation(org)
	switch {
	case reporter == Hub && okB:
		return none // nobody reported what was made of released alerts
	case !okA || !okB || a.ID == b.ID || reporter == org:
		return hard
	case same(a.Operator, b.Operator):
		return hard
	case same(a.Vendor, b.Vendor):
		return soft
	case same(a.Municipality, b.Municipality) && a.Prefecture == b.Prefecture:
		return soft
	}
	return none
}

func same(a, b string) bool { return a != "" && a == b }

// fit reports whether a seat may count: its person is on the roster, holds the
// role, still belongs to the organisation that was drawn, and the conflict is
// none, or soft and recorded.
func (s Seat) fit(r Roster, reporter string) (hub.Person, bool) {
	p, err := active(r, s.Person)
	if err != nil || p.Org != s.Org || !p.Has(s.role()) {
		return hub.Person{}, false
	}
	c := conflictOf(r, reporter, s.Org)
	return p, c == none || c == soft && s.Soft
}
