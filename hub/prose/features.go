package prose

import (
	"strings"

	"isac/hub/prose/learned"
)

// context is what the sentences before one give to its features.
type context struct {
	lists  []uint32 // of the sentence before
	told   []uint32 // facts that patterns read in the sentence before
	before []uint32 // and in the one before that
}

// setFeatures returns the feature of each set of words, and of those that are one
// list of the vocabulary the feature that the next sentence has.
func (c *compiler) setFeatures() (features, lists []uint32) {
	features, lists = make([]uint32, len(c.sets)), make([]uint32, len(c.sets))
	for key, n := range c.sets {
		_, group, _ := strings.Cut(key, " ")
		features[n] = learned.Hash(learned.Set, []byte(group))
		if strings.HasPrefix(group, "@") && !strings.ContainsAny(group[1:], "@| ") {
			lists[n] = learned.Earlier(features[n])
		}
	}
	return features, lists
}

// observe notes the features of a sentence of which the patterns have been read: its
// letters or words, the sets that these belong to, its marks, what patterns read in it,
// and what was told before it.
func (r *run) observe(s *scene) {
	if s.lang == "ja" {
		r.features = learned.Letters(r.features[:0], s.text)
		r.features = learned.Runs(r.features, s.text)
	} else {
		r.features = learned.Words(r.features[:0], s.text)
	}
	lists := r.context.lists
	for _, hashes := range [][]uint32{lists, r.context.told, r.context.before} {
		for _, h := range hashes {
			r.features = append(r.features, learned.Feature{Hash: h})
		}
	}
	lists = lists[:0]
	for _, w := range r.touched {
		r.features = append(r.features, learned.Feature{Hash: r.x.sets[w.set], Start: int32(w.start), End: int32(w.end)})
		if h := r.x.lists[w.set]; h != 0 {
			lists = append(lists, h)
		}
	}
	for _, m := range s.marks {
		r.features = append(r.features, learned.Feature{Hash: learned.Hash(learned.Mark, []byte{byte(m.mark)})})
	}
	told := r.context.before[:0]
	for i := len(r.found) - 1; i >= 0 && r.found[i].sentence == s.span; i-- {
		key := []byte(r.found[i].fact.Key())
		told = append(told, learned.Hash(learned.Told, key))
		r.features = append(r.features, learned.Feature{Hash: learned.Hash(learned.Here, key)})
	}
	r.context = context{lists: lists, told: told, before: r.context.told}
}

// Observed is a line of a report as it is learned from.
type Observed struct {
	Features []learned.Feature
	Clauses  [][]learned.Feature // of the clauses that are read by themselves, where nothing learned is
	Found    []Found
	Hints    []Hint
}

// Observe returns what is seen of each line of a report, by patterns alone.
func (x *Extractor) Observe(lines []string, lang string) []Observed {
	return x.lines(lines, lang, false)
}

// Lines returns what each line of a report states or may state. What a line refers to
// may stand in those before it.
func (x *Extractor) Lines(lines []string, lang string) []Observed {
	return x.lines(lines, lang, true)
}

func (x *Extractor) lines(lines []string, lang string, taught bool) []Observed {
	m := x.memory()
	defer x.release(m)
	r := run{x: x, lang: lang, memory: m, learned: taught}
	out := make([]Observed, 0, len(lines))
	for _, line := range lines {
		r.take(line)
		var o Observed
		for _, s := range sentences(r.folded.s) {
			r.sentence(s)
			o.Features = append(o.Features, r.features...)
			if !taught {
				o.Clauses = append(o.Clauses, r.clauses()...)
			}
		}
		o.Found, o.Hints = r.result(), r.hints()
		out = append(out, o)
	}
	return out
}

// clauses are the features of each clause of the current sentence.
func (r *run) clauses() (out [][]learned.Feature) {
	for c := range clauses(&r.scene) {
		out = append(out, learned.Within(nil, r.features, c.start, c.end))
	}
	return out
}
