// Package synthetic makes sector lists of invented organisations, for the demo,
// for benchmarks and for tests that must not need a file.
//
// Prefectures and municipalities are real; every name, domain, supplier and
// number is invented, though they look ordinary on purpose: code that only works
// for reserved ranges and example names would pass otherwise. Phone numbers have
// an exchange that Japan doesn't assign. The words come from data files, so that
// another sector needs another set of files only.
//
// The same n and seed give the same list for ever, and a longer list begins with
// a shorter one of the same seed.
//
//	for _, o := range synthetic.Register(500, 7) {
//		fmt.Println(o.ID, o.NameJA)
//	}
package synthetic

import (
	"fmt"
	"strconv"

	"isac/hub"
)

// Most is the largest list that has names enough.
const Most = 13000

// Register returns n organisations, all of them members, at most Most.
func Register(n int, seed uint64) []hub.Organisation {
	orgs := make([]hub.Organisation, min(max(n, 0), Most))
	t := tables()
	used := make([]int, len(t.sorts))
	for i := range orgs {
		orgs[i] = t.organisation(i, seed, used)
	}
	return orgs
}

// organisation makes the i-th of a list; used counts the names given by sort.
func (t *tableSet) organisation(i int, seed uint64, used []int) hub.Organisation {
	d := newDice(seed, uint64(i))
	p := t.places[d.weighted(t.placeWeights)]
	s, name := t.name(seed, used, d)
	o := hub.Organisation{
		ID:         fmt.Sprintf("SN%05d", i+1),
		Prefecture: p.prefecture, PrefectureEN: p.latin, Region: p.region,
		Owner: s.owner, OwnerClass: s.ownerClass, OrgKind: s.kind,
		Vendor: t.vendors[d.weighted(t.vendorWeights)],
		Member: true,
	}
	town := p.towns[d.below(len(p.towns))]
	o.Municipality, o.MunicipalEN = town.kanji, town.latin
	fillNames(&o, s, name, d)
	t.fillBeds(&o, s, d)
	fillContacts(&o, p, s, name, d)
	fillNetwork(&o, name, i, seed, d)
	return o
}

// band names the range of beds that a count falls into.
func band(beds int) string {
	switch {
	case beds < 50:
		return "20-49"
	case beds < 200:
		low := beds / 50 * 50
		return fmt.Sprintf("%d-%d", low, low+49)
	case beds >= 900:
		return "900+"
	}
	low := beds / 100 * 100
	return fmt.Sprintf("%d-%d", low, low+99)
}

// fillBeds gives beds and the functions that go with so many.
func (t *tableSet) fillBeds(o *hub.Organisation, s sort, d *dice) {
	beds := s.least + d.below(s.most-s.least+1)
	o.Beds, o.Band = strconv.Itoa(beds), band(beds)
	for _, f := range t.functions {
		if d.below(100) < f.percent && beds >= f.least {
			o.Functions = append(o.Functions, f.name)
		}
	}
}
