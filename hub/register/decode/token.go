package decode

import (
	"encoding/base64"
	"iter"
	"strings"
)

const (
	shortBase64 = 8 // characters: six bytes, two kanji
	shortHex    = 8
)

// token is a run of a text that may be base64 or hex.
type token struct {
	start, end int
	chars      string // without line breaks and separators
	hex        bool
	cut        bool // something in it was larger than looked into
}

// tokens yields the runs of a text that may be encoded as a whole. A run of hex digits
// alone may be either: base64 has those letters too.
func tokens(s string) iter.Seq[*token] {
	return func(yield func(*token) bool) {
		for i := 0; i < len(s); {
			if !isBase64(s[i]) {
				i++
				continue
			}
			end, chars := run(s, i)
			if len(chars) >= shortBase64 && !yield(&token{start: i, end: end, chars: chars}) {
				return
			}
			i = end
		}
		for t := range hexRuns(s) {
			if !yield(t) {
				return
			}
		}
	}
}

// run returns the end of a base64 run, over line breaks, and its
// characters without them, in the standard alphabet.
func run(s string, i int) (end int, chars string) {
	const line = 40 // shorter lines are words below each other
	chars = ""
	for {
		from := i
		for i < len(s) && isBase64(s[i]) && s[i] != '=' {
			i++
		}
		if i < len(s) && s[i] == '=' { // nothing goes on behind the padding
			chars += s[from:i]
			for i < len(s) && s[i] == '=' {
				i++
			}
			if len(chars) < shortBase64 {
				return i, ""
			}
			break
		}
		if chars == "" && i-from < shortBase64 {
			return i, ""
		}
		chars += s[from:i]
		next := skipBreak(s, i)
		if i-from < line || next == i || next >= len(s) || !isBase64(s[next]) {
			break
		}
		i = next
	}
	return i, toStd.Replace(chars)
}

var toStd = strings.NewReplacer("-", "+", "_", "/")

func skipBreak(s string, i int) int {
	for {
		from := i
		for _, br := range []string{"\r\n", "\n", "\r", "\\r\\n", "\\n", "\\r"} {
			if strings.HasPrefix(s[i:], br) {
				i += len(br)
			}
		}
		if i == from {
			return i
		}
	}
}

func isBase64(c byte) bool {
	return isAlnum(c) || c == '+' || c == '/' || c == '-' || c == '_' || c == '='
}

// hexRuns yields runs of hex pairs: bare, or with the same separator or prefix
// between all (e7:97:85, e7 97 85, 0xe7,0x97).
func hexRuns(s string) iter.Seq[*token] {
	return func(yield func(*token) bool) {
		for i := 0; i < len(s); {
			if !isHex(s[i]) || i > 0 && isAlnum(s[i-1]) && s[i-1] != 'x' {
				i++
				continue
			}
			end, pairs := hexRun(s, i)
			if 2*pairs >= shortHex {
				t := &token{start: i, end: end, chars: hexDigits(s[i:end]), hex: true}
				if !yield(t) {
					return
				}
			}
			i = max(end, i+1)
		}
	}
}

// hexRun returns the end of a run of hex pairs and how many there are.
func hexRun(s string, i int) (end, pairs int) {
	end = i
	for j := i; j+1 < len(s); {
		if isHex(s[j]) && isHex(s[j+1]) {
			pairs++
			j += 2
			end = j
			continue
		}
		gap := hexGap(s[j:])
		if gap == 0 || j != end {
			break
		}
		j += gap
	}
	return end, pairs
}

// hexDigits returns a run without what separates its pairs.
func hexDigits(run string) string {
	digits := make([]byte, 0, len(run))
	for i := 0; i < len(run); i++ {
		if i+1 < len(run) && run[i] == '0' && run[i+1] == 'x' {
			i++
		} else if isHex(run[i]) {
			digits = append(digits, run[i])
		}
	}
	return string(digits)
}

func hexGap(s string) int {
	if strings.IndexByte(", 0:-+", s[0]) < 0 {
		return 0
	}
	for _, gap := range []string{", 0x", ",+0x", ",0x", " 0x", "+0x", "0x", ":", "-", ", ", ",+", ",", " ", "+"} {
		if strings.HasPrefix(s, gap) {
			return len(gap)
		}
	}
	return 0
}

func isHex(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F' }

// read returns every text that the token may stand for. What stands before an
// encoded part in the same run shifts it, so every alignment is tried.
func (t *token) read() []string {
	var texts []string
	if t.hex {
		for shift := range min(2, len(t.chars)) {
			texts = append(texts, t.show(fromHex(t.chars[shift:]))...)
		}
		if len(t.chars) < 4*shortKanji {
			texts = append(texts, shortJapanese(fromHex(t.chars))...)
		}
		return texts
	}
	var buf [256]byte
	least := 0
	if onlyHex(t.chars) {
		least = len(t.chars) * 3 / 8 // half of what they stand for
	}
	for shift := range 4 {
		chars := t.chars[min(shift, len(t.chars)):]
		if len(chars)%4 == 1 {
			chars = chars[:len(chars)-1]
		}
		data, err := base64.RawStdEncoding.AppendDecode(buf[:0], []byte(chars))
		if err != nil {
			continue
		}
		for _, text := range t.show(data) {
			if len(text) >= least {
				texts = append(texts, text)
			}
		}
	}
	for _, data := range rare(t.chars) {
		texts = append(texts, t.show(data)...)
	}
	return texts
}

// onlyHex tells the runs that nearly always are a digest: as base64 they count only
// where at least half of them is text.
func onlyHex(chars string) bool {
	for i := range len(chars) {
		if !isHex(chars[i]) {
			return false
		}
	}
	return len(chars) >= 16
}

// show returns what the bytes hold: texts of their own, or the ends of a
// compressed stream.
func (t *token) show(data []byte) []string {
	plain, cut := inflate(data)
	t.cut = t.cut || cut
	if plain != nil {
		return texts(plain)
	}
	return texts(data)
}

func fromHex(chars string) []byte {
	data := make([]byte, 0, len(chars)/2)
	for i := 0; i+1 < len(chars); i += 2 {
		data = append(data, nibble(chars[i])<<4|nibble(chars[i+1]))
	}
	return data
}

func nibble(c byte) byte {
	switch {
	case c >= 'a':
		return c - 'a' + 10
	case c >= 'A':
		return c - 'A' + 10
	}
	return c - '0'
}
