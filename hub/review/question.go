package review

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"isac/hub"
)

// A free question is for what no closed reason can say. It goes to the reporter with
// nothing of who asks, and the answer to those who moderate the stage with nothing of who
// answers. The caller has both pass the gate; here stands what either may hold at all.

// Free is the reason of a return with a free question.
const Free = "question"

const (
	longestQuestion = 300 // signs
	mostQuestions   = 3   // of a stage
)

// Exchange is a free question and its answer, "" while there is none.
type Exchange struct {
	Question string `json:"question"`
	Answer   string `json:"answer,omitempty"`
}

// Plain reports, by its error, whether a text may be a free question or an answer: short,
// and without addresses, accounts, paths and numbers, so that no answer of the gate tells
// to whom one of these belongs. Ids of CVE and ATT&CK may stand in it.
func Plain(text string) error {
	text = strings.TrimSpace(text)
	if text == "" || utf8.RuneCountInString(text) > longestQuestion || !utf8.ValidString(text) {
		return hub.E(hub.Invalid, "review.question-long")
	}
	for _, word := range strings.FieldsFunc(text, func(r rune) bool {
		return r > unicode.MaxASCII && !unicode.IsDigit(r) || unicode.IsSpace(r) || strings.ContainsRune(`,;()!?"'`, r)
	}) {
		word = strings.TrimSuffix(word, ".")
		if isID(word) {
			continue
		}
		if strings.ContainsAny(word, `@\/:_.`) || strings.ContainsFunc(word, unicode.IsDigit) || strings.ContainsFunc(word, unicode.IsControl) {
			return hub.E(hub.Invalid, "review.question-values")
		}
	}
	return nil
}

// isID reports whether a word is an id of CVE or ATT&CK as these are written.
func isID(word string) bool {
	word = strings.ToUpper(word)
	figures := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return '0'
		}
		return r
	}, word)
	return slices.Contains([]string{"T0000", "T0000.000", "M0000", "CVE-0000-0000", "CVE-0000-00000", "CVE-0000-000000"}, figures)
}

// asks reports whether one question more may be asked about the stage.
func (t *track) asks() bool { return len(t.talk) < mostQuestions }

// heard takes the answer to the question that waits for one.
func (t *track) heard(answer string) {
	if n := len(t.talk); n > 0 && answer != "" {
		t.talk = slices.Clone(t.talk)
		t.talk[n-1].Answer = answer
	}
}
