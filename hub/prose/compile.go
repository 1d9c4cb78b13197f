package prose

import (
	"strings"
	"unicode/utf8"

	"isac/hub"
	"isac/hub/vocab"
)

// pattern is one pattern of a rule in one language.
type pattern struct {
	rule   *vocab.Rule
	lang   string
	groups int
	order  bool // the groups stand in this order
}

// New prepares the extractor of a vocabulary, in some milliseconds.
func New(v *vocab.Vocab) *Extractor {
	x := &Extractor{vocab: v, names: v.Names()}
	var c compiler
	rules := v.Rules()
	for i := range rules {
		for _, p := range rules[i].JA {
			x.addPattern(&c, &rules[i], p, "ja")
		}
		for _, p := range rules[i].EN {
			x.addPattern(&c, &rules[i], p, "en")
		}
	}
	for i, n := range x.names {
		c.add(n.Spelling, use{kind: isName, n: int32(i)})
	}
	x.addTitles(&c)
	x.addMarks(&c)
	for lang, lists := range markers {
		for m, words := range lists {
			for _, w := range words {
				c.addForms(w, use{kind: isMarker, lang: lang, n: int32(m)})
			}
		}
	}
	x.terms = newTrie(c.terms)
	return x
}

// compiler gathers terms.
type compiler struct{ terms []term }

// add takes a word as written in a table; a final "*" leaves its end open.
func (c *compiler) add(written string, u use) {
	text, open := strings.CutSuffix(written, "*")
	text = string(fold(text).s)
	if text != "" {
		c.terms = append(c.terms, term{text, open, []use{u}})
	}
}

// addForms takes a word with the forms that say the same.
func (c *compiler) addForms(written string, u use) {
	if u.lang != "ja" {
		c.add(written, u)
		return
	}
	for _, w := range inflected(written) {
		c.add(w, u)
	}
}

// addPattern takes "a|b + @list" or "a|b > c".
func (x *Extractor) addPattern(c *compiler, rule *vocab.Rule, written, lang string) {
	n := int32(len(x.patterns))
	order := strings.Contains(written, " > ")
	groups := strings.Split(strings.ReplaceAll(written, " > ", " + "), " + ")
	for g, alternatives := range groups {
		for alt := range strings.SplitSeq(alternatives, "|") {
			words := []string{alt}
			if name, found := strings.CutPrefix(alt, "@"); found {
				words = x.vocab.Words(name)
			}
			for _, w := range words {
				c.addForms(w, use{kind: inGroup, lang: lang, n: n, group: uint8(g)})
			}
		}
	}
	x.patterns = append(x.patterns, pattern{rule, lang, len(groups), order})
}

// shortestJA is the number of letters from which a Japanese technique name is
// particular enough to be found by itself.
const shortestJA = 9

// addTitles takes the names of techniques that say by themselves that an attack is
// meant: of two or more words, not of the attacker's own preparations.
func (x *Extractor) addTitles(c *compiler) {
	x.titles = x.vocab.Techniques()
	for i, t := range x.titles {
		if len(t.Tactics) > 0 && (t.Tactics[0] == "reconnaissance" || t.Tactics[0] == "resource-development") {
			continue
		}
		u := use{kind: isTitle, n: int32(i)}
		if strings.Contains(t.Name, " ") && !everyday[t.Name] {
			c.add(t.Name, u)
		}
		if t.NameJA != t.Name && !everyday[t.NameJA] && utf8.RuneCountInString(t.NameJA) >= shortestJA {
			c.add(t.NameJA, u)
		}
	}
}

// addMarks takes the extensions and notes that a family leaves, each as the name
// of the family.
func (x *Extractor) addMarks(c *compiler) {
	families := map[string]int{}
	for i, n := range x.names {
		if n.Class == hub.Family && n.Spelling == n.Canonical {
			families[n.Canonical] = i
		}
	}
	for mark, family := range x.vocab.Extensions() {
		if i, ok := families[family]; ok {
			c.add(mark, use{kind: isExt, n: int32(i)})
		}
	}
	for note, family := range x.vocab.Notes() {
		if i, ok := families[family]; ok {
			c.add(note, use{kind: isExt, n: int32(i), group: 1})
		}
	}
}
