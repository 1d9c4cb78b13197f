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

// Pages returns the page in both languages, Japanese first, as the description of
// the alert's report.
func (a Analysis) Pages() hub.Text { return hub.Text{JA: a.Text("ja"), EN: a.Text("en")} }
