package prose

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"isac/hub"
	"isac/hub/vocab"
)

// pattern is one pattern of a rule in one language.
type pattern struct {
	rule   *vocab.Rule
	lang   string
	groups []int32 // sets of words, one of each must be found
	order  bool    // the groups stand in this order
	loose  bool    // they may stand in clauses that have their own subjects
}

// New prepares the extractor of a vocabulary, in some tens of milliseconds.
func New(v *vocab.Vocab) *Extractor { return NewTaught(v, v.Learned()) }

// NewTaught is New with another model than the vocabulary's.
func NewTaught(v *vocab.Vocab, model []byte) *Extractor {
	x := &Extractor{vocab: v, names: v.Names()}
	c := compiler{written: map[string]int{}, folded: map[string]int{}, sets: map[string]int32{}}
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
		for _, s := range spaced(n) {
			c.add(s, use{kind: isName, n: int32(i)})
		}
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
	x.anchor(len(c.sets))
	x.sets, x.lists = c.setFeatures()
	x.lessons = lessonsOf(v, model)
	return x
}

// spaced are the other ways to write a name of two parts that is no other word:
// "CobaltStrike" and "Cobalt-Strike", "Lock Bit".
func spaced(n vocab.Name) []string {
	switch parts := strings.Fields(n.Spelling); {
	case !n.Vouched:
		return nil
	case len(parts) == 2:
		return []string{strings.Join(parts, ""), strings.Join(parts, "-")}
	case len(parts) > 2 || !humped(n.Spelling):
		return nil
	}
	for i, r := range n.Spelling {
		if i > 1 && unicode.IsUpper(r) && len(n.Spelling)-i > 1 {
			return []string{n.Spelling[:i] + " " + n.Spelling[i:], n.Spelling[:i] + "-" + n.Spelling[i:]}
		}
	}
	return nil
}

// compiler gathers terms, and the sets of words that groups of patterns name: equal
// groups share one.
type compiler struct {
	terms   []term
	written map[string]int // by how a table writes it: which term; -1 for none
	folded  map[string]int // by folded text, with "*" for an open one
	sets    map[string]int32
}

// add takes a word as written in a table; a final "*" leaves its end open.
func (c *compiler) add(written string, u use) {
	at, ok := c.written[written]
	if !ok {
		at = c.term(written)
		c.written[written] = at
	}
	if at >= 0 {
		c.terms[at].add(u)
	}
}

// term returns the place of a word's term, or -1 where nothing is left of the word.
func (c *compiler) term(written string) int {
	text, open := strings.CutSuffix(written, "*")
	text = string(fold(text).s)
	if text == "" {
		return -1
	}
	key := text
	if open {
		key += "*"
	}
	at, ok := c.folded[key]
	if !ok {
		at = len(c.terms)
		c.terms = append(c.terms, term{text: text, open: open})
		c.folded[key] = at
	}
	return at
}

// addForms takes a word with the forms that say the same.
func (c *compiler) addForms(written string, u use) {
	forms := inflectedEN
	if u.lang == "ja" {
		forms = inflected
	}
	for _, w := range forms(written) {
		c.add(w, u)
	}
}

// addPattern takes "a|b + @list", "a|b > c" or "a & b".
func (x *Extractor) addPattern(c *compiler, rule *vocab.Rule, written, lang string) {
	p := pattern{rule: rule, lang: lang, order: strings.Contains(written, " > "), loose: strings.Contains(written, " & ")}
	for group := range strings.SplitSeq(signs.Replace(written), " + ") {
		p.groups = append(p.groups, x.addSet(c, group, lang))
	}
	if len(p.groups) > mostGroups {
		panic("prose: too many groups in " + written)
	}
	x.patterns = append(x.patterns, p)
}

var signs = strings.NewReplacer(" > ", " + ", " & ", " + ")

// addSet takes the alternatives of a group, unless it has them already.
func (x *Extractor) addSet(c *compiler, group, lang string) int32 {
	key := lang + " " + group
	if n, ok := c.sets[key]; ok {
		return n
	}
	n := int32(len(c.sets))
	c.sets[key] = n
	have := map[string]bool{}
	for alt := range strings.SplitSeq(group, "|") {
		for _, w := range x.phrases(alt, lang) {
			if !have[w] {
				c.addForms(w, use{kind: inSet, lang: lang, n: n})
			}
			have[w] = true
		}
	}
	return n
}

// phrases returns what an alternative stands for: itself, with one word of a list in
// the place of each "@list".
func (x *Extractor) phrases(alt, lang string) []string {
	before, rest, found := strings.Cut(alt, "@")
	if !found {
		return []string{alt}
	}
	end := 0
	for end < len(rest) && (word(rest[end]) || rest[end] == '-') {
		end++
	}
	tails := x.phrases(rest[end:], lang)
	var out []string
	for _, w := range x.vocab.Words(rest[:end], lang) {
		for _, tail := range tails {
			out = append(out, before+w+tail)
		}
	}
	return out
}

// anchor lists each pattern at that of its sets which the fewest patterns name, so
// that a sentence costs what its rarer words cost.
func (x *Extractor) anchor(sets int) {
	named := make([]int, sets)
	for _, p := range x.patterns {
		for _, g := range p.groups {
			named[g]++
		}
	}
	x.anchored = make([][]int32, sets)
	for i, p := range x.patterns {
		rarest := p.groups[0]
		for _, g := range p.groups {
			if named[g] < named[rarest] {
				rarest = g
			}
		}
		x.anchored[rarest] = append(x.anchored[rarest], int32(i))
	}
}

// shortestJA is the number of letters from which a Japanese technique name is
// particular enough to be found by itself.
const shortestJA = 9

// addTitles takes the names of techniques that say by themselves that an attack is
// meant: of two or more words, not of the attacker's own preparations.
func (x *Extractor) addTitles(c *compiler) {
	x.titles = x.vocab.Techniques()
	x.phases = make(map[string]int, len(x.titles))
	for i, t := range x.titles {
		x.phases[t.ID] = x.phase(t)
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
