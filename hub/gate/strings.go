package gate

import (
	"bytes"
	"sort"
	"unicode/utf16"
	"unicode/utf8"
)

// valueBreak parts the strings of a document in a joined reading: a boundary to the
// rules, nothing to squeezed text, and in no encoding's alphabet.
const valueBreak = '\f'

// A segment says where in the output the bytes of a reading from at on come from.
type segment struct{ at, start, end int }

// locate returns the place in the output of reading[i:j].
func locate(segs []segment, i, j int) (start, end int) {
	if segs == nil {
		return i, j
	}
	if len(segs) == 0 {
		return 0, 0
	}
	first := max(sort.Search(len(segs), func(k int) bool { return segs[k].at > i })-1, 0)
	last := max(sort.Search(len(segs), func(k int) bool { return segs[k].at >= j })-1, first)
	return segs[first].start, segs[last].end
}

// A reading is text taken from an output, with the way back.
type reading struct {
	data []byte
	segs []segment // nil: the output itself, byte for byte
}

func (r *reading) begin(start, end int) {
	r.segs = append(r.segs, segment{len(r.data), start, end})
}

func (r *reading) append(data []byte, from segment) {
	r.begin(from.start, from.end)
	r.data = append(append(r.data, data...), valueBreak)
}

// count is the number of segments; the output itself is one.
func (r *reading) count() int {
	if r.segs == nil {
		return 1
	}
	return len(r.segs)
}

// segment returns the bytes of segment i, and where they come from.
func (r *reading) segment(i int) ([]byte, segment) {
	if r.segs == nil {
		return r.data, segment{0, 0, len(r.data)}
	}
	end := len(r.data)
	if i+1 < len(r.segs) {
		end = r.segs[i+1].at
	}
	return r.data[r.segs[i].at:end], r.segs[i]
}

// looksLikeJSON reports whether data begins as a JSON object or array.
func looksLikeJSON(data []byte) bool {
	for _, c := range data[:min(len(data), 64)] {
		switch c {
		case ' ', '\t', '\r', '\n', 0xef, 0xbb, 0xbf:
		case '{', '[':
			return true
		default:
			return false
		}
	}
	return false
}

// jsonStrings returns the unescaped values of a JSON document one behind the other,
// and its different keys. It needs no valid JSON: whatever stands between quotes is
// a string. clean says that all bytes outside of strings are JSON's own.
func jsonStrings(data []byte) (values, keys reading, clean bool) {
	values = reading{data: make([]byte, 0, len(data)), segs: make([]segment, 0, len(data)/64)}
	seen := map[string]bool{}
	clean = true
	for i := 0; i < len(data); {
		c := data[i]
		if c != '"' {
			clean = clean && outside[c] && !(c == '.' && twoDots(data[i+1:])) && !(c == ':' && i > 0 && (data[i-1] == ':' || alnum(rune(data[i-1]))))
			i++
			continue
		}
		end := stringEnd(data, i+1)
		if end < 0 {
			return values, keys, false
		}
		body := data[i+1 : end]
		clean = clean && bytes.IndexByte(body, '\n') < 0 // no string of JSON has one: it may part an escape
		if isKey(data, end+1) {
			if !seen[string(body)] {
				seen[string(body)] = true
				keys.begin(i, end+1)
				keys.data = append(unescapeJSON(keys.data, body), valueBreak)
			}
		} else if len(body) > 0 {
			values.begin(i, end+1)
			values.data = append(unescapeJSON(values.data, body), valueBreak)
		}
		i = end + 1
	}
	return values, keys, clean
}

// twoDots reports whether a number with a dot goes on to another dot: an address.
func twoDots(rest []byte) bool {
	n := 0
	for n < len(rest) && rest[n] >= '0' && rest[n] <= '9' {
		n++
	}
	return n < len(rest) && rest[n] == '.'
}

// outside are the bytes that JSON has outside of strings.
var outside = func() (t [256]bool) {
	for _, c := range []byte("{}[]:, \t\r\n+-.0123456789eEtrufalsn") {
		t[c] = true
	}
	t[0xef], t[0xbb], t[0xbf] = true, true, true // byte order mark
	return t
}()

// stringEnd returns the place of the quote that ends the string at i, or -1.
func stringEnd(data []byte, i int) int {
	for {
		n := bytes.IndexByte(data[i:], '"')
		if n < 0 {
			return -1
		}
		back := 0
		for i+n-1-back >= i && data[i+n-1-back] == '\\' {
			back++
		}
		i += n
		if back%2 == 0 {
			return i
		}
		i++
	}
}

func isKey(data []byte, i int) bool {
	for ; i < len(data); i++ {
		switch data[i] {
		case ' ', '\t', '\r', '\n':
		default:
			return data[i] == ':'
		}
	}
	return false
}

// unescapeJSON appends the text of the JSON string body s.
func unescapeJSON(dst, s []byte) []byte {
	for {
		n := bytes.IndexByte(s, '\\')
		if n < 0 || n+1 >= len(s) {
			return append(dst, s...)
		}
		dst = append(dst, s[:n]...)
		var size int
		dst, size = appendEscape(dst, s[n:])
		s = s[n+size:]
	}
}

// appendEscape appends what the escape at the beginning of s (a backslash and at
// least one byte) stands for in JSON, C, JavaScript and the like, and returns its
// length.
func appendEscape(dst, s []byte) ([]byte, int) {
	switch c := s[1]; c {
	case 'n':
		return append(dst, '\n'), 2
	case 'r':
		return append(dst, '\r'), 2
	case 't', 'f', 'b', 'v':
		return append(dst, ' '), 2
	case 'u':
		if r, n := hexRune(s[2:], 4); n > 0 {
			return appendUTF16(dst, s, r)
		}
		if len(s) > 3 && s[2] == '{' {
			if end := bytes.IndexByte(s[:min(len(s), 12)], '}'); end > 3 {
				if r, n := hexRune(s[3:], end-3); n > 0 {
					return utf8.AppendRune(dst, r), end + 1
				}
			}
		}
	case 'U':
		if r, n := hexRune(s[2:], 8); n > 0 {
			return utf8.AppendRune(dst, r), 10
		}
	case 'x':
		if r, n := hexRune(s[2:], 2); n > 0 {
			return append(dst, byte(r)), 4
		}
	case '0', '1', '2', '3':
		if len(s) >= 4 && octal(s[2]) && octal(s[3]) {
			return append(dst, (c-'0')<<6|(s[2]-'0')<<3|(s[3]-'0')), 4
		}
	case '\\', '/', '"', '\'':
		return append(dst, c), 2
	}
	return append(dst, s[0]), 1
}

func octal(c byte) bool { return c >= '0' && c <= '7' }

// appendUTF16 appends the rune of a \u escape at s, with the second half of a pair.
func appendUTF16(dst, s []byte, r rune) ([]byte, int) {
	if utf16.IsSurrogate(r) && len(s) >= 12 && s[6] == '\\' && s[7] == 'u' {
		if low, n := hexRune(s[8:], 4); n > 0 {
			if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
				return utf8.AppendRune(dst, pair), 12
			}
		}
	}
	return utf8.AppendRune(dst, r), 6
}

// hexRune reads exactly n hexadecimal digits.
func hexRune(s []byte, n int) (rune, int) {
	if len(s) < n || n == 0 || n > 8 {
		return 0, 0
	}
	var r rune
	for _, c := range s[:n] {
		if !hexDigit(rune(c)) {
			return 0, 0
		}
		r = r<<4 | rune(nibble(c))
	}
	return r, n
}

func nibble(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c&^0x20 - 'A' + 10
}
