package drafts

import (
	_ "embed"
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"
)

// Say gives a text for people by its key.
type Say func(key string, args ...string) string

// When says when something is due.
func (x Due) When(say Say) string {
	switch {
	case x.By.IsZero():
		return say("drafts.at-once")
	case x.From.Equal(x.By):
		return say("drafts.by", day(x.By, say))
	}
	return say("drafts.from-to", day(x.From, say), day(x.By, say))
}

// day is a date with its weekday.
func day(t time.Time, say Say) string {
	return say("drafts.day", t.Format(time.DateOnly), say("drafts.weekday."+strconv.Itoa(int(t.Weekday()))))
}

// Counted says from when deadlines count, and how that is known.
func (d Draft) Counted(loc *time.Location, say Say) string {
	start := day(d.Clock.Start.In(loc), say)
	if d.Clock.Said {
		return say("drafts.clock-said", start)
	}
	return say("drafts.clock-latest", start)
}

// Sources names where a value comes from.
func (r Row) Sources(say Say) string {
	var out []string
	for _, from := range r.From {
		out = append(out, say("drafts.from."+from))
	}
	return strings.Join(out, say("drafts.and"))
}

// Widths are those of a Table's columns, in signs.
func Widths() []float64 { return []float64{32, 60, 30, 40} }

// Table are the rows of a sheet: head, deadlines, and behind an empty row the fields
// with label, answer and where it comes from.
func (d Draft) Table(loc *time.Location, say Say) [][]string {
	rows := [][]string{
		{d.Title},
		{say("drafts.to"), d.To},
		{say("drafts.starts"), d.Starts, d.Counted(loc, say)},
		{say("drafts.never")},
	}
	for _, x := range d.Deadlines {
		rows = append(rows, []string{x.Label, x.When(say) + over(x, say), x.Note})
	}
	if d.Blind {
		rows = append(rows, []string{say("drafts.blind")})
	}
	rows = append(rows, nil, []string{say("drafts.field"), say("drafts.answer"), say("drafts.source"), say("drafts.help")})
	for _, r := range d.Rows {
		value, from := r.Value, r.Sources(say)
		if r.Open {
			value, from = "", say("drafts.unknown")
		}
		rows = append(rows, []string{r.Label, value, from, r.Help})
	}
	return rows
}

func over(x Due, say Say) string {
	if x.Over {
		return " " + say("drafts.over")
	}
	return ""
}

// Text is the draft for a terminal or a mail.
func (d Draft) Text(loc *time.Location, say Say) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n\n%s: %s\n\n", d.Title, say("drafts.never"), say("drafts.to"), d.To)
	fmt.Fprintf(&b, "■ %s\n%s\n%s\n", say("drafts.deadlines"), d.Starts, d.Counted(loc, say))
	for _, x := range d.Deadlines {
		fmt.Fprintf(&b, "・%s: %s%s\n  %s\n", x.Label, x.When(say), over(x, say), x.Note)
	}
	if d.Blind {
		fmt.Fprintln(&b, say("drafts.blind"))
	}
	fmt.Fprintf(&b, "\n%s\n", say("drafts.open", strconv.Itoa(d.Open), strconv.Itoa(len(d.Rows))))
	for _, r := range d.Rows {
		fmt.Fprintf(&b, "\n■ %s\n", r.Label)
		if r.Help != "" {
			fmt.Fprintf(&b, "  (%s)\n", r.Help)
		}
		if r.Open {
			fmt.Fprintf(&b, "%s\n", say("drafts.unknown"))
			continue
		}
		fmt.Fprintf(&b, "%s\n  [%s]\n", plain(r.Value), r.Sources(say))
	}
	return b.String()
}

// plain takes control signs out of a value: a terminal would obey them.
func plain(value string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && (r < ' ' || r >= 0x7f && r < 0xa0) {
			return -1
		}
		return r
	}, value)
}

//go:embed draft.html
var page string

// HTML is the draft as one document that loads nothing, for print.
func (d Draft) HTML(loc *time.Location, say Say) (string, error) {
	t, err := template.New("draft").Funcs(template.FuncMap{
		"say": say, "when": func(x Due) string { return x.When(say) }, "sources": func(r Row) string { return r.Sources(say) },
	}).Parse(page)
	if err != nil {
		return "", fmt.Errorf("writing draft: %w", err)
	}
	var b strings.Builder
	err = t.Execute(&b, struct {
		Draft
		From, HowMany string
	}{d, d.Counted(loc, say), say("drafts.open", strconv.Itoa(d.Open), strconv.Itoa(len(d.Rows)))})
	if err != nil {
		return "", fmt.Errorf("writing draft: %w", err)
	}
	return b.String(), nil
}
