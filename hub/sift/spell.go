package sift

import "bytes"

// marks say in which other ways a line has to be read.
type marks uint8

const (
	slashed  marks = 1 << iota // escapes of JSON
	escaped                    // escapes of URLs
	defanged                   // addresses made harmless
)

// harmless words stand for the word of a scheme. The scan finds them as it does values.
var harmless = []struct{ word, scheme string }{{"hxxp", "http"}, {"hxxps", "https"}, {"fxp", "ftp"}}

// brackets are the signs by which addresses are made harmless, in lower case.
var brackets = []struct{ from, to string }{
	{"[.]", "."},
	{"(.)", "."},
	{"{.}", "."},
	{"[dot]", "."},
	{"(dot)", "."},
	{"[・]", "."},
	{"\\.", "."},
	{"[:]", ":"},
	{"[://]", "://"},
	{"[/]", "/"},
	{"h**p", "http"},
	{"[@]", "@"},
	{"(@)", "@"},
	{"[at]", "@"},
	{"(at)", "@"},
}

// markAt says what a sign means where it stands.
func markAt(text []byte, i int) marks {
	switch text[i] {
	case '%':
		if _, ok := escapeAt(text, i); ok {
			return escaped
		}
		return 0
	case '*':
		if i == 0 {
			return 0
		}
		i-- // "h**p"
	case '\\':
		if i+1 < len(text) && (text[i+1] == '\\' || text[i+1] == '/' || text[i+1] == '"') {
			return slashed
		}
	}
	if from, _ := bracketAt(text, i); from > 0 {
		return defanged
	}
	return 0
}

// bracketAt reads the sign at a place: its length, and what it stands for.
func bracketAt(text []byte, i int) (length int, to string) {
	for _, b := range brackets {
		if low[text[i]] == b.from[0] && len(text)-i >= len(b.from) && equal(text[i:i+len(b.from)], b.from) {
			return len(b.from), b.to
		}
	}
	return 0, ""
}

// escapeAt reads "%2e".
func escapeAt(text []byte, i int) (byte, bool) {
	if text[i] != '%' || i+2 >= len(text) {
		return 0, false
	}
	high, ok1 := hex(text[i+1])
	rest, ok2 := hex(text[i+2])
	return high<<4 | rest, ok1 && ok2
}

func hex(c byte) (byte, bool) {
	switch c = low[c]; {
	case '0' <= c && c <= '9':
		return c - '0', true
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10, true
	}
	return 0, false
}

func unslash(out, text []byte) []byte {
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) && (text[i+1] == '\\' || text[i+1] == '/' || text[i+1] == '"') {
			i++
		}
		out = append(out, text[i])
	}
	return out
}

// unescape undoes the escapes of URLs that are whole.
func unescape(out, text []byte) []byte {
	for i := 0; i < len(text); i++ {
		c, ok := escapeAt(text, i)
		if !ok {
			next := bytes.IndexByte(text[i+1:], '%')
			if next < 0 {
				return append(out, text[i:]...)
			}
			out = append(out, text[i:i+1+next]...)
			i += next
			continue
		}
		out = append(out, c)
		i += 2
	}
	return out
}

// refang undoes what made addresses harmless.
func refang(out, text []byte) []byte {
	for i := 0; i < len(text); {
		n, to := bracketAt(text, i)
		if n == 0 && word[text[i]] != 0 && (i == 0 || word[text[i-1]] == 0) {
			n, to = schemeAt(text, i)
		}
		if n == 0 {
			out, i = append(out, text[i]), i+1
			continue
		}
		out, i = append(out, to...), i+n
	}
	return out
}

// schemeAt reads the harmless word that begins at a place, if one does.
func schemeAt(text []byte, i int) (length int, to string) {
	for _, h := range harmless {
		end := i + len(h.word)
		if end <= len(text) && equal(text[i:end], h.word) && !wordy(text, end, "_") {
			return len(h.word), h.scheme
		}
	}
	return 0, ""
}
