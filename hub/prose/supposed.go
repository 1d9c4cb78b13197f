package prose

import (
	"bytes"
	"slices"
	"strings"
)

// What was supposed and turned out otherwise is no fact: 「VPNが疑われたが、記録上否定さ
// れた」, "RDP was suspected at first, but the logs say otherwise". Nor is what a word
// that stands alone dismisses: 「VPN経由は否定。」, "Entry by VPN: ruled out."

// dismisses reports whether a mark of dismissal speaks about a window that begins before
// it: in its clause, or in a later one that has no subject of its own.
func (s *scene) dismisses(m marked, w window) bool {
	if m.start <= w.start {
		return false
	}
	if bytes.Contains(s.text[m.start:m.end], []byte("×")) {
		return m.start >= w.end && m.start < w.end+len("×") // of the entry before it
	}
	mine, its := s.clause(w.end-1), s.clause(m.start)
	if its == mine || its == s.clause(w.start) {
		return true
	}
	if s.lang == "ja" {
		return !s.hasSubject(its.start, m.start)
	}
	for bare(s.text[its.start:m.start]) {
		before := s.clause(max(its.start-1, 0))
		if before == mine {
			return true
		}
		if before == its {
			return false
		}
		its = before
		m.start = its.end
	}
	return false
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

// drops reports whether a window says what the mark calls supposed or tried, and the
// sentence goes on otherwise. One that goes on in doubt leaves it open. Who tried
// something may have done another thing before.
func (s *scene) drops(m marked, w window) bool {
	at, end := s.turn(m), w.end
	if len(w.hits) == 1 {
		end = w.start // what was learned stands about there
	}
	if at < 0 || end > at && (m.start < w.start || s.goesOn(w, at)) {
		return false
	}
	if m.mark == tried && (s.lang == "ja" && s.clause(m.start) != s.clause(w.start) || s.lang == "en" && w.end <= m.start) {
		return false
	}
	return !slices.ContainsFunc(s.marks, func(d marked) bool {
		return (d.mark == possible || d.mark == unknown) && d.start >= at
	})
}

// goesOn reports whether a window has a word of attacks behind a place.
func (s *scene) goesOn(w window, at int) bool {
	return slices.ContainsFunc(s.marks, func(m marked) bool {
		return (m.mark == attack || m.mark == hostile) && m.start >= at && slices.ContainsFunc(w.hits, m.partOf)
	})
}

// tails may stand between a Japanese verb of supposing and its past.
var tails = []string{"ておりまし", "ていまし", "ており", "てい", "られ", "され", "れ", "まし"}

// but are the words after which a sentence goes on otherwise.
var but = map[string][]string{
	"ja": {"が", "ものの", "けれど", "けど", "のですが", "のだが", "んですが", "のですけど"},
	"en": {", but ", " but ", "; ", " however", "however,", " yet ", ", though ", " was dropped", " were dropped", " was abandoned", " was discarded", " was given up", " was withdrawn", " is withdrawn", ", which turned out", ", an idea ", " until we ", " until it ", " until they "},
}

// turn is where a sentence goes on otherwise after a mark of supposing, -1 where it doesn't.
func (s *scene) turn(m marked) int {
	if s.lang == "ja" {
		return s.turnJA(m)
	}
	return firstOf(s.text, m.end, but["en"])
}

// firstOf is the first place from which a text goes on with one of some words, -1 where
// it doesn't.
func firstOf(text []byte, from int, words []string) int {
	first := -1
	for _, w := range words {
		if i := bytes.Index(text[from:], []byte(w)); i >= 0 && (first < 0 || from+i < first) {
			first = from + i
		}
	}
	return first
}

// yet are the words after which a Japanese sentence goes on otherwise, wherever they stand.
var yet = []string{"が、", "ものの、", "けれど、", "けれども、", "けど、"}

func (s *scene) turnJA(m marked) int {
	if m.mark == heard {
		return firstOf(s.text, m.end, yet)
	}
	rest := string(s.text[m.end:])
	for _, t := range tails {
		rest = strings.TrimPrefix(rest, t)
	}
	past := strings.TrimPrefix(rest, "た")
	if past == rest {
		return -1
	}
	if slices.ContainsFunc(but["ja"], func(b string) bool { return strings.HasPrefix(past, b) }) {
		return len(s.text) - len(past)
	}
	return -1
}
