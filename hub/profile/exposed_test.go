package profile_test

import (
	"testing"

	"isac/hub"
	"isac/hub/profile"
)

// TestRareProductsAreNotNamed: a product is named where at least k members can be
// expected to show it; what no scan shows always is.
func TestRareProductsAreNotNamed(t *testing.T) {
	p := profile.HealthcareJP()
	for _, c := range []struct {
		product string
		members int
		named   bool
	}{
		{"fortinet-fortios", 50, true},
		{"fortinet-fortios", 49, false},
		{"microsoft-exchange", 200, false},
		{"microsoft-exchange", 999, false},
		{"microsoft-exchange", 1000, true},
		{"microsoft-exchange", 0, true},
		{"active-directory", 20, true},
	} {
		if got := p.Named(c.product, c.members); got != c.named {
			t.Errorf("%s among %d members: named is %v", c.product, c.members, got)
		}
	}
	for _, id := range p.Exposed.Listed() {
		if !p.IsOutside(hub.Fact{Class: hub.Product, Value: id}) || !p.Named(id, 8182) {
			t.Errorf("%s: not outside, or not named in the whole sector", id)
		}
	}
	if !p.IsOutside(hub.Fact{Class: hub.Product, Value: p.Exposed.Class}) {
		t.Error("a cell could be named beside the class")
	}
}
