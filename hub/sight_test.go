package hub_test

import (
	"slices"
	"testing"

	"isac/hub"
)

func TestSight(t *testing.T) {
	for edition, want := range map[hub.TLP]int{hub.TLPGreen: 2, hub.TLPClear: 1, hub.TLPAmber: 1, "": 1} {
		for _, who := range []hub.Person{{Org: "hub", Roles: []hub.Role{hub.RelayPartner}, Partner: &hub.Partner{Edition: edition}}, {Org: "hub", Roles: []hub.Role{hub.RelayPartner, hub.Secretariat}, Partner: &hub.Partner{Edition: edition}}} {
			if sees := who.Sees(true); len(sees) != want || slices.Contains(sees, hub.TLPGreen) != (want == 2) || who.OnlyClear() != (want == 1) {
				t.Errorf("a partner of the edition %q sees %v", edition, sees)
			}
		}
	}
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
