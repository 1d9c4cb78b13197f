package cells_test

import (
	"testing"

	"isac/hub/cells"
	"isac/hub/profile"
)

// BenchmarkTold is what a draft pays, beside five years of versions.
func BenchmarkTold(b *testing.B) {
	p := profile.HealthcareJP()
	members := sector(1500)
	rules := cells.Rules{K: p.K, Spread: p.Spread, Attributes: p.Attributes}
	var h cells.History
	for range 15 {
		var err error
		h, err = h.Next(members, rules)
		if err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		h.Told(members[7].ID, members, rules)
	}
}
