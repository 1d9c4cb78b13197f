package register

import (
	"isac/hub"
	"isac/hub/register/automaton"
)

// Raw counts the matches of the automaton alone over folded text.
func (x *Index) Raw(folded []byte) int {
	n := 0
	for range x.plain.find.All(folded) {
		n++
	}
	return n
}

// Size returns the number of needles and nodes.
func (x *Index) Size() (needles, nodes int) {
	for _, l := range []lexicon{x.plain, x.latin} {
		needles += len(l.mask)
		nodes += l.find.(*automaton.Automaton).Nodes()
	}
	return needles, nodes
}

// NeedlesOf returns the number of needles of one organisation, without the cap.
func NeedlesOf(o hub.Organisation) int {
	s := newSpeller()
	s.spell(&o)
	return len(s.own)
}
