// Package disguise writes a value in the ways in which people write it, machines
// encode it, and somebody would hide it from a search: other forms of a letter,
// widths, kana, old kanji, spaces, signs that can't be seen, letters of other
// scripts, notations of numbers, and encodings inside of each other.
//
// It is what the builder's matcher and the gate are tested with and shares no code
// or table with either: both must find whatever it writes. It trusts nothing, and
// no running hub uses it.
//
//	r := rand.New(rand.NewPCG(1, 2))
//	text, how := disguise.Write(r, disguise.Japanese, "夕凪総合病院")
//	fmt.Println(how, text) // [old kanji zero-width base64] …
package disguise

import (
	"math/rand/v2"
	"slices"
)

// Kind says what a value is, and with it how it can be written.
type Kind int

// The kinds of values.
const (
	Japanese Kind = iota // a name or address in kanji, kana and signs
	Kana                 // a reading
	Latin                // a name in Latin letters
	Domain
	Mail
	Phone
	Postal
	IPv4
	IPv6
	Host // the name of a machine, an id, an account
	Kinds
)

// A step is one change to a text. It returns "" where it has nothing to change.
type step struct {
	name string
	do   func(r *rand.Rand, s string) string
}

// Write writes a value: up to three changes of its letters, then up to eight
// encodings inside of each other, mostly few. How names what was done.
func Write(r *rand.Rand, kind Kind, value string) (text string, how []string) {
	text, how = Respell(r, kind, value)
	text, codes := Encode(r, kind, text, depth(r))
	return text, append(how, codes...)
}

// Respell changes the letters of a value and leaves it readable.
func Respell(r *rand.Rand, kind Kind, value string) (text string, how []string) {
	steps := spellings[kind]
	last := -1
	for range r.IntN(4) {
		i := r.IntN(len(steps))
		if i <= last || slices.Contains(how, "kunrei") && slices.Contains(parting, steps[i].name) {
			continue // notations first, then letters, then what can't be seen
		}
		if changed := steps[i].do(r, value); changed != "" && changed != value {
			value, how, last = changed, append(how, steps[i].name), i
		}
	}
	return value, how
}

// parting are changes that part a word or join two, which nobody does who writes in
// the other system: syllables would change.
var parting = []string{"spaced", "joined"}

// depth is how many encodings a text gets.
func depth(r *rand.Rand) int {
	switch n := r.IntN(100); {
	case n < 35:
		return 0
	case n < 70:
		return 1
	case n < 85:
		return 2
	case n < 94:
		return 3
	}
	return 4 + r.IntN(5)
}

// Encode puts a text into so many encodings, one around the other. Inside of each
// may stand something beside the text, as it does in a log or a script.
func Encode(r *rand.Rand, kind Kind, text string, depth int) (out string, how []string) {
	if depth > 0 && kind == Japanese && r.IntN(10) == 0 {
		if label := punycode(text); label != "" {
			text, how, depth = label, append(how, "punycode"), depth-1
		}
	}
	for range depth {
		c := codings[r.IntN(len(codings))]
		if len(text) > 20_000 && slices.Contains(wasteful, c.name) {
			continue
		}
		text = beside(r, text)
		if coded := c.do(r, text); coded != "" {
			text, how = coded, append(how, c.name)
		}
	}
	return text, how
}

// beside puts what a payload has beside a value around it, or nothing.
func beside(r *rand.Rand, text string) string {
	switch r.IntN(6) {
	case 0:
		return "user=" + text + ";"
	case 1:
		return "端末「" + text + "」"
	case 2:
		return "{\"v\": \"" + text + "\"}"
	case 3:
		return "net use z: (" + text + ") /y"
	}
	return text
}
