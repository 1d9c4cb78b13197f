package find

import (
	"strings"
	"unicode"
)

// mostTerms is how many terms of a text count.
const mostTerms = 12

// Terms are what was typed, split at spaces; what stands in quotation marks stays
// together.
func Terms(text string) []string {
	var out []string
	for i, part := range strings.Split(text, `"`) {
		if i%2 == 0 {
			out = append(out, strings.FieldsFunc(part, unicode.IsSpace)...)
		} else if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out[:min(mostTerms, len(out))]
}

// IsPattern reports whether what was typed is a pattern of STIX.
func IsPattern(text string) bool {
	return strings.HasPrefix(text, "[") || strings.HasPrefix(text, "([")
}
