package learned

import (
	"cmp"
	"fmt"
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
	Clauses  [][]Feature     // of the clauses that are read by themselves
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
	fewest  = 2    // sentences that a feature needs
	clearly = 1.0  // from this log ratio on a feature stands clearly more often by a label
	hardest = 1500 // sentences that don't state a label by which its features are chosen
	highest = 127
	share   = 0.2 // what labels learn together counts so much beside what each learns alone
)

// How names all of these, and what is known of a model's making beside its sentences.
var How = fmt.Sprint("3 ", []any{folds, cost, plus, rounds, smooth, sharp, steep, fewest, clearly, hardest, share, axes, epochs, pace, first, forget, little, unlikely, commonest})

// distinct returns the hashes of features, each once, rising.
func distinct(features []Feature) []uint32 {
	out := make([]uint32, 0, len(features))
	for _, f := range features {
		out = append(out, f.Hash)
	}
	slices.SortFunc(out, cmp.Compare[uint32])
	return slices.Compact(out)
}

// signsOf says of each example what it is to a label.
func signsOf(examples []Example, label string) []int8 {
	out := make([]int8, len(examples))
	for i, e := range examples {
		stated, known := e.Labels[label]
		if label == Anything {
			stated, known = e.anything(), len(e.Labels) > 0
		}
		switch {
		case stated:
			out[i] = states
		case !known && (len(e.Labels) == 0 || !Relative(e.Labels, label)):
			out[i] = not
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
	if len(labels) == 0 || name[0] != 't' {
		return false
	}
	parent, _, _ := strings.Cut(name, ".")
	for l := range labels {
		if len(l) > len(name) && l[len(name)] == '.' && l[:len(name)] == name || l == parent {
			return true
		}
	}
	return false
}

// Tally is what came of reading examples by labels that were learned without them: of what
// patterns don't read, how much is stated, how much of that was read rightly, how much
// wrongly, and how many hints are right and wrong.
type Tally struct{ Stated, Right, Wrong, Asked, InVain int }

// Train makes a model of examples, and says how well what it asks is chosen.
func Train(examples []Example, o Options) (*Model, Tally) {
	names := append(labelled(examples, o.Fewest), Anything)
	all := sheetOf(examples)
	signs := make([][]int8, len(names))
	each(len(names), func(n int) { signs[n] = signsOf(examples, names[n]) })
	alone := all.crossed(examples, names, signs, o)
	together, left := spaces(all, examples, signs)
	for n := range left {
		for i, score := range alone[n] {
			left[n][i] = score + float32(share*left[n][i])
		}
	}
	asked := thresholds(examples, names, signs, alone, left, o)
	counts, lines := all.counts(func(int) bool { return false }), make([]line, len(names))
	each(len(names), func(n int) { lines[n], _ = all.fit(counts, signs[n], most(names[n], o)) })
	m := &Model{}
	byFeature := make([][]weight, len(all.hashes))
	for n, name := range names {
		l := lines[n]
		unit := float64(unitOf(l.of))
		m.turns = append(m.turns, together.turn(n, unit)...)
		bias := l.bias + float64(share*float64(together.bias[n]))
		for k, w := range l.of {
			if q := int8(math.Round(w / unit)); q != 0 {
				byFeature[k] = append(byFeature[k], weight{uint16(n), q})
			}
		}
		m.Labels = append(m.Labels, Label{Name: name, State: whole((asked[n].state - bias) / unit), Doubt: whole((asked[n].doubt - l.bias) / unit), Hint: whole((asked[n].hint - bias) / unit)})
	}
	m.from = []uint32{0}
	for k, list := range byFeature {
		at := together.point(k)
		if len(list) == 0 && at == pointOf(nil) {
			continue
		}
		m.hashes = append(m.hashes, all.hashes[k])
		m.weights = append(m.weights, list...)
		m.from = append(m.from, uint32(len(m.weights)))
		m.points = append(m.points, at)
	}
	m.index()
	m.firm(examples)
	return m, tally(examples, names, signs, left, asked)
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
		may := make([]bool, len(m.Labels))
		for i := range m.Labels {
			_, near := s.Near(i)
			may[i] = near || s.States(i)
			l := &m.Labels[i]
			rightly := e.Labels[l.Name] && e.Found[l.Name] || l.Name == Anything && e.anything()
			if rightly && s.Doubts(i) {
				l.Doubt = s.asked(s.alone(i))
			}
		}
		for _, part := range append([][]Feature{e.Features}, e.Clauses...) {
			s.Read(part)
			m.silence(s, e, may)
		}
	}
}

// silence has labels ask for more than what was read last gives, if an example doesn't
// state them.
func (m *Model) silence(s *Scores, e Example, may []bool) {
	for i := range m.Labels {
		l := &m.Labels[i]
		_, known := e.Labels[l.Name]
		if may[i] && l.Name != Anything && !known && !Relative(e.Labels, l.Name) && s.States(i) {
			l.State = s.asked(s.sum(i)) + 1
		}
	}
}

// each does something for each of n labels, on all processors; the last one first, which
// takes longest.
func each(n int, do func(label int)) {
	var next atomic.Int64
	next.Store(int64(n))
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for label := next.Add(-1); label >= 0; label = next.Add(-1) {
				do(int(label))
			}
		})
	}
	all.Wait()
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
