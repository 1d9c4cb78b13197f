package profile

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// TestHolidaysFollowTheLaw derives the national holidays from the rules of the act on
// national holidays and finds exactly these in both lists.
func TestHolidaysFollowTheLaw(t *testing.T) {
	var want []string
	for year := 2026; year <= 2035; year++ {
		want = append(want, holidaysOf(year)...)
	}
	for _, p := range []*Profile{HealthcareJP(), LocalGovernmentJP()} {
		if !slices.Equal(p.Notices.Holidays, want) {
			for _, d := range want {
				if !slices.Contains(p.Notices.Holidays, d) {
					t.Errorf("%s: %s is missing", p.ID, d)
				}
			}
			for _, d := range p.Notices.Holidays {
				if !slices.Contains(want, d) {
					t.Errorf("%s: %s is no holiday", p.ID, d)
				}
			}
		}
		if got := p.Notices.Known().Year(); got != 2035 {
			t.Errorf("%s: holidays are known until %d", p.ID, got)
		}
	}
	// Announced ones, so that the rules here aren't only the list's own.
	for _, d := range []string{"2026-05-06", "2026-09-22", "2027-03-22", "2026-03-20", "2027-09-23"} {
		if !slices.Contains(want, d) {
			t.Errorf("the rules don't give %s", d)
		}
	}
}

func holidaysOf(year int) []string {
	named := map[string]bool{}
	date := func(m time.Month, d int) time.Time { return time.Date(year, m, d, 0, 0, 0, 0, time.UTC) }
	add := func(d time.Time) { named[d.Format(time.DateOnly)] = true }
	for _, d := range [][2]int{{1, 1}, {2, 11}, {2, 23}, {4, 29}, {5, 3}, {5, 4}, {5, 5}, {8, 11}, {11, 3}, {11, 23}} {
		add(date(time.Month(d[0]), d[1]))
	}
	for _, d := range [][2]int{{1, 2}, {7, 3}, {9, 3}, {10, 2}} { // the n-th Monday of a month
		first := date(time.Month(d[0]), 1)
		add(first.AddDate(0, 0, (8-int(first.Weekday()))%7+7*(d[1]-1)))
	}
	since := year - 1980
	add(date(time.March, int(20.8431+0.242194*float64(since)-float64(since/4))))
	add(date(time.September, int(23.2488+0.242194*float64(since)-float64(since/4))))
	all := map[string]bool{}
	for day := date(1, 1); day.Year() == year; day = day.AddDate(0, 0, 1) {
		text := func(d int) string { return day.AddDate(0, 0, d).Format(time.DateOnly) }
		between := named[text(-1)] && named[text(1)]
		moved := false // the first day behind a holiday on a Sunday that is none itself
		for back := -1; named[text(back)]; back-- {
			moved = moved || day.AddDate(0, 0, back).Weekday() == time.Sunday
		}
		if named[text(0)] || between || moved {
			all[text(0)] = true
		}
	}
	var out []string
	for d := range all {
		out = append(out, d)
	}
	slices.Sort(out)
	return out
}

func TestNoticesRefuse(t *testing.T) {
	good, err := files.ReadFile("local-government-jp.toml")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, with, says string }{
		{`open = "08:30"`, `open = "8:30"`, "open before close"},
		{`close = "17:15"`, `close = "08:00"`, "open before close"},
		{`days = ["mon", "tue"`, `days = ["Mon", "tue"`, "notices"},
		{`weekly = "mon 10:00"`, `weekly = "sat 10:00"`, "notices.weekly"},
		{`weekly = "mon 10:00"`, `weekly = "mon 18:00"`, "notices.weekly"},
		{`most = 4`, `most = 0`, "notices.most"},
		{`"12-29"`, `"12-32"`, "notices.rest"},
		{`"2026-01-01"`, `"2026-02-30"`, "notices.holidays"},
		{`"2026-01-01"`, `"2036-01-01"`, "rising"},
		{"[notices]", "[remarks]", "remarks"},
	} {
		text := strings.Replace(string(good), c.old, c.with, 1)
		if text == string(good) {
			t.Fatalf("nothing to replace: %s", c.old)
		}
		_, err := Load([]byte(text))
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", c.with, err, c.says)
		}
	}
}
