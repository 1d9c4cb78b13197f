package sector

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"isac/hub"
)

// Band tells a number of alerts without telling it.
type Band string

// The bands. None is told where nothing was released.
const (
	None      Band = ""
	Fewer     Band = "<10"
	From10    Band = "10-19"
	From20    Band = "20+"
	narrowest      = 10
	widest         = 20
)

// BandOf tells a number of alerts.
func BandOf(n int) Band {
	switch {
	case n == 0:
		return None
	case n < narrowest:
		return Fewer
	case n < widest:
		return From10
	}
	return From20
}

// View is what the sector has seen, in whole quarters that are over. A case gives at
// most one full alert, so those are counted.
type View struct {
	Quarters []string `json:"quarters"` // "2026-Q3", ascending
	Alerts   []Band   `json:"alerts"`   // by quarter
	Rows     []Row    `json:"rows"`     // by class, and most seen first
	Pairs    []Pair   `json:"pairs"`    // techniques that are seen together
}

// Row is how often one thing was named.
type Row struct {
	Name
	Total Band   `json:"total"`
	Bands []Band `json:"bands"` // by quarter
	count int
}

// Pair is two techniques that at least k alerts name together.
type Pair struct {
	A     string `json:"a"`
	B     string `json:"b"`
	Total Band   `json:"total"`
	count int
}

// mostPairs are told at most.
const mostPairs = 50

// View returns what alerts of the last n quarters before the one of now tell.
func (x *Index) View(now time.Time, n int) View {
	v := View{Rows: []Row{}, Pairs: []Pair{}}
	last := quarterOf(now) - 1
	first := last - n + 1
	at := x.quarters(first, last)
	total := make([]int, n)
	for _, q := range at {
		if q >= 0 {
			total[q]++
		}
	}
	for q := range n {
		v.Quarters = append(v.Quarters, quarterName(first+q))
		v.Alerts = append(v.Alerts, BandOf(total[q]))
	}
	for k := range x.names {
		if row, ok := x.row(k, at, n); ok {
			v.Rows = append(v.Rows, row)
		}
	}
	sortRows(v.Rows)
	v.Pairs = x.pairs(at)
	return v
}

// quarters gives for every alert the quarter that it counts in, from 0; -1 for none.
func (x *Index) quarters(first, last int) []int {
	at := make([]int, len(x.alerts))
	for i, a := range x.alerts {
		at[i] = -1
		if a.Stage != hub.Full {
			continue
		}
		if q := quarterOf(a.Published); q >= first && q <= last {
			at[i] = q - first
		}
	}
	return at
}

func (x *Index) row(k int, at []int, n int) (Row, bool) {
	if x.names[k].Class == hub.Indicator {
		return Row{}, false
	}
	counts := make([]int, n)
	row := Row{Name: x.names[k]}
	for _, place := range x.having[k] {
		if q := at[place]; q >= 0 {
			counts[q]++
			row.count++
		}
	}
	row.Total = BandOf(row.count)
	for _, c := range counts {
		row.Bands = append(row.Bands, BandOf(c))
	}
	return row, row.count > 0
}

// sortRows sorts by class and band, and within a band by name: the order tells no
// more than the bands do.
func sortRows(rows []Row) {
	rank := map[Band]int{From20: 0, From10: 1, Fewer: 2}
	class := map[hub.Class]int{}
	for i, c := range hub.Classes() {
		class[c] = i
	}
	slices.SortFunc(rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(class[a.Class], class[b.Class]), cmp.Compare(rank[a.Total], rank[b.Total]), cmp.Compare(a.Value, b.Value))
	})
}

// pairs counts techniques that are named together.
func (x *Index) pairs(at []int) []Pair {
	var techniques []int32 // keys
	local := make([]int32, len(x.names))
	for k, n := range x.names {
		local[k] = -1
		if n.Class == hub.Technique {
			local[k] = int32(len(techniques))
			techniques = append(techniques, int32(k))
		}
	}
	size := len(techniques)
	counts := make([]int32, size*size)
	var here []int32
	for i, a := range x.alerts {
		if at[i] < 0 {
			continue
		}
		here = here[:0]
		for _, k := range a.keys {
			if local[k] >= 0 {
				here = append(here, local[k])
			}
		}
		for _, p := range here {
			for _, q := range here {
				counts[int(p)*size+int(q)]++
			}
		}
	}
	return x.topPairs(techniques, counts)
}

func (x *Index) topPairs(techniques []int32, counts []int32) []Pair {
	size := len(techniques)
	out := []Pair{}
	for p := range size {
		for q := range size {
			a, b := x.names[techniques[p]].Value, x.names[techniques[q]].Value
			if n := int(counts[p*size+q]); a < b && n >= narrowest {
				out = append(out, Pair{A: a, B: b, Total: BandOf(n), count: n})
			}
		}
	}
	slices.SortFunc(out, func(a, b Pair) int {
		return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
	})
	return out[:min(mostPairs, len(out))]
}

// quarterOf numbers quarters, in UTC.
func quarterOf(t time.Time) int {
	t = t.UTC()
	return t.Year()*4 + int(t.Month()-1)/3
}

func quarterName(q int) string { return fmt.Sprintf("%d-Q%d", q/4, q%4+1) }
