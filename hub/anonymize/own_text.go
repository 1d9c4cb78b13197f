package anonymize

import (
	"index/suffixarray"
	"strings"
	"unicode/utf8"

	"isac/hub"
	"isac/hub/register"
	"isac/hub/vocab"
)

// An ownText is text that the hub writes by itself, folded, to tell words of its
// own from words that only a report has.
type ownText struct {
	words map[string]bool    // Latin words, alone and joined by signs
	index *suffixarray.Index // all, for what has no words: Japanese, and phrases
}

func newOwnText(parts []string) *ownText {
	o := &ownText{words: map[string]bool{}}
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(register.Fold(p))
		b.WriteByte('\n')
		for _, token := range strings.Fields(p) {
			o.words[register.Fold(token)] = true
			for _, w := range strings.FieldsFunc(token, func(r rune) bool { return r >= utf8.RuneSelf || !alnum(byte(r)) }) {
				o.words[register.Fold(w)] = true
			}
		}
	}
	o.index = suffixarray.New([]byte(b.String()))
	return o
}

// has reports whether a folded text stands in o, a short Latin one as a word.
func (o *ownText) has(folded string) bool {
	if o.words[folded] {
		return true
	}
	if len(folded) < 12 && folded[0] < utf8.RuneSelf {
		return false
	}
	return len(o.index.Lookup([]byte(folded), 1)) > 0
}

// ownTexts collects every text of the closed vocabularies and of the analysis: the
// fixed ones, and those with the names of families, groups, tools and techniques.
func ownTexts(cfg Config) (fixed, closed *ownText) {
	v := cfg.Vocab
	parts := append([]string(nil), cfg.OwnTexts...)
	for _, t := range cfg.Library.Texts(cfg.Profile) {
		parts = append(parts, t.JA, t.EN)
	}
	for _, class := range []hub.Class{hub.Route, hub.Weakness, hub.Product, hub.Impact} {
		for _, e := range v.Entries(class) {
			parts = append(parts, e.Label.JA, e.Label.EN, e.ID)
		}
	}
	names := techniqueTexts(v)
	for _, n := range v.Names() {
		names = append(names, n.Spelling)
	}
	return newOwnText(distinct(parts)), newOwnText(distinct(append(parts, names...)))
}

func techniqueTexts(v *vocab.Vocab) []string {
	var out []string
	for _, t := range v.Techniques() {
		out = append(out, t.ID, t.Name, t.NameJA)
	}
	return out
}

func distinct(list []string) []string {
	seen := make(map[string]bool, len(list))
	out := list[:0:0]
	for _, s := range list {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}
