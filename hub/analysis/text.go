package analysis

import (
	"fmt"
	"strings"

	"isac/hub"
)

// Text returns the whole page in plain text, in the language "ja" or "en": the
// title, then every section with its heading and lines.
func (a Analysis) Text(lang string) string {
	head, bullet := "■ ", "・"
	if lang == "en" {
		head, bullet = "# ", "- "
	}
	var b strings.Builder
	fmt.Fprintln(&b, a.Title.In(lang))
	for _, s := range a.Sections {
		fmt.Fprintf(&b, "\n%s%s\n", head, s.Heading.In(lang))
		for i, line := range s.Lines {
			mark := bullet
			if s.Ordered {
				mark = fmt.Sprintf("%d. ", i+1)
			}
			fmt.Fprintf(&b, "%s%s\n", mark, line.In(lang))
		}
	}
	return b.String()
}

// A Part is one section of a page as ReadText finds it.
type Part struct {
	Heading string
	Ordered bool
	Lines   []string
}

// ReadText splits a page that Text wrote, in either language, into its sections. What
// stands before the first heading is left out.
func ReadText(page string) []Part {
	var out []Part
	for _, line := range strings.Split(page, "\n") {
		if heading, ok := cutAny(line, "■ ", "# "); ok {
			out = append(out, Part{Heading: heading})
			continue
		}
		if line == "" || len(out) == 0 {
			continue
		}
		last := &out[len(out)-1]
		text, ok := cutAny(line, "・", "- ")
		if !ok {
			number := fmt.Sprintf("%d. ", len(last.Lines)+1)
			text, last.Ordered = strings.CutPrefix(line, number)
		}
		last.Lines = append(last.Lines, text)
	}
	return out
}

// SectionID is the id of the section with a heading, in either language; "" when it
// isn't one of this library's.
func (l *Library) SectionID(heading string) string {
	for key, text := range l.words {
		id, ok := strings.CutPrefix(key, "heading.")
		if !ok || heading != text.JA && heading != text.EN {
			continue
		}
		if id == "techniques" { // so a flash, which tells no order, heads the path
			return "path"
		}
		return id
	}
	return ""
}

func cutAny(line string, marks ...string) (string, bool) {
	for _, m := range marks {
		if rest, ok := strings.CutPrefix(line, m); ok {
			return rest, true
		}
	}
	return line, false
}

// Pages returns the page in both languages, Japanese first, as the description of
// the alert's report.
func (a Analysis) Pages() hub.Text { return hub.Text{JA: a.Text("ja"), EN: a.Text("en")} }
