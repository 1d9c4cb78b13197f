package notify

import (
	"context"
	"fmt"
	"slices"

	"isac/hub"
)

// mostProducts is how many product families one person may list.
const mostProducts = 200

// SetProducts keeps which product families a person says she runs. They are sealed with
// how she wants to be told, belong to her alone, and nothing else is made of them: neither
// a cell nor a figure, nor anything that another person sees.
func (n *Notifier) SetProducts(ctx context.Context, person string, products []string) error {
	products = slices.Compact(slices.Sorted(slices.Values(products)))
	if len(products) > mostProducts {
		return hub.E(hub.TooLarge, "advisory.too-many-products", fmt.Sprint(mostProducts))
	}
	var known []string
	if n.Families != nil {
		known = n.Families()
	}
	for _, p := range products {
		if !slices.Contains(known, p) {
			return hub.E(hub.Invalid, "advisory.unknown-product", p)
		}
	}
	return n.change(ctx, person, func(s *Settings) error {
		s.Products = products
		return nil
	})
}

// yours reports whether an entry is an advisory on something that a person says she runs.
func (n *Notifier) yours(ctx context.Context, s Settings, a hub.Alert) (bool, error) {
	if a.Stage != hub.Advisory || len(s.Products) == 0 {
		return false, nil
	}
	names, err := n.Public.NamesOf(ctx, a.Number)
	if err != nil {
		return false, err
	}
	for _, name := range names {
		if name.Class == string(hub.Product) && slices.Contains(s.Products, name.Value) {
			return true, nil
		}
	}
	return false, nil
}
