package attack

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
)

// Result is one run.
type Result struct {
	Seed      uint64
	Incidents int
	Members   []int
	Rows      []Row
	Facts     []Row
	Held      float64 // share of alerts that the gate held
	facts     *tally
	held      int
}

// Verdict says whether a figure is within its bound.
type Verdict string

// A bound holds, fails, or lies inside of the interval: then more incidents would be
// needed to say.
const (
	Holds Verdict = "holds"
	Open  Verdict = "open"
	Fails Verdict = "fails"
)

// Row is one figure: the success of an adversary in a sector, or the share of facts
// kept.
type Row struct {
	Group   string         `json:"group"` // unaided, insider, aided, facts
	Name    string         `json:"name"`
	Detail  string         `json:"detail,omitempty"`
	Members int            `json:"members,omitempty"`
	Tries   int            `json:"tries"`
	Rate    float64        `json:"rate"` // for aided: the difference
	Low     float64        `json:"low"`
	High    float64        `json:"high"`
	Bound   float64        `json:"bound"`
	With    float64        `json:"with,omitempty"` // success with the alert, and given technique and family only
	Bare    float64        `json:"bare,omitempty"`
	Verdict Verdict        `json:"verdict"`
	Kinds   map[string]int `json:"kinds,omitempty"` // of what was found, how often
	Equal   bool           `json:"-"`               // the bound is what is expected
	least   bool
}

// judged gives the verdict.
func (r Row) judged() Row {
	switch {
	case r.Tries == 0:
		r.Verdict = Open
	case r.least:
		r.Verdict = Fails
		if r.Rate >= r.Bound {
			r.Verdict = Holds
		}
	case r.Bound == 0 && r.Rate == 0, r.High <= r.Bound, r.Equal && r.Rate <= r.Bound+1e-9:
		r.Verdict = Holds
	case r.Low > r.Bound:
		r.Verdict = Fails
	default:
		r.Verdict = Open
	}
	return r
}

func atMost(group, name string, hits, tries int, bound float64) Row {
	r := Row{Group: group, Name: name, Tries: tries, Bound: bound, Rate: float64(hits) / float64(max(1, tries))}
	r.Low, r.High = clopperPearson(hits, tries)
	return r.judged()
}

func proportion(group, name string, have, want int, bound float64) Row {
	r := Row{Group: group, Name: name, Tries: want, Bound: bound, Rate: float64(have) / float64(max(1, want)), least: true}
	r.Low, r.High = clopperPearson(have, want)
	return r.judged()
}

func difference(name string, more, with, bare []float64) Row {
	r := Row{Group: "aided", Name: name, Tries: len(more), Bound: gain}
	r.Rate, r.Low, r.High = mean(more)
	r.With, _, _ = mean(with)
	r.Bare, _, _ = mean(bare)
	return r.judged()
}

// finish sums the facts up.
func (r *Result) finish() {
	r.Facts = r.facts.rows()
	r.Held = float64(r.held) / float64(max(1, 2*r.Incidents))
}

// Failed are the rows whose bound doesn't hold.
func (r Result) Failed() []Row {
	var out []Row
	for _, row := range slices.Concat(r.Rows, r.Facts) {
		if row.Verdict == Fails {
			out = append(out, row)
		}
	}
	return out
}

// Missed tells, the most frequent first, which facts were lost or made up. It holds
// sentences of the suite.
func (r Result) Missed() []string {
	keys := slices.Collect(maps.Keys(r.facts.missed))
	slices.SortFunc(keys, func(a, b string) int {
		return cmp.Or(cmp.Compare(r.facts.missed[b], r.facts.missed[a]), cmp.Compare(a, b))
	})
	return keys
}

// MarshalJSON writes one object: what was attacked, and a list of figures.
func (r Result) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]any{
		"seed": r.Seed, "incidents": r.Incidents, "members": r.Members, "held": r.Held, "figures": slices.Concat(r.Rows, r.Facts),
	})
}
