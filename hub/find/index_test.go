package find_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"isac/hub/find"
	"isac/hub/sector"
)

func named(class, value string) find.Name { return find.Name{Class: class, Value: value} }

// The index agrees with looking at every alert, whatever was put in and taken out.
func TestTheIndexFindsWhatALookAtEachFinds(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	x := find.New()
	there := map[string]find.Alert{}
	number := uint64(0)
	for range 3000 {
		number += 1 + random.Uint64N(3)
		id := fmt.Sprint(random.IntN(2000))
		if random.IntN(10) == 0 {
			x.Remove(id)
			delete(there, id)
			continue
		}
		a := find.Alert{ID: id, Number: number, News: number}
		old, had := there[id]
		if had && random.IntN(2) == 0 { // a mere update says the same
			a.News, a.Names, a.Sentences = old.News, old.Names, old.Sentences
			x.Put(a)
			there[id] = a
			continue
		}
		for class := range 3 {
			a.Names = append(a.Names, named(fmt.Sprint(class), fmt.Sprint(random.IntN(1+class*200))))
		}
		for range random.IntN(6) {
			a.Sentences = append(a.Sentences, int64(random.IntN(40)))
		}
		x.Put(a)
		there[id] = a
	}
	newsOf := map[uint64]uint64{}
	want := func(has func(find.Alert) bool) []uint64 {
		var list []find.Alert
		for _, a := range there {
			if has(a) {
				list = append(list, a)
			}
		}
		slices.SortFunc(list, func(a, b find.Alert) int { return cmp.Compare(b.News, a.News) })
		var out []uint64
		for _, a := range list {
			out = append(out, a.Number)
			newsOf[a.Number] = a.News
		}
		return out
	}
	check := func(what string, s find.Set, has func(find.Alert) bool) {
		t.Helper()
		all := want(has)
		if got := x.Newest(s, 0, 1<<20); !slices.Equal(got, all) {
			t.Errorf("%s: %d alerts, want %d", what, len(got), len(all))
		}
		if len(all) > 0 && x.News(s) != newsOf[all[0]] {
			t.Errorf("%s: the newest is of %d", what, x.News(s))
		}
		if len(all) > 20 {
			if got := x.Newest(s, newsOf[all[9]], 5); !slices.Equal(got, all[10:15]) {
				t.Errorf("%s: the page after %d is %v", what, all[9], got)
			}
		}
	}
	a, b := named("1", "7"), named("2", "300")
	check("all", x.All(), func(find.Alert) bool { return true })
	check("named", x.Named(a), func(o find.Alert) bool { return slices.Contains(o.Names, a) })
	check("named by nobody", x.Named(named("9", "9")), func(find.Alert) bool { return false })
	check("either", x.Named(a).Or(x.Named(b)), func(o find.Alert) bool { return slices.Contains(o.Names, a) || slices.Contains(o.Names, b) })
	check("both", x.Named(a).And(x.Saying([]int64{3, 4})), func(o find.Alert) bool {
		return slices.Contains(o.Names, a) && (slices.Contains(o.Sentences, 3) || slices.Contains(o.Sentences, 4))
	})
	some := want(func(o find.Alert) bool { return slices.Contains(o.Sentences, 5) })
	check("numbered", x.Numbered(append(some, 1<<40)), func(o find.Alert) bool { return slices.Contains(o.Sentences, 5) })
}

// No facet tells a number, and the order within a band tells none either.
func TestFacetsTellBands(t *testing.T) {
	x := find.New()
	put := func(n int, names ...find.Name) {
		for range n {
			number := x.News(x.All()) + 1
			x.Put(find.Alert{ID: fmt.Sprint(number), Number: number, News: number, Names: names})
		}
	}
	put(1, named("family", "B"))
	put(9, named("family", "C"))
	put(10, named("family", "D"), named("severity", "high"))
	put(25, named("family", "A"))
	put(2, named("other", "X"))
	got := x.Facets(x.All(), []string{"family", "severity"}, 3)
	want := []find.Facet{{named("family", "A"), sector.From20}, {named("family", "D"), sector.From10}, {named("family", "B"), sector.Fewer}}
	if !slices.Equal(got["family"], want) {
		t.Errorf("the families are %v", got["family"])
	}
	if len(got) != 2 || !slices.Equal(got["severity"], []find.Facet{{named("severity", "high"), sector.From10}}) {
		t.Errorf("the facets are %v", got)
	}
	if x.Band(x.All()) != sector.From20 || x.Band(x.Named(named("family", "C"))) != sector.Fewer || x.Band(nil) != sector.None {
		t.Error("the band of a set is wrong")
	}
}
