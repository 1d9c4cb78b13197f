package gate

import (
	"bytes"
	"html"
	"unicode/utf8"
)

// unescape appends src with every escape that can stand in the middle of text
// decoded once: backslash, percent, HTML entity. It returns
// false, and nothing of use, where src has none.
func unescape(dst, src []byte) ([]byte, bool) {
	if !hasEscape(src) {
		return dst, false
	}
	first := firstEscape(src)
	if first < 0 {
		return dst, false
	}
	dst = append(dst, src[:first]...)
	for src = src[first:]; len(src) > 0; {
		var size int
		dst, size = appendDecoded(dst, src)
		src = src[size:]
		n := nextEscape(src)
		dst = append(dst, src[:n]...)
		src = src[n:]
	}
	return dst, true
}

// hasEscape reports whether src has a sign that escapes begin with.
func hasEscape(src []byte) bool {
	return bytes.IndexByte(src, '\\') >= 0 || bytes.IndexByte(src, '%') >= 0 || bytes.IndexByte(src, '&') >= 0
}

// unescapeOnly returns unescape for one kind of escape, for text that has others too:
// where kinds stand inside of each other, what is decoded together may be torn.
func unescapeOnly(kind byte) func(dst, src []byte) ([]byte, bool) {
	return func(dst, src []byte) ([]byte, bool) {
		if bytes.IndexByte(src, kind) < 0 || !severalKinds(src) {
			return dst, false
		}
		changed := false
		for len(src) > 0 {
			n := bytes.IndexByte(src, kind)
			if n < 0 {
				break
			}
			dst = append(dst, src[:n]...)
			var size int
			dst, size = appendDecoded(dst, src[n:])
			changed = changed || size > 1
			src = src[n+size:]
		}
		return append(dst, src...), changed
	}
}

// unescapeBehind appends src with its backslash escapes decoded, where a backslash
// before another stands for itself: what is behind the separator of a path was escaped.
func unescapeBehind(dst, src []byte) ([]byte, bool) {
	changed := false
	for len(src) > 0 {
		if src[0] != '\\' || len(src) > 1 && src[1] == '\\' {
			dst, src = append(dst, src[0]), src[1:]
			continue
		}
		var size int
		dst, size = appendDecoded(dst, src)
		changed = changed || size > 1
		src = src[size:]
	}
	return dst, changed
}

func severalKinds(src []byte) bool {
	n := 0
	for _, kind := range []byte(`\%&`) {
		if bytes.IndexByte(src, kind) >= 0 {
			n++
		}
	}
	return n > 1
}

// firstEscape returns the place of the first escape of src, or -1.
func firstEscape(src []byte) int {
	var buf [64]byte
	for i := nextEscape(src); i < len(src); {
		if _, size := appendDecoded(buf[:0], src[i:]); size > 1 {
			return i
		}
		i += 1 + nextEscape(src[i+1:])
	}
	return -1
}

// nextEscape returns the place of the next byte that may begin an escape.
func nextEscape(src []byte) int {
	for i, c := range src {
		if c == '\\' || c == '%' || c == '&' {
			return i
		}
	}
	return len(src)
}

// appendDecoded decodes the escape at the beginning of src, or takes one byte.
func appendDecoded(dst, src []byte) ([]byte, int) {
	switch src[0] {
	case '\\':
		if len(src) > 1 {
			return appendEscape(dst, src)
		}
	case '%':
		if r, n := hexRune(src[1:], 2); n > 0 {
			return append(dst, byte(r)), 3
		}
		if len(src) > 2 && (src[1] == 'u' || src[1] == 'U') {
			if r, n := hexRune(src[2:], 4); n > 0 {
				return appendPercentU(dst, src, r)
			}
		}
	case '&':
		if end := entityEnd(src); end > 1 {
			if text := html.UnescapeString(string(src[:end+1])); text != string(src[:end+1]) {
				return append(dst, text...), end + 1
			}
		}
	}
	return append(dst, src[0]), 1
}

// entityEnd returns the place of the semicolon of the entity at the beginning of src.
func entityEnd(src []byte) int {
	for i := 1; i < len(src) && i < 34; i++ {
		if c := src[i]; c == ';' {
			return i
		} else if c != '#' && (c >= 0x80 || !alnum(rune(c))) {
			return 0
		}
	}
	return 0
}

func appendPercentU(dst, src []byte, r rune) ([]byte, int) {
	escaped := bytes.ReplaceAll(src[:min(len(src), 12)], []byte("%"), []byte(`\`))
	return appendUTF16(dst, escaped, r)
}

// unpuny appends src with its punycode labels decoded, by itself as well.
func unpuny(dst, src []byte) ([]byte, bool) {
	changed := false
	for i := 0; i < len(src); {
		if (src[i] == 'x' || src[i] == 'X') && punycodeAt(src, i) {
			if text, n := punycodeLabel(src[i:]); n > 0 {
				dst, i, changed = append(dst, text...), i+n, true
				continue
			}
		}
		dst = append(dst, src[i])
		i++
	}
	return dst, changed
}

// untag appends src without markup. It is done by itself, as a tag may stand inside
// of an escape.
func untag(dst, src []byte) ([]byte, bool) {
	changed := false
	for {
		n := bytes.IndexByte(src, '<')
		if n < 0 {
			return append(dst, src...), changed
		}
		dst = append(dst, src[:n]...)
		src = src[n:]
		if n = tag(src); n > 0 {
			src, changed = src[n:], true
			continue
		}
		dst, src = append(dst, '<'), src[1:]
	}
}

// tag returns the length of the markup tag at the beginning of src, or 0.
func tag(src []byte) int {
	if len(src) < 3 {
		return 0
	}
	if c := src[1] | 0x20; (c < 'a' || c > 'z') && src[1] != '/' && src[1] != '!' {
		return 0
	}
	end := bytes.IndexByte(src[:min(len(src), 1024)], '>')
	if end < 0 || bytes.IndexByte(src[1:end], '<') >= 0 {
		return 0
	}
	return end + 1
}

// unquote appends src with quoted-printable ("=E5", soft line ends) decoded once.
func unquote(dst, src []byte) ([]byte, bool) { return unquoted(dst, src, false) }

// unquoteHigh is unquote for letters beyond ASCII only: "n=48" may be no quotation.
func unquoteHigh(dst, src []byte) ([]byte, bool) { return unquoted(dst, src, true) }

func unquoted(dst, src []byte, high bool) ([]byte, bool) {
	if !hasQuoted(src) {
		return dst, false
	}
	changed, last := false, -1
	for {
		n := bytes.IndexByte(src, '=')
		if n < 0 {
			return append(dst, src...), changed
		}
		dst = append(dst, src[:n]...)
		src = src[n:]
		size := 1
		switch r, ok := hexRune(src[1:], 2); {
		case ok > 0 && high && r >= 0x80:
			var letter []byte
			if letter, size = quotedLetter(src); size == 1 {
				dst = append(dst, '=')
				break
			}
			dst, changed = append(dst, letter...), true
		case ok > 0 && quotes(r, high) && (r < 0x80 || quotedBeside(src, dst, last)):
			dst, size, changed = append(dst, byte(r)), 3, true
			last = len(dst)
		case softBreak(src) > 0:
			size, changed = softBreak(src), true
		default:
			dst = append(dst, '=')
		}
		src = src[size:]
	}
}

// quotedLetter reads one letter beyond ASCII, all bytes of it quoted, maybe over the
// end of a line; size 1 where there is none.
func quotedLetter(src []byte) (letter []byte, size int) {
	for n := 0; len(letter) < utf8.UTFMax; {
		if len(letter) > 0 {
			n += softBreak(src[n:])
		}
		if n >= len(src) || src[n] != '=' {
			break
		}
		r, ok := hexRune(src[n+1:], 2)
		if ok == 0 {
			break
		}
		letter, n = append(letter, byte(r)), n+3
		if utf8.FullRune(letter) {
			if r, _ := utf8.DecodeRune(letter); r != utf8.RuneError {
				return letter, n
			}
			break
		}
	}
	return nil, 1
}

// softBreak returns the length of a line's end that is no part of the text, with its
// sign; lines' ends are often written anew, and then twice.
func softBreak(src []byte) int {
	n := 1
	if len(src) == 0 || src[0] != '=' {
		return 0
	}
	for n < len(src) && (src[n] == '\r' || src[n] == '\n') {
		n++
	}
	if n == 1 {
		return 0
	}
	return n
}

// quotes reports whether a byte may have been quoted.
func quotes(r rune, high bool) bool {
	return r >= 0x80 || r == '=' || !high && (r >= ' ' || r == '\t' || r == '\n' || r == '\r' || r == 0x1b)
}

// quotedBeside reports whether another quoted byte stands beside the one at the
// beginning of src: "x=93.184" is none, and no letter beyond ASCII is of one byte.
func quotedBeside(src, dst []byte, last int) bool {
	return len(src) > 3 && src[3] == '=' || last == len(dst)
}

// hasQuoted reports whether src has anything quoted-printable.
func hasQuoted(src []byte) bool {
	for i := 0; ; i++ {
		n := bytes.IndexByte(src[i:], '=')
		if n < 0 {
			return false
		}
		i += n
		if _, ok := hexRune(src[i+1:], 2); ok > 0 || softBreak(src[i:]) > 0 {
			return true
		}
	}
}
