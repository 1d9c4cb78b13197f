package cells

import "isac/hub/profile"

// Value is what a fact says of the cell, "" where the profile has no words for it.
func (c Cell) Value(p *profile.Profile) string {
	groups := map[string]string{}
	for _, s := range c.Says {
		groups[s.Attribute] = s.Group
	}
	return p.Describe(groups)
}

// Told returns the cell of which something may be told of a member today: that of
// the newest version, if those of it who are members now are enough by themselves
// and beside every cell that was told before.
func (h History) Told(member string, now []Member, r Rules) (Cell, bool) {
	c, ok := h.Now().CellOf(member)
	active := byID(now)
	if _, in := active[member]; !ok || !in {
		return Cell{}, false
	}
	b := builder{h: h, r: r}
	return c, b.good(pick(c.Members, active))
}

// Standing is how a told cell of the newest version stands with the members of now.
type Standing struct {
	Cell   int    `json:"cell"`
	Margin Margin `json:"margin"` // of those in it who are members now
	Holds  bool   `json:"holds"`  // by itself and beside every cell told before
	// Beside is the first cell of an earlier version with which it has too few in
	// common, where it would hold by itself; Version 0 for none.
	Beside Beside `json:"beside,omitzero"`
	Next   Change `json:"next"` // what the next build does with it
}

// Beside is a cell of an earlier version, and what both have in common.
type Beside struct {
	Version int    `json:"version"`
	Cell    int    `json:"cell"`
	Margin  Margin `json:"margin"`
}

// Change is what becomes of a cell.
type Change string

// A cell stays, is told no more, or is divided further.
const (
	Stays   Change = "stays"
	Silent  Change = "silent"
	Divided Change = "divided"
)

// Check compares the newest version with the members of now: every told cell by
// itself, beside every told cell of every version, and what the next build makes of
// it. The error is of Next.
func (h History) Check(now []Member, r Rules) ([]Standing, error) {
	next, err := h.Next(now, r)
	if err != nil {
		return nil, err
	}
	out := []Standing{}
	active := byID(now)
	for _, c := range h.Now().Cells {
		if !c.told() {
			continue
		}
		set := pick(c.Members, active)
		s := Standing{Cell: c.Number, Margin: MarginOf(set), Next: Stays}
		s.Holds = s.Margin.Holds(r.K, r.Spread)
		if s.Holds {
			s.Beside, s.Holds = h.beside(set, r)
		}
		switch after := next.Now().Cells[c.Number-1]; {
		case after.Split != "":
			s.Next = Divided
		case after.Silent:
			s.Next = Silent
		}
		out = append(out, s)
	}
	return out, nil
}

// beside returns the first earlier cell with which a set has too few in common.
func (h History) beside(set []Member, r Rules) (Beside, bool) {
	for _, p := range h {
		n, w := against(p, set, r.K, r.Spread)
		if w != "" {
			common := pick(p.Cells[n-1].Members, byID(set))
			return Beside{p.Version, n, MarginOf(common)}, false
		}
	}
	return Beside{}, true
}
