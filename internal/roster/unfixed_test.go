package roster_test

import (
	"slices"
	"testing"

	"isac/hub/vocab"
	"isac/internal/natsbus"
)

// TestListsOfVulnerabilitiesLast: each replaces the one before it, and a roster opened
// later reads the newest.
func TestListsOfVulnerabilitiesLast(t *testing.T) {
	bus, err := natsbus.Start(t.Context(), natsbus.Options{Dir: t.TempDir(), Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer bus.Close()
	r := open(t, bus)
	for _, cves := range [][]string{{"CVE-2026-10001", "CVE-2026-10002"}, {"CVE-2026-10002"}, {}} {
		if err := r.SetUnfixed(t.Context(), cves); err != nil {
			t.Fatal(err)
		}
		if err := r.SetExploited(t.Context(), vocab.Exploited{Version: "v", CVEs: cves}); err != nil {
			t.Fatal(err)
		}
		again := open(t, bus)
		if !slices.Equal(again.Unfixed(), cves) || !slices.Equal(again.Exploited().CVEs, cves) {
			t.Errorf("want %v, have %v and %v", cves, again.Unfixed(), again.Exploited().CVEs)
		}
	}
}
