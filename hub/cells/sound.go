package cells

import (
	"errors"
	"slices"
)

// Sound returns what is wrong with the form of a partition that was stored: a number
// that leads nowhere, a member twice or unknown. Whether it may follow from those
// before it is not asked.
func (p Partition) Sound() error {
	if len(p.Cells) == 0 || p.Version < 1 {
		return errors.New("a partition without cells or version")
	}
	active, placed := byID(p.Active), map[string]bool{}
	if len(active) != len(p.Active) {
		return errors.New("a member twice")
	}
	for i, c := range p.Cells {
		if c.Number != i+1 || c.From < 0 || c.From > i || (c.Split == "") != (len(c.Parts) == 0) || c.Split != "" && len(c.Members) > 0 {
			return errors.New("a cell in the wrong place")
		}
		if slices.ContainsFunc(c.Parts, func(n int) bool { return n <= c.Number || n > len(p.Cells) }) {
			return errors.New("a part that isn't there")
		}
		for _, id := range c.Members {
			if _, ok := active[id]; !ok || placed[id] {
				return errors.New("a member in two cells, or in none of the members")
			}
			placed[id] = true
		}
	}
	return nil
}
