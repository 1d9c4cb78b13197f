package prose

import (
	"bytes"
	"cmp"
	"slices"

	"isac/hub"
	"isac/hub/vocab"
)

// step is a word that goes on in the story, at a place of the folded text.
type step struct {
	at       int
	sentence span
	start    bool // まず, first
}

// order notes the words of order in a sentence.
func (r *run) order(s *scene) {
	for _, m := range s.marks {
		if m.mark == first || m.mark == then {
			r.steps = append(r.steps, step{s.start + m.start, s.span, m.mark == first})
		}
	}
}

// Parts of a story. What words of order join is told as it happened. Around it, and
// in a text without such words, the way in comes first and the damage last,
// wherever they are told: people begin with what they saw, which is the damage.
const (
	beforeStory = iota
	inStory
	afterStory
)

// Phases of an attack.
const (
	exploit = iota // a flaw is used, or prepared for
	entry
	middle
	damage
)

// rung is the place of a technique in the story.
type rung struct{ part, phase, place int }

func (a rung) compare(b rung) int {
	return cmp.Or(cmp.Compare(a.part, b.part), cmp.Compare(a.phase, b.phase), cmp.Compare(a.place, b.place))
}

// number sets the step of each technique, from 1; those of one clause share it. It
// leaves those at 0 whose place the text doesn't tell.
func (r *run) number() {
	from, to := r.story()
	best := map[string]rung{}
	for _, f := range r.found {
		id := f.fact.Value
		if f.fact.Class != hub.Technique {
			continue
		}
		g, ok := r.rung(f, from, to)
		old, had := best[id]
		switch {
		case !ok:
		case !had, g.part == inStory && old.part != inStory:
			best[id] = g
		case g.part == old.part && g.place > old.place == (r.x.phases[id] == damage):
			best[id] = g
		}
	}
	rungs := make([]rung, 0, len(best))
	for _, g := range best {
		rungs = append(rungs, g)
	}
	slices.SortFunc(rungs, rung.compare)
	rungs = slices.Compact(rungs)
	for i, f := range r.found {
		if g, ok := best[f.fact.Value]; ok && f.fact.Class == hub.Technique {
			at, _ := slices.BinarySearchFunc(rungs, g, rung.compare)
			r.found[i].fact.Step = at + 1
		}
	}
}

// story returns what the words of order join: from the first of them, or the
// sentence with a fact before it, to the sentence of the last. It is empty where
// there are none.
func (r *run) story() (from, to int) {
	if len(r.steps) == 0 {
		return 0, 0
	}
	from, to = r.steps[0].sentence.start, r.steps[len(r.steps)-1].sentence.end
	if !r.steps[0].start {
		from = before(r.found, from)
	}
	return from, to
}

// before returns the start of the last sentence with a fact before a place, or
// the place.
func before(found []stated, place int) int {
	start := -1
	for _, f := range found {
		if f.sentence.start < place && f.sentence.start > start {
			start = f.sentence.start
		}
	}
	if start < 0 {
		return place
	}
	return start
}

// rung places what one sentence states; false where its place says nothing.
func (r *run) rung(f stated, from, to int) (rung, bool) {
	g := rung{beforeStory, r.x.phases[f.fact.Value], f.place}
	switch {
	case f.at >= from && f.at < to:
		return rung{inStory, 0, f.place}, true
	case g.phase == damage:
		g.part = afterStory
	case g.phase == exploit:
		g.place = 0
	case g.phase == middle && (f.at >= to && to > 0 || r.aside(f.sentence)):
		return rung{}, false
	}
	return g, true
}

// asides begin a sentence that adds something and doesn't go on.
var asides = []string{"なお", "また", "ちなみに", "補足", "加えて", "also", "in addition", "note"}

func (r *run) aside(sentence span) bool {
	text := bytes.TrimLeft(r.folded.s[sentence.start:sentence.end], " \u3000・-*")
	return slices.ContainsFunc(asides, func(a string) bool { return bytes.HasPrefix(text, []byte(a)) })
}

// phase is that of the earliest tactic of a technique.
func (x *Extractor) phase(t vocab.Technique) int {
	earliest := x.column("impact")
	for _, name := range t.Tactics {
		earliest = min(earliest, x.column(name))
	}
	switch way := x.column("initial-access"); {
	case t.ID == "T1190", earliest < way:
		return exploit
	case earliest == way:
		return entry
	case earliest == x.column("impact"):
		return damage
	}
	return middle
}

// column is the place of a tactic along an attack.
func (x *Extractor) column(tactic string) int {
	t, _ := x.vocab.Tactic(tactic)
	return t.Order
}
