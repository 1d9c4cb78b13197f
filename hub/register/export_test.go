package register

import (
	"fmt"

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

// DigestsOf are the digests of a text by which it is known, as far as they are kept.
func DigestsOf(text string) []string {
	var out []string
	for _, key := range digestKeys(text) {
		out = append(out, fmt.Sprintf("%016x%016x", key, 0))
	}
	return out
}
