package prose

import (
	"cmp"
	"slices"

	"isac/hub"
	"isac/hub/prose/learned"
)

// Hint is a fact that a sentence may state, though the reader isn't sure enough to say
// so. Near tells how near it came to that, from 0 to 1000.
type Hint struct {
	Found
	Near int
}

// At most so many hints are worth the time of whoever wrote the text.
const (
	HintsOfSentence = 3
	HintsOfReport   = 12
)

// maybe is a hint as a sentence gives it.
type maybe struct {
	stated
	near int
}

// consider notes that a sentence may state what a label says.
func (r *run) consider(s *scene, label, from int) {
	p := &r.x.lessons.rules[label]
	near, may := r.scores.Near(label)
	if !may || r.told(p.rule.Facts[0], from) {
		return
	}
	if c, ok := s.judge(r.taughtWindow(s, label)); ok {
		f := p.rule.Facts[0]
		r.maybe = append(r.maybe, maybe{stated{fact: hub.Fact{Class: f.Class, Value: f.Value, Confidence: c, Source: hub.FromProse}, sentence: s.span}, near})
	}
}

// taughtWindow is where in a sentence a label is read.
func (r *run) taughtWindow(s *scene, label int) window {
	w := window{span: span{0, len(s.text)}, pattern: &r.x.lessons.rules[label]}
	if start, end, ok := r.scores.Best(label); ok {
		w.span = span{int(start), int(end)}
	}
	w.hits = []span{w.span}
	return w
}

// hints are the best of what the sentences of a text may state and none of them does,
// each fact once.
func (r *run) hints() []Hint {
	var list []Hint
	for _, m := range r.maybe {
		h := Hint{Found{Fact: m.fact, Start: r.folded.origin(m.sentence.start), End: r.folded.origin(m.sentence.end)}, m.near}
		h.Start, h.End = trim(r.text, h.Start, h.End)
		list = append(list, h)
	}
	slices.SortStableFunc(list, byNear)
	told, asked := map[string]bool{}, map[span]int{}
	for _, f := range r.found {
		told[f.fact.Key()] = true
	}
	list = slices.DeleteFunc(list, func(h Hint) bool {
		at := span{h.Start, h.End}
		if Told(told, h.Fact) || asked[at] == HintsOfSentence {
			return true
		}
		asked[at]++
		return false
	})
	return BestHints(list, func(h Hint) Hint { return h })
}

func byNear(a, b Hint) int { return cmp.Compare(b.Near, a.Near) }

// Told reports whether facts, by key, leave nothing to ask of a hint: they say the same
// or more, or a technique that is more or less precise.
func Told(facts map[string]bool, f hub.Fact) bool {
	key := f.Key()
	return facts[key] || facts[outdone[key]] || f.Class == hub.Technique && learned.Relative(facts, key)
}

// BestHints returns those of a list that are worth a question, best first: each fact
// once, and not too many. One that a better one tells more or less precisely isn't asked
// besides.
func BestHints[T any](list []T, of func(T) Hint) []T {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b T) int { return byNear(of(a), of(b)) })
	asked := map[string]bool{}
	return slices.DeleteFunc(list, func(v T) bool {
		f := of(v).Fact
		if len(asked) == HintsOfReport || Told(asked, f) {
			return true
		}
		asked[f.Key()] = true
		return false
	})
}
