package prose

import (
	"strings"

	"isac/hub"
)

// Pasted is one value that stood in a text that a person pasted.
type Pasted struct {
	Kind  hub.Kind
	Value string
}

// pastedApart makes spaces of what stands between the values of a list.
var pastedApart = strings.NewReplacer("、", " ", "，", " ", ",", " ", ";", " ", "\"", " ", "'", " ", "<", " ", ">", " ", "|", " ")

// Values finds addresses, domain names, URLs, mail addresses and hashes in a text that
// a person pasted as a list, plain or defanged, each once and in their order. Unlike
// Extract it asks nothing of the words around them.
func Values(text string) []Pasted {
	var out []Pasted
	seen := map[Pasted]bool{}
	for _, word := range strings.Fields(pastedApart.Replace(text)) {
		for _, t := range tokens([]byte(word)) {
			kind, value, ok := indicator(word[t.start:t.end])
			p := Pasted{kind, value}
			if ok && !seen[p] {
				seen[p] = true
				out = append(out, p)
			}
		}
	}
	return out
}
