package paper

import (
	"strconv"
	"strings"

	"isac/hub/analysis"
)

// Alert puts an alert's text, which begins with its title, on a sheet. Head is one line
// on which alert it is and who may have it; the library has the words of its sections,
// words are other texts for people by key.
func Alert(l *analysis.Library, lang, head, text string, number uint64, words func(key string, args ...string) string) Sheet {
	title, _, _ := strings.Cut(text, "\n")
	var parts []Part
	for _, p := range analysis.ReadText(text) {
		parts = append(parts, Part{ID: l.SectionID(p.Heading), Part: p})
	}
	s := Sheet{Lang: lang, Title: title, Head: head, Page: words("paper.page", "1", "1"), Rest: words("paper.rest", strconv.FormatUint(number, 10))}
	return Fit(s, parts, func(lines int) string { return words("paper.more", strconv.Itoa(lines)) })
}
