package world_test

import (
	"bytes"
	"slices"
	"testing"

	"isac/internal/attack/world"
	"isac/internal/validation"
)

func some(t *testing.T, seed uint64, only []string) *world.World {
	t.Helper()
	w, err := world.New(world.Options{Organisations: 120, Members: 60, Incidents: 40, PerYear: 4, Seed: seed, Only: only})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// TestReportsAreValid: the reports are STIX 2.1 as members send it, before somebody
// hides things in them.
func TestReportsAreValid(t *testing.T) {
	v, err := validation.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	w := some(t, 3, []string{"none"})
	for _, in := range w.Incidents {
		report, expected, err := w.Report(in)
		if err != nil || len(expected) < 4 {
			t.Fatal(len(expected), err)
		}
		problems, err := v.Document(report)
		if err != nil || len(problems) > 0 {
			t.Errorf("incident %d: %v %v", in.Index, problems, err)
		}
	}
}

func TestSameSeedSameWorld(t *testing.T) {
	a, b, c := some(t, 4, nil), some(t, 4, nil), some(t, 5, nil)
	for i := range a.Incidents {
		ra, _, errA := a.Report(a.Incidents[i])
		rb, _, errB := b.Report(b.Incidents[i])
		rc, _, errC := c.Report(c.Incidents[i])
		if errA != nil || errB != nil || errC != nil || !bytes.Equal(ra, rb) || bytes.Equal(ra, rc) {
			t.Fatal("not the same, or the same with another seed", errA, errB, errC)
		}
	}
}

// TestPlantedIsThere: what is said to be planted stands in the report, most of it as
// it is.
func TestPlantedIsThere(t *testing.T) {
	w := some(t, 6, nil)
	there, all := 0, 0
	kinds := map[string]bool{}
	for _, in := range w.Incidents {
		report, _, err := w.Report(in)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range w.Identifiers(in) {
			all++
			kinds[p.Kind] = true
			if bytes.Contains(report, []byte(p.Value)) {
				there++
			}
		}
	}
	if there*2 < all || len(kinds) < 30 {
		t.Errorf("%d of %d are there, of %d kinds", there, all, len(kinds))
	}
}

// TestTheOutsideSees: news of most outages, and some who report to nobody; a scan
// that misses some.
func TestTheOutsideSees(t *testing.T) {
	w := some(t, 7, nil)
	news := w.News(0)
	if len(news) < 10 || !slices.IsSortedFunc(news, func(a, b world.News) int { return a.Day.Compare(b.Day) }) {
		t.Errorf("%d items, in order of days?", len(news))
	}
	shows, seen := 0, 0
	for _, m := range w.Members {
		if m.Shows != "" {
			shows++
		}
	}
	for _, ids := range w.Scan() {
		seen += len(ids)
	}
	if seen == 0 || seen >= shows {
		t.Errorf("a scan sees %d of %d", seen, shows)
	}
}
