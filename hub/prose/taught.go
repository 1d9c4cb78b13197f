package prose

import (
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"isac/hub"
	"isac/hub/prose/learned"
	"isac/hub/vocab"
)

// lessons are what a learned reader may state, by the labels of its model.
type lessons struct {
	model  *learned.Model
	rules  []pattern // by label; without a rule where the vocabulary hasn't its value
	number map[string]int
}

// lessonsOf prepares a learned reader.
func lessonsOf(v *vocab.Vocab, model []byte) lessons {
	m, err := learned.Parse(model)
	if err != nil {
		panic("prose: learned.bin is broken")
	}
	l := lessons{model: m, rules: make([]pattern, len(m.Labels)), number: map[string]int{}}
	doubts := map[string]string{}
	for _, e := range v.Entries(hub.Impact) {
		doubts[string(hub.Impact)+":"+e.ID] = e.Doubt
	}
	for i, label := range m.Labels {
		class, value, _ := strings.Cut(label.Name, ":")
		if _, known := v.Label(hub.Class(class), value); !known {
			continue
		}
		fact := vocab.Fact{Class: hub.Class(class), Value: value}
		l.rules[i].rule = &vocab.Rule{Facts: []vocab.Fact{fact}, States: denials[label.Name], Doubt: doubts[label.Name], Own: true}
		l.number[label.Name] = i
	}
	return l
}

// taught takes back what patterns found in a sentence and what was learned finds most
// unlikely, and adds what it finds and they didn't.
func (r *run) taught(s *scene, from int) {
	r.observe(s)
	if !r.learned {
		return
	}
	r.scores.Read(r.features)
	r.doubt(from)
	if !r.scores.MayTell() || few(s.text, fewest) {
		return
	}
	r.may = r.may[:0]
	for i := range r.x.lessons.rules {
		r.may = append(r.may, r.scores.May(i))
	}
	tells := r.scores.Tells()
	if tells {
		r.tell(s, from)
	}
	for i := range r.x.lessons.rules {
		if r.may[i] && r.x.lessons.rules[i].rule != nil {
			r.consider(s, i, from)
		}
	}
	if !tells {
		return
	}
	for c := range clauses(s) {
		r.scores.Part(c.start, c.end)
		if r.scores.Tells() {
			r.tell(s, from)
		}
	}
}

// tell states what the words that were read last state; a technique's children stand
// behind it.
func (r *run) tell(s *scene, from int) {
	rules := r.x.lessons.rules
	for i := len(rules) - 1; i >= 0; i-- {
		p := &rules[i]
		if p.rule == nil || !r.may[i] || !r.scores.States(i) || r.told(p.rule.Facts[0], from) {
			continue
		}
		w := r.taughtWindow(s, i)
		if c, ok := s.judge(w); ok {
			r.state(s, w, c)
		}
	}
}

// commas part clauses.
var commas = map[string][]string{
	"ja": {"、", ",", "・"},
	"en": {", ", "; ", " and ", " - "},
}

// mostClauses are looked at of one sentence: each takes as long as the sentence.
const mostClauses = 16

// clauses are the first parts of a sentence that has more than one, without what is too
// short to tell anything. Of a long sentence what one clause says is little, so each is
// read by itself, for what the whole may state too.
func clauses(s *scene) iter.Seq[span] {
	return func(yield func(span) bool) {
		start, n, list := 0, 0, commas[s.lang]
		for i := 0; i <= len(s.text); {
			size := comma(s.text[i:], list)
			end := i == len(s.text)
			if size == 0 && !end {
				i++
				continue
			}
			if c := (span{start, i}); (!end || start > 0) && !few(s.text[c.start:c.end], fewestOfClause) {
				n++
				if !yield(c) {
					return
				}
			}
			if end || n == mostClauses {
				return
			}
			i += size
			start = i
		}
	}
}

// comma is the length of what parts clauses at the beginning of a text, 0 if nothing does.
func comma(text []byte, list []string) int {
	for _, c := range list {
		if len(text) >= len(c) && string(text[:len(c)]) == c {
			return len(c)
		}
	}
	return 0
}

// How many bytes of letters tell what no pattern says: a word of Japanese is short in
// letters, not in bytes. The cell of a table has less than a sentence needs, and what
// names a thing ("extension 5128") less than a clause that says something of it.
const (
	fewest         = 6
	fewestOfClause = 15
)

func few(text []byte, least int) bool {
	n := 0
	for len(text) > 0 && n < least {
		c, size := utf8.DecodeRune(text)
		if unicode.IsLetter(c) {
			n += size
		}
		text = text[size:]
	}
	return n < least
}

// doubt takes back what patterns found in a sentence that hardly tells of an attack,
// and deeds that are unlikely in one that may not; not where the same words state
// something that is likely.
func (r *run) doubt(from int) {
	if len(r.found) == from {
		return
	}
	l, silent, tells := &r.x.lessons, r.scores.Silent(), r.scores.Tells()
	kept := map[int]bool{}
	for _, f := range r.found[from:] {
		i, known := l.number[f.fact.Key()]
		kept[f.at] = kept[f.at] || !known || !silent && (tells || !deed(l.rules[i].rule) || !r.scores.Doubts(i))
	}
	r.found = append(r.found[:from], slices.DeleteFunc(r.found[from:], func(f stated) bool { return !kept[f.at] })...)
}

// told reports whether the sentence states a fact already, a technique that is more or
// less precise, or another way in: what patterns find is what the words say.
func (r *run) told(f vocab.Fact, from int) bool {
	return slices.ContainsFunc(r.found[from:], func(had stated) bool {
		v := had.fact.Value
		return had.fact.Class == f.Class && (f.Class == hub.Route || v == f.Value || strings.HasPrefix(v, f.Value+".") || strings.HasPrefix(f.Value, v+"."))
	})
}
