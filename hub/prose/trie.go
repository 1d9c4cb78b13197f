package prose

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// kind says what a term is used for.
type kind uint8

const (
	inSet     kind = iota // part of patterns: n is the set of words
	isName                // a family, group or tool: n is the name
	isTitle               // a technique's name: n is the technique
	isMarker              // takes back, weakens, orders: n is the mark
	isExt                 // an extension or note that a family leaves: n is the name
	bothLangs = ""        // a term that counts in either language
)

// use is one use of a term in the sentences of a language.
type use struct {
	kind  kind
	lang  string
	n     int32
	group uint8
}

// term is a word or phrase in folded form. An open term may be the start of a
// longer word.
type term struct {
	text string
	open bool
	uses []use
	sets sets
}

// sets are the sets that a term is a word of, by language.
type sets struct{ ja, en []int32 }

// trie finds terms at a place. Its work at each place is bounded by the longest
// term, so that a text takes linear time.
type trie struct {
	first  []int32         // node behind a first rune below 0x10000; 0 where no term has it
	pairs  [1 << 10]uint64 // bits of the first two runes that terms have, hashed: most places of a text have none
	nodes  []node
	labels []byte
	next   []int32
	terms  []term
}

// node has its edges in labels[edge:edge+n], rising, and the terms that end here
// in terms[term:term+ends].
type node struct {
	edge, term int32
	n          uint16
	ends       uint16
}

// newTrie builds the trie of the terms, of which no two are equal.
func newTrie(all []term) *trie {
	slices.SortFunc(all, func(a, b term) int {
		if c := strings.Compare(a.text, b.text); c != 0 || a.open == b.open {
			return c
		}
		if a.open {
			return 1
		}
		return -1
	})
	t := &trie{terms: all}
	t.build(0, len(t.terms), 0)
	t.index()
	return t
}

// add adds a use; the sets that a term is a word of stand aside from the others.
func (a *term) add(u use) {
	switch {
	case u.kind != inSet:
		a.uses = append(a.uses, u)
	case u.lang == "ja":
		a.sets.ja = append(a.sets.ja, u.n)
	default:
		a.sets.en = append(a.sets.en, u.n)
	}
}

// in returns those of a language.
func (s sets) in(lang string) []int32 {
	if lang == "ja" {
		return s.ja
	}
	return s.en
}

// pair is the place of two runes in pairs.
func pair(a, b rune) (word int, bit uint64) {
	h := (uint32(a)*0x9e3779b1 + uint32(b)*0x85ebca6b) >> 16
	return int(h >> 6), 1 << (h & 63)
}

// index notes which runes start a term, alone and in pairs, and where they lead.
func (t *trie) index() {
	t.first = make([]int32, 0x10000)
	for _, a := range t.terms {
		r, n := utf8.DecodeRuneInString(a.text)
		if second, size := utf8.DecodeRuneInString(a.text[n:]); size > 0 {
			at, bit := pair(r, second)
			t.pairs[at] |= bit
		}
		if int(r) >= len(t.first) || t.first[r] != 0 {
			continue
		}
		at := int32(0)
		for i := range n {
			at = t.child(at, a.text[i])
		}
		t.first[r] = at
	}
}

// build makes the node for the terms from lo to hi, which share their first depth
// bytes, and those below it. It returns the node's index.
func (t *trie) build(lo, hi, depth int) int32 {
	at := int32(len(t.nodes))
	t.nodes = append(t.nodes, node{term: int32(lo)})
	for lo < hi && len(t.terms[lo].text) == depth {
		t.nodes[at].ends++
		lo++
	}
	var starts []int
	for i := lo; i < hi; i++ {
		if i == lo || t.terms[i].text[depth] != t.terms[i-1].text[depth] {
			starts = append(starts, i)
		}
	}
	edge := len(t.labels)
	t.nodes[at].edge, t.nodes[at].n = int32(edge), uint16(len(starts))
	for _, i := range starts {
		t.labels = append(t.labels, t.terms[i].text[depth])
		t.next = append(t.next, 0)
	}
	for k, i := range starts {
		end := hi
		if k+1 < len(starts) {
			end = starts[k+1]
		}
		t.next[edge+k] = t.build(i, end, depth+1)
	}
	return at
}

// child returns the node behind an edge, or -1.
func (t *trie) child(at int32, label byte) int32 {
	n := t.nodes[at]
	labels := t.labels[n.edge : n.edge+int32(n.n)]
	if len(labels) > 8 {
		if i, ok := slices.BinarySearch(labels, label); ok {
			return t.next[n.edge+int32(i)]
		}
		return -1
	}
	for i, l := range labels {
		if l == label {
			return t.next[n.edge+int32(i)]
		}
	}
	return -1
}

// at calls visit for every term that stands in s at i as whole words, with its
// end. The end of an open term is the end of the word.
func (t *trie) at(s []byte, i int, visit func(end int, t *term)) {
	if word(s[i]) && i > 0 && word(s[i-1]) {
		return
	}
	r, size := utf8.DecodeRune(s[i:])
	if int(r) >= len(t.first) || t.first[r] == 0 {
		return
	}
	node := t.first[r]
	if i+size < len(s) && t.nodes[node].ends == 0 {
		second, _ := utf8.DecodeRune(s[i+size:])
		if at, bit := pair(r, second); t.pairs[at]&bit == 0 {
			return
		}
	}
	for j := i + size - 1; j < len(s); j++ {
		if j >= i+size {
			if node = t.child(node, s[j]); node < 0 {
				return
			}
		}
		n := t.nodes[node]
		for k := n.term; k < n.term+int32(n.ends); k++ {
			end := j + 1
			inside := end < len(s) && word(s[j]) && word(s[end])
			if inside && !t.terms[k].open {
				continue
			}
			for inside && end < len(s) && word(s[end]) {
				end++
			}
			visit(end, &t.terms[k])
		}
	}
}
