package profile

import (
	"fmt"
	"slices"

	"isac/hub"
)

// Attribute is something public about an organisation by which a cell may describe
// its members: region, size, kind.
type Attribute struct {
	// ID names it: lower case letters, digits and hyphens.
	ID string `toml:"id"`
	// Column is the column of the sector list: "region", "band", "kind",
	// "functions" or "owner_class".
	Column string `toml:"column"`
	// Weight is how much readers gain by it, 1 for the most.
	Weight float64 `toml:"weight"`
	// Levels go from coarse to fine. Each group of a finer level lies in one group
	// of the level before.
	Levels []Level `toml:"levels"`
}

// Level is one way to divide an attribute.
type Level struct {
	Groups []Group `toml:"groups"`
}

// Group is one part of a level.
type Group struct {
	// ID names it within the attribute.
	ID string `toml:"id"`
	// Label is what people read. An alert with the name of one prefecture in it never
	// passes the gate, so a label holds none.
	Label hub.Text `toml:"label"`
	// Values are those of the column that belong to it. Where a row has several (of
	// functions), the first group that has any of them counts.
	Values []string `toml:"values"`
	// Rest says that it takes every row that no group before it takes.
	Rest bool `toml:"rest"`
}

// columns are what an attribute may read.
var columns = map[string]func(hub.Organisation) []string{
	"region":      func(o hub.Organisation) []string { return []string{o.Region} },
	"band":        func(o hub.Organisation) []string { return []string{o.Band} },
	"kind":        func(o hub.Organisation) []string { return []string{o.OrgKind} },
	"functions":   func(o hub.Organisation) []string { return o.Functions },
	"owner_class": func(o hub.Organisation) []string { return []string{o.OwnerClass} },
}

// GroupsOf returns the group of an organisation at each level, from coarse to fine,
// "" where it is in none.
func (a Attribute) GroupsOf(o hub.Organisation) []string {
	read, ok := columns[a.Column]
	if !ok {
		return nil
	}
	values := read(o)
	out := make([]string, len(a.Levels))
	for i, l := range a.Levels {
		for _, g := range l.Groups {
			if g.Rest || slices.ContainsFunc(values, func(v string) bool { return slices.Contains(g.Values, v) }) {
				out[i] = g.ID
				break
			}
		}
	}
	return out
}

// Label returns what people read for a group of the attribute.
func (a Attribute) Label(group string) hub.Text {
	for _, l := range a.Levels {
		for _, g := range l.Groups {
			if g.ID == group {
				return g.Label
			}
		}
	}
	return hub.Text{}
}

// checkAttributes returns the first thing wrong with the attributes.
func (p *Profile) checkAttributes() error {
	seen := map[string]bool{}
	for _, a := range p.Attributes {
		switch {
		case !isID(a.ID) || seen[a.ID]:
			return fmt.Errorf("attributes %q: want lower case letters, digits and hyphens, once", a.ID)
		case columns[a.Column] == nil:
			return fmt.Errorf("attributes %s: column: want region, band, kind, functions or owner_class", a.ID)
		case a.Weight <= 0 || a.Weight > 1:
			return fmt.Errorf("attributes %s: weight: want above 0, at most 1", a.ID)
		case len(a.Levels) == 0:
			return fmt.Errorf("attributes %s: want a level", a.ID)
		}
		seen[a.ID] = true
		err := a.checkLevels()
		if err != nil {
			return fmt.Errorf("attributes %s: %w", a.ID, err)
		}
	}
	return nil
}

func (a Attribute) checkLevels() error {
	seen := map[string]bool{}
	for _, l := range a.Levels {
		for _, g := range l.Groups {
			if !isID(g.ID) || seen[g.ID] || g.Label.JA == "" || g.Label.EN == "" || len(g.Values) == 0 && !g.Rest {
				return fmt.Errorf("group %q: want an id of its own, a label in both languages, and values or rest", g.ID)
			}
			seen[g.ID] = true
		}
	}
	return nil
}
