// Package sift finds indicators in the lines of a log: a million of them in one scan
// over the bytes. It trusts neither the lines nor the values.
//
//	sieve := sift.New([]sift.Value{{Kind: hub.Domain, Text: name}})
//	places := sieve.Scanner().Find([]byte("query: x7.KioskMail[.]net IN A")) // [0]
//
// What finds what: an address or network finds every spelling of an address in it; a
// domain its subdomains; a URL what lies below it; everything else itself, where it
// stands alone. Letters of ASCII are equal in both cases. A line that holds escapes of
// JSON or of URLs, or addresses made harmless ("[.]", "hxxp"), is read both ways.
package sift

import (
	"maps"
	"slices"
	"strings"

	"isac/hub"
	"isac/hub/register/automaton"
)

// Value is one thing to look for.
type Value struct {
	Kind hub.Kind
	Text string
}

// shortest is the least number of bytes that a value needs to be looked for in free
// text: shorter ones are everywhere.
const shortest = 4

// Sieve holds the values. It doesn't change and may be used by many scanners at once.
type Sieve struct {
	list    []sought
	longest int // bytes of the longest value
	nets    networks
	names   index // domains, by all of their bytes from the last to the first
	links   index // URLs with a scheme, by all of their bytes
	words   index // everything else, by its rarest word
	shapes  shapes
	single  bool // there are names without a dot
	numeric bool // and such that end in a digit
	longURL int
	rest    *automaton.Automaton // values without a word
	restOf  [][]int32            // by pattern of rest
}

// sought is a value as it is compared.
type sought struct {
	text   string // in lower case
	rule   rule
	anchor int32 // where the word begins by which it is found
}

// New makes a sieve. Values that can't be looked for in text, such as numbers of
// autonomous systems and patterns, find nothing.
func New(values []Value) *Sieve {
	s := &Sieve{list: make([]sought, len(values)), longest: 256}
	var names, links, words []entry
	rare := map[string]int32{}
	for i, v := range values {
		if s.nets.add(v, int32(i)) || v.Kind == hub.AS || v.Kind == hub.Pattern {
			continue
		}
		text := lower(strings.TrimSpace(v.Text))
		if v.Kind == hub.Domain {
			text = strings.Trim(text, ".")
		}
		if len(text) < shortest {
			continue
		}
		s.list[i] = sought{text: text, rule: ruleOf(v.Kind, text)}
		s.longest = max(s.longest, len(text))
		switch {
		case v.Kind == hub.Domain && isName(text):
			names = append(names, entry{backward(text), int32(i)})
			s.single = s.single || !strings.Contains(text, ".")
			s.numeric = s.numeric || text[len(text)-1]-'0' <= 9
		case v.Kind == hub.URL && isLink(text):
			links = append(links, entry{forward(text), int32(i)})
			s.longURL = max(s.longURL, len(text))
		default:
			for _, w := range wordsOf(text) {
				rare[text[w.start:w.end]]++
			}
			words = append(words, entry{0, int32(i)})
		}
	}
	s.nets.finish()
	s.names, s.links, s.words = newIndex(names), newIndex(links), newIndex(s.anchor(words, rare))
	return s
}

// anchor chooses for each value the word that the fewest values have, the longest of
// them. Values without a word are left to an automaton.
func (s *Sieve) anchor(values []entry, rare map[string]int32) []entry {
	out := make([]entry, 0, len(values)+len(harmless))
	for _, h := range harmless {
		out = append(out, entry{forward(h.word), none})
		s.shapes.add(h.word)
	}
	rest := map[string][]int32{}
	for _, v := range values {
		text := s.list[v.value].text
		best, ok := rarest(text, rare)
		if !ok {
			rest[text] = append(rest[text], v.value)
			continue
		}
		s.list[v.value].anchor = int32(best.start)
		out = append(out, entry{forward(text[best.start:best.end]), v.value})
		s.shapes.add(text[best.start:best.end])
	}
	if len(rest) == 0 {
		return out
	}
	patterns := slices.Sorted(maps.Keys(rest))
	s.rest = automaton.New(patterns)
	for _, p := range patterns {
		s.restOf = append(s.restOf, rest[p])
	}
	return out
}

// shapes are the lengths and first letters of words: enough to pass by most words of a
// log without a look into a table.
type shapes [128][4]uint64

func (x *shapes) add(word string) { x[min(len(word), 127)][word[0]>>6] |= 1 << (word[0] & 63) }

func (x *shapes) has(first byte, length int) bool {
	return x[min(length, 127)][first>>6]&(1<<(first&63)) != 0
}

func rarest(text string, rare map[string]int32) (best span, ok bool) {
	for _, w := range wordsOf(text) {
		a, b := rare[text[w.start:w.end]], rare[text[best.start:best.end]]
		if !ok || a < b || a == b && w.end-w.start > best.end-best.start {
			best, ok = w, true
		}
	}
	return best, ok
}

// Longest is how many bytes the longest value has that can be found: who cuts a line
// lets the pieces overlap by as much.
func (s *Sieve) Longest() int { return s.longest }

// span is a piece of a text.
type span struct{ start, end int }

// wordsOf are the longest runs of letters, digits and underlines.
func wordsOf(text string) []span {
	var out []span
	for i := 0; i < len(text); {
		start := i
		for i < len(text) && word[text[i]] != 0 {
			i++
		}
		if i > start {
			out = append(out, span{start, i})
		}
		i++
	}
	return out
}

// isName reports whether text can be found as the end of a host's name.
func isName(text string) bool {
	for i := range len(text) {
		if name[text[i]] == 0 {
			return false
		}
	}
	return true
}

// isLink reports whether text can be found from its scheme on.
func isLink(text string) bool {
	scheme, after, ok := strings.Cut(text, "://")
	if !ok || scheme == "" || after == "" {
		return false
	}
	for i := range len(scheme) {
		if word[scheme[i]] == 0 {
			return false
		}
	}
	for i := range len(after) {
		if endsLink(after[i]) {
			return false
		}
	}
	return true
}

func endsLink(c byte) bool { return c <= ' ' || c == '"' || c == '<' || c == '>' }
