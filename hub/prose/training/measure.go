package training

import (
	"slices"
	"strings"

	"isac/hub/prose"
	"isac/hub/prose/learned"
)

// Classes are the classes of facts that are learned.
var Classes = []string{"technique", "route", "weakness", "impact"}

// Count is how many facts were read rightly, not read, and read that aren't there.
type Count struct{ Right, Missed, Wrong int }

// Recall is the part of what is stated that was read.
func (c Count) Recall() float64 { return float64(c.Right) / float64(max(1, c.Right+c.Missed)) }

// Precision is the part of what was read that is stated.
func (c Count) Precision() float64 { return float64(c.Right) / float64(max(1, c.Right+c.Wrong)) }

// Measured is how well the sentences of a language were read: by class and "all".
type Measured struct {
	Counts        map[string]*Count
	Silent, Quiet int      // sentences that state nothing, and those in which nothing was read
	Errors        []string // what was read too much or missed
	Asked         Count    // hints whose answer is yes, and those whose answer is no
}

// Ticked is the part of what is stated that is read once the reporter has said yes to
// each hint that is right.
func (m Measured) Ticked() float64 {
	all := *m.Counts["all"]
	return Count{Right: all.Right + m.Asked.Right, Missed: all.Missed - m.Asked.Right}.Recall()
}

// Measure reads the reports of a language. A technique that is the parent or a child of
// a stated one counts neither way.
func Measure(x *prose.Extractor, reports []Report, lang string) Measured {
	m := Measured{Counts: map[string]*Count{"all": {}}}
	for _, c := range Classes {
		m.Counts[c] = &Count{}
	}
	for _, r := range reports {
		if r.Lang != lang {
			continue
		}
		var hints []asked
		told := map[string]bool{}
		for i, o := range x.Lines(r.Texts(), lang) {
			m.sentence(r.Sentences[i], o.Found)
			for _, f := range o.Found {
				told[f.Fact.Key()] = true
			}
			for _, h := range o.Hints {
				hints = append(hints, asked{h, r.Sentences[i]})
			}
		}
		m.ask(hints, told)
	}
	return m
}

// asked is a hint and the sentence that gave it.
type asked struct {
	hint prose.Hint
	of   Sentence
}

// ask counts the hints of a report that its reporter would see.
func (m *Measured) ask(hints []asked, told map[string]bool) {
	hints = slices.DeleteFunc(hints, func(a asked) bool { return prose.Told(told, a.hint.Fact) })
	for _, a := range prose.BestHints(hints, func(a asked) prose.Hint { return a.hint }) {
		key := a.hint.Fact.Key()
		states, known := a.of.Labels[key]
		switch {
		case states:
			m.Asked.Right++
		case !known && !learned.Relative(a.of.Labels, key):
			m.Asked.Wrong++
		}
	}
}

func (m *Measured) sentence(s Sentence, found []prose.Found) {
	have := map[string]bool{}
	for _, f := range found {
		if slices.Contains(Classes, string(f.Fact.Class)) {
			have[f.Fact.Key()] = true
		}
	}
	if len(s.Labels) == 0 {
		m.Silent++
		if len(have) == 0 {
			m.Quiet++
		}
	}
	for k := range have {
		states, known := s.Labels[k]
		switch {
		case states:
			m.count(k, Count{Right: 1})
		case !known && !learned.Relative(s.Labels, k):
			m.count(k, Count{Wrong: 1})
			m.Errors = append(m.Errors, "too much: "+k+"\t"+s.Text)
		}
	}
	for k, states := range s.Labels {
		if states && !have[k] && !more(have, k) && m.count(k, Count{Missed: 1}) {
			m.Errors = append(m.Errors, "missed: "+k+"\t"+s.Text)
		}
	}
}

// more reports whether a more precise technique was found.
func more(have map[string]bool, key string) bool {
	for h := range have {
		if strings.HasPrefix(h, key+".") {
			return true
		}
	}
	return false
}

func (m *Measured) count(key string, c Count) bool {
	class, _, _ := strings.Cut(key, ":")
	if m.Counts[class] == nil {
		return false
	}
	for _, sum := range []*Count{m.Counts[class], m.Counts["all"]} {
		sum.Right, sum.Missed, sum.Wrong = sum.Right+c.Right, sum.Missed+c.Missed, sum.Wrong+c.Wrong
	}
	return true
}
