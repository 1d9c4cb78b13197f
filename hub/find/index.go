package find

import (
	"cmp"
	"math/bits"
	"slices"

	"isac/hub/sector"
)

// Alert is what is read of the newest version of a released alert.
type Alert struct {
	ID        string
	Number    uint64
	News      uint64  // number of the newest version that is no mere update
	Names     []Name  // all that it can be narrowed to
	Sentences []int64 // by any number that stands for one
}

// Index holds alerts by what they name and say, in the order of their news. It isn't
// safe for concurrent use while alerts are put in or taken out.
type Index struct {
	news    []uint64
	numbers []uint64
	slots   map[string]int // by id
	at      map[uint64]int // slots by number
	there   Set
	names   map[Name]*posting
	said    map[int64]*posting
}

// New returns an index without alerts.
func New() *Index {
	return &Index{slots: map[string]int{}, at: map[uint64]int{}, names: map[Name]*posting{}, said: map[int64]*posting{}}
}

// Put takes an alert in, in the place of an older version of it; a mere update leaves it
// where it was. Numbers rise.
func (x *Index) Put(a Alert) {
	slot, had := x.slots[a.ID]
	if had && x.news[slot] == a.News {
		delete(x.at, x.numbers[slot])
		x.numbers[slot] = a.Number
	} else {
		x.Remove(a.ID)
		slot = len(x.news)
		x.news, x.numbers = append(x.news, a.News), append(x.numbers, a.Number)
		x.slots[a.ID] = slot
		x.there.put(slot)
	}
	x.at[a.Number] = slot
	for _, n := range a.Names {
		post(x.names, n, slot)
	}
	for _, s := range a.Sentences {
		post(x.said, s, slot)
	}
}

func post[K comparable](m map[K]*posting, key K, slot int) {
	p, ok := m[key]
	if !ok {
		p = &posting{}
		m[key] = p
	}
	p.add(slot)
}

// Remove takes an alert out: withdrawn, recalled, or followed by a newer version.
func (x *Index) Remove(id string) {
	slot, ok := x.slots[id]
	if ok {
		x.there.take(slot)
		delete(x.slots, id)
		delete(x.at, x.numbers[slot])
	}
}

// All are all alerts.
func (x *Index) All() Set { return slices.Clone(x.there) }

// Named are the alerts that name something.
func (x *Index) Named(n Name) Set {
	var s Set
	x.names[n].into(&s)
	return s.And(x.there)
}

// Saying are the alerts that say one of the sentences.
func (x *Index) Saying(sentences []int64) Set {
	var s Set
	for _, row := range sentences {
		x.said[row].into(&s)
	}
	return s.And(x.there)
}

// Numbered are the alerts with one of the numbers.
func (x *Index) Numbered(numbers []uint64) Set {
	var s Set
	for _, n := range numbers {
		slot, ok := x.at[n]
		if ok {
			s.put(slot)
		}
	}
	return s.And(x.there)
}

// Newest are the numbers of up to n alerts of a set, the newest first, with news below a
// number unless that is 0.
func (x *Index) Newest(s Set, below uint64, n int) []uint64 {
	end := len(x.news)
	if below > 0 {
		end, _ = slices.BinarySearch(x.news, below)
	}
	var out []uint64
	for i := min(len(s), (end+63)>>6) - 1; i >= 0 && len(out) < n; i-- {
		w := s[i]
		for w != 0 && len(out) < n {
			top := 63 - bits.LeadingZeros64(w)
			w &^= 1 << top
			if slot := i<<6 + top; slot < end {
				out = append(out, x.numbers[slot])
			}
		}
	}
	return out
}

// News is the newest news of a set, 0 when it is empty.
func (x *Index) News(s Set) uint64 {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] != 0 {
			return x.news[i<<6+63-bits.LeadingZeros64(s[i])]
		}
	}
	return 0
}

// Facet is what some alerts of a set have in common. How many is told as a band: alerts
// stand for victims, and a small number of those is told nowhere.
type Facet struct {
	Name
	Alerts sector.Band
}

// Facets are, for each class, up to most of what the alerts of a set have in common, the
// most common first. Within a band the order is that of the values, so that it tells no
// more than the bands do.
func (x *Index) Facets(s Set, classes []string, most int) map[string][]Facet {
	out := map[string][]Facet{}
	for n, p := range x.names {
		if !slices.Contains(classes, n.Class) {
			continue
		}
		band := sector.BandOf(p.within(s))
		if band != sector.None {
			out[n.Class] = append(out[n.Class], Facet{n, band})
		}
	}
	for class, list := range out {
		slices.SortFunc(list, func(a, b Facet) int {
			return cmp.Or(cmp.Compare(rank[a.Alerts], rank[b.Alerts]), cmp.Compare(a.Value, b.Value))
		})
		out[class] = list[:min(most, len(list))]
	}
	return out
}

var rank = map[sector.Band]int{sector.From20: 0, sector.From10: 1, sector.Fewer: 2}

// Band is how many alerts a set has.
func (x *Index) Band(s Set) sector.Band { return sector.BandOf(s.count()) }
