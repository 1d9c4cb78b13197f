package notice_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"isac/hub"
	"isac/hub/notice"
	"isac/hub/profile"
)

var jst = time.FixedZone("+09:00", 9*3600)

func profiles() []*profile.Profile {
	return []*profile.Profile{profile.HealthcareJP(), profile.LocalGovernmentJP()}
}

// instants are those of a release, to the end of the listed holidays.
func instants() *rapid.Generator[time.Time] {
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()
	to := time.Date(2035, 12, 20, 0, 0, 0, 0, time.UTC).UnixMilli()
	return rapid.Custom(func(t *rapid.T) time.Time { return time.UnixMilli(rapid.Int64Range(from, to).Draw(t, "instant")).UTC() })
}

func working(p *profile.Profile, t time.Time) bool {
	t = t.In(p.Clocks.Location())
	clock := t.Format("15:04")
	return slices.Contains(p.Notices.Days, map[time.Weekday]string{1: "mon", 2: "tue", 3: "wed", 4: "thu", 5: "fri"}[t.Weekday()]) &&
		!slices.Contains(p.Notices.Holidays, t.Format(time.DateOnly)) && !slices.Contains(p.Notices.Rest, t.Format("01-02")) &&
		clock >= p.Notices.Open && clock < p.Notices.Close
}

// TestWhenByExample: the calendar of the turn of 2026 and its longest holidays.
func TestWhenByExample(t *testing.T) {
	c := notice.CalendarOf(profile.HealthcareJP())
	for _, x := range []struct {
		severity       hub.Severity
		kind           hub.AlertKind
		released, told string
		way            notice.Way
	}{
		{hub.Critical, hub.Released, "2026-05-03 03:12", "2026-05-03 03:12", notice.Everywhere}, // a Sunday night of holidays
		{hub.High, hub.Released, "2026-05-01 16:59", "2026-05-01 16:59", notice.AtOnce},
		{hub.High, hub.Released, "2026-05-01 17:00", "2026-05-07 09:00", notice.AtOnce}, // behind five days
		{hub.High, hub.Released, "2026-12-28 18:00", "2027-01-04 09:00", notice.AtOnce},
		{hub.High, hub.Corrected, "2026-06-10 06:00", "2026-06-10 09:00", notice.AtOnce},
		{hub.Medium, hub.Released, "2026-06-10 06:00", "2026-06-15 09:00", notice.Weekly},
		{hub.Low, hub.Released, "2026-06-15 09:00", "2026-06-22 09:00", notice.Weekly},    // just too late
		{hub.Medium, hub.Released, "2026-09-18 12:00", "2026-09-24 09:00", notice.Weekly}, // Monday to Wednesday are holidays
		{hub.Medium, hub.Released, "2026-09-24 12:00", "2026-09-28 09:00", notice.Weekly},
		{hub.Low, hub.Withdrawn, "2026-06-13 12:00", "2026-06-15 09:00", notice.AtOnce},
		{hub.Medium, hub.Recalled, "2026-06-10 12:00", "2026-06-10 12:00", notice.AtOnce},
	} {
		released, _ := time.ParseInLocation("2006-01-02 15:04", x.released, jst)
		got := c.When(hub.Alert{Severity: x.severity, Kind: x.kind, Published: released})
		if got.Way != x.way || got.At.In(jst).Format("2006-01-02 15:04") != x.told {
			t.Errorf("%s %s at %s: %s at %s, want %s at %s", x.severity, x.kind, x.released, got.Way, got.At.In(jst), x.way, x.told)
		}
	}
	if got := c.When(hub.Alert{Severity: hub.Critical, Kind: hub.Updated}); got != (notice.Plan{}) {
		t.Errorf("an update is told: %+v", got)
	}
}

func TestHighNeverComesWhenNobodyWorks(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := profiles()[rapid.IntRange(0, 1).Draw(rt, "profile")]
		at := instants().Draw(rt, "released")
		a := hub.Alert{Severity: hub.High, Kind: hub.Released, Published: at}
		got := notice.CalendarOf(p).When(a)
		switch {
		case !working(p, got.At):
			rt.Fatalf("released %s, told %s: nobody works", at, got.At)
		case got.At.Before(at):
			rt.Fatalf("told before its release")
		case working(p, at) && !got.At.Equal(at):
			rt.Fatalf("released in working hours, told %s later", got.At.Sub(at))
		}
		for between := at.Add(time.Minute); between.Before(got.At); between = between.Add(15 * time.Minute) {
			if working(p, between) {
				rt.Fatalf("could have been told at %s", between)
			}
		}
		if again := notice.CalendarOf(p).When(a); again != got {
			rt.Fatal("not the same twice")
		}
	})
}

// TestOneDigestAWeek: from any instant on, digests come one in each week and in working
// hours, and what was released in a week is in the next one.
func TestOneDigestAWeek(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := profiles()[rapid.IntRange(0, 1).Draw(rt, "profile")]
		c := notice.CalendarOf(p)
		at := instants().Draw(rt, "released")
		got := c.When(hub.Alert{Severity: rapid.SampledFrom([]hub.Severity{hub.Medium, hub.Low}).Draw(rt, "severity"), Kind: hub.Released, Published: at})
		if got.Way != notice.Weekly || !got.At.After(at) || got.At.Sub(at) > 14*24*time.Hour {
			rt.Fatalf("released %s, in the digest of %s", at, got.At)
		}
		year, week := got.At.In(jst).ISOWeek()
		next := c.NextDigest(got.At)
		y, w := next.In(jst).ISOWeek()
		monday := func(t time.Time) time.Time { t = t.In(jst); return t.AddDate(0, 0, -(int(t.Weekday())+6)%7) }
		if year == y && week == w || monday(next).Sub(monday(got.At)) > 8*24*time.Hour {
			rt.Fatalf("digests of %s and %s", got.At, next)
		}
		for between := got.At.Add(-time.Hour); between.After(at); between = between.Add(-time.Hour) {
			if !c.NextDigest(between).Equal(got.At) {
				rt.Fatalf("another digest between %s and %s", at, got.At)
			}
		}
		if !working(p, got.At) && got.At.In(jst).Format("01-02") > "01-05" && got.At.In(jst).Format("01-02") < "12-28" {
			rt.Fatalf("a digest at %s, when nobody works", got.At)
		}
	})
}

func TestCriticalDoesntWait(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		at := instants().Draw(rt, "released")
		got := notice.CalendarOf(profile.HealthcareJP()).When(hub.Alert{Severity: hub.Critical, Kind: hub.Released, Published: at})
		if got.Way != notice.Everywhere || !got.At.Equal(at) {
			rt.Fatalf("released %s: %+v", at, got)
		}
	})
}

// TestMonthCountsWhatComesAtOnce: five mails at once in a month are too many, and what
// waits for the first working day of the next month is of that one.
func TestMonthCountsWhatComesAtOnce(t *testing.T) {
	c := notice.CalendarOf(profile.HealthcareJP())
	day := func(text string) time.Time { d, _ := time.ParseInLocation("2006-01-02 15:04", text, jst); return d }
	entries := []hub.Alert{
		{Severity: hub.Critical, Kind: hub.Released, Published: day("2026-10-31 23:59")},
		{Severity: hub.High, Kind: hub.Released, Published: day("2026-10-31 23:59")}, // a Saturday: told in November
		{Severity: hub.High, Kind: hub.Released, Published: day("2026-11-10 12:00")},
		{Severity: hub.Critical, Kind: hub.Updated, Published: day("2026-11-11 12:00")},
		{Severity: hub.Medium, Kind: hub.Released, Published: day("2026-11-11 12:00")},
		{Severity: hub.Low, Kind: hub.Withdrawn, Published: day("2026-11-12 12:00")},
		{Severity: hub.High, Kind: hub.Corrected, Published: day("2026-11-13 12:00")},
	}
	got := c.MonthOf(day("2026-11-20 00:00"), entries)
	if got.Mails != 4 || got.TooMany() {
		t.Errorf("November has %d mails at once, want 4", got.Mails)
	}
	got = c.MonthOf(day("2026-11-30 23:59"), append(entries, hub.Alert{Severity: hub.Critical, Kind: hub.Released, Published: day("2026-11-29 02:00")}))
	if got.Mails != 5 || !got.TooMany() {
		t.Errorf("a fifth mail at once makes %d, want a warning", got.Mails)
	}
	if got := c.MonthOf(day("2026-10-01 00:00"), entries); got.Mails != 1 {
		t.Errorf("October has %d, want 1", got.Mails)
	}
}

// TestAdvisoriesAreInTheDigest: whatever their severity and whoever reads, but for who runs
// the product, and for one that was taken back.
func TestAdvisoriesAreInTheDigest(t *testing.T) {
	c := notice.CalendarOf(profile.HealthcareJP())
	at := time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC) // noon of a Tuesday
	all := notice.Choice{AtOnce: []hub.Severity{hub.High, hub.Medium, hub.Low}, Weekly: true}
	for _, x := range []struct {
		choice notice.Choice
		kind   hub.AlertKind
		yours  bool
		want   notice.Way
	}{
		{all, hub.Released, false, notice.Weekly},
		{notice.Choice{}, hub.Released, false, notice.Nowhere},
		{all, hub.Released, true, notice.AtOnce},
		{notice.Choice{}, hub.Corrected, true, notice.AtOnce},
		{all, hub.Recalled, false, notice.AtOnce},
	} {
		a := hub.Alert{Stage: hub.Advisory, Severity: hub.High, Kind: x.kind, Published: at}
		if got := c.For(x.choice, a, x.yours); got.Way != x.want {
			t.Errorf("%+v: %s", x, got.Way)
		}
	}
	if m := c.MonthOf(at, []hub.Alert{{Stage: hub.Advisory, Severity: hub.High, Kind: hub.Released, Published: at}}); m.Mails != 0 {
		t.Error("an advisory counts as a mail at once")
	}
}
