package register

import (
	"cmp"
	"iter"
	"slices"

	"isac/hub/register/automaton"
	"isac/hub/register/filter"
)

// Hit is a place in a text that tells somebody's name or asset: text[Start:End],
// in bytes, and what kind of thing it is. A hit doesn't say whose.
type Hit struct {
	Start, End int
	Class      string // one of the classes above
}

// Index finds everything of a register in text. It is safe for concurrent use
// and holds no row of the register, only needles and ranges.
type Index struct {
	plain  lexicon // needles in the first folding
	latin  lexicon // needles in the second
	ranges ranges
	zones  map[string]bool // domains, for OwnsDomain
	w      wordTables

	disguises disguises // for FindChosen
}

// lexicon finds patterns and knows what each of them is.
type lexicon struct {
	find finder
	mask []uint32 // kinds, by pattern
	held []uint16 // organisations that share the pattern, by pattern
}

// A finder is an automaton, or a filter where the patterns are few and are wanted at once.
type finder interface {
	All(text []byte) iter.Seq[automaton.Match]
}

// NewIndex derives the needles of every organisation and builds the automaton.
// About a second and some tens of MB for 8,000 organisations.
func NewIndex(r *Register) *Index {
	s := newSpeller()
	x := &Index{w: s.w, zones: map[string]bool{}, disguises: disguises{done: map[string]bool{}}}
	x.disguises.places(r.all)
	plain, latin := newLexiconBuilder(16*len(r.all)), newLexiconBuilder(4*len(r.all))
	for i := range r.all {
		o := &r.all[i]
		for _, n := range s.spell(o) {
			if n.kind >= kindLatin {
				latin.add(n)
			} else {
				plain.add(n)
			}
		}
		x.own(o)
		x.disguises.own(s, o)
	}
	x.plain, x.latin = plain.build(), latin.build()
	x.ranges.seal()
	x.disguises.seal()
	return x
}

type lexiconBuilder struct {
	place    map[string]int32
	patterns []string
	mask     []uint32
	held     []uint16
}

func newLexiconBuilder(n int) *lexiconBuilder {
	return &lexiconBuilder{place: make(map[string]int32, n), patterns: make([]string, 0, n), mask: make([]uint32, 0, n), held: make([]uint16, 0, n)}
}

func (b *lexiconBuilder) add(n needle) {
	i, ok := b.place[n.text]
	if !ok {
		i = int32(len(b.patterns))
		b.place[n.text] = i
		b.patterns, b.mask, b.held = append(b.patterns, n.text), append(b.mask, 0), append(b.held, 0)
	}
	b.mask[i] |= 1 << n.kind
	if b.held[i] < 1<<16-1 {
		b.held[i]++
	}
}

func (b *lexiconBuilder) build() lexicon {
	return lexicon{find: automaton.New(b.patterns), mask: b.mask, held: b.held}
}

// few is build for the patterns of one case.
func (b *lexiconBuilder) few() lexicon {
	return lexicon{find: filter.New(b.patterns), mask: b.mask, held: b.held}
}

// Find returns every hit in the text, also where the text is encoded (see
// hub/register/decode): then the hit spans the encoded token. Hits of one class
// that overlap are one; hits are ordered by Start.
func (x *Index) Find(text string) []Hit { return x.findIn(text, x.search) }

// FindChosen is Find for a value that somebody chose: a host, a file, an account. A name
// of the sector in a disguise that Find doesn't look for, as it would take too much of
// what is written for everybody, is a hit over all of the value: with other voicing or in
// another reading, with one letter wrong, with digits for letters, backwards, as a digest.
func (x *Index) FindChosen(value string) []Hit {
	return x.findIn(value, func(f folding, hits []Hit) []Hit {
		if hits = x.search(f, hits); len(hits) == 0 && x.resembles(f.source) {
			hits = append(hits, Hit{Start: 0, End: len(f.source), Class: Name})
		}
		return hits
	})
}

func (x *Index) findIn(text string, search func(f folding, hits []Hit) []Hit) []Hit {
	var hits []Hit
	each(text, func(f folding, span func(Hit) Hit) {
		from := len(hits)
		hits = search(f, hits)
		for i := from; i < len(hits); i++ {
			hits[i] = span(hits[i])
		}
	}, func(h Hit) { hits = append(hits, h) })
	return merge(hits)
}

// search appends the hits in one folded text, with offsets in its source.
func (x *Index) search(f folding, hits []Hit) []Hit {
	hits = x.plain.search(x, f, hits)
	if len(x.latin.mask) > 0 && hasLatin(f.text) {
		hits = x.latin.search(x, foldRomaji(f), hits)
	}
	return x.ranges.search(f.source, hits)
}

func (l lexicon) search(x *Index, f folding, hits []Hit) []Hit {
	for m := range l.find.All(f.text) {
		mask := l.mask[m.Pattern]
		for k := kind(0); mask != 0; k, mask = k+1, mask>>1 {
			if mask&1 == 0 {
				continue
			}
			o := occurrence{folding: f, start: m.Start, end: m.End, kind: k, held: int(l.held[m.Pattern])}
			if h, ok := x.accept(o); ok {
				hits = append(hits, h)
			}
		}
	}
	return hits
}

func hasLatin(text []byte) bool { return slices.ContainsFunc(text, isLower) }

// merge joins overlapping hits of one class and orders all by Start.
func merge(hits []Hit) []Hit {
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(a.Class, b.Class), cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End))
	})
	merged := hits[:0]
	for _, h := range hits {
		if last := len(merged) - 1; last >= 0 && merged[last].Class == h.Class && h.Start < merged[last].End {
			merged[last].End = max(merged[last].End, h.End)
			continue
		}
		merged = append(merged, h)
	}
	slices.SortStableFunc(merged, func(a, b Hit) int { return cmp.Compare(a.Start, b.Start) })
	return merged
}
