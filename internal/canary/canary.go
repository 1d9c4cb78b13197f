// Package canary finds planted values in bytes: as they are, and in the simple forms
// in which values travel and lie (UTF-16, base64 at any offset, hex, percent, JSON
// escapes, gzip). The tests beside it push invented names through a whole running
// hub and search every byte that leaves it or lies in its folder.
//
// A search that finds nothing shows something only if it would have found it: the
// package trusts nothing, and its tests plant each value in each form.
//
//	s := canary.New("緑翠会 丹戸記念病院", "UDN-KARTE07")
//	for _, hit := range s.Find(data) {
//		fmt.Println(hit.Value, hit.Form)
//	}
package canary

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/base64"
	"io"
	"slices"

	"isac/hub/register/automaton"
)

// Hit is a planted value that was found, and in which form.
type Hit struct{ Value, Form string }

// Searcher knows the planted values in all forms. It is safe for concurrent use.
type Searcher struct {
	lower, exact   *automaton.Automaton // of forms in which case tells nothing, and of the others
	lowers, exacts []Hit                // by pattern
}

// New returns a searcher for the values. A short value is found in random bytes
// too: six bytes or more serve.
func New(values ...string) *Searcher {
	s := new(Searcher)
	var lower, exact []string
	for _, v := range values {
		for _, f := range formsOf(v) {
			if f.exact {
				exact, s.exacts = append(exact, f.text), append(s.exacts, Hit{v, f.name})
			} else {
				lower, s.lowers = append(lower, string(lowered([]byte(f.text)))), append(s.lowers, Hit{v, f.name})
			}
		}
	}
	s.lower, s.exact = automaton.New(lower), automaton.New(exact)
	return s
}

// depth is how often what was packed is unpacked: gzip within base64 within gzip.
const depth = 3

// Find returns every value that stands in data, each form once, in order.
func (s *Searcher) Find(data []byte) []Hit {
	seen := map[Hit]bool{}
	s.find(data, "", depth, seen)
	hits := make([]Hit, 0, len(seen))
	for h := range seen {
		hits = append(hits, h)
	}
	slices.SortFunc(hits, func(a, b Hit) int { return cmp.Or(cmp.Compare(a.Value, b.Value), cmp.Compare(a.Form, b.Form)) })
	return hits
}

func (s *Searcher) find(data []byte, within string, deep int, seen map[Hit]bool) {
	for m := range s.lower.All(lowered(data)) {
		h := s.lowers[m.Pattern]
		seen[Hit{h.Value, within + h.Form}] = true
	}
	for m := range s.exact.All(data) {
		h := s.exacts[m.Pattern]
		seen[Hit{h.Value, within + h.Form}] = true
	}
	if deep == 0 {
		return
	}
	for _, inner := range unzipped(data) {
		s.find(inner, within+"gzip, ", deep-1, seen)
	}
	for _, inner := range unarmoured(data) {
		s.find(inner, within+"base64, ", deep-1, seen)
	}
}

// lowered makes ASCII letters small, in UTF-16 too.
func lowered(data []byte) []byte {
	out := bytes.Clone(data)
	for i, c := range out {
		if 'A' <= c && c <= 'Z' {
			out[i] = c + 'a' - 'A'
		}
	}
	return out
}

// unzipped unpacks all that begins as gzip does, as far as it goes.
func unzipped(data []byte) [][]byte {
	var out [][]byte
	for at := 0; ; at++ {
		next := bytes.Index(data[at:], []byte{0x1f, 0x8b, 8})
		if next < 0 {
			return out
		}
		at += next
		z, err := gzip.NewReader(bytes.NewReader(data[at:]))
		if err != nil {
			continue
		}
		inner, _ := io.ReadAll(io.LimitReader(z, 64<<20)) // cut short is searched too
		if len(inner) > 0 {
			out = append(out, inner)
		}
	}
}

// armoured is the least length of base64 that is undone: shorter than that it is
// found by its forms alone.
const armoured = 32

// unarmoured undoes every long run of base64, of either alphabet.
func unarmoured(data []byte) [][]byte {
	var out [][]byte
	for start := 0; start < len(data); start++ {
		end := start
		for end < len(data) && digit[data[end]] != 0 {
			end++
		}
		if end-start >= armoured {
			out = append(out, unarmour(data[start:end]))
		}
		start = end
	}
	return out
}

func unarmour(digits []byte) []byte {
	if len(digits)%4 == 1 {
		digits = digits[:len(digits)-1] // a single digit says nothing
	}
	run := make([]byte, len(digits))
	for i, c := range digits {
		run[i] = digit[c]
	}
	inner := make([]byte, base64.RawStdEncoding.DecodedLen(len(run)))
	n, _ := base64.RawStdEncoding.Decode(inner, run) // all are digits
	return inner[:n]
}

// digit maps the digits of both alphabets to those of the standard one.
var digit = func() (table [256]byte) {
	const std = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	for i := range len(std) {
		table[std[i]] = std[i]
	}
	table['-'], table['_'] = '+', '/'
	return table
}()
