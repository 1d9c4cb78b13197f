package learned

import "math"

// threshold is from which score a label is stated, below which it isn't, and from which
// it is worth a question.
type threshold struct{ state, doubt, hint float64 }

// prior is how many guesses of all labels stand beside a label's own.
const prior = 4

// Scores are looked at in grains: thresholds are looked for between the grains deepest
// and surest, the least that is stated is likely.
const (
	grain   = 0.05
	bottom  = -2.7 // where grain 0 begins
	deepest = 2
	likely  = 36
	zero    = 54
	surest  = 74
)

// scoreAt is the score at which a grain begins.
func scoreAt(g int) float64 { return bottom + float64(g)*grain }

// grainOf is the grain of a score; -1 below all.
func grainOf(score float64) int {
	return int(math.Floor(min(max((score-bottom)/grain, -1), surest)))
}

// pile are guesses, right ones and all, by the grain of their score.
type pile struct{ right, all [surest + 1]int }

func (p *pile) add(g int, right bool) {
	if g < 0 {
		return
	}
	p.all[g]++
	if right {
		p.right[g]++
	}
}

// plus adds the guesses of another pile.
func (p *pile) plus(o *pile) {
	for g := range p.all {
		p.all[g] += o.all[g]
		p.right[g] += o.right[g]
	}
}

// share is the part of guesses from one grain to before another that are right, with
// those of all labels beside.
func (p *pile) share(beside *pile, from, to int) float64 {
	right, all, besideRight, besideAll := 0, 0, 0, 0
	for g := from; g < min(to, len(p.all)); g++ {
		right, all = right+p.right[g], all+p.all[g]
		besideRight, besideAll = besideRight+beside.right[g], besideAll+beside.all[g]
	}
	return (float64(right) + prior*float64(besideRight)/float64(max(1, besideAll))) / float64(all+prior)
}

// piles are a label's guesses: facts that patterns don't read, that they read, and that
// may be asked.
type piles struct{ fresh, read, maybe pile }

// thresholds are chosen by what was scored without its report: a label alone, with
// those of all labels beside it as far as it has few of its own. Anything comes last
// and first says of which sentences the others are asked.
func thresholds(examples []Example, names []string, signs [][]int8, alone, scores [][]float32, o Options) []threshold {
	out, own := make([]threshold, len(names)), make([]piles, len(names))
	last := len(names) - 1
	out[last] = gate(examples, alone[last], scores[last], o)
	each(last, func(n int) {
		for i, e := range examples {
			if sign := signs[n][i]; sign != open {
				if e.Found[names[n]] {
					own[n].doubted(sign == states, float64(alone[n][i]), float64(alone[last][i]), out[last])
				} else {
					own[n].add(sign == states, float64(scores[n][i]), float64(scores[last][i]), out[last])
				}
			}
		}
	})
	var all piles
	for n := range last {
		all.fresh.plus(&own[n].fresh)
		all.read.plus(&own[n].read)
		all.maybe.plus(&own[n].maybe)
	}
	for n := range last {
		state := surest
		for g := surest; g > likely; g-- {
			if own[n].fresh.share(&all.fresh, g, surest+1) >= o.Precision {
				state = g
			}
		}
		out[n] = threshold{scoreAt(state), own[n].read.lower(&all.read, o.Trust), own[n].maybe.question(&all.maybe, state, o.Worth)}
	}
	return out
}

// add takes what an example's score says of a label that patterns didn't find in it.
func (p *piles) add(right bool, score, tells float64, anything threshold) {
	g := grainOf(score)
	if tells >= anything.hint {
		p.maybe.add(g, right)
	}
	if tells >= anything.state {
		p.fresh.add(g, right)
	}
}

// doubted takes what it says of one that they found.
func (p *piles) doubted(right bool, score, tells float64, anything threshold) {
	if tells >= anything.doubt {
		p.read.add(grainOf(score), right)
	}
}

// gate says from which score for Anything more sentences state something than nothing,
// and below which what patterns read in them is mostly wrong.
func gate(examples []Example, alone, scores []float32, o Options) threshold {
	var told, read pile
	for i, e := range examples {
		g, doubted := grainOf(float64(scores[i])), grainOf(float64(alone[i]))
		if len(e.Labels) == 0 || e.anything() {
			told.add(g, e.anything())
		}
		for name := range e.Found {
			states, known := e.Labels[name]
			if states || !known && !Relative(e.Labels, name) {
				read.add(doubted, states)
			}
		}
	}
	state, hint := deepest, deepest
	for state < zero && told.share(&told, state, state+2) < half {
		state++
	}
	for hint < state && told.share(&told, hint, hint+2) < o.Worth {
		hint++
	}
	return threshold{scoreAt(state), read.lower(&read, o.Trust), scoreAt(hint)}
}

// question is the score from which a label is worth a question: at every grain down from
// where it is stated, enough of the guesses are right.
func (p *pile) question(all *pile, state int, worth float64) float64 {
	g := state
	for g > deepest+1 && p.share(all, g-2, g) >= worth {
		g--
	}
	return scoreAt(g)
}

// lower is the score below which fewer than a part of the guesses are right, at every
// grain from the lowest up.
func (p *pile) lower(all *pile, part float64) float64 {
	least := -9.0
	for g := deepest; g <= likely && p.share(all, g-2, g) < part; g++ {
		least = scoreAt(g)
	}
	return least
}

const half = 0.5

// tally counts what thresholds make of scores.
func tally(examples []Example, names []string, signs [][]int8, scores [][]float32, asked []threshold) Tally {
	var t Tally
	last := len(names) - 1
	for i, e := range examples {
		tells := float64(scores[last][i])
		for n, name := range names[:last] {
			if signs[n][i] == open || e.Found[name] {
				continue
			}
			right := signs[n][i] == states
			if right {
				t.Stated++
			}
			switch score := float64(scores[n][i]); {
			case tells >= asked[last].state && score >= asked[n].state && right:
				t.Right++
			case tells >= asked[last].state && score >= asked[n].state:
				t.Wrong++
			case tells >= asked[last].hint && score >= asked[n].hint && right:
				t.Asked++
			case tells >= asked[last].hint && score >= asked[n].hint:
				t.InVain++
			}
		}
	}
	return t
}
