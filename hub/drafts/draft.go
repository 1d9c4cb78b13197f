package drafts

import (
	"strings"
	"time"

	"isac/hub"
	"isac/hub/profile"
)

// Clock is from when deadlines count.
type Clock struct {
	// Start is when the organisation came to know of the incident.
	Start time.Time
	// Said is true where somebody said so; else Start is the latest that it can have been.
	Said bool
}

// Draft is a form, filled in as far as the report goes.
type Draft struct {
	Form  string // its id
	Lang  string
	Title string
	To    string
	Clock Clock
	// Starts says what starts the clock.
	Starts    string
	Deadlines []Due
	Rows      []Row
	// Open is how many rows nothing in the report answers.
	Open int
	// Blind is true where a deadline lies behind the last year whose holidays are known.
	Blind bool
}

// Due is a deadline of this incident. From and By are days at midnight in the sector's
// clock, equal where there is one day; both are zero for "at once".
type Due struct {
	ID, Label, Note string
	From, By        time.Time
	// Over is true where the last day has passed.
	Over bool
}

// Row is a field with its answer; one that is Open has none.
type Row struct {
	ID, Label, Help string
	Value           string
	From            []string // sources of the value; "words" for sentences of the report
	Open            bool
}

// Fill fills in a form for a language. Deadlines count in the sector's clock and by its
// holidays.
func Fill(f Form, r Report, c Clock, lang string, p *profile.Profile, now time.Time) Draft {
	d := Draft{Form: f.ID, Lang: lang, Title: f.Title.In(lang), To: f.To.In(lang), Clock: c, Starts: f.Starts.In(lang)}
	for _, x := range f.Deadlines {
		due := x.of(c.Start, p)
		due.Label, due.Note = x.Label.In(lang), x.Note.In(lang)
		due.Over = !due.By.IsZero() && !now.Before(due.By.AddDate(0, 0, 1))
		d.Deadlines = append(d.Deadlines, due)
		d.Blind = d.Blind || due.By.Year() > p.Notices.Known().Year()
	}
	for _, x := range f.Fields {
		row := r.answer(x, lang)
		if row.Open {
			d.Open++
		}
		d.Rows = append(d.Rows, row)
	}
	return d
}

// of counts with the day on which the clock starts as the first: in doubt a day early.
func (x Deadline) of(start time.Time, p *profile.Profile) Due {
	due := Due{ID: x.ID}
	if len(x.Days) == 0 {
		return due
	}
	y, m, d := start.In(p.Clocks.Location()).Date()
	first := time.Date(y, m, d, 0, 0, 0, 0, p.Clocks.Location())
	due.From, due.By = first.AddDate(0, 0, x.Days[0]-1), first.AddDate(0, 0, x.Days[1]-1)
	for range 31 { // no rest is longer
		if !x.Moved || p.Notices.IsWorkday(due.By) {
			break
		}
		due.By = due.By.AddDate(0, 0, 1)
	}
	if x.Days[0] == x.Days[1] {
		due.From = due.By
	}
	return due
}

func (r Report) answer(x Field, lang string) Row {
	row := Row{ID: x.ID, Label: x.Label.In(lang), Help: x.Help.In(lang)}
	var parts []string
	for _, source := range x.From {
		values := r.values[source]
		if len(values) == 0 {
			continue
		}
		row.From = append(row.From, source)
		parts = append(parts, joined(values, lang))
	}
	if told := r.with(x.Words); len(parts) == 0 && len(told) > 0 {
		row.From = append(row.From, "words")
		parts = append(parts, strings.Join(told, "\n"))
	}
	row.Value = strings.Join(parts, "\n")
	row.Open = row.Value == ""
	return row
}

func joined(values []hub.Text, lang string) string {
	var out []string
	for _, v := range values {
		out = append(out, v.In(lang))
	}
	return strings.Join(out, "\n")
}
