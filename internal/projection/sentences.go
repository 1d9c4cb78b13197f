package projection

import (
	"strings"

	"isac/hub"
	"isac/hub/analysis"
	"isac/hub/stix"
	"isac/internal/store"
)

// sentences are what the released text says in both languages, each once and without
// headings. Lines that write out values of indicators are left out:
// values are found by themselves.
func sentences(row store.AlertRow, report stix.Object) []string {
	values := map[string]bool{}
	for _, i := range row.Indicators {
		values[analysis.Defanged(hub.Kind(i.Type), i.Value)] = true
	}
	seen := map[string]bool{}
	var out []string
	add := func(line string) {
		if line != "" && !seen[line] && !writesOut(line, values) {
			seen[line] = true
			out = append(out, line)
		}
	}
	add(row.Title.JA)
	add(row.Title.EN)
	for _, part := range analysis.ReadText(report.Str("description")) {
		for _, line := range part.Lines {
			add(line)
		}
	}
	return out
}

// writesOut reports whether a line ends with a value, as lines that list them do.
func writesOut(line string, values map[string]bool) bool {
	last := line
	for _, before := range []string{"：", ": ", ", "} {
		if at := strings.LastIndex(last, before); at >= 0 {
			last = last[at+len(before):]
		}
	}
	return values[last]
}
