package notice

import (
	"strconv"
	"strings"
	"time"

	"isac/hub"
	"isac/hub/profile"
)

// Way is how an alert is brought to people.
type Way string

// The ways. Everywhere is by every channel that somebody has, at once; AtOnce waits for
// the next working hour; Weekly is in the digest. What only tells anew how much
// indicators are worth goes nowhere.
const (
	Nowhere    Way = ""
	Everywhere Way = "everywhere"
	AtOnce     Way = "at-once"
	Weekly     Way = "weekly"
)

// Plan is when and how an alert is brought to people.
type Plan struct {
	Way Way
	At  time.Time
}

// Calendar is a sector's working hours. The zero value isn't one: CalendarOf makes it.
type Calendar struct {
	hours profile.Notices
	zone  *time.Location
}

// CalendarOf is the calendar of a profile.
func CalendarOf(p *profile.Profile) Calendar { return Calendar{p.Notices, p.Clocks.Location()} }

// When says when and how an entry of the log of alerts is brought to people: from its
// severity and the instant of its release alone, so that it tells nothing else. That an
// alert was taken back is as urgent as a severe one, whatever it was. Advisories are many,
// and in the digest.
func (c Calendar) When(a hub.Alert) Plan {
	switch {
	case a.Kind == hub.Updated:
		return Plan{}
	case a.Stage == hub.Advisory && !a.Kind.Back():
		return Plan{Weekly, c.NextDigest(a.Published)}
	case a.Severity == hub.Critical:
		return Plan{Everywhere, a.Published}
	case a.Severity == hub.High || a.Kind.Back():
		return Plan{AtOnce, c.NextWork(a.Published)}
	}
	return Plan{Weekly, c.NextDigest(a.Published)}
}

// yearAhead bounds the search for a working day.
const yearAhead = 366

// NextWork returns t itself in working hours, else when the next ones begin.
func (c Calendar) NextWork(t time.Time) time.Time {
	local := t.In(c.zone)
	for days := range yearAhead {
		day := local.AddDate(0, 0, days)
		if !c.hours.IsWorkday(day) || !t.Before(c.at(day, c.hours.Close)) {
			continue
		}
		if open := c.at(day, c.hours.Open); t.Before(open) {
			return open
		}
		return t
	}
	return t // nobody ever works
}

// NextDigest returns the instant of the first digest after t.
func (c Calendar) NextDigest(t time.Time) time.Time {
	weekday, _ := c.hours.WeeklyAt()
	local := t.In(c.zone)
	back := (int(local.Weekday()) - int(weekday) + 7) % 7
	for week := 0; ; week++ {
		at := c.digestOf(local.AddDate(0, 0, 7*week-back))
		if at.After(t) {
			return at
		}
	}
}

// digestOf is the instant of the digest of a week, which begins on its nominal day: the
// first working day of the seven, or that day where there is none.
func (c Calendar) digestOf(nominal time.Time) time.Time {
	_, hour := c.hours.WeeklyAt()
	for days := range 7 {
		day := nominal.AddDate(0, 0, days)
		if c.hours.IsWorkday(day) {
			return c.at(day, hour)
		}
	}
	return c.at(nominal, hour)
}

// at is an hour of a day.
func (c Calendar) at(day time.Time, hour string) time.Time {
	h, m, _ := strings.Cut(hour, ":") // a profile was checked
	hours, _ := strconv.Atoi(h)
	minutes, _ := strconv.Atoi(m)
	year, month, date := day.Date()
	return time.Date(year, month, date, hours, minutes, 0, 0, c.zone).UTC() // 24:00 is the next day's 00:00
}

// Month is how many mails at once a month brings to a member that has chosen nothing else.
type Month struct {
	First time.Time // its first instant, in the sector's clock
	Mails int
	Most  int
}

// TooMany reports whether the working group is to be warned.
func (m Month) TooMany() bool { return m.Mails > m.Most }

// MonthOf counts over the entries of the log in the month of an instant. It rests on
// released alerts alone, so that every reader could count as much.
func (c Calendar) MonthOf(now time.Time, entries []hub.Alert) Month {
	y, m, _ := now.In(c.zone).Date()
	out := Month{First: time.Date(y, m, 1, 0, 0, 0, 0, c.zone), Most: c.hours.Most}
	for _, a := range entries {
		p := c.When(a)
		local := p.At.In(c.zone)
		if (p.Way == Everywhere || p.Way == AtOnce) && local.Year() == y && local.Month() == m {
			out.Mails++
		}
	}
	return out
}

// Known is the last day for which the sector's holidays are listed.
func (c Calendar) Known() time.Time { return c.hours.Known() }
