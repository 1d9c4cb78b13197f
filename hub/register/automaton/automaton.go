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
	root    [256]int32 // child of the root by byte, 0 where there is none
	first   []int32    // children of node n are first[n] … first[n+1]-1
	label   []byte     // byte on the edge to the node
	fail    []int32    // longest proper suffix that is a node
	out     []int32    // nearest node on the chain of fail that ends a pattern, 0 for none
	pattern []int32    // pattern that ends at the node, -1 for none
	length  []int32    // of each pattern, in bytes
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
	level := []span{{0, int32(len(order))}}
	var next []span
	a.label, a.pattern = append(a.label, 0), append(a.pattern, -1)
	for depth := 0; len(level) > 0; depth++ {
		next = next[:0]
		node := len(a.label) - len(level)
		for i, s := range level {
			a.first = append(a.first, int32(len(a.label)))
			if s.lo < s.hi && len(patterns[order[s.lo]]) == depth {
				a.pattern[node+i] = order[s.lo]
				s.lo++
			}
			for lo := s.lo; lo < s.hi; {
				b := patterns[order[lo]][depth]
				hi := lo + 1
				for hi < s.hi && patterns[order[hi]][depth] == b {
					hi++
				}
				a.label, a.pattern = append(a.label, b), append(a.pattern, -1)
				next = append(next, span{lo, hi})
				lo = hi
			}
		}
		level, next = next, level
	}
	a.first = append(a.first, int32(len(a.label)))
}

// link sets the failure and output links. Nodes are in breadth-first order, so
// every link goes to a node that is done already.
func (a *Automaton) link() {
	n := int32(len(a.label))
	a.fail, a.out = make([]int32, n), make([]int32, n)
	for c := a.first[0]; c < a.first[1]; c++ {
		a.root[a.label[c]] = c
	}
	for node := int32(1); node < n; node++ {
		if f := a.fail[node]; a.pattern[f] >= 0 {
			a.out[node] = f
		} else {
			a.out[node] = a.out[f]
		}
		for c := a.first[node]; c < a.first[node+1]; c++ {
			a.fail[c] = a.next(a.fail[node], a.label[c])
		}
	}
}

// next is the step of the automaton from a node by a byte.
func (a *Automaton) next(node int32, b byte) int32 {
	for node != 0 {
		if c := a.child(node, b); c != 0 {
			return c
		}
		node = a.fail[node]
	}
	return a.root[b]
}

// child returns the child of a node other than the root, 0 where there is none.
func (a *Automaton) child(node int32, b byte) int32 {
	lo, hi := a.first[node], a.first[node+1]
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
	return 0
}

// All yields every occurrence of every pattern, ordered by End, longer ones first.
func (a *Automaton) All(text []byte) iter.Seq[Match] {
	return func(yield func(Match) bool) {
		if len(a.first) == 0 {
			return
		}
		node := int32(0)
		for i, b := range text {
			node = a.next(node, b)
			m := node
			if a.pattern[m] < 0 {
				m = a.out[m]
			}
			for ; m != 0; m = a.out[m] {
				p := a.pattern[m]
				if !yield(Match{Pattern: int(p), Start: i + 1 - int(a.length[p]), End: i + 1}) {
					return
				}
			}
		}
	}
}

// Nodes returns the size of the trie.
func (a *Automaton) Nodes() int { return len(a.label) }
