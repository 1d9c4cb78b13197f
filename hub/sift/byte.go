package sift

import (
	"math/bits"

	"isac/hub"
)

// word holds the letters, digits and the underline, in lower case; name the dot and
// the hyphen besides; low every byte. 0 is none of these.
var word, name, low = tables()

func tables() (word, name, low [256]byte) {
	for c := range 256 {
		b := byte(c)
		if 'A' <= b && b <= 'Z' {
			b += 'a' - 'A'
		}
		low[c] = b
		if 'a' <= b && b <= 'z' || '0' <= b && b <= '9' || b == '_' {
			word[c], name[c] = b, b
		}
	}
	name['.'], name['-'] = '.', '-'
	return word, name, low
}

func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		b[i] = low[c]
	}
	return string(b)
}

// wordy reports whether there is a letter or digit at a place of the text, or one of
// more.
func wordy(text []byte, at int, more string) bool {
	if at < 0 || at >= len(text) {
		return false
	}
	c := text[at]
	if word[c] != 0 && c != '_' {
		return true
	}
	for i := range len(more) {
		if more[i] == c {
			return true
		}
	}
	return false
}

// rule says what may stand beside a value for it to stand alone.
type rule uint8

const (
	plain    rule = iota // no part of a longer word
	ofName               // no part of a longer name, but after a dot
	ofFile               // no part of a longer file name
	ofLink               // begins a word; what lies below it may follow
	anywhere             // ends in a sign: a link to a folder
)

func ruleOf(kind hub.Kind, text string) rule {
	switch kind {
	case hub.Domain:
		return ofName
	case hub.FileName:
		return ofFile
	case hub.URL:
		if word[text[len(text)-1]] == 0 {
			return anywhere
		}
		return ofLink
	}
	return plain
}

// alone reports whether text[start:end] stands alone by the rule.
func (r rule) alone(text []byte, start, end int) bool {
	first, last := word[text[start]] != 0, word[text[end-1]] != 0
	switch r {
	case ofName:
		return !wordy(text, start-1, "-_") && endsName(text, end)
	case ofFile:
		return !wordy(text, start-1, "-_.") && !wordy(text, end, "-_")
	case ofLink:
		return !(first && wordy(text, start-1, "_")) && endsName(text, end)
	case anywhere:
		return !(first && wordy(text, start-1, "_"))
	}
	return !(first && wordy(text, start-1, "_")) && !(last && wordy(text, end, "_"))
}

// endsName reports whether a name that comes to its end here doesn't go on.
func endsName(text []byte, end int) bool {
	if end < len(text) && text[end] == '.' {
		return !wordy(text, end+1, "")
	}
	return !wordy(text, end, "-_")
}

// equal reports whether text is the value, whatever its letters' case.
func equal(text []byte, value string) bool {
	for i, c := range text {
		if low[c] != value[i] {
			return false
		}
	}
	return true
}

// seed and prime are those of a product hash; what it finds is compared.
const (
	seed  = 14695981039346656037
	prime = 0x9E3779B97F4A7C15
)

func step(h uint64, c byte) uint64 { return bits.RotateLeft64(h^uint64(c), 23) * prime }

func forward(s string) uint64 {
	h := uint64(seed)
	for i := range len(s) {
		h = step(h, s[i])
	}
	return h
}

func backward(s string) uint64 {
	h := uint64(seed)
	for i := len(s) - 1; i >= 0; i-- {
		h = step(h, s[i])
	}
	return h
}
