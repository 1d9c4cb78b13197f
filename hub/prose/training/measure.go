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
		for i, found := range x.Lines(r.Texts(), lang) {
			m.sentence(r.Sentences[i], found)
		}
	}
	return m
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
