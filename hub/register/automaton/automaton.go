// Package automaton finds many byte patterns in one pass over a text
// (Aho and Corasick, 1975).
//
// It is made for lists of some hundred thousand names: the trie lies in five flat
// arrays, numbered breadth-first, so that the children of a node are contiguous
// and need no pointers (17 bytes a node). It reports every match, overlapping
// ones and those within others too; what to do with them is the caller's.
//
// It is pure, safe for concurrent searches, and its time is linear in the text
// and the number of matches, whatever the text.
//
//	a := automaton.New([]string{"he", "she", "hers"})
//	for m := range a.All([]byte("ushers")) {
//		fmt.Println(m.Pattern, m.Start, m.End) // 1 1 4, 0 2 4, 2 2 6
//	}
package automaton

import (
	"cmp"
	"iter"
	"slices"
)

// Automaton is a built set of patterns. The zero value finds nothing.
type Automaton struct {
	root   [256]int32 // child of the root by byte, 0 where there is none
	nodes  []node     // in breadth-first order, and one behind the last
	label  []byte     // byte on the edge to the node
	ends   []int32    // pattern that ends at the node, -1 for none
	out    []int32    // next shorter node that ends a pattern, 0 for none
	length []int32    // of each pattern, in bytes
}

// node holds what every step reads, together.
type node struct {
	first int32 // children are first … first of the next node - 1
	fail  int32 // longest proper suffix that is a node; negative (^fail) where a pattern ends here or at a suffix
}

// Match is one occurrence: text[Start:End] is the pattern with that index.
type Match struct {
	Pattern    int
	Start, End int
}

// New builds the automaton. Empty patterns never match; of equal patterns the
// first is reported. The patterns aren't kept.
func New(patterns []string) *Automaton {
	a := &Automaton{length: make([]int32, len(patterns))}
	order := make([]int32, 0, len(patterns))
	for i, p := range patterns {
		a.length[i] = int32(len(p))
		if p != "" {
			order = append(order, int32(i))
		}
	}
	slices.SortFunc(order, func(x, y int32) int {
		return cmp.Or(cmp.Compare(patterns[x], patterns[y]), cmp.Compare(x, y))
	})
	order = slices.CompactFunc(order, func(x, y int32) bool { return patterns[x] == patterns[y] })
	a.grow(patterns, order)
	a.link()
	return a
}

// grow lays out the trie. Sorted patterns with a common prefix are neighbours, so
// a node is a range of order, and walking the ranges level by level numbers the
// nodes breadth-first.
func (a *Automaton) grow(patterns []string, order []int32) {
	type span struct{ lo, hi int32 }
	n := size(patterns, order)
	a.nodes, a.label, a.ends = make([]node, 0, n+1), make([]byte, 1, n), make([]int32, 1, n)
	a.ends[0] = -1
	level := make([]span, 1, len(order)+1)
	level[0] = span{0, int32(len(order))}
	next := make([]span, 0, len(order)+1)
	for depth := 0; len(level) > 0; depth++ {
		next = next[:0]
		first := len(a.label) - len(level)
		for i, s := range level {
			a.nodes = append(a.nodes, node{first: int32(len(a.label))})
			if s.lo < s.hi && len(patterns[order[s.lo]]) == depth {
				a.ends[first+i] = order[s.lo]
				s.lo++
			}
			for lo := s.lo; lo < s.hi; {
				b := patterns[order[lo]][depth]
				hi := lo + 1
				for hi < s.hi && patterns[order[hi]][depth] == b {
					hi++
				}
				a.label, a.ends = append(a.label, b), append(a.ends, -1)
				next = append(next, span{lo, hi})
				lo = hi
			}
		}
		level, next = next, level
	}
	a.nodes = append(a.nodes, node{first: int32(len(a.label))})
}

// size returns the number of nodes: one, and those that each pattern adds to what
// it shares with the one before.
func size(patterns []string, order []int32) int {
	n, before := 1, ""
	for _, i := range order {
		p := patterns[i]
		common := 0
		for common < min(len(p), len(before)) && p[common] == before[common] {
			common++
		}
		n += len(p) - common
		before = p
	}
	return n
}

// link sets the failure and output links. Nodes are in breadth-first order, so
// every link goes to a node that is done already.
func (a *Automaton) link() {
	n := int32(len(a.label))
	a.out = make([]int32, n)
	for c := a.nodes[0].first; c < a.nodes[1].first; c++ {
		a.root[a.label[c]] = c
	}
	for i := int32(1); i < n; i++ {
		fail := a.nodes[i].fail
		for c := a.nodes[i].first; c < a.nodes[i+1].first; c++ {
			a.nodes[c].fail = a.step(fail, a.label[c])
		}
		if a.ends[fail] >= 0 {
			a.out[i] = fail
		} else {
			a.out[i] = a.out[fail]
		}
		if a.ends[i] >= 0 || a.out[i] != 0 {
			a.nodes[i].fail = ^fail
		}
	}
}

// step goes from a node by a byte.
func (a *Automaton) step(from int32, b byte) int32 {
	for from != 0 {
		lo, hi := a.nodes[from].first, a.nodes[from+1].first
		for hi-lo > 8 {
			mid := (lo + hi) / 2
			if a.label[mid] <= b {
				lo = mid
			} else {
				hi = mid
			}
		}
		for ; lo < hi; lo++ {
			if a.label[lo] == b {
				return lo
			}
		}
		from = a.nodes[from].fail
		from = max(from, ^from)
	}
	return a.root[b]
}

// All yields every occurrence of every pattern, ordered by End, longer ones first.
func (a *Automaton) All(text []byte) iter.Seq[Match] {
	return func(yield func(Match) bool) {
		if len(a.nodes) == 0 {
			return
		}
		at := int32(0)
		for i, b := range text {
			at = a.step(at, b)
			if a.nodes[at].fail < 0 && !a.report(at, i+1, yield) {
				return
			}
		}
	}
}

// report yields the patterns that end at a node and its suffixes.
func (a *Automaton) report(at int32, end int, yield func(Match) bool) bool {
	if a.ends[at] < 0 {
		at = a.out[at]
	}
	for ; at != 0; at = a.out[at] {
		p := a.ends[at]
		if !yield(Match{Pattern: int(p), Start: end - int(a.length[p]), End: end}) {
			return false
		}
	}
	return true
}

// Nodes returns the size of the trie.
func (a *Automaton) Nodes() int { return len(a.label) }
