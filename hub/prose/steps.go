package prose

import "isac/hub"

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

// number sets the step of techniques and routes that stand in a story told in
// order: from the sentence before the first word of order to that of the last. It
// leaves the others at 0.
func number(found []stated, steps []step) {
	if len(steps) == 0 {
		return
	}
	from, to := steps[0].sentence.start, steps[len(steps)-1].sentence.end
	if !steps[0].start {
		from = before(found, from)
	}
	place := map[int]int{}
	for i, f := range found {
		if f.at < from || f.at >= to || f.fact.Class != hub.Technique && f.fact.Class != hub.Route {
			continue
		}
		n := 1
		for _, s := range steps {
			if !s.start && s.at <= f.at {
				n++
			}
		}
		place[n] = 0
		found[i].fact.Step = n
	}
	compact(found, place)
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

// compact renumbers the steps from 1 without gaps.
func compact(found []stated, place map[int]int) {
	next := 0
	for n := 1; len(place) > 0 && next < len(place); n++ {
		if _, used := place[n]; used {
			next++
			place[n] = next
		}
	}
	for i := range found {
		if n := found[i].fact.Step; n > 0 {
			found[i].fact.Step = place[n]
		}
	}
}
