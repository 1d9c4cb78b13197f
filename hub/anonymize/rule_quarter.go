package anonymize

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"isac/hub"
)

// quarter claims when the incident was, as a quarter: from the first event, else
// impact, else observation, else the first full date in the prose of the incident.
func (u *unit) quarter() {
	for _, source := range []struct{ typ, property string }{
		{"event", "start_time"}, {"impact", "start_time"}, {"observed-data", "first_observed"}, {"sighting", "first_seen"},
	} {
		if u.earliest(source.typ, source.property) {
			return
		}
	}
	u.quarterOfProse()
}

func (u *unit) earliest(typ, property string) bool {
	first, at := time.Time{}, -1
	for i, o := range u.objects {
		t, ok := o.Time(property)
		if o.Type() != typ || !ok || !u.plausible(t) || !u.tells(o) {
			continue
		}
		if at < 0 || t.Before(first) {
			first, at = t, i
		}
	}
	if at < 0 {
		return false
	}
	u.claimQuarter(claim{object: at, path: property}, first, hub.FromObject)
	return true
}

// plausible: not later than the report, not older than ten years.
func (u *unit) plausible(t time.Time) bool {
	if u.in.Received.IsZero() {
		return t.Year() >= 2000
	}
	return !t.After(u.in.Received.AddDate(0, 0, 1)) && t.After(u.in.Received.AddDate(-10, 0, 0))
}

func (u *unit) claimQuarter(c claim, t time.Time, source hub.Source) {
	c.fact = hub.Fact{
		Class: hub.Quarter, Value: fmt.Sprintf("%d-Q%d", t.Year(), (int(t.Month())+2)/3),
		Confidence: hub.Confirmed, Source: source, Confirmed: source == hub.FromObject,
	}
	u.claims = append(u.claims, c)
}

var (
	dateJA  = regexp.MustCompile(`(\d{4}|(?:令和|R)\s?(?:\d{1,2}|元))(?:\([^)]{1,8}\))?\s?年\s?(\d{1,2})\s?月`)
	dateISO = regexp.MustCompile(`\b(20\d\d)[-/](\d{1,2})[-/]\d{1,2}\b`)
	dateEN  = regexp.MustCompile(`\b(January|February|March|April|May|June|July|August|September|October|November|December)\s+(?:\d{1,2}(?:st|nd|rd|th)?,?\s+)?(20\d\d)\b`)
)

var proseTypes = map[string]bool{"incident": true, "report": true, "grouping": true, "note": true}

// quarterOfProse takes the first date in the description of the incident, else of
// the report.
func (u *unit) quarterOfProse() {
	for _, l := range u.leaves {
		if l.handling != Generate || !proseTypes[l.typ] || l.path != "description" && l.path != "content" {
			continue
		}
		text := norm.NFKC.String(l.text())
		if t, at := firstMonth(text); at >= 0 && u.plausible(t) {
			u.claimQuarter(claim{object: l.object, path: l.path, sentence: sentenceAt(text, at)}, t, hub.FromProse)
			return
		}
	}
}

// sentenceAt returns the sentence around a place of the text.
func sentenceAt(text string, at int) string {
	start := strings.LastIndexAny(text[:at], "。\n") + 1
	for start > 0 && start < at && !utf8.RuneStart(text[start]) {
		start++
	}
	end := strings.IndexAny(text[at:], "。\n")
	if end < 0 {
		return strings.TrimSpace(text[start:])
	}
	return strings.TrimSpace(text[start : at+end])
}

// firstMonth returns the first day of the month that stands first in the text, and
// where; -1 where no month of a year stands.
func firstMonth(text string) (time.Time, int) {
	if !strings.Contains(text, "20") && !strings.Contains(text, "年") {
		return time.Time{}, -1
	}
	best, at := time.Time{}, len(text)+1
	try := func(loc []int, year, month int) {
		if loc != nil && loc[0] < at && month >= 1 && month <= 12 {
			best, at = time.Date(year, time.Month(month), 1, 0, 0, 0, 0, time.UTC), loc[0]
		}
	}
	may := mayHaveDay(text)
	if loc := dateJA.FindStringSubmatchIndex(text); loc != nil {
		try(loc, yearJA(text[loc[2]:loc[3]]), number(text[loc[4]:loc[5]]))
	}
	if may.yearFirst {
		if loc := dateISO.FindStringSubmatchIndex(text); loc != nil {
			try(loc, number(text[loc[2]:loc[3]]), number(text[loc[4]:loc[5]]))
		}
	}
	if may.month {
		if loc := dateEN.FindStringSubmatchIndex(text); loc != nil {
			month, err := time.Parse("January", text[loc[2]:loc[3]])
			if err == nil {
				try(loc, number(text[loc[4]:loc[5]]), int(month.Month()))
			}
		}
	}
	if at > len(text) {
		return best, -1
	}
	return best, at
}

var digits = regexp.MustCompile(`\d+`)

// yearJA reads a year, of the calendar or of the era Reiwa (2019 is its first).
func yearJA(s string) int {
	n := number(digits.FindString(s))
	if n >= 1000 {
		return n
	}
	return 2018 + max(1, n)
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
