package decode

import (
	"html"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
)

// unescape decodes every escape of a text in place. A new view comes back only
// when something was decoded.
func unescape(v View, read func(s string, i int) (string, int)) (View, bool) {
	s := v.Text
	if !mayEscape(s) {
		return View{}, false
	}
	out := make([]byte, 0, len(s))
	at := make([]int32, 0, len(s)+1)
	found := false
	for i := 0; i < len(s); {
		plain, size := read(s, i)
		if size == 0 {
			plain, size = s[i:i+1], 1
		} else {
			found = true
		}
		from, _ := v.Span(i, i+size)
		for k := range len(plain) {
			out, at = append(out, plain[k]), append(at, int32(from))
		}
		i += size
	}
	if !found {
		return View{}, false
	}
	_, end := v.Span(0, len(s))
	return View{Text: string(out), at: append(at, int32(end)), depth: v.depth + 1}, true
}

// asLegacy returns a view whose bytes are no UTF-8 as a legacy charset reads them.
// Offsets are of the whole.
func asLegacy(v View) (View, bool) {
	if utf8.ValidString(v.Text) {
		return View{}, false
	}
	for _, charset := range []encoding.Encoding{japanese.ShiftJIS, japanese.EUCJP} {
		if s, ok := legacy([]byte(v.Text), charset); ok {
			start, end := v.Span(0, len(v.Text))
			return View{Text: s, start: start, end: end, depth: v.depth}, true
		}
	}
	return View{}, false
}

func mayEscape(s string) bool {
	return strings.ContainsAny(s, "%\\&=<") || strings.Contains(s, "xn--") || strings.Contains(s, "XN--")
}

// readEscape decodes a percent, backslash or HTML escape at s[i].
func readEscape(s string, i int) (string, int) {
	switch s[i] {
	case '%':
		return readPercent(s, i)
	case '\\':
		return readBackslash(s, i)
	case '&':
		return readEntity(s, i)
	}
	return "", 0
}

// readLabel decodes punycode. It is read by itself: what else is decoded may part it.
func readLabel(s string, i int) (string, int) {
	if s[i] != 'x' && s[i] != 'X' {
		return "", 0
	}
	return readPunycode(s, i)
}

// apartFor returns the readers of one kind of escape each: where several kinds stand
// inside of each other, what is decoded together may be torn.
func apartFor(s string) []func(string, int) (string, int) {
	var out []func(string, int) (string, int)
	for _, c := range []byte(`%\&`) {
		if strings.IndexByte(s, c) >= 0 {
			out = append(out, func(s string, i int) (string, int) {
				if s[i] != c {
					return "", 0
				}
				return readEscape(s, i)
			})
		}
	}
	if len(out) < 2 {
		return nil
	}
	return out
}

func readPercent(s string, i int) (string, int) {
	if i+1 < len(s) && (s[i+1] == 'u' || s[i+1] == 'U') {
		return readPercentU(s, i)
	}
	return hexByte(s, i, 1)
}

// readTag leaves out markup. It is read by itself: it may part an escape, too.
func readTag(s string, i int) (string, int) {
	if s[i] != '<' {
		return "", 0
	}
	return "", tagLen(s[i:])
}

// tagLen returns the length of the markup that s begins with: it parts no word.
func tagLen(s string) int {
	const longest = 1024
	if len(s) < 3 || s[1] != '/' && s[1] != '!' && !isAlnum(s[1]) {
		return 0
	}
	end := strings.IndexByte(s[:min(len(s), longest)], '>')
	if end < 0 || strings.IndexByte(s[1:end], '<') >= 0 {
		return 0
	}
	return end + 1
}

// readPercentU decodes %u75c5 of old scripts, and pairs of them.
func readPercentU(s string, i int) (string, int) {
	r, ok := hexRune(s, i+2, 4)
	if !ok {
		return "", 0
	}
	if next := i + 6; utf16.IsSurrogate(r) && next+2 <= len(s) && s[next] == '%' {
		if low, ok := hexRune(s, next+2, 4); ok {
			return string(utf16.DecodeRune(r, low)), 12
		}
	}
	return string(r), 6
}

// readQuoted decodes =E7 of quoted-printable and its soft line breaks.
func readQuoted(s string, i int) (string, int) {
	if s[i] != '=' {
		return "", 0
	}
	if end := skipBreak(s, i+1); end > i+1 {
		return "", end - i
	}
	return hexByte(s, i, 1)
}

// readQuotedHigh does so for whole letters beyond ASCII only: "n=130" and "n=93" may be
// as they stand.
func readQuotedHigh(s string, i int) (string, int) {
	plain, size := readQuoted(s, i)
	if size != 3 || plain == "=" || plain == "" {
		return plain, size
	}
	letter := plain
	for n := size; plain[0] >= utf8.RuneSelf && len(letter) <= utf8.UTFMax; {
		if utf8.FullRuneInString(letter) {
			if r, _ := utf8.DecodeRuneInString(letter); r == utf8.RuneError {
				break
			}
			return letter, n
		}
		if i+n >= len(s) {
			break
		}
		next, more := readQuoted(s, i+n)
		if more == 0 {
			break
		}
		letter, n = letter+next, n+more
	}
	return "", 0
}

// hexByte decodes two hex digits behind a mark of n bytes.
func hexByte(s string, i, n int) (string, int) {
	if i+n+2 > len(s) {
		return "", 0
	}
	b, err := strconv.ParseUint(s[i+n:i+n+2], 16, 8)
	if err != nil {
		return "", 0
	}
	return string([]byte{byte(b)}), n + 2
}

func readBackslash(s string, i int) (string, int) {
	if i+1 >= len(s) {
		return "", 0
	}
	switch c := s[i+1]; c {
	case 'n', 'r', 't', 'f', 'b': // may also begin a path's part, \temp: the text itself is seen too
		return " ", 2
	case '"', '\'', '/', '\\':
		return s[i+1 : i+2], 2
	case 'x':
		return hexByte(s, i, 2)
	case 'u', 'U':
		return readUnicode(s, i)
	case '0', '1', '2', '3':
		return readOctal(s, i)
	}
	return "", 0
}

// readBehind is readBackslash where a backslash before another stands for itself: a
// path or a mutex of which the parts are escaped, Global\\u004b\u0055.
func readBehind(s string, i int) (string, int) {
	if s[i] != '\\' || strings.HasPrefix(s[i+1:], `\`) {
		return "", 0
	}
	return readBackslash(s, i)
}

// readUnicode decodes \u75c5, \u{1f600}, \U0001f600 and surrogate pairs.
func readUnicode(s string, i int) (string, int) {
	if rest, ok := strings.CutPrefix(s[i+2:], "{"); ok {
		digits, _, ok := strings.Cut(rest[:min(len(rest), 9)], "}")
		if r, err := strconv.ParseUint(digits, 16, 32); ok && err == nil && r <= utf8.MaxRune {
			return string(rune(r)), len(digits) + 4
		}
		return "", 0
	}
	n := 4
	if s[i+1] == 'U' && i+10 <= len(s) && strings.HasPrefix(s[i+2:], "000") {
		n = 8
	}
	r, ok := hexRune(s, i+2, n)
	if !ok {
		return "", 0
	}
	size := 2 + n
	if next := i + size; utf16.IsSurrogate(r) && strings.HasPrefix(s[next:], `\u`) {
		if low, ok := hexRune(s, next+2, 4); ok {
			return string(utf16.DecodeRune(r, low)), size + 6
		}
	}
	return string(r), size
}

func hexRune(s string, i, n int) (rune, bool) {
	if i+n > len(s) {
		return 0, false
	}
	r, err := strconv.ParseUint(s[i:i+n], 16, 32)
	return rune(r), err == nil && r <= utf8.MaxRune
}

func readOctal(s string, i int) (string, int) {
	if i+4 > len(s) {
		return "", 0
	}
	b, err := strconv.ParseUint(s[i+1:i+4], 8, 8)
	if err != nil {
		return "", 0
	}
	return string([]byte{byte(b)}), 4
}

// readEntity decodes &#x75c5; &#30149; and named entities.
func readEntity(s string, i int) (string, int) {
	const longest = 12
	end := strings.IndexByte(s[i:min(len(s), i+longest)], ';')
	if end < 2 {
		return "", 0
	}
	entity := s[i : i+end+1]
	for k := 1; k < end; k++ {
		if !isAlnum(entity[k]) && (k > 1 || entity[k] != '#') {
			return "", 0
		}
	}
	if plain := html.UnescapeString(entity); plain != entity {
		return plain, len(entity)
	}
	return "", 0
}

// readPunycode decodes a label xn--….
func readPunycode(s string, i int) (string, int) {
	const longest = 63
	if !hasPrefixFold(s[i:], "xn--") || i > 0 && (isAlnum(s[i-1]) || s[i-1] == '-') {
		return "", 0
	}
	end := i + 4
	for end < len(s) && end-i < longest && (isAlnum(s[end]) || s[end] == '-') {
		end++
	}
	plain, err := idna.Punycode.ToUnicode(strings.ToLower(s[i:end]))
	if err != nil || plain == "" || strings.HasPrefix(plain, "xn--") {
		return "", 0
	}
	return plain, end - i
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

func isAlnum(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
