// Package cells divides the members into cells: fixed groups of which a victim may
// be said to be one. "A hospital of western Japan with 200 beds or more" is told only
// where at least k members answer to it, whoever is taken away.
//
// The partition is made of members and of what the public list says of them, never
// of incidents. It says what is told of a cell (its description), who is in it, and
// who is in none. A member stays in its cell, whatever changes about it; a joiner
// enters an existing one; a cell is divided further only into parts that every
// reader of earlier versions finds as large as the bound asks. The bound (Safe) and
// the comparison over time (Admissible) stand in files of their own, so that they
// can be checked without the way in which partitions are made.
//
// A version holds for the members of its day. Told asks on the day of a draft and on
// that of its release whether the members of then still hide one of them; Check asks
// it of every cell. Whether a case names its cell at all is drawn once (Chosen).
//
// The package trusts its caller for who is a member. A partition is for the
// secretariat and the working group alone: alerts hold descriptions, never members or
// numbers.
//
//	var h cells.History
//	rules := cells.Rules{K: 10, Spread: 3, Attributes: p.Attributes}
//	h, err := h.Next(members, rules)
//	cell, ok := h.Told("SYN00042", members, rules)
//	fmt.Println(cell.Value(p)) // region=west+size=from-200
package cells

import (
	"slices"

	"isac/hub/profile"
)

// Member is what a partition needs to know of one.
type Member struct {
	ID       string              `json:"id"`
	Operator string              `json:"operator"` // the group that runs it, "" for none
	Vendor   string              `json:"vendor"`   // "" for none
	Place    string              `json:"place"`    // prefecture
	Groups   map[string][]string `json:"groups"`   // by attribute, from coarse to fine, as at joining
}

// Rules say what a cell must be.
type Rules struct {
	K          int                 // least members that remain
	Spread     int                 // least prefectures that remain
	Attributes []profile.Attribute // by what cells are divided, in order
}

// Step is one thing that a description says: the group of an attribute at a level.
type Step struct {
	Attribute string `json:"attribute"`
	Group     string `json:"group"`
}

// Cell is one group of members.
type Cell struct {
	Number  int      `json:"number"`           // never used again
	From    int      `json:"from,omitempty"`   // the cell that it was part of, 0 for none
	Says    []Step   `json:"says"`             // all that may be told; nothing says "one of the sector"
	Rest    bool     `json:"rest,omitempty"`   // of what was left when others were named: it says what its whole said
	Silent  bool     `json:"silent,omitempty"` // nothing is told of it
	Members []string `json:"members"`          // sorted
	Split   string   `json:"split,omitempty"`  // the attribute by which it was divided; then it has no members
	Level   int      `json:"level,omitempty"`  // of the attribute
	Parts   []int    `json:"parts,omitempty"`  // numbers of what it was divided into
}

// Partition is one version.
type Partition struct {
	Version int      `json:"version"`
	Cells   []Cell   `json:"cells"` // by number from 1; cell 1 is the whole
	Active  []Member `json:"active"`
}

// CellOf returns the cell of a member of which something is told. Nothing is told of
// who is in none, in a silent one, or in the undivided whole.
func (p Partition) CellOf(member string) (Cell, bool) {
	for _, c := range p.Cells {
		if slices.Contains(c.Members, member) {
			return c, !c.Silent && len(c.Says) > 0
		}
	}
	return Cell{}, false
}

// leaves are the numbers of cells that can have members.
func (p Partition) leaves() []int {
	var out []int
	for _, c := range p.Cells {
		if c.Split == "" {
			out = append(out, c.Number)
		}
	}
	return out
}

func (p *Partition) cell(number int) *Cell { return &p.Cells[number-1] }

// byID finds members.
func byID(list []Member) map[string]Member {
	out := make(map[string]Member, len(list))
	for _, m := range list {
		out[m.ID] = m
	}
	return out
}
