package anonymize

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"isac/hub/register"
	"isac/hub/register/decode"
)

// A weight says what a needle yields to. A heavy one stands for what is the
// victim's by its place in the report; a light one was only left out somewhere, and
// yields to facts of the attack and to words that the hub itself writes.
type weight int

const (
	light weight = iota + 1
	heavy
)

// needles are what was left out of a report and what follows from it, to be found
// nowhere in what goes out.
type needles struct {
	weights map[string]weight      // folded form → weight
	written map[string][]string    // folded form → as to be handed to the gate
	dates   map[string]bool        // digits of days, "20221031": checked in facts, not by the gate
	attack  map[string]bool        // folded values of the attacker: a token that is one gives no needle
	roots   map[string]bool        // domains registered by the attacker: a host below gives no needle of them
	madeUp  func(word string) bool // the name of malware or a tool and nothing else
	trade   trade
	done    map[reading]bool
	skip    func(folded string, w weight) bool
}

// A reading is a text in one of the ways in which it is read.
type reading struct {
	text  string
	w     weight
	prose bool
}

func newNeedles(skip func(string, weight) bool) *needles {
	return &needles{weights: map[string]weight{}, written: map[string][]string{}, dates: map[string]bool{}, done: map[reading]bool{}, skip: skip, madeUp: func(string) bool { return false }}
}

// add takes a value that must not come out. Too short ones and ordinary words say
// nothing of anyone.
func (n *needles) add(raw string, w weight) {
	raw = strings.TrimSpace(raw)
	if !telling(raw) {
		return
	}
	folded := register.Fold(raw)
	if folded == "" {
		return
	}
	if old, ok := n.weights[folded]; ok {
		n.weights[folded] = max(old, w)
		return
	}
	if n.skip(folded, w) {
		return
	}
	n.weights[folded] = w
	n.written[folded] = append(n.written[folded], raw)
}

// telling reports whether a text is long enough and unusual enough to be searched
// for: four letters of Latin (three capitals), two kanji, three kana.
func telling(s string) bool {
	if ordinaryWord(strings.ToLower(s)) {
		return false
	}
	letters, kanji, upper, digits := 0, 0, 0, 0
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Han, r):
			kanji++
		case unicode.IsDigit(r):
			digits++
		case unicode.IsLetter(r):
			letters++
			if unicode.IsUpper(r) {
				upper++
			}
		}
	}
	ascii := utf8.RuneCountInString(s) == len(s)
	switch {
	case kanji >= 2 || kanji >= 1 && letters+digits >= 1:
		return true
	case !ascii:
		return letters >= 3
	case letters == 0:
		return digits >= 5
	}
	return letters+digits >= 4 || upper >= 3 && digits == 0
}

// find tells which of the values hold a needle, plain or encoded. What is encoded
// too deep to be read counts as a hit.
func (n *needles) find(values []string) []bool {
	hits := make([]bool, len(values))
	if len(values) == 0 {
		return hits
	}
	var raw []string
	for _, forms := range n.written {
		raw = append(raw, forms...)
	}
	matcher := register.NewNeedles(raw)
	for i, v := range values {
		for read := range decode.Views(v) {
			if read.Cut || matcher.Stands(read.Text) || n.datesIn(read.Text) {
				hits[i] = true
				break
			}
		}
	}
	return hits
}

func alnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
