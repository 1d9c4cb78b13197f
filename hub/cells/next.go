package cells

import (
	"cmp"
	"fmt"
	"slices"

	"isac/hub"
	"isac/hub/profile"
)

// MemberOf reads of an organisation what a partition needs.
func MemberOf(o hub.Organisation, attributes []profile.Attribute) Member {
	m := Member{ID: o.ID, Operator: o.Operator, Vendor: o.Vendor, Place: o.Prefecture, Groups: map[string][]string{}}
	for _, a := range attributes {
		m.Groups[a.ID] = a.GroupsOf(o)
	}
	return m
}

// Next adds a version for the members of now. Who was a member keeps the place and the
// groups of then; operator, vendor and prefecture are those of now. The same history
// and members give the same version.
func (h History) Next(members []Member, r Rules) (History, error) {
	b := builder{h: h, r: r, p: Partition{Version: len(h) + 1}}
	b.p.Active = slices.Clone(members)
	slices.SortFunc(b.p.Active, func(a, c Member) int { return cmp.Compare(a.ID, c.ID) })
	before := byID(h.Now().Active)
	for i, m := range b.p.Active {
		if i > 0 && m.ID == b.p.Active[i-1].ID {
			return h, fmt.Errorf("making partition: member %s twice", m.ID)
		}
		if was, ok := before[m.ID]; ok {
			b.p.Active[i].Groups = was.Groups
		}
	}
	b.now = byID(b.p.Active)
	b.carry()
	b.join()
	b.silence()
	for _, n := range b.p.leaves() {
		b.divide(n)
	}
	err := Admissible(h, b.p, r.K, r.Spread)
	if err != nil {
		return h, fmt.Errorf("making partition: %w", err)
	}
	return append(slices.Clone(h), b.p), nil
}

// builder makes one version.
type builder struct {
	h   History
	r   Rules
	p   Partition
	now map[string]Member
}

// carry takes over the cells of the version before, without who has left.
func (b *builder) carry() {
	for _, c := range b.h.Now().Cells {
		c.Members = slices.DeleteFunc(slices.Clone(c.Members), func(id string) bool { _, ok := b.now[id]; return !ok })
		b.p.Cells = append(b.p.Cells, c)
	}
	if len(b.p.Cells) == 0 {
		b.p.Cells = []Cell{{Number: 1, Says: []Step{}}}
	}
}

// join puts every member that is in no cell into the one that it answers to.
func (b *builder) join() {
	placed := map[string]bool{}
	for _, c := range b.p.Cells {
		for _, id := range c.Members {
			placed[id] = true
		}
	}
	for _, m := range b.p.Active {
		if placed[m.ID] {
			continue
		}
		if n := b.walk(m); n > 0 {
			c := b.p.cell(n)
			c.Members = append(c.Members, m.ID)
			slices.Sort(c.Members)
		}
	}
}

// walk follows the divisions to a member's cell; 0 where no part fits.
func (b *builder) walk(m Member) int {
	n := 1
	for b.p.cell(n).Split != "" {
		c := b.p.cell(n)
		group, next := groupAt(m, c.Split, c.Level), 0
		for _, part := range c.Parts {
			p := b.p.cell(part)
			if p.Rest && next == 0 || !p.Rest && slices.Contains(p.Says, Step{c.Split, group}) {
				next = part
			}
		}
		if next == 0 {
			return 0
		}
		n = next
	}
	return n
}

func groupAt(m Member, attribute string, level int) string {
	if g := m.Groups[attribute]; level < len(g) {
		return g[level]
	}
	return ""
}

// silence tells nothing any more of cells that have become too small, by themselves
// or beside what was told before. One that is large enough again is told again.
func (b *builder) silence() {
	for i := range b.p.Cells {
		c := &b.p.Cells[i]
		if c.Split == "" && len(c.Says) > 0 {
			c.Silent = !b.good(pick(c.Members, b.now))
		}
	}
}

// good reports whether something may be told of a set of members.
func (b *builder) good(set []Member) bool {
	if !Safe(set, b.r.K, b.r.Spread) {
		return false
	}
	for _, p := range b.h {
		if _, w := against(p, set, b.r.K, b.r.Spread); w != "" {
			return false
		}
	}
	return true
}

// division is a way to divide a cell: the groups that get a cell of their own, and
// what is left.
type division struct {
	attribute profile.Attribute
	level     int
	named     []part
	rest      []Member
	worth     float64
}

type part struct {
	group string
	set   []Member
}

// divide divides a cell in the way that tells the most, then its parts, as far as
// all of them may be told.
func (b *builder) divide(number int) {
	c := *b.p.cell(number)
	if c.Rest || c.Silent || len(c.Members) == 0 {
		return
	}
	var best division
	for _, a := range b.r.Attributes {
		if d, ok := b.by(c, a); ok && d.worth > best.worth {
			best = d
		}
	}
	if best.worth == 0 {
		return
	}
	var parts []int
	for _, p := range best.named {
		parts = append(parts, b.add(c, says(c.Says, best.attribute, p.group), p.set, false))
	}
	if len(best.rest) > 0 {
		parts = append(parts, b.add(c, c.Says, best.rest, true))
	}
	whole := b.p.cell(number)
	whole.Split, whole.Level, whole.Parts, whole.Members = best.attribute.ID, best.level, parts, nil
	for _, n := range parts {
		b.divide(n)
	}
}

func (b *builder) add(from Cell, say []Step, set []Member, rest bool) int {
	c := Cell{Number: len(b.p.Cells) + 1, From: from.Number, Says: say, Rest: rest}
	for _, m := range set {
		c.Members = append(c.Members, m.ID)
	}
	slices.Sort(c.Members)
	b.p.Cells = append(b.p.Cells, c)
	return c.Number
}

// says adds a group to a description, in place of a coarser one.
func says(old []Step, a profile.Attribute, group string) []Step {
	out := slices.DeleteFunc(slices.Clone(old), func(s Step) bool { return s.Attribute == a.ID })
	return append(out, Step{a.ID, group})
}

// by divides a cell by the next level of an attribute. What is left must be large
// enough as well where something is told of it: the smallest named groups join it
// until it is.
func (b *builder) by(c Cell, a profile.Attribute) (division, bool) {
	level := nextLevel(c, a)
	if level >= len(a.Levels) {
		return division{}, false
	}
	d := division{attribute: a, level: level}
	sets := map[string][]Member{}
	for _, m := range pick(c.Members, b.now) {
		g := groupAt(m, a.ID, level)
		sets[g] = append(sets[g], m)
	}
	for _, g := range a.Levels[level].Groups {
		set := sets[g.ID]
		delete(sets, g.ID)
		if b.good(set) {
			d.named = append(d.named, part{g.ID, set})
		} else {
			d.rest = append(d.rest, set...)
		}
	}
	d.rest = append(d.rest, sets[""]...)
	slices.SortStableFunc(d.named, func(x, y part) int { return cmp.Compare(len(y.set), len(x.set)) })
	for len(d.named) > 0 && len(d.rest) > 0 && len(c.Says) > 0 && !b.good(d.rest) {
		last := len(d.named) - 1
		d.rest = append(d.rest, d.named[last].set...)
		d.named = d.named[:last]
	}
	told := 0
	for _, p := range d.named {
		told += len(p.set)
	}
	d.worth = a.Weight / float64(len(a.Levels)) * float64(told) / float64(len(c.Members))
	return d, told > 0
}

// nextLevel is the level after the one that a cell says of an attribute.
func nextLevel(c Cell, a profile.Attribute) int {
	for _, s := range c.Says {
		if s.Attribute != a.ID {
			continue
		}
		for i, l := range a.Levels {
			if slices.ContainsFunc(l.Groups, func(g profile.Group) bool { return g.ID == s.Group }) {
				return i + 1
			}
		}
	}
	return 0
}
