package hub_test

import (
	"slices"
	"testing"

	"isac/hub"
)

func TestSight(t *testing.T) {
	for _, c := range []struct {
		who    hub.Person
		member bool
		amber  bool
	}{
		{hub.Person{Org: "A", Roles: []hub.Role{hub.Reader}}, true, true},
		{hub.Person{Org: "A", Roles: []hub.Role{hub.Reader}}, false, false},
		{hub.Person{Org: "A", Roles: []hub.Role{hub.Secretariat}}, false, false},
		{hub.Person{Org: "hub", Roles: []hub.Role{hub.Secretariat}}, false, true},
		{hub.Person{Org: "hub", Roles: []hub.Role{hub.Helper}}, false, false},
		{hub.Person{Org: "hub", Roles: []hub.Role{hub.Helper, hub.DutyOfficer}}, false, true},
	} {
		sees := c.who.Sees(c.member)
		if slices.Contains(sees, hub.TLPAmber) != c.amber || slices.Contains(sees, hub.TLPAmberStrict) != c.amber || slices.Contains(sees, hub.TLPRed) || !slices.Contains(sees, hub.TLPGreen) {
			t.Errorf("%v of %s, member %v: %v", c.who.Roles, c.who.Org, c.member, sees)
		}
	}
}
