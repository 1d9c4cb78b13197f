package prose

import (
	"bytes"
	"slices"
	"strings"
)

// What was supposed and turned out otherwise is no fact: 「VPNが疑われたが、記録上否定さ
// れた」, "RDP was suspected at first, but the logs say otherwise". Nor is what a word
// that stands alone dismisses: 「VPN経由は否定。」, "Entry by VPN: ruled out." A clause
// that a mark doesn't stand in keeps what it says.

// dismisses reports whether a mark of dismissal speaks about a window that begins before
// it: in its clause, or in a later one that has no subject of its own.
func (s *scene) dismisses(m marked, w window) bool {
	if m.start <= w.start {
		return false
	}
	if bytes.Contains(s.text[m.start:m.end], []byte("×")) {
		return m.start >= w.end && m.start < w.end+len("×") // of the entry before it
	}
	its := s.clause(m.start)
	if its == s.clause(w.end-1) || its == s.clause(w.start) {
		return true
	}
	if s.lang == "ja" {
		return !s.hasSubject(its.start, m.start) && !s.parted(w.end, m.start)
	}
	return its.start > 0 && bare(s.text[its.start:m.start]) && s.clause(its.start-1) == s.clause(w.end-1)
}

// parted reports whether a clause ends between two places over which nothing reaches back.
func (s *scene) parted(from, to int) bool {
	return slices.ContainsFunc(s.marks, func(m marked) bool { return m.mark == hard && m.start >= from && m.start < to })
}

// pronouns and other words that name nothing new.
var pronouns = setOf(strings.Fields(`and but this that it these those which has have had been was were is are be later
	soon since now however both all we they meanwhile by then he she finally eventually clearly definitely`))

// bare reports whether English text names no new subject.
func bare(text []byte) bool {
	for word := range bytes.FieldsFuncSeq(text, func(r rune) bool { return r < 'a' || r > 'z' }) {
		if !pronouns[string(word)] {
			return false
		}
	}
	return true
}

// drops reports whether a window says what the mark calls supposed, and the sentence goes
// on otherwise behind the mark's clause. One that goes on in doubt leaves it open.
func (s *scene) drops(m marked, w window) bool {
	its := s.clause(m.start)
	at := s.turn(m)
	if at < 0 || at > its.end || !s.speaksOf(m, w, its, at) {
		return false
	}
	return !slices.ContainsFunc(s.marks, func(d marked) bool {
		return (d.mark == possible || d.mark == unknown) && d.start >= at
	})
}

// speaksOf reports whether a window is what a mark in a clause, after which the sentence
// turns, says was supposed, heard or tried.
func (s *scene) speaksOf(m marked, w window, its span, at int) bool {
	if s.clause(w.start) != its || s.goesOn(w, at) {
		return false
	}
	switch {
	case s.lang == "ja" && m.mark == tried: // what stands right before it
		return w.end <= m.start && m.start-w.end <= 2*len("を")
	case s.lang == "ja" && m.mark == heard:
		return w.start < m.start && s.denies(at)
	case s.lang == "ja":
		return w.start < m.start
	case m.mark == heard: // what stands before it: "was suspected"
		return w.start < m.start
	case m.mark == tried:
		return w.end > m.end && !bytes.Contains(s.text[m.end:max(m.end, min(w.end, at))], []byte(" and "))
	}
	return w.end > m.end
}

// denies reports whether the sentence denies something from a place on, or makes less of it.
func (s *scene) denies(at int) bool {
	return bytes.Contains(s.text[at:], []byte("だけ")) || slices.ContainsFunc(s.marks, func(m marked) bool {
		return m.start >= at && (m.mark == negation || m.mark == refuted || m.mark == dismissed)
	})
}

// goesOn reports whether a window has a word of attacks behind a place.
func (s *scene) goesOn(w window, at int) bool {
	return w.end > at && slices.ContainsFunc(s.marks, func(m marked) bool {
		return (m.mark == attack || m.mark == hostile) && m.start >= at && slices.ContainsFunc(w.hits, m.partOf)
	})
}

// turns are the words by which an English sentence goes on otherwise; in Japanese 「が」
// and its like do behind the past of the mark's verb, and behind what was heard anywhere.
var (
	turns   = []string{", but ", " but ", " however", " yet ", ", though ", ", which turned out", ", an idea ", " until we ", " until it ", " until they ", " was dropped", " were dropped", " was abandoned", " was discarded", " was given up", " was withdrawn", " is withdrawn"}
	turnsJA = []string{"が", "ものの", "けれど", "けど", "のですが", "のだが", "んですが", "のですけど"}
	yet     = []string{"が、", "ものの、", "けれど、", "けれども、", "けど、"}
)

// tails may stand between a Japanese verb of supposing and its past.
var tails = []string{"ておりまし", "ていまし", "ており", "てい", "られ", "され", "れ", "まし"}

// turn is where a sentence goes on otherwise after a mark of supposing, -1 where it doesn't.
func (s *scene) turn(m marked) int {
	switch {
	case s.lang == "en":
		return s.next(m.end, turns)
	case m.mark == heard:
		return s.next(m.end, yet)
	}
	rest := string(s.text[m.end:min(len(s.text), m.end+longestEnding+longestTurn)])
	size := len(rest)
	for _, t := range tails {
		rest = strings.TrimPrefix(rest, t)
	}
	past := strings.TrimPrefix(rest, "た")
	if past == rest || !slices.ContainsFunc(turnsJA, func(b string) bool { return strings.HasPrefix(past, b) }) {
		return -1
	}
	return m.end + size - len(past)
}

const longestTurn = 18 // bytes

// next is the first place from one on, within its clause and the beginning of the one
// behind, where one of some words stands; -1 where none does.
func (s *scene) next(from int, words []string) int {
	end := min(len(s.text), s.clause(from).end+longestTurn)
	first := -1
	for _, w := range words {
		if i := bytes.Index(s.text[from:max(from, end)], []byte(w)); i >= 0 && (first < 0 || from+i < first) {
			first = from + i
		}
	}
	return first
}
