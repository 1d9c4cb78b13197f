package sector

import (
	"cmp"
	"math"
	"slices"

	"isac/hub"
)

// Relation is another alert with what it shares. Score is 1 to 100: the share of what
// both name that they name in common, what is rare counting more.
type Relation struct {
	ID      string `json:"id"`
	Number  uint64 `json:"number"`
	Score   int    `json:"score"`
	Reasons []Name `json:"reasons"` // the most telling first
}

// weights say how much a thing in common ties two attacks together. What nobody but
// the attacker has ties most; how everybody attacks ties least.
var weights = map[hub.Class]float64{
	hub.Indicator: 5,
	hub.Family:    3,
	hub.Group:     3,
	hub.CVE:       3,
	hub.Tool:      1,
	hub.Route:     1,
	hub.Product:   1,
	hub.Technique: 1,
	hub.Weakness:  0.5,
}

const (
	// common is the share of all alerts above which a thing ties nothing together: a
	// tool that every attacker uses, a resolver that every network asks.
	common = 0.2
	// fewAlerts is how many alerts there must be before anything is common.
	fewAlerts = 100
	// leastScore is the score below which two alerts aren't told as related.
	leastScore = 10
	// mostReasons are told of one relation.
	mostReasons = 10
)

// Related returns up to n alerts that relate to one, the closest first and the newest
// of equals. An alert that isn't there has none. Only alerts of the same stage are
// looked at, so that no attack comes twice, as its flash and as its full alert.
func (x *Index) Related(id string, n int) []Relation {
	place, ok := x.places[id]
	if !ok {
		return nil
	}
	return x.relate(x.alerts[place].keys, x.alerts[place].Stage, place, n)
}

// Like returns up to n alerts that relate to one of a stage that isn't released, by
// what it names.
func (x *Index) Like(names []Name, stage hub.Stage, n int) []Relation {
	var keys []int32
	for _, name := range names {
		k, ok := x.keys[name]
		if ok && len(x.having[k]) > 0 && !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	return x.relate(keys, stage, -1, n)
}

// relate finds alerts of a stage that share keys, all but the one at a place.
func (x *Index) relate(keys []int32, stage hub.Stage, place int32, n int) []Relation {
	if n < 1 {
		return nil
	}
	weight := x.weigh()
	shared := make([]float64, len(x.alerts))
	own := 0.0
	var found []int32
	for _, k := range keys {
		w := weight(k)
		own += w
		if w == 0 {
			continue
		}
		for _, other := range x.having[k] {
			if shared[other] == 0 && other != place {
				found = append(found, other)
			}
			shared[other] += w
		}
	}
	var out []Relation
	for _, other := range found {
		if x.alerts[other].Stage != stage || shared[other] < own*leastScore/100 { // spares most of the sums
			continue
		}
		both := own + x.total(other, weight) - shared[other]
		score := int(math.Round(100 * shared[other] / both))
		if score < leastScore {
			continue
		}
		a := x.alerts[other]
		out = append(out, Relation{ID: a.ID, Number: a.Number, Score: score})
	}
	slices.SortFunc(out, func(a, b Relation) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(b.Number, a.Number))
	})
	out = out[:min(n, len(out))]
	for i := range out {
		out[i].Reasons = x.reasons(keys, x.places[out[i].ID], weight)
	}
	return out
}

// weigh returns the weight of keys: that of the class, times how rare the thing is.
func (x *Index) weigh() func(k int32) float64 {
	all := float64(x.Len())
	return func(k int32) float64 {
		had := float64(len(x.having[k]))
		if all >= fewAlerts && had > common*all {
			return 0
		}
		return weights[x.names[k].Class] * math.Log1p(all/had)
	}
}

// total is the weight of all that an alert names.
func (x *Index) total(place int32, weight func(int32) float64) float64 {
	sum := 0.0
	for _, k := range x.alerts[place].keys {
		sum += weight(k)
	}
	return sum
}

// reasons are which of the keys an alert has, the heaviest first.
func (x *Index) reasons(keys []int32, b int32, weight func(int32) float64) []Name {
	var both []int32
	for _, k := range keys {
		if weight(k) > 0 && slices.Contains(x.alerts[b].keys, k) {
			both = append(both, k)
		}
	}
	slices.SortFunc(both, func(a, b int32) int {
		return cmp.Or(cmp.Compare(weight(b), weight(a)), cmp.Compare(x.names[a].Value, x.names[b].Value))
	})
	both = both[:min(mostReasons, len(both))]
	out := make([]Name, len(both))
	for i, k := range both {
		out[i] = x.names[k]
	}
	return out
}
