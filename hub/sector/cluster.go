package sector

import (
	"cmp"
	"slices"
	"time"

	"isac/hub"
)

// Cluster is full alerts that tell the same way, each close to one of the others. It
// says nothing of victims.
type Cluster struct {
	IDs    []string `json:"ids"`    // in the order of their numbers
	Score  int      `json:"score"`  // of the closest two
	Shared []Name   `json:"shared"` // what two of them name, the most telling first
}

// mostClustered bounds how many alerts are compared: the newest.
const mostClustered = 200

// Clusters returns full alerts published since an instant, of which any two neighbours
// relate by the score or more, those with the newest alert first.
func (x *Index) Clusters(since time.Time, score int) []Cluster {
	var places []int32
	for _, place := range x.places {
		if a := x.alerts[place]; a.Stage == hub.Full && a.Published.After(since) {
			places = append(places, place)
		}
	}
	slices.SortFunc(places, func(a, b int32) int { return cmp.Compare(x.alerts[b].Number, x.alerts[a].Number) })
	places = places[:min(mostClustered, len(places))]
	group, best := map[int32]int32{}, map[int32]int{}
	for _, p := range places {
		group[p] = p
	}
	for _, p := range places {
		for _, r := range x.relate(x.alerts[p].keys, hub.Full, p, mostClustered) {
			other, recent := x.places[r.ID], false
			if _, recent = group[other]; !recent || r.Score < score {
				continue
			}
			join(group, p, other)
			best[p] = max(best[p], r.Score)
		}
	}
	var out []Cluster
	for _, p := range places { // newest first
		if c, ok := x.cluster(p, places, group, best); ok {
			out = append(out, c)
		}
	}
	return out
}

// join puts two alerts into one group, which is named by its first place.
func join(group map[int32]int32, a, b int32) {
	from, to := group[a], group[b]
	for p, g := range group {
		if g == from {
			group[p] = to
		}
	}
}

// cluster is the group of an alert, if it is the newest of two at least.
func (x *Index) cluster(newest int32, places []int32, group map[int32]int32, best map[int32]int) (c Cluster, ok bool) {
	times := map[int32]int{}
	var keys []int32
	for _, p := range places {
		if group[p] != group[newest] {
			continue
		}
		if x.alerts[p].Number > x.alerts[newest].Number {
			return c, false
		}
		c.IDs = append(c.IDs, x.alerts[p].ID)
		c.Score = max(c.Score, best[p])
		for _, k := range x.alerts[p].keys {
			times[k]++
			if times[k] == 2 {
				keys = append(keys, k)
			}
		}
	}
	slices.Reverse(c.IDs)
	weight := x.weigh()
	keys = slices.DeleteFunc(keys, func(k int32) bool { return weight(k) == 0 })
	slices.SortFunc(keys, func(a, b int32) int {
		return cmp.Or(cmp.Compare(weight(b), weight(a)), cmp.Compare(x.names[a].Value, x.names[b].Value))
	})
	for _, k := range keys[:min(mostReasons, len(keys))] {
		c.Shared = append(c.Shared, x.names[k])
	}
	return c, len(c.IDs) > 1
}
