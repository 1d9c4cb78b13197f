package conveyor_test

import (
	"bytes"
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/vocab"
	"isac/internal/hubtest"
)

// TestNewerAttackWhileTheHubRuns: what was consented to before an import goes out as it was
// signed, though its technique has been revoked since; what comes afterwards may name a
// technique that the program didn't know.
func TestNewerAttackWhileTheHubRuns(t *testing.T) {
	h := hubtest.Start(t, 24)
	reporter := h.Person(0, hub.Reporter)
	var moderators []hubtest.Person
	for _, i := range h.Apart(0, 3) {
		moderators = append(moderators, h.Person(i, hub.Moderator))
	}
	_, _, err := h.Dial(0).Report(t.Context(), hubtest.Bundle(h.Members[0], "one", "1", attacker))
	if err != nil {
		t.Fatal(err)
	}
	c := h.Consent(reporter, h.Case(reporter, 1))
	newer := vocab.Attack{
		Version: "19.0", Revoked: map[string]string{"T1486": "T9001"},
		Techniques: []vocab.Technique{{ID: "T9001", Name: "Lock Everything", Tactics: []string{"impact"}}, {ID: "T9002", Name: "Walk Through Walls", Tactics: []string{"lateral-movement"}}},
	}
	if err := h.Roster.SetAttack(t.Context(), newer); err != nil {
		t.Fatal(err)
	}
	h.Approve(reporter, c.Case, moderators...)
	for _, e := range entries(t, h, 2) {
		if text := string(e.Bundle); !strings.Contains(text, "T1486") || strings.Contains(text, "T9002") {
			t.Errorf("the %s that was consented to before isn't as it was signed", e.Stage)
		}
	}

	later := h.Members[1]
	reporter = h.Person(1, hub.Reporter)
	for _, i := range h.Apart(1, 3) {
		moderators = append(moderators, h.Person(i, hub.Moderator))
	}
	report := bytes.ReplaceAll(hubtest.Bundle(later, "two", "1", "203.0.113.98"), []byte("T1486"), []byte("T9002"))
	if _, _, err := h.Dial(1).Report(t.Context(), report); err != nil {
		t.Fatal(err)
	}
	h.Approve(reporter, h.Consent(reporter, h.Case(reporter, 1)).Case, moderators...)
	for _, e := range entries(t, h, 4)[2:] {
		if text := string(e.Bundle); !strings.Contains(text, "Walk Through Walls") || strings.Contains(text, "T1486") {
			t.Errorf("the %s that was drafted afterwards doesn't know the newer techniques", e.Stage)
		}
	}
}
