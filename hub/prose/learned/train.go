package learned

import (
	"cmp"
	"maps"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Example is one sentence to learn from.
type Example struct {
	Features []Feature
	Labels   map[string]bool // what it states; false: it may be read so
	Found    map[string]bool // what patterns read
	Report   int             // sentences of one report are learned together or not at all
	Firm     bool            // it must be read as it is labelled, whatever else is read less for it
}

// Options are how a model learns.
type Options struct {
	Fewest    int     // sentences that a label needs
	Precision float64 // of what is stated beside the patterns
	Trust     float64 // a pattern's fact goes where fewer than this part are right
	Worth     float64 // of the least likely questions that are asked, this part are answered with yes
	Most      int     // weights of a label
}

// What has proved best when sentences of reports were left out and read.
const (
	folds   = 3
	cost    = 3.0
	plus    = 2.0 // a sentence that states a label counts so many times
	rounds  = 12
	smooth  = 0.5
	sharp   = 0.5
	steep   = 4.0
	fewest  = 2 // sentences that a feature needs
	highest = 127
)

// row is an example in numbers: its known features, and what each weighs.
type row struct {
	at    []int32
	scale float64
}

// space numbers the features that enough examples have.
type space struct {
	number map[uint32]int32
	hashes []uint32
}

func spaceOf(examples []Example) space {
	count := map[uint32]int{}
	for _, e := range examples {
		for _, h := range distinct(e.Features) {
			count[h]++
		}
	}
	s := space{number: map[uint32]int32{}}
	for _, h := range slices.Sorted(maps.Keys(count)) {
		if count[h] >= fewest {
			s.number[h] = int32(len(s.hashes))
			s.hashes = append(s.hashes, h)
		}
	}
	return s
}

func (s space) rows(examples []Example) []row {
	rows := make([]row, len(examples))
	for i, e := range examples {
		for _, h := range distinct(e.Features) {
			if n, ok := s.number[h]; ok {
				rows[i].at = append(rows[i].at, n)
			}
		}
		rows[i].scale = 1 / math.Sqrt(float64(max(1, len(e.Features))))
	}
	return rows
}

// distinct returns the hashes of features, each once, rising.
func distinct(features []Feature) []uint32 {
	out := make([]uint32, 0, len(features))
	for _, f := range features {
		out = append(out, f.Hash)
	}
	slices.SortFunc(out, cmp.Compare[uint32])
	return slices.Compact(out)
}

// line are the weights of one label.
type line struct {
	of   []float64
	bias float64
}

func (l line) score(r row) float64 {
	sum := 0.0
	for _, k := range r.at {
		sum += l.of[k]
	}
	return float64(sum*r.scale) + l.bias
}

// signs says of each example whether it states the label (1), doesn't (-1), or tells
// nothing of it (0).
func signs(examples []Example, label string) []int8 {
	out := make([]int8, len(examples))
	for i, e := range examples {
		states, known := e.Labels[label]
		if label == Anything {
			states, known = e.anything(), len(e.Labels) > 0
		}
		switch {
		case states:
			out[i] = 1
		case !known && (len(e.Labels) == 0 || !Relative(e.Labels, label)):
			out[i] = -1
		}
	}
	return out
}

// anything reports whether the sentence states any label.
func (e Example) anything() bool {
	for _, states := range e.Labels {
		if states {
			return true
		}
	}
	return false
}

// Relative reports whether a technique is the parent or a child of one of the labels.
func Relative(labels map[string]bool, name string) bool {
	parent, _, _ := strings.Cut(name, ".")
	for l := range labels {
		if len(l) > len(name) && l[len(name)] == '.' && l[:len(name)] == name || l == parent {
			return true
		}
	}
	return false
}

// ratios say how much more often a feature stands where the label is stated; counts
// are those of the features in all rows.
func ratios(counts []float64, rows []row, sign []int8) []float64 {
	with, open := make([]float64, len(counts)), make([]float64, len(counts))
	yes, no := 2*smooth, 2*smooth
	for i, r := range rows {
		switch sign[i] {
		case 1:
			yes++
			for _, k := range r.at {
				with[k]++
			}
		case -1:
			no++
		default:
			for _, k := range r.at {
				open[k]++
			}
		}
	}
	for k := range with {
		without := counts[k] - with[k] - open[k]
		ratio := math.Log(float64((with[k]+smooth)*no) / float64((without+smooth)*yes))
		ratio = sharp * min(max(ratio, -steep), steep)
		with[k] = float64(ratio * ratio)
	}
	return with
}

// countsOf counts the features of rows.
func countsOf(size int, rows []row) []float64 {
	counts := make([]float64, size)
	for _, r := range rows {
		for _, k := range r.at {
			counts[k]++
		}
	}
	return counts
}

// fit finds the weights that part the rows with sign 1 from those with -1: features
// weighed by their ratios, squared hinge loss, dual coordinate descent.
func fit(counts []float64, rows []row, sign []int8, most int) line {
	ratio := ratios(counts, rows, sign)
	l := descend(len(counts), rows, sign, ratio, rounds/3)
	if l.heaviest(most, ratio) {
		l = descend(len(counts), lighter(rows, ratio), sign, ratio, rounds)
	}
	return l
}

// lighter returns the rows without the features that weigh nothing.
func lighter(rows []row, ratio []float64) []row {
	out := make([]row, len(rows))
	for i, r := range rows {
		out[i].scale = r.scale
		for _, k := range r.at {
			if ratio[k] != 0 {
				out[i].at = append(out[i].at, k)
			}
		}
	}
	return out
}

// descend is the fit with features weighed as given; one that weighs 0 has no part.
func descend(size int, rows []row, sign []int8, ratio []float64, rounds int) line {
	l := line{of: make([]float64, size), bias: -1}
	alpha, norm := make([]float64, len(rows)), make([]float64, len(rows))
	var order []int
	for i, r := range rows {
		if sign[i] == 0 {
			continue
		}
		order = append(order, i)
		for _, k := range r.at {
			norm[i] += ratio[k]
		}
		norm[i] *= float64(r.scale * r.scale)
	}
	dice := uint64(1)
	for round := range rounds {
		for i := len(order) - 1; i > 0; i-- {
			dice = dice*6364136223846793005 + 1442695040888963407
			j := int((dice >> 33) % uint64(i+1))
			order[i], order[j] = order[j], order[i]
		}
		order = slices.DeleteFunc(order, func(i int) bool { return !l.learn(rows[i], sign[i], norm[i], &alpha[i], ratio) && round > 0 })
	}
	return l
}

// enough is how near to what is asked a row may stay without a part in the weights.
const enough = 0.1

// learn moves the weights by one row; false where the row has nothing to teach.
func (l *line) learn(r row, sign int8, norm float64, alpha *float64, ratio []float64) bool {
	c := cost
	if sign > 0 {
		c *= plus
	}
	y, soft := float64(sign), 1/(2*c)
	slope := float64(y*l.score(r)) - 1 + float64(*alpha*soft)
	if *alpha == 0 && slope > -enough {
		return false
	}
	next := max(*alpha-slope/(norm+1+soft), 0)
	d := float64((next - *alpha) * y)
	*alpha = next
	l.bias += d
	d *= r.scale
	for _, k := range r.at {
		l.of[k] += float64(d * ratio[k])
	}
	return true
}

// Tally is what came of reading examples by labels that were learned without them: of what
// patterns don't read, how much is stated, how much of that was read rightly, how much
// wrongly, and how many hints are right and wrong.
type Tally struct{ Stated, Right, Wrong, Asked, InVain int }

// Train makes a model of examples, and says how well what it asks is chosen.
func Train(examples []Example, o Options) (*Model, Tally) {
	names := append(labelled(examples, o.Fewest), Anything)
	all := spaceOf(examples)
	rows := all.rows(examples)
	counts := countsOf(len(all.hashes), rows)
	left := crossed(examples, names, o)
	m := &Model{}
	byFeature := make([][]weight, len(all.hashes))
	asked := thresholds(examples, names, left, o)
	lines := each(names, func(name string) line { return fit(counts, rows, signs(examples, name), most(name, o)) })
	for n, name := range names {
		l := lines[n]
		unit := l.unit()
		for k, w := range l.of {
			if q := int8(math.Round(w / unit)); q != 0 {
				byFeature[k] = append(byFeature[k], weight{uint16(n), q})
			}
		}
		m.Labels = append(m.Labels, Label{Name: name, State: whole((asked[n].state - l.bias) / unit), Doubt: whole((asked[n].doubt - l.bias) / unit), Hint: whole((asked[n].hint - l.bias) / unit)})
	}
	m.from = []uint32{0}
	for k, list := range byFeature {
		if len(list) == 0 {
			continue
		}
		m.hashes = append(m.hashes, all.hashes[k])
		m.weights = append(m.weights, list...)
		m.from = append(m.from, uint32(len(m.weights)))
	}
	m.index()
	m.firm(examples)
	return m, tally(examples, names, left, asked)
}

// most is how many weights a label may have.
func most(name string, o Options) int {
	if name == Anything {
		return 4 * o.Most
	}
	return o.Most
}

// firm moves what labels ask until the firm examples are read as they are labelled: none
// states what it doesn't, and nothing that patterns find rightly is doubted.
func (m *Model) firm(examples []Example) {
	s := m.Scores()
	for _, e := range examples {
		if !e.Firm {
			continue
		}
		s.Read(e.Features)
		for i := range m.Labels {
			l := &m.Labels[i]
			states, known := e.Labels[l.Name]
			rightly := states && e.Found[l.Name]
			if l.Name == Anything {
				rightly = e.anything()
			} else if !known && !Relative(e.Labels, l.Name) && s.States(i) {
				l.State = s.asked(i) + 1
			}
			if rightly && s.Doubts(i) {
				l.Doubt = s.asked(i)
			}
		}
	}
}

// each does something for every label, on all processors, and gives what came of it in
// the order of the labels.
func each[T any](names []string, do func(name string) T) []T {
	out := make([]T, len(names))
	var next atomic.Int64
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for n := int(next.Add(1)) - 1; n < len(names); n = int(next.Add(1)) - 1 {
				out[n] = do(names[n])
			}
		})
	}
	all.Wait()
	return out
}

// whole is what a label asks, as a model holds it.
func whole(x float64) int32 {
	return int32(math.Round(min(max(x*256, always), never)))
}

// labelled are the labels with enough sentences, in order.
func labelled(examples []Example, least int) []string {
	count := map[string]int{}
	for _, e := range examples {
		for l, states := range e.Labels {
			if states {
				count[l]++
			}
		}
	}
	maps.DeleteFunc(count, func(_ string, n int) bool { return n < least })
	return slices.Sorted(maps.Keys(count))
}

// heaviest takes all features but those with the most weight out of the ratios; false
// where there are no more.
func (l *line) heaviest(most int, ratio []float64) bool {
	var heavy []float64
	for _, w := range l.of {
		if w != 0 {
			heavy = append(heavy, math.Abs(w))
		}
	}
	if len(heavy) <= most {
		return false
	}
	slices.Sort(heavy)
	least := heavy[len(heavy)-most]
	for k, w := range l.of {
		if math.Abs(w) < least {
			ratio[k] = 0
		}
	}
	return true
}

// unit is what all weights are small multiples of.
func (l *line) unit() float64 {
	most := 0.0
	for _, w := range l.of {
		most = max(most, math.Abs(w))
	}
	if most == 0 {
		return 1
	}
	return most / highest
}

// crossed scores each example by labels that were learned without its report.
func crossed(examples []Example, names []string, o Options) [][]float32 {
	out := make([][]float32, len(examples))
	for f := range folds {
		var kept []Example
		for _, e := range examples {
			if e.Report%folds != f {
				kept = append(kept, e)
			}
		}
		part := spaceOf(kept)
		rows, every := part.rows(kept), part.rows(examples)
		counts := countsOf(len(part.hashes), rows)
		scores := each(names, func(name string) []float32 {
			l := fit(counts, rows, signs(kept, name), most(name, o))
			var list []float32
			for i, e := range examples {
				if e.Report%folds == f {
					list = append(list, float32(l.score(every[i])))
				}
			}
			return list
		})
		next := 0
		for i, e := range examples {
			if e.Report%folds != f {
				continue
			}
			for n := range names {
				out[i] = append(out[i], scores[n][next])
			}
			next++
		}
	}
	return out
}
