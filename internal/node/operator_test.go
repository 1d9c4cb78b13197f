package node_test

import (
	"os"
	"path/filepath"
	"testing"

	"isac/hub"
	"isac/internal/hubtest"
	"isac/internal/member"
)

// TestTheOperatorOfNATSIsReplaced takes the operator's key away from a stopped hub, as the
// runbook says: it makes another, members' credentials stay good, and who was shut out stays
// out.
func TestTheOperatorOfNATSIsReplaced(t *testing.T) {
	h := hubtest.Start(t, 24)
	good, bad := h.Credentials(1), h.Credentials(2)
	_, err := h.Roster.Revoke(t.Context(), h.Members[2].ID, h.Now())
	must(t, err)
	must(t, h.Close())
	operator := filepath.Join(h.Folder, "nats", "operator.nk")
	old, err := os.ReadFile(operator)
	must(t, err)
	must(t, os.Remove(operator))
	h.Open()
	if now, err := os.ReadFile(operator); err != nil || string(now) == string(old) {
		t.Fatalf("the operator is the old one: %v", err)
	}
	for file, kind := range map[string]hub.ErrorKind{good: "", bad: hub.Unsigned} {
		c, err := member.Read(file)
		must(t, err)
		conn, err := c.Dial(h.Bus.URL())
		if err == nil {
			_, _, err = conn.Report(t.Context(), hubtest.Bundle(h.Members[1], "one", "1", "203.0.113.7"))
			conn.Close()
		}
		if hub.KindOf(err) != kind {
			t.Errorf("%v, want %q", err, kind)
		}
	}
}
