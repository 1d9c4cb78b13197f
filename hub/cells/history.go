package cells

import "fmt"

// History is every version of the partition, oldest first: what was told of somebody
// once can be put beside what is told now.
type History []Partition

// Now is the newest version; the zero Partition where there is none.
func (h History) Now() Partition {
	if len(h) == 0 {
		return Partition{}
	}
	return h[len(h)-1]
}

// Admissible returns why a version may not follow, nil if it may: every cell of which
// something is told is Safe, and so is what it has in common with any such cell of
// any earlier version, of members active then and now, unless that is nobody.
func Admissible(h History, next Partition, k, spread int) error {
	now := byID(next.Active)
	for _, c := range next.Cells {
		if !c.told() {
			continue
		}
		set := pick(c.Members, now)
		if w := Weakness(set, k, spread); w != "" {
			return fmt.Errorf("checking cell %d: %s", c.Number, w)
		}
		for _, p := range h {
			if n, w := against(p, set, k, spread); w != "" {
				return fmt.Errorf("checking cell %d against cell %d of version %d: %s", c.Number, n, p.Version, w)
			}
		}
	}
	return nil
}

// told reports whether something is told of the cell's members. To be one of the
// whole sector is told of everyone.
func (c Cell) told() bool { return !c.Silent && c.Split == "" && len(c.Says) > 0 && len(c.Members) > 0 }

// against returns the cell of an earlier version with which a set has too few in
// common, and why.
func against(p Partition, set []Member, k, spread int) (int, string) {
	for _, c := range p.Cells {
		if !c.told() {
			continue
		}
		was := map[string]bool{}
		for _, id := range c.Members {
			was[id] = true
		}
		var common []Member
		for _, m := range set {
			if was[m.ID] {
				common = append(common, m)
			}
		}
		if len(common) == 0 {
			continue
		}
		if w := Weakness(common, k, spread); w != "" {
			return c.Number, w
		}
	}
	return 0, ""
}

func pick(ids []string, from map[string]Member) []Member {
	var out []Member
	for _, id := range ids {
		if m, ok := from[id]; ok {
			out = append(out, m)
		}
	}
	return out
}
