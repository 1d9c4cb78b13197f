package prose

import (
	"slices"
	"strings"
	"unicode"

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
	l := &r.x.lessons
	r.doubt(from)
	if !r.scores.MayTell() || few(s.text) {
		return
	}
	tells := r.scores.Tells()
	for i := len(l.rules) - 1; i >= 0; i-- { // a technique's children stand behind it
		p := &l.rules[i]
		if p.rule == nil || !tells || !r.scores.States(i) || r.told(p.rule.Facts[0], from) {
			continue
		}
		w := r.taughtWindow(s, i)
		if c, ok := s.judge(w); ok {
			r.state(s, w, c)
		}
	}
	for i := range l.rules {
		if l.rules[i].rule != nil {
			r.consider(s, i, from)
		}
	}
}

// fewest is how many letters a sentence needs to tell what no pattern says: the cell of a
// table has less.
const fewest = 5

func few(text []byte) bool {
	n := 0
	for _, c := range string(text) {
		if unicode.IsLetter(c) {
			n++
		}
		if n == fewest {
			return false
		}
	}
	return true
}

// doubt takes back what patterns found in a sentence that hardly tells of an attack,
// and deeds that are unlikely in one that may not; not where the same words state
// something that is likely.
func (r *run) doubt(from int) {
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
