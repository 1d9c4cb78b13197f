package sector_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"isac/hub"
	"isac/hub/sector"
)

var now = time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)

func alert(id string, days int, names ...sector.Name) sector.Alert {
	return sector.Alert{ID: id, Number: uint64(1000 - days), Stage: hub.Full, Published: now.AddDate(0, 0, -days), Names: names}
}

func technique(id string) sector.Name { return sector.Name{Class: hub.Technique, Value: id} }
func route(id string) sector.Name     { return sector.Name{Class: hub.Route, Value: id} }

var (
	address = sector.Name{Class: hub.Indicator, Value: "ipv4-addr:value 203.0.114.9"}
	lockbit = sector.Name{Class: hub.Family, Value: "LockBit"}
)

// filled is an index in which everything names T1486 and nothing else is common.
func filled(n int) *sector.Index {
	x := sector.New()
	for i := range n {
		x.Put(alert(fmt.Sprintf("other-%d", i), i, technique("T1486"), technique(fmt.Sprintf("T9%03d", i))))
	}
	return x
}

func ids(list []sector.Relation) []string {
	var out []string
	for _, r := range list {
		out = append(out, r.ID)
	}
	return out
}

func TestRelated(t *testing.T) {
	x := filled(120)
	x.Put(alert("a", 3, technique("T1486"), address, lockbit, technique("T1133")))
	x.Put(alert("b", 2, technique("T1486"), address, technique("T1190")))
	x.Put(alert("c", 1, technique("T1486"), lockbit, technique("T1133")))
	x.Put(alert("d", 0, technique("T1486"), technique("T1021.001")))
	got := x.Related("a", 10)
	if want := []string{"b", "c"}; !slices.Equal(ids(got), want) {
		t.Fatalf("related to a: %v, want %v", got, want)
	}
	if !slices.Equal(got[1].Reasons, []sector.Name{lockbit, technique("T1133")}) {
		t.Errorf("the reasons are %v: what everybody does must not be one, and the heaviest is first", got[1].Reasons)
	}
	like := x.Like([]sector.Name{technique("T1486"), lockbit, lockbit, technique("T1133"), technique("T0000")}, hub.Full, 10)
	if len(like) == 0 || like[0].ID != "c" || like[0].Score != 100 {
		t.Errorf("like c, with a technique that nobody else has: %v", like)
	}
	if len(x.Like([]sector.Name{lockbit}, hub.Flash, 10)) != 0 {
		t.Error("a flash relates to full alerts")
	}
	if len(x.Related("d", 10)) != 0 {
		t.Error("d shares only what is common to all, and is related")
	}
	if len(x.Related("nobody", 10)) != 0 || len(x.Related("a", 0)) != 0 {
		t.Error("something is related to nothing")
	}
	x.Remove("c")
	if got := ids(x.Related("a", 10)); !slices.Equal(got, []string{"b"}) {
		t.Errorf("after c was recalled: %v", got)
	}
	x.Put(alert("b", 0, technique("T1190")))
	if got := ids(x.Related("a", 10)); len(got) != 0 {
		t.Errorf("after b's correction: %v", got)
	}
}

func TestRecurring(t *testing.T) {
	x := sector.New()
	x.Put(alert("a", 1, route("vpn-appliance"), route("vpn-appliance")))
	if got := x.Recurring(now); len(got) != 0 {
		t.Fatalf("one alert that names a route twice: %v", got)
	}
	x.Put(alert("b", 31, route("vpn-appliance")))
	flash := alert("c", 1, route("vpn-appliance"))
	flash.Stage = hub.Flash
	x.Put(flash)
	if got := x.Recurring(now); len(got) != 0 {
		t.Fatalf("an old alert and a flash: %v", got)
	}
	x.Put(alert("d", 29, route("vpn-appliance")))
	if got := x.Recurring(now); !slices.Equal(got, []string{"vpn-appliance"}) {
		t.Fatalf("two of the last 30 days: %v", got)
	}
}

func TestView(t *testing.T) {
	x := sector.New()
	put := func(n, days int, names ...sector.Name) {
		for i := range n {
			x.Put(alert(fmt.Sprint(days, i, names), days, names...))
		}
	}
	put(9, 60, technique("T1486"), address) // third quarter of 2026
	put(12, 150, technique("T1486"), technique("T1133"))
	put(25, 5, technique("T1486")) // the quarter that isn't over
	v := x.View(now, 2)
	if !slices.Equal(v.Quarters, []string{"2026-Q2", "2026-Q3"}) || !slices.Equal(v.Alerts, []sector.Band{sector.From10, sector.Fewer}) {
		t.Errorf("quarters %v with %v alerts", v.Quarters, v.Alerts)
	}
	if len(v.Rows) != 2 || v.Rows[0].Name != technique("T1486") || v.Rows[0].Total != sector.From20 || !slices.Equal(v.Rows[0].Bands, []sector.Band{sector.From10, sector.Fewer}) {
		t.Errorf("rows %v", v.Rows)
	}
	if v.Rows[1].Name != technique("T1133") || !slices.Equal(v.Rows[1].Bands, []sector.Band{sector.From10, sector.None}) {
		t.Errorf("rows %v", v.Rows)
	}
	if len(v.Pairs) != 1 || v.Pairs[0].A != "T1133" || v.Pairs[0].B != "T1486" || v.Pairs[0].Total != sector.From10 {
		t.Errorf("pairs %v", v.Pairs)
	}
}

// An index that alerts went into and out of in any order equals one that was made of
// what is left.
func TestHistoryLeavesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, left := sector.New(), map[string]sector.Alert{}
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			id := fmt.Sprint(rapid.IntRange(0, 12).Draw(t, "id"))
			if rapid.Bool().Draw(t, "out") {
				x.Remove(id)
				delete(left, id)
				continue
			}
			days := rapid.IntRange(0, 400).Draw(t, "days")
			a := alert(id, days, rapid.SliceOfN(rapid.SampledFrom([]sector.Name{address, lockbit, technique("T1133"), technique("T1486"), route("mail")}), 0, 6).Draw(t, "names")...)
			a.Number = uint64(len(id)*1000 + days)
			x.Put(a)
			if before, ok := left[id]; ok {
				a.Published = before.Published // a later version is no later attack
			}
			left[id] = a
		}
		fresh := sector.New()
		for _, a := range left {
			fresh.Put(a)
		}
		if had, want := fmt.Sprint(x.View(now, 6)), fmt.Sprint(fresh.View(now, 6)); had != want {
			t.Fatalf("view\n%s\nwant\n%s", had, want)
		}
		for id := range left {
			had, want := scores(x.Related(id, 20)), scores(fresh.Related(id, 20))
			if had != want {
				t.Fatalf("related to %s: %s, want %s", id, had, want)
			}
		}
	})
}

func scores(list []sector.Relation) string {
	var out []string
	for _, r := range list {
		out = append(out, fmt.Sprint(r.ID, r.Score, r.Reasons))
	}
	slices.Sort(out)
	return fmt.Sprint(out)
}

// Only full alerts of the time that tell the same way are put together, and a thing that
// one alone names isn't what they share.
func TestClusters(t *testing.T) {
	x := sector.New()
	put := func(number uint64, stage hub.Stage, days int, names ...sector.Name) {
		a := alert(fmt.Sprint(number), days, names...)
		a.Number, a.Stage = number, stage
		x.Put(a)
	}
	own := func(v string) sector.Name { return sector.Name{Class: hub.Indicator, Value: "domain-name:value " + v} }
	put(1, hub.Full, 10, address, technique("T1133"), own("a.example"))
	put(2, hub.Full, 9, route("mail"), own("b.example"))
	put(3, hub.Flash, 8, address, technique("T1133"), lockbit)
	put(4, hub.Full, 7, address, technique("T1133"), lockbit)
	put(5, hub.Full, 6, lockbit, technique("T1133"), technique("T1486"))
	put(6, hub.Full, 300, address, lockbit, technique("T1133"))
	got := x.Clusters(now.AddDate(0, 0, -30), 20)
	if len(got) != 1 || !slices.Equal(got[0].IDs, []string{"1", "4", "5"}) || got[0].Score < 20 {
		t.Fatalf("put together are %+v", got)
	}
	if !slices.Contains(got[0].Shared, address) || !slices.Contains(got[0].Shared, lockbit) || slices.Contains(got[0].Shared, own("a.example")) {
		t.Errorf("they share %v", got[0].Shared)
	}
	if got := x.Clusters(now.AddDate(0, 0, -30), 99); len(got) != 0 {
		t.Errorf("above a high score %+v", got)
	}
	x.Remove("4")
	if got := x.Clusters(now.AddDate(0, 0, -30), 20); len(got) > 0 && slices.Contains(got[0].IDs, "4") {
		t.Errorf("what was taken back is put together: %+v", got)
	}
}
