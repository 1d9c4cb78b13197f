package prose

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// span is a part of the folded text, in bytes.
type span struct{ start, end int }

const (
	longestSentence = 2000 // bytes; longer ones are cut, so that time stays linear
	wrapped         = 60   // bytes; a line of at least this length may go on in the next
)

// sentences cuts folded text into sentences, headings and items of lists. A line
// break inside a sentence becomes a space.
func sentences(s []byte) []span {
	var out []span
	start, line := 0, 0
	cut := func(end int) {
		if len(bytes.TrimSpace(s[start:end])) > 0 {
			out = append(out, span{start, end})
		}
		start = end
	}
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\n':
			if goesOn(s, line, i) {
				s[i] = ' '
			} else {
				cut(i + 1)
			}
			line = i + 1
		case (s[i] == '!' || s[i] == '?') && (i+1 == len(s) || !word(s[i+1])), s[i] == '.' && fullStop(s, i):
			cut(i + 1)
		case bytes.HasPrefix(s[i:], []byte("。")):
			i += len("。") - 1
			cut(i + 1)
		case i-start >= longestSentence && utf8.RuneStart(s[i]):
			cut(i)
		}
	}
	cut(len(s))
	return out
}

// goesOn reports whether the sentence of the line that starts at line and ends at
// end goes on in the next line: a long line without an end, before one that is
// neither empty nor an item of a list.
func goesOn(s []byte, line, end int) bool {
	head := bytes.TrimRight(s[line:end], " \r\t")
	if len(head) < wrapped || bytes.HasSuffix(head, []byte("。")) || bytes.HasSuffix(head, []byte(":")) {
		return false
	}
	next := bytes.TrimLeft(s[end+1:], " \t")
	return len(next) > 0 && next[0] != '\n' && next[0] != '\r' && !item(next)
}

// item reports whether a line starts an item of a list or a heading.
func item(line []byte) bool {
	switch line[0] {
	case '-', '*', '#', '+', '|', '[', '<', '>', '(':
		return true
	}
	if line[0] >= '0' && line[0] <= '9' {
		return true
	}
	for _, mark := range []string{"・", "•", "●", "○", "■", "□", "※", "◆", "【", "「", "→"} {
		if bytes.HasPrefix(line, []byte(mark)) {
			return true
		}
	}
	return false
}

// headline reports whether Japanese text ends in a noun, as headings and the cells
// of tables do: 「侵入経路:VPN装置」.
func headline(s []byte) bool {
	s = bytes.TrimRight(s, " \r\n\t。.)」】|")
	r, _ := utf8.DecodeLastRune(s)
	return len(s) > 0 && (r < 0x3041 || r > 0x3096)
}

// abbreviations end in a full stop that ends no sentence.
var abbreviations = []string{"e.g", "i.e", "etc", "vs", "approx", "no", "inc", "ltd", "dr", "mr", "ms", "st", "fig", "cf"}

// fullStop reports whether the "." at i ends a sentence: white space or the end
// follows and no abbreviation stands before, or Japanese stands before.
func fullStop(s []byte, i int) bool {
	if i > 0 && strings.IndexByte("([{", s[i-1]) >= 0 { // "evil(.)example"
		return false
	}
	if i > 0 && s[i-1] >= utf8.RuneSelf {
		return i+1 >= len(s) || !word(s[i+1])
	}
	if i+1 < len(s) && s[i+1] != ' ' && s[i+1] != '\n' && s[i+1] != '\r' && s[i+1] != '"' && s[i+1] != ')' {
		return false
	}
	for _, a := range abbreviations {
		if bytes.HasSuffix(s[:i], []byte(a)) && (i == len(a) || !word(s[i-len(a)-1])) {
			return false
		}
	}
	return true
}

// word reports whether b is an ASCII letter or digit.
func word(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b >= 'A' && b <= 'Z'
}

// fewWords is the number of spaces up to which a sentence in Latin letters may
// belong to the language around it.
const fewWords = 2

// language is "ja" for a sentence with kana or kanji, unless they are only a name
// among English words, otherwise "en"; a few Latin words are of the language that the
// caller expects.
func language(s []byte, expected string) string {
	few := bytes.Count(bytes.TrimSpace(s), []byte(" ")) <= fewWords
	if expected == "ja" && few || japanese(s) && (few || !nameOnly(s)) {
		return "ja"
	}
	return "en"
}

// nameOnly reports whether kana and kanji are so few among Latin letters that they
// are a name in an English sentence: it doesn't end as Japanese verbs do.
func nameOnly(s []byte) bool {
	if r, _ := utf8.DecodeLastRune(bytes.TrimRight(s, " \r\n\t。.")); r >= 0x3041 && r <= 0x3096 {
		return false
	}
	latin, other := 0, 0
	for _, b := range s {
		if word(b) {
			latin++
		} else if b >= utf8.RuneSelf && utf8.RuneStart(b) {
			other++
		}
	}
	return other*4 < latin
}

// japanese reports whether s holds kana or kanji.
func japanese(s []byte) bool {
	for i := 0; i < len(s); {
		if s[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(s[i:])
		if r >= 0x3040 && r <= 0x30ff || r >= 0x3400 && r <= 0x9fff {
			return true
		}
		i += n
	}
	return false
}

// shouted reports whether most Latin letters of a text are capitals, and no letters of
// another script stand beside them.
func shouted(text string) bool {
	large, small := 0, 0
	for i := range len(text) {
		switch b := text[i]; {
		case b >= 'A' && b <= 'Z':
			large++
		case b >= 'a' && b <= 'z', b >= utf8.RuneSelf:
			small++
		}
	}
	return large > small
}
