package adversary

import (
	"cmp"
	"maps"
	"math/rand/v2"
	"slices"

	"isac/hub"
)

// Insider knows of t members that they weren't the victim: it asked them, or they
// are its own customers. Which ones is drawn; knows is the victim, whom nobody can
// exclude.
func Insider(s *Sector, r Release, t int, victim string, dice *rand.Rand) []string {
	list := Minimality(s, r, Everything)
	others := without(list, func(id string) bool { return id == victim })
	dice.Shuffle(len(others), func(i, j int) { others[i], others[j] = others[j], others[i] })
	return append(others[min(t, len(others)):], victim)
}

// Group is an insider of a whole operator or vendor, the largest among the suspects
// that isn't the victim's, or of one of each and two members more: what a partition
// has to bear.
func Group(s *Sector, r Release, victim string, by ...func(hub.Organisation) string) []string {
	list := Minimality(s, r, Everything)
	for _, of := range by {
		largest := largestGroup(s, list, of, of(s.Organs[victim]))
		list = without(list, func(id string) bool { return largest != "" && of(s.Organs[id]) == largest })
	}
	if len(by) > 1 {
		gone := 0
		list = without(list, func(id string) bool {
			if id == victim || gone == 2 {
				return false
			}
			gone++
			return true
		})
	}
	return list
}

func largestGroup(s *Sector, list []string, of func(hub.Organisation) string, not string) string {
	counts := map[string]int{}
	for _, id := range list {
		if g := of(s.Organs[id]); g != "" && g != not {
			counts[g]++
		}
	}
	if len(counts) == 0 {
		return ""
	}
	return slices.MaxFunc(slices.Sorted(maps.Keys(counts)), func(a, b string) int { return cmp.Compare(counts[a], counts[b]) })
}

// Operator and Vendor are what groups go by.
func Operator(o hub.Organisation) string { return o.Operator }

// Vendor is who supplies the systems.
func Vendor(o hub.Organisation) string { return o.Vendor }
