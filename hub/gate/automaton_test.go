package gate

import "testing"

// An automaton is a plain Aho-Corasick automaton over bytes, written to be simple:
// the yardstick for speed and, as it shares nothing with the matcher, its oracle.
type automaton struct {
	next [][256]int32 // only for small sets
	node []acNode
}

type acNode struct {
	first, count int32 // children, contiguous
	label        byte
	fail, out    int32 // suffix link; next shorter needle
	length       int32 // of the needle that ends here, or 0
}

func newAutomaton(texts []string) *automaton {
	type build struct {
		child map[byte]int32
		len   int32
	}
	trie := []build{{child: map[byte]int32{}}}
	for _, t := range texts {
		at := int32(0)
		for i := range len(t) {
			c, ok := trie[at].child[t[i]]
			if !ok {
				c = int32(len(trie))
				trie = append(trie, build{child: map[byte]int32{}})
				trie[at].child[t[i]] = c
			}
			at = c
		}
		trie[at].len = int32(len(t))
	}
	a := &automaton{node: make([]acNode, 1, len(trie))}
	order := []int32{0}
	for i := 0; i < len(order); i++ {
		b := trie[order[i]]
		a.node[i].first, a.node[i].length = int32(len(a.node)), b.len
		for c := 0; c < 256; c++ {
			if child, ok := b.child[byte(c)]; ok {
				a.node = append(a.node, acNode{label: byte(c)})
				order = append(order, child)
				a.node[i].count++
			}
		}
	}
	a.link()
	return a
}

func (a *automaton) link() {
	for i := range a.node {
		n := a.node[i]
		for c := n.first; c < n.first+n.count; c++ {
			if i > 0 {
				f := n.fail
				for {
					if g := a.child(f, a.node[c].label); g > 0 {
						a.node[c].fail = g
						break
					}
					if f == 0 {
						break
					}
					f = a.node[f].fail
				}
			}
			f := a.node[c].fail
			if a.node[c].out = f; a.node[f].length == 0 {
				a.node[c].out = a.node[f].out
			}
		}
	}
	a.next = make([][256]int32, 1)
	for c := a.node[0].first; c < a.node[0].first+a.node[0].count; c++ {
		a.next[0][a.node[c].label] = c
	}
}

func (a *automaton) child(n int32, c byte) int32 {
	lo, hi := a.node[n].first, a.node[n].first+a.node[n].count
	for hi-lo > 8 {
		mid := (lo + hi) / 2
		if a.node[mid].label <= c {
			lo = mid
		} else {
			hi = mid
		}
	}
	for ; lo < hi; lo++ {
		if a.node[lo].label == c {
			return lo
		}
	}
	return 0
}

func (a *automaton) find(text []byte, found func(start, end int)) {
	at := int32(0)
	for i, c := range text {
		for {
			if at == 0 {
				at = a.next[0][c]
				break
			}
			if n := a.child(at, c); n > 0 {
				at = n
				break
			}
			at = a.node[at].fail
		}
		for o := at; o > 0; o = a.node[o].out {
			if n := int(a.node[o].length); n > 0 {
				found(i+1-n, i+1)
			}
		}
	}
}

// BenchmarkAutomaton is the plain automaton with the register's needles over the
// same text as BenchmarkMatcher.
func BenchmarkAutomaton(b *testing.B) {
	header, rows := wholeSector(b)
	r, err := Compile(header, rows)
	if err != nil {
		b.Fatal(err)
	}
	var texts []string
	for _, n := range r.needles.needles {
		texts = append(texts, n.text)
	}
	a := newAutomaton(texts)
	text := []byte(squeeze(string(alertJSON(2 << 20))))
	b.SetBytes(int64(len(text)))
	defer cpu(b, len(text))()
	for b.Loop() {
		a.find(text, func(int, int) {})
	}
}
