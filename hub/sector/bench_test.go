package sector_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/sector"
)

// large is an index of 100,000 alerts over ten years, each naming 10 techniques, 4
// other things and 10 indicators, some of which come again.
func large() *sector.Index {
	dice := rand.New(rand.NewPCG(1, 2))
	x := sector.New()
	for i := range 100_000 {
		a := sector.Alert{ID: fmt.Sprint(i), Number: uint64(i + 1), Stage: hub.Full, Published: now.Add(-time.Duration(i) * 50 * time.Minute)}
		for range 10 {
			a.Names = append(a.Names, technique(fmt.Sprintf("T1%03d", int(dice.ExpFloat64()*40)%300)))
			a.Names = append(a.Names, sector.Name{Class: hub.Indicator, Value: fmt.Sprint("ipv4-addr:value ", dice.IntN(700_000))})
		}
		a.Names = append(
			a.Names,
			sector.Name{Class: hub.Family, Value: fmt.Sprint("family ", int(dice.ExpFloat64()*30)%200)},
			sector.Name{Class: hub.CVE, Value: fmt.Sprint("CVE-2024-", dice.IntN(2000))},
			sector.Name{Class: hub.Tool, Value: fmt.Sprint("tool ", dice.IntN(60))},
			route(fmt.Sprint("route-", dice.IntN(12))),
		)
		x.Put(a)
	}
	return x
}

// BenchmarkRelated is one alert against 100,000 earlier ones: 50 ms at most.
func BenchmarkRelated(b *testing.B) {
	x := large()
	for i := 0; b.Loop(); i++ {
		if len(x.Related(fmt.Sprint(i%1000), 10)) > 10 {
			b.Fatal("too many")
		}
	}
}

// BenchmarkView is ten years of 100,000 alerts: 200 ms at most.
func BenchmarkView(b *testing.B) {
	x := large()
	for b.Loop() {
		if len(x.View(now, 40).Rows) == 0 {
			b.Fatal("empty")
		}
	}
}
