package learned

import (
	"cmp"
	"maps"
	"math"
	"slices"
)

// row is an example in numbers: its known features, and what each weighs.
type row struct {
	at    []int32
	scale float64
}

// sheet are all examples in numbers, by row and by column.
type sheet struct {
	hashes  []uint32 // of the features that enough examples have, rising
	rows    []row
	columns [][]int32 // by feature: the rows that have it
	logs    []float64 // of whole numbers and what smooths them
}

func sheetOf(examples []Example) *sheet {
	count, all := map[uint32]int{}, make([][]uint32, len(examples))
	for i, e := range examples {
		all[i] = distinct(e.Features)
		for _, h := range all[i] {
			count[h]++
		}
	}
	maps.DeleteFunc(count, func(_ uint32, n int) bool { return n < fewest })
	s := &sheet{hashes: slices.Sorted(maps.Keys(count)), rows: make([]row, len(examples))}
	s.columns = make([][]int32, len(s.hashes))
	number := make(map[uint32]int32, len(s.hashes))
	for k, h := range s.hashes {
		number[h] = int32(k)
		s.columns[k] = make([]int32, 0, count[h])
	}
	for i, e := range examples {
		s.rows[i].scale = 1 / math.Sqrt(float64(max(1, len(e.Features))))
		for _, h := range all[i] {
			if k, ok := number[h]; ok {
				s.rows[i].at = append(s.rows[i].at, k)
				s.columns[k] = append(s.columns[k], int32(i))
			}
		}
	}
	for n := range len(examples) + 2 {
		s.logs = append(s.logs, math.Log(float64(n)+smooth))
	}
	return s
}

// counts are those of the features in the rows that aren't left out.
func (s *sheet) counts(out func(row int) bool) []int32 {
	counts := make([]int32, len(s.hashes))
	for i, r := range s.rows {
		if out(i) {
			continue
		}
		for _, k := range r.at {
			counts[k]++
		}
	}
	return counts
}

// What a row is to a label.
const (
	states  int8 = 1
	not     int8 = -1
	open    int8 = 0 // it says nothing of the label
	leftOut int8 = 2
)

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

// tie is how a feature stands to a label.
type tie struct {
	weighs float64 // how far the label's rows have it more or less often than others
	with   int32   // rows of the label that have it
	more   bool    // they have it clearly more often
}

// ties are those of all features; what is too rare without the rows left out weighs
// nothing.
func (s *sheet) ties(counts []int32, sign []int8) []tie {
	ties, unsaid := make([]tie, len(counts)), make([]int32, len(counts))
	yes, no := 2*smooth, 2*smooth
	for i, r := range s.rows {
		switch sign[i] {
		case states:
			yes++
			for _, k := range r.at {
				ties[k].with++
			}
		case not:
			no++
		case open:
			for _, k := range r.at {
				unsaid[k]++
			}
		}
	}
	part := math.Log(no / yes)
	for k := range ties {
		if counts[k] < fewest {
			continue
		}
		with := ties[k].with
		ratio := part + s.logs[with] - s.logs[counts[k]-with-unsaid[k]]
		ties[k].more = with > 0 && ratio > clearly
		ratio = sharp * min(max(ratio, -steep), steep)
		ties[k].weighs = float64(ratio * ratio)
	}
	return ties
}

// fit finds the weights that part the rows that state a label from those that don't:
// features weighed by their ties, squared hinge loss, dual coordinate descent. Which
// features count is found by the rows that are hardest to part; rows are all, with these
// features alone.
func (s *sheet) fit(counts []int32, sign []int8, most int) (l line, rows []row) {
	ties := s.ties(counts, sign)
	l = descend(len(counts), s.rows, s.hard(sign, ties), sign, ties, rounds/4)
	l.heaviest(most, ties)
	rows = s.lighter(ties)
	var all []int
	for i := range rows {
		all = append(all, i)
	}
	return descend(len(counts), rows, all, sign, ties, rounds), rows
}

// hard returns the rows that state a label, and as many of the others as are most like
// them.
func (s *sheet) hard(sign []int8, ties []tie) []int {
	like := make([]float64, len(s.rows))
	for k, t := range ties {
		if !t.more {
			continue
		}
		weight := float64(t.weighs * float64(t.with))
		for _, i := range s.columns[k] {
			like[i] += weight
		}
	}
	var out, others []int
	for i := range s.rows {
		switch sign[i] {
		case states:
			out = append(out, i)
		case not:
			like[i] = float64(like[i] * s.rows[i].scale)
			if like[i] > 0 {
				others = append(others, i)
			}
		}
	}
	slices.SortFunc(others, func(a, b int) int { return cmp.Or(cmp.Compare(like[b], like[a]), a-b) })
	return append(out, others[:min(len(others), max(hardest, 2*len(out)))]...)
}

// lighter returns the rows with the features that weigh something alone.
func (s *sheet) lighter(ties []tie) []row {
	sizes, sum := make([]int32, len(s.rows)), 0
	for k, t := range ties {
		if t.weighs != 0 {
			sum += len(s.columns[k])
			for _, i := range s.columns[k] {
				sizes[i]++
			}
		}
	}
	out, free := make([]row, len(s.rows)), make([]int32, sum)
	for i, r := range s.rows {
		out[i] = row{free[:0:sizes[i]], r.scale}
		free = free[sizes[i]:]
	}
	for k, t := range ties {
		if t.weighs != 0 {
			for _, i := range s.columns[k] {
				out[i].at = append(out[i].at, int32(k))
			}
		}
	}
	return out
}

// descend is the fit by the rows of an order, which it changes; a feature that weighs
// nothing has no part.
func descend(size int, rows []row, order []int, sign []int8, ties []tie, rounds int) line {
	l := line{of: make([]float64, size), bias: -1}
	alpha, norm := make([]float64, len(rows)), make([]float64, len(rows))
	order = slices.DeleteFunc(order, func(i int) bool { return sign[i] != states && sign[i] != not })
	for _, i := range order {
		for _, k := range rows[i].at {
			norm[i] += ties[k].weighs
		}
		norm[i] *= float64(rows[i].scale * rows[i].scale)
	}
	dice := uint64(1)
	for round := range rounds {
		for i := len(order) - 1; i > 0; i-- {
			dice = dice*6364136223846793005 + 1442695040888963407
			j := int((dice >> 33) % uint64(i+1))
			order[i], order[j] = order[j], order[i]
		}
		order = slices.DeleteFunc(order, func(i int) bool { return !l.learn(rows[i], sign[i], norm[i], &alpha[i], ties) && round > 0 })
	}
	return l
}

// enough is how near to what is asked a row may stay without a part in the weights.
const enough = 0.1

// learn moves the weights by one row; false where the row has nothing to teach.
func (l *line) learn(r row, sign int8, norm float64, alpha *float64, ties []tie) bool {
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
		l.of[k] += float64(d * ties[k].weighs)
	}
	return true
}

// heaviest leaves the features with the most weight their ties, and no others.
func (l *line) heaviest(most int, ties []tie) {
	var heavy []float64
	for _, w := range l.of {
		if w != 0 {
			heavy = append(heavy, math.Abs(w))
		}
	}
	least := 0.0
	if len(heavy) > most {
		slices.Sort(heavy)
		least = heavy[len(heavy)-most]
	}
	for k, w := range l.of {
		if w == 0 || math.Abs(w) < least {
			ties[k].weighs = 0
		}
	}
}

// crossed scores each example by labels that were learned without its report.
func (s *sheet) crossed(examples []Example, names []string, signs [][]int8, o Options) [][]float32 {
	out := make([][]float32, len(names))
	for n := range out {
		out[n] = make([]float32, len(examples))
	}
	for f := range folds {
		away := func(row int) bool { return examples[row].Report%folds == f }
		counts := s.counts(away)
		each(len(names), func(n int) {
			sign := slices.Clone(signs[n])
			for i := range sign {
				if away(i) {
					sign[i] = leftOut
				}
			}
			l, rows := s.fit(counts, sign, most(names[n], o))
			for i, r := range rows {
				if away(i) {
					out[n][i] = float32(l.score(r))
				}
			}
		})
	}
	return out
}
