package profile

import (
	"fmt"
	"slices"

	"isac/hub"
)

// Exposed are the products that a scan of the internet finds. Whoever scans all members
// finds nearly nobody who shows a rare one, so that its name is nearly the victim's.
// Where fewer than k members can be expected to show a product, it and its flaws are
// told as one class, whose alert lists all of these products for everybody to check.
type Exposed struct {
	// Class is the product that is told in place of a rare one.
	Class string `toml:"class"`
	// Shares are how many of a hundred organisations show each product: estimates, until
	// the sector has counted.
	Shares map[string]float64 `toml:"shares"`
}

// Named reports whether a product may be told by its name in a sector of so many
// members; 0 stands for a sector whose size isn't known, and names everything.
func (p *Profile) Named(product string, members int) bool {
	share, ok := p.Exposed.Shares[product]
	return !ok || members <= 0 || share*float64(members)/100 >= float64(p.K)
}

// Listed returns the products that the class stands for, in order.
func (e Exposed) Listed() []string {
	var out []string
	for id := range e.Shares {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}

func (p *Profile) checkExposed() error {
	e := p.Exposed
	if len(e.Shares) == 0 && e.Class == "" {
		return nil
	}
	if !isID(e.Class) {
		return fmt.Errorf("exposed: class: want a product")
	}
	for id, share := range e.Shares {
		switch {
		case !isID(id) || id == e.Class:
			return fmt.Errorf("exposed: shares of %q", id)
		case share <= 0 || share > 100:
			return fmt.Errorf("exposed: share of %q: want more than 0, at most 100", id)
		case !p.IsOutside(hub.Fact{Class: hub.Product, Value: id}):
			return fmt.Errorf("exposed: %q is none of what outside lists", id)
		}
	}
	return nil
}
