package cells

import (
	"fmt"
	"maps"
	"slices"
)

// Safe reports whether a set of members hides each of them: after all members of any
// one operator and of any one vendor are taken away, and any two members more (the
// organisations of two moderators), at least k remain, in at least `spread`
// prefectures. With what remains a reader who knows all those can't do better than
// one in k.
func Safe(set []Member, k, spread int) bool { return Weakness(set, k, spread) == "" }

// Weakness says what is wrong with a set, "" for nothing.
func Weakness(set []Member, k, spread int) string {
	if len(set) < k+moderators {
		return fmt.Sprintf("%d members, want %d", len(set), k+moderators)
	}
	operators, vendors, places := tally(set, operatorOf), tally(set, vendorOf), tally(set, placeOf)
	o, v := most(operators), most(vendors)
	roomy := 0 // prefectures that no two such groups and moderators can empty
	for _, n := range places {
		if n > o+v+moderators {
			roomy++
		}
	}
	if len(set)-o-v-moderators >= k && roomy >= spread {
		return ""
	}
	for _, operator := range values(operators) {
		for _, vendor := range values(vendors) {
			if w := weakWithout(set, operator, vendor, k, spread); w != "" {
				return w
			}
		}
	}
	return ""
}

// moderators are how many members' organisations a reader may know besides.
const moderators = 2

func operatorOf(m Member) string { return m.Operator }
func vendorOf(m Member) string   { return m.Vendor }

func placeOf(m Member) string { return m.Place }

// tally counts the members of a set by a value; "" is nobody's.
func tally(set []Member, of func(Member) string) map[string]int {
	out := map[string]int{}
	for _, m := range set {
		if v := of(m); v != "" {
			out[v]++
		}
	}
	return out
}

func most(counts map[string]int) int {
	n := 0
	for _, c := range counts {
		n = max(n, c)
	}
	return n
}

// values are the keys of a tally in order, and "" for nobody.
func values(counts map[string]int) []string {
	return append([]string{""}, slices.Sorted(maps.Keys(counts))...)
}

func weakWithout(set []Member, operator, vendor string, k, spread int) string {
	remain, places := without(set, operator, vendor)
	if remain-moderators < k {
		return fmt.Sprintf("%d members remain without one operator, one vendor and %d more, want %d", max(0, remain-moderators), moderators, k)
	}
	if left := leastPlaces(places); left < spread {
		return fmt.Sprintf("%d prefectures remain without one operator, one vendor and %d more, want %d", left, moderators, spread)
	}
	return ""
}

// without counts who remains without an operator and a vendor, also by prefecture.
func without(set []Member, operator, vendor string) (remain int, places map[string]int) {
	places = map[string]int{}
	for _, m := range set {
		if operator != "" && m.Operator == operator || vendor != "" && m.Vendor == vendor {
			continue
		}
		remain++
		places[m.Place]++
	}
	return remain, places
}

// leastPlaces is how many prefectures remain when the two members are taken whose
// loss costs the most.
func leastPlaces(places map[string]int) int {
	ones, twos := 0, 0
	for _, n := range places {
		switch n {
		case 1:
			ones++
		case 2:
			twos++
		}
	}
	lost := min(ones, moderators)
	if lost == 0 && twos > 0 {
		lost = 1
	}
	return len(places) - lost
}
