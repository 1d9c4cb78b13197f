package find

import (
	"strings"
	"unicode"
)

// MostValues is how many values of a list are looked up at once.
const MostValues = 10_000

// Listed are the values of a pasted list or of a file of any shape, each once: every
// word of a line that could be a value of its own, and every line as it stands. It is
// false where there are more than MostValues of either.
func Listed(text string) (values []string, ok bool) {
	seen := map[string]bool{}
	words, lines := 0, 0
	add := func(value string, count *int) {
		value = Refanged(value)
		if value != "" && len(value) <= Longest && !seen[strings.ToLower(value)] {
			seen[strings.ToLower(value)] = true
			values = append(values, value)
			*count++
		}
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		parts := strings.FieldsFunc(line, apart)
		for _, part := range parts {
			part = strings.Trim(part, "()[]{}.:=")
			if len(parts) == 1 || couldBeValue(part) {
				add(part, &words)
			}
		}
		add(line, &lines)
		if words > MostValues || lines > MostValues {
			return nil, false
		}
	}
	return values, true
}

func apart(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`,;"'<>|、，`, r) }

// couldBeValue tells addresses, names, paths and hashes from the other words of a line.
func couldBeValue(word string) bool {
	if strings.ContainsAny(word, `.:@/\`) {
		return len(word) > 3
	}
	return len(word) >= 32 && strings.Trim(strings.ToLower(word), "0123456789abcdef") == ""
}
