package anonymize

import (
	_ "embed"
	"strings"
)

//go:embed data/commands.txt
var commandsTXT string

//go:embed data/ordinary.txt
var ordinaryTXT string

var (
	closedWords   = wordSet(commandsTXT)
	ordinaryWords = wordSet(ordinaryTXT)
)

// wordSet reads words divided by space; a line that starts with # is a comment.
func wordSet(text string) map[string]bool {
	set := map[string]bool{}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for _, w := range strings.Fields(line) {
			set[w] = true
		}
	}
	return set
}

// closedWord reports whether a lower-case word of a command, path or subject is a
// word of well-known tools and systems, or a number or option of at most four
// characters.
func closedWord(w string) bool {
	bare := strings.Trim(w, "-/.%$*{}<>[]@!?")
	if closedWords[w] || closedWords[bare] || bare == "" {
		return true
	}
	if len(bare) <= 2 {
		return true
	}
	return len(bare) <= 4 && strings.Trim(bare, "0123456789") == ""
}

// ordinaryWord reports whether a lower-case word is one of ordinary prose or trade
// language, and so names nobody.
func ordinaryWord(w string) bool {
	return ordinaryWords[w] || closedWords[w]
}
