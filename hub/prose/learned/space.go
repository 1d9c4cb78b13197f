package learned

import (
	"math"
	"runtime"
	"sync"
)

// space is what labels learn together: each feature is a point, a sentence the sum of
// its features' points, and a label a direction in which sentences lie that state it.
// Words that stand in sentences of like labels come to lie together, so a label knows
// words that only its relatives were taught with.
//
// Products are rounded before they are added, so that every machine learns the same.
//
// Source: Joulin and others, Bag of Tricks for Efficient Text Classification (2016),
// with a loss of its own for each label.
type space struct {
	points []float32 // by feature, axes each
	labels []float32 // by label, axes each
	bias   []float32 // by label
	unit   float32   // what points are small multiples of
}

// How a space is learned.
const (
	axes      = 32
	epochs    = 5
	pace      = 0.3  // of the first step
	first     = 0.1  // how far points lie from the middle at first
	forget    = 0.1  // part of a sentence's features that isn't looked at
	little    = 0.01 // what a label is off by and doesn't learn from
	unlikely  = -5.0 // a label's bias at first
	commonest = 3    // sentences that a point needs
)

// dice are numbers as good as random, the same on every machine.
type dice uint64

func (d *dice) roll() uint32 {
	*d = *d*6364136223846793005 + 1442695040888963407
	return uint32(*d >> 33)
}

// below rolls a number from 0 to before n.
func (d *dice) below(n int) int { return int(d.roll()) % n }

// part rolls a number from 0 to 1.
func (d *dice) part() float32 { return float32(d.roll()) / (1 << 31) }

// pupil is a space that learns.
type pupil struct {
	space
	dice    dice
	row     []int32   // features of the sentence that are looked at
	at      []float32 // where the sentence lies
	pull    []float32 // where its labels want it
	moved   []float32 // by feature: squares of the steps of its point
	turned  []float32 // by label: the same
	shifted []float32 // by label: the same of its bias
}

// learnSpace learns from the rows of a sheet that aren't left out; signs are by label and
// row.
func learnSpace(s *sheet, signs [][]int8, out func(row int) bool) *space {
	p := &pupil{dice: 1, at: make([]float32, axes), pull: make([]float32, axes)}
	p.points, p.labels, p.bias = make([]float32, axes*len(s.hashes)), make([]float32, axes*len(signs)), make([]float32, len(signs))
	p.moved, p.turned, p.shifted = make([]float32, len(s.hashes)), make([]float32, len(signs)), make([]float32, len(signs))
	for k, rows := range s.columns {
		for a := range axes {
			if x := p.dice.part(); len(rows) >= commonest {
				p.points[k*axes+a] = (x - 0.5) * first
			}
		}
	}
	for l := range p.bias {
		p.bias[l] = unlikely
	}
	var order []int
	for i := range s.rows {
		if !out(i) {
			order = append(order, i)
		}
	}
	for epoch := range epochs {
		for n := len(order) - 1; n > 0; n-- {
			m := p.dice.below(n + 1)
			order[n], order[m] = order[m], order[n]
		}
		for n, i := range order {
			done := (float64(epoch) + float64(n)/float64(len(order))) / epochs
			p.learn(s, signs, i, float32(pace*(1-done)))
		}
	}
	p.round()
	return &p.space
}

// round makes whole multiples of a unit of the points, as a model holds them.
func (s *space) round() {
	s.unit = unitOf(s.points)
	for i, x := range s.points {
		s.points[i] = float32(math.Round(float64(x/s.unit))) * s.unit
	}
}

// learn takes one step by one sentence.
func (p *pupil) learn(s *sheet, signs [][]int8, i int, pace float32) {
	p.row = p.row[:0]
	for _, k := range s.rows[i].at {
		if len(s.columns[k]) >= commonest && p.dice.part() >= forget {
			p.row = append(p.row, k)
		}
	}
	scale := float32(s.rows[i].scale)
	p.sum(p.at, p.row, scale)
	clear(p.pull)
	for l := range p.bias {
		sign := signs[l][i]
		if sign == open {
			continue
		}
		d := p.labels[l*axes : l*axes+axes]
		off := 1 / (1 + float32(math.Exp(float64(-dot(d, p.at)-p.bias[l]))))
		if sign == states {
			off--
		}
		if off < little && off > -little {
			continue
		}
		size := float32(0)
		for a, x := range p.at {
			p.pull[a] += float32(off * d[a])
			size += float32(x * x)
		}
		p.turned[l] += float32(off * off * size / axes)
		p.shifted[l] += float32(off * off)
		step := pace * off / root32(p.turned[l])
		for a, x := range p.at {
			d[a] -= float32(step * x)
		}
		p.bias[l] -= float32(pace * off / root32(p.shifted[l]))
	}
	size := float32(0)
	for _, x := range p.pull {
		size += float32(x * x)
	}
	size *= scale * scale / axes
	for _, k := range p.row {
		p.moved[k] += size
		step := pace * scale / root32(p.moved[k])
		point := p.points[int(k)*axes : int(k)*axes+axes]
		for a, x := range p.pull {
			point[a] -= float32(step * x)
		}
	}
}

// root32 is the root of a sum of squares, never nothing.
func root32(x float32) float32 { return float32(math.Sqrt(float64(x + 1e-8))) }

// sum says where a sentence lies.
func (s *space) sum(at []float32, row []int32, scale float32) {
	clear(at)
	for _, k := range row {
		for a, x := range s.points[int(k)*axes : int(k)*axes+axes] {
			at[a] += x
		}
	}
	for a := range at {
		at[a] *= scale
	}
}

func dot(a, b []float32) float32 {
	sum := float32(0)
	for i, x := range a {
		sum += float32(x * b[i])
	}
	return sum
}

// score is how likely a sentence that lies somewhere states a label, as a logarithm of
// odds.
func (s *space) score(label int, at []float32) float32 {
	return dot(s.labels[label*axes:label*axes+axes], at) + s.bias[label]
}

// spaces learns one space of all rows, and one for each fold without its rows, side by
// side; scores are those of each row by the space that doesn't know it.
func spaces(s *sheet, examples []Example, signs [][]int8) (whole *space, scores [][]float32) {
	scores = make([][]float32, len(signs))
	for l := range scores {
		scores[l] = make([]float32, len(s.rows))
	}
	var all sync.WaitGroup
	turns := make(chan struct{}, runtime.GOMAXPROCS(0))
	begin := func(do func()) {
		all.Go(func() { turns <- struct{}{}; do(); <-turns })
	}
	begin(func() { whole = learnSpace(s, signs, func(int) bool { return false }) })
	for f := range folds {
		away := func(row int) bool { return examples[row].Report%folds == f }
		begin(func() {
			learned, at := learnSpace(s, signs, away), make([]float32, axes)
			for i, r := range s.rows {
				if !away(i) {
					continue
				}
				learned.sum(at, r.at, float32(r.scale))
				for l := range scores {
					scores[l][i] = learned.score(l, at)
				}
			}
		})
	}
	all.Wait()
	return whole, scores
}

// unitOf is what all numbers are small multiples of.
func unitOf[F float32 | float64](list []F) F {
	most := F(0)
	for _, x := range list {
		most = max(most, x, -x)
	}
	if most == 0 {
		return 1
	}
	return most / highest
}

// point is that of a feature in units.
func (s *space) point(feature int) (p point) {
	for a, x := range s.points[feature*axes : feature*axes+axes] {
		p[a] = byte(int8(math.Round(float64(x/s.unit)))) + raised
	}
	return p
}

// turn is a label's direction, so that what points in units come to by it is added to the
// label's weights, which have a unit of their own: in parts of 1<<fine.
func (s *space) turn(label int, unit float64) []int32 {
	var out []int32
	for _, x := range s.labels[label*axes : label*axes+axes] {
		out = append(out, int32(math.Round(share*float64(x)*float64(s.unit)/unit*(1<<fine))))
	}
	return out
}
