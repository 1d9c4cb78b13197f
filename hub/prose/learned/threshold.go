package learned

import (
	"math"
	"slices"
)

// threshold is from which score a label is stated, below which it isn't, and from which
// it is worth a question.
type threshold struct{ state, doubt, hint float64 }

// guess is an example's score for a label, and whether the label is right.
type guess struct {
	score float64
	right bool
}

// prior is how many guesses of all labels stand beside a label's own.
const prior = 4

// thresholds are chosen by what was scored without its report: a label alone, with
// those of all labels beside it as far as it has few of its own. Anything comes last
// and first says of which sentences the others are asked.
func thresholds(examples []Example, names []string, scores [][]float32, o Options) []threshold {
	out := make([]threshold, len(names))
	last := len(names) - 1
	out[last] = gate(examples, scores, o)
	fresh, read, maybe := make([][]guess, last), make([][]guess, last), make([][]guess, last)
	for i, e := range examples {
		tells := float64(scores[i][last])
		for n, name := range names[:last] {
			states, known := e.Labels[name]
			if !states && (known || Relative(e.Labels, name)) {
				continue
			}
			g := guess{float64(scores[i][n]), states}
			if !e.Found[name] && tells >= out[last].hint && g.score > deepest {
				maybe[n] = append(maybe[n], g)
			}
			switch {
			case e.Found[name] && tells >= out[last].doubt:
				read[n] = append(read[n], g)
			case !e.Found[name] && tells >= out[last].state && g.score > lowest:
				fresh[n] = append(fresh[n], g)
			}
		}
	}
	allFresh, allRead, allMaybe := slices.Concat(fresh...), slices.Concat(read...), slices.Concat(maybe...)
	for n := range last {
		out[n] = threshold{state: lowest + 20*grain, doubt: lower(read[n], allRead, o.Trust)}
		for t := out[n].state; t > lowest; t -= grain {
			if share(above(fresh[n], t), above(allFresh, t)) >= o.Precision {
				out[n].state = t
			}
		}
		out[n].hint = question(maybe[n], allMaybe, out[n].state, o.Worth)
	}
	return out
}

// gate says from which score for Anything more sentences state something than nothing,
// and below which what patterns read in them is mostly wrong.
func gate(examples []Example, scores [][]float32, o Options) threshold {
	var told, read []guess
	for i, e := range examples {
		score := float64(scores[i][len(scores[i])-1])
		if len(e.Labels) == 0 || e.anything() {
			told = append(told, guess{score, e.anything()})
		}
		for name := range e.Found {
			states, known := e.Labels[name]
			if states || !known && !Relative(e.Labels, name) {
				read = append(read, guess{score, states})
			}
		}
	}
	t := threshold{state: deepest, doubt: lower(read, read, o.Trust), hint: deepest}
	for t.state < 0 && share(between(told, t.state, t.state+2*grain), told) < half {
		t.state += grain
	}
	for t.hint < t.state && share(between(told, t.hint, t.hint+2*grain), told) < o.Worth {
		t.hint += grain
	}
	return t
}

// question is the score from which a label is worth a question: at every step down from
// where it is stated, enough of the guesses are right.
func question(own, all []guess, state, worth float64) float64 {
	t := state
	for t > deepest+grain && share(between(own, t-2*grain, t), between(all, t-2*grain, t)) >= worth {
		t -= grain
	}
	return t
}

// lower is the score below which fewer than a part of the guesses are right, at every
// step from the lowest up.
func lower(own, all []guess, part float64) float64 {
	least := -9.0
	for t := deepest; t < lowest+grain; t += grain {
		if share(between(own, t-2*grain, t), between(all, t-2*grain, t)) >= part {
			break
		}
		least = t
	}
	return least
}

const half = 0.5

// Scores between which thresholds are looked for.
const (
	lowest  = -0.6
	deepest = -1.6
	grain   = 0.05
)

func above(list []guess, t float64) []guess { return between(list, t, math.Inf(1)) }

func between(list []guess, from, to float64) []guess {
	var out []guess
	for _, g := range list {
		if g.score >= from && g.score < to {
			out = append(out, g)
		}
	}
	return out
}

// share is the part of guesses that are right, with those of all labels beside.
func share(own, all []guess) float64 {
	return (float64(rights(own)) + prior*float64(rights(all))/float64(max(1, len(all)))) / float64(len(own)+prior)
}

func rights(list []guess) int {
	n := 0
	for _, g := range list {
		if g.right {
			n++
		}
	}
	return n
}

// tally counts what thresholds make of scores.
func tally(examples []Example, names []string, scores [][]float32, asked []threshold) Tally {
	var t Tally
	last := len(names) - 1
	for i, e := range examples {
		tells := float64(scores[i][last])
		for n, name := range names[:last] {
			states, known := e.Labels[name]
			if e.Found[name] || !states && (known || Relative(e.Labels, name)) {
				continue
			}
			if states {
				t.Stated++
			}
			switch score := float64(scores[i][n]); {
			case tells >= asked[last].state && score >= asked[n].state && states:
				t.Right++
			case tells >= asked[last].state && score >= asked[n].state:
				t.Wrong++
			case tells >= asked[last].hint && score >= asked[n].hint && states:
				t.Asked++
			case tells >= asked[last].hint && score >= asked[n].hint:
				t.InVain++
			}
		}
	}
	return t
}
