package profile

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Notices are when people are told of alerts, in the sector's clock (Clocks.Zone).
type Notices struct {
	// Open and Close are the working hours of a day: "09:00" and "17:00", or "24:00".
	Open  string `toml:"open"`
	Close string `toml:"close"`
	// Days are the working days: "mon" to "sun".
	Days []string `toml:"days"`
	// Weekly is when the digest of the week goes out, within working hours: "mon 09:00".
	// Where that is no working day it goes at the same hour of the next one of the week.
	Weekly string `toml:"weekly"`
	// Most is how many mails at once a member should get in a month. More is a warning to
	// the working group.
	Most int `toml:"most"`
	// Rest are days of every year on which nobody works: "12-29".
	Rest []string `toml:"rest"`
	// Holidays are the sector's, rising: "2026-01-01". Behind the last one there are none,
	// so the list wants to be longer in time.
	Holidays []string `toml:"holidays"`
}

// weekdays are the days as a profile names them, Sunday first as in package time.
var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// IsWorkday reports whether people work on the day of t, which is in the sector's clock.
func (n Notices) IsWorkday(t time.Time) bool {
	day := t.Format(time.DateOnly)
	_, holiday := slices.BinarySearch(n.Holidays, day)
	return slices.Contains(n.Days, weekdays[t.Weekday()]) && !slices.Contains(n.Rest, day[len("2006-"):]) && !holiday
}

// WeeklyAt returns day and hour of the digest.
func (n Notices) WeeklyAt() (day time.Weekday, hour string) {
	name, hour, _ := strings.Cut(n.Weekly, " ")
	return time.Weekday(slices.Index(weekdays, name)), hour
}

// Known is the last day for which the holidays are listed, zero where none are.
func (n Notices) Known() time.Time {
	if len(n.Holidays) == 0 {
		return time.Time{}
	}
	last, _ := time.Parse(time.DateOnly, n.Holidays[len(n.Holidays)-1])
	return last
}

func (n Notices) check() error {
	day, hour, _ := strings.Cut(n.Weekly, " ")
	switch {
	case !isHour(n.Open) || !isHour(n.Close) && n.Close != "24:00" || n.Open >= n.Close:
		return fmt.Errorf("notices: want open before close, times such as 09:00")
	case len(n.Days) == 0:
		return fmt.Errorf("notices.days: want days such as mon")
	case !slices.Contains(n.Days, day) || !isHour(hour) || hour < n.Open || hour >= n.Close:
		return fmt.Errorf("notices.weekly: want a time of working hours such as mon 09:00")
	case n.Most < 1:
		return fmt.Errorf("notices.most: want 1 or more")
	}
	for _, d := range n.Days {
		if !slices.Contains(weekdays, d) {
			return fmt.Errorf("notices.days: want sun, mon, tue, wed, thu, fri or sat")
		}
	}
	for _, d := range n.Rest {
		_, err := time.Parse(time.DateOnly, "2024-"+d) // a leap year
		if err != nil {
			return fmt.Errorf("notices.rest: want days such as 12-29")
		}
	}
	last := ""
	for _, d := range n.Holidays {
		_, err := time.Parse(time.DateOnly, d)
		if err != nil || d <= last {
			return fmt.Errorf("notices.holidays: want rising days such as 2026-01-01")
		}
		last = d
	}
	return nil
}

func isHour(s string) bool {
	_, err := time.Parse("15:04", s)
	return err == nil && len(s) == len("15:04")
}
