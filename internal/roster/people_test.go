package roster_test

import (
	"testing"

	"isac/hub"
	"isac/internal/hubtest"
)

// TestSecretariatIsTheHubs: who may open drafts of all members is of no member.
func TestSecretariatIsTheHubs(t *testing.T) {
	h := hubtest.Start(t, 3)
	key := make([]byte, 32)
	before := len(h.Roster.People())
	_, _, err := h.Roster.AddPerson(t.Context(), h.Members[0].ID, []hub.Role{hub.Reporter, hub.Secretariat}, key)
	if hub.KindOf(err) != hub.Invalid || len(h.Roster.People()) != before {
		t.Errorf("a member's secretariat: %v, want invalid", err)
	}
	for org, role := range map[string]hub.Role{"hub": hub.Secretariat, h.Members[0].ID: hub.Reporter} {
		if _, _, err := h.Roster.AddPerson(t.Context(), org, []hub.Role{role}, key); err != nil {
			t.Errorf("%s of %s: %v", role, org, err)
		}
	}
}
