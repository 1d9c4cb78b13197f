package register

import (
	"unicode"
	"unicode/utf8"
)

// Needles finds the values that one case has left out: names of people, hosts,
// users, numbers with their units, whatever was in a property that stays behind.
// It folds and decodes as Index does and is cheap to build (under a millisecond
// for a thousand values). It is safe for concurrent use; the zero value finds
// nothing.
type Needles struct {
	lexicon lexicon
}

// NewNeedles builds a matcher of the values. What is too short to tell anything
// is not looked for: one character, two Latin letters or digits, three hiragana.
func NewNeedles(values []string) *Needles {
	b := newLexiconBuilder(len(values))
	for _, value := range values {
		if f := Fold(value); tells(f) {
			b.add(needle{f, kindName})
		}
	}
	return &Needles{lexicon: b.build()}
}

// tells reports whether a folded value is long enough to mean something.
func tells(folded string) bool {
	n, latin, kana := 0, true, true
	for _, r := range folded {
		n++
		latin = latin && r < utf8.RuneSelf
		kana = kana && unicode.Is(unicode.Hiragana, r)
	}
	switch {
	case latin:
		return n >= 3
	case kana:
		return n >= 4
	}
	return n >= 2
}

// Find returns every place where a value stands, also encoded, with the class
// Value. A value that begins or ends with a Latin letter or digit counts only
// where a word begins or ends, unless it is long and stands in one piece.
// Overlapping hits are one; hits are ordered by Start.
func (n *Needles) Find(text string) []Hit {
	if n.lexicon.find == nil {
		return nil
	}
	var hits []Hit
	each(text, func(f folding, span func(Hit) Hit) {
		for m := range n.lexicon.find.All(f.text) {
			o := occurrence{folding: f, start: m.Start, end: m.End, kind: kindName}
			if o.latinStands() {
				start, end := o.span(o.start, o.end)
				hits = append(hits, span(Hit{Start: start, End: end, Class: Value}))
			}
		}
	}, func(h Hit) { hits = append(hits, h) })
	return merge(hits)
}
