// Package sector says what released alerts tell together: which of them relate to
// which and why, which entry routes come again, and what the sector has seen over
// time.
//
// It knows released alerts alone, so any reader could compute the same; it never says
// that two alerts have one victim. Numbers of alerts are told as bands and for whole
// quarters that are over. It trusts that what it is given was released.
//
//	x := sector.New()
//	x.Put(sector.Alert{ID: id, Stage: hub.Full, Published: at, Names: names})
//	for _, r := range x.Related(id, 5) {
//		fmt.Println(r.ID, r.Score, r.Reasons)
//	}
package sector

import (
	"slices"
	"time"

	"isac/hub"
)

// Name is one thing that an alert names. Indicators have the class hub.Indicator and
// the form "kind value", in lower case.
type Name struct {
	Class hub.Class `json:"class"`
	Value string    `json:"value"`
}

// Alert is what is read of the newest version of a released alert.
type Alert struct {
	ID        string
	Number    uint64
	Stage     hub.Stage
	Published time.Time
	Names     []Name
}

// Index holds alerts by what they name. It isn't safe for concurrent use.
type Index struct {
	keys   map[Name]int32
	names  []Name
	having [][]int32 // by key: places of the alerts that name it, ascending
	alerts []entry
	places map[string]int32
}

type entry struct {
	Alert
	keys []int32 // ascending; Names is nil
}

// New returns an index without alerts.
func New() *Index {
	return &Index{keys: map[Name]int32{}, places: map[string]int32{}}
}

// Put takes an alert in, in the place of an older version of it: when it was first
// published stays.
func (x *Index) Put(a Alert) {
	if place, ok := x.places[a.ID]; ok {
		a.Published = x.alerts[place].Published
	}
	x.Remove(a.ID)
	place := int32(len(x.alerts))
	e := entry{Alert: a}
	for _, n := range a.Names {
		k := x.key(n)
		if list := x.having[k]; len(list) > 0 && list[len(list)-1] == place {
			continue // named twice
		}
		x.having[k] = append(x.having[k], place)
		e.keys = append(e.keys, k)
	}
	e.Names = nil
	x.alerts = append(x.alerts, e)
	x.places[a.ID] = place
}

func (x *Index) key(n Name) int32 {
	k, ok := x.keys[n]
	if !ok {
		k = int32(len(x.names))
		x.keys[n] = k
		x.names = append(x.names, n)
		x.having = append(x.having, nil)
	}
	return k
}

// Remove takes an alert out: withdrawn, recalled, or followed by a newer version.
func (x *Index) Remove(id string) {
	place, ok := x.places[id]
	if !ok {
		return
	}
	for _, k := range x.alerts[place].keys {
		x.having[k] = without(x.having[k], place)
	}
	x.alerts[place] = entry{}
	delete(x.places, id)
}

func without(list []int32, place int32) []int32 {
	out := list[:0]
	for _, p := range list {
		if p != place {
			out = append(out, p)
		}
	}
	return out
}

// Len is the number of alerts.
func (x *Index) Len() int { return len(x.places) }

// RecurringDays is how far back a route counts as coming again.
const RecurringDays = 30

// Recurring returns the entry routes that two or more alerts published in the 30 days
// before now have, sorted. A case may give a flash and a full alert, so only alerts
// of the same stage count together.
func (x *Index) Recurring(now time.Time) []string {
	since := now.AddDate(0, 0, -RecurringDays)
	out := []string{}
	for k, n := range x.names {
		if n.Class != hub.Route {
			continue
		}
		seen := map[hub.Stage]int{}
		for _, place := range x.having[k] {
			if a := x.alerts[place]; a.Published.After(since) && !a.Published.After(now) {
				seen[a.Stage]++
			}
		}
		if max(seen[hub.Flash], seen[hub.Full]) >= 2 {
			out = append(out, n.Value)
		}
	}
	slices.Sort(out)
	return out
}
