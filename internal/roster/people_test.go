package roster_test

import (
	"testing"

	"isac/hub"
	"isac/internal/hubtest"
	"isac/internal/roster"
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

// TestCodesAreReadAsTheyAreTyped: what looks alike on paper is one sign.
func TestCodesAreReadAsTheyAreTyped(t *testing.T) {
	for typed, want := range map[string]string{
		"k7qm-2xhd": "K7QM2XHD", " K7QM 2XHD ": "K7QM2XHD", "Ｋ７ｑｍ－２ＸＨＤ": "K7QM2XHD", "OIL-u": "011V", "日本": "",
	} {
		if got := roster.Plain(typed); got != want {
			t.Errorf("%q is read as %q, want %q", typed, got, want)
		}
	}
}

// TestCards: codes differ, end with the card and with the membership, and a new card
// ends the older.
func TestCards(t *testing.T) {
	h := hubtest.Start(t, 3)
	member := h.Members[0].ID
	for _, n := range []int{0, -1, 51} {
		if _, _, err := h.Roster.IssueCard(t.Context(), member, n, h.Now()); hub.KindOf(err) != hub.Invalid {
			t.Errorf("%d codes: %v", n, err)
		}
	}
	if _, _, err := h.Roster.IssueCard(t.Context(), "nobody", 1, h.Now()); hub.KindOf(err) != hub.NotFound {
		t.Errorf("a card for nobody: %v", err)
	}
	codes, expires, err := h.Roster.IssueCard(t.Context(), member, 50, h.Now())
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, c := range codes {
		if o, ok := h.Roster.HolderOf(c, h.Now()); !ok || o.ID != member || seen[c] || h.OnDisk(c) {
			t.Fatal("a code is nobody's, twice there, or stored as it is")
		}
		seen[c] = true
	}
	if _, ok := h.Roster.HolderOf(codes[0], expires); ok {
		t.Error("a code is good after its card has expired")
	}
	if _, _, err := h.Roster.IssueCard(t.Context(), member, 1, h.Now()); err != nil {
		t.Fatal(err)
	}
	if _, ok := h.Roster.HolderOf(codes[0], h.Now()); ok {
		t.Error("a code of the older card is good")
	}
	if n, err := h.Roster.RevokeCards(t.Context(), member); n != 1 || err != nil {
		t.Errorf("%d cards ended, %v", n, err)
	}
	if _, err := h.Roster.RevokeCards(t.Context(), member); hub.KindOf(err) != hub.NotFound {
		t.Errorf("ending no card: %v", err)
	}
}
