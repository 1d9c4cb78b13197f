package prose

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// folded is a text in one form (NFKC, lower case, one hyphen, nothing of zero
// width) with the way back to the original.
type folded struct {
	s  []byte
	at []int32 // offset in the original of each byte of s, and of its end
}

// origin returns the offset in the original of the byte i of the folded text.
func (f folded) origin(i int) int { return int(f.at[i]) }

// fold folds text. Bytes that aren't UTF-8 become U+FFFD.
func fold(text string) folded {
	f := folded{s: make([]byte, 0, len(text)+len(text)/8), at: make([]int32, 0, len(text)+len(text)/8+1)}
	for i := 0; i < len(text); {
		n := plain(text[i:])
		if n == 0 {
			n = segment(text[i:])
			for _, r := range norm.NFKC.String(text[i : i+n]) {
				f.put(r, i)
			}
		} else if n > 1 {
			f.s = append(f.s, text[i:i+n]...)
			f.at = append(f.at, int32(i), int32(i), int32(i))
		} else {
			f.put(rune(text[i]), i)
		}
		i += n
	}
	f.at = append(f.at, int32(len(text)))
	return f
}

// put appends a rune in its folded form.
func (f *folded) put(r rune, origin int) {
	switch {
	case r < utf8.RuneSelf:
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
	case r >= 0x2010 && r <= 0x2015, r == 0x2212:
		r = '-'
	case r == 0x2018, r == 0x2019:
		r = '\''
	case unicode.Is(unicode.Cf, r):
		return
	default:
		r = unicode.ToLower(r)
	}
	before := len(f.s)
	f.s = utf8.AppendRune(f.s, r)
	for range len(f.s) - before {
		f.at = append(f.at, int32(origin))
	}
}

// plain returns the length of the first rune of s, 1 or 3, where NFKC leaves it
// alone, whatever follows; otherwise 0.
func plain(s string) int {
	r, n := utf8.DecodeRuneInString(s)
	switch {
	case r < utf8.RuneSelf:
	case r >= 0x3041 && r <= 0x3096, r >= 0x30a1 && r <= 0x30fa, r == 0x30fc, r >= 0x4e00 && r <= 0x9fa5, r == 0x3001, r == 0x3002:
	default:
		return 0
	}
	if n < len(s) && !starts(s[n:]) {
		return 0
	}
	return n
}

// starts reports whether the first rune of s can't join the one before.
func starts(s string) bool {
	lead := s[0]
	switch {
	case lead < utf8.RuneSelf, lead >= 0xe4 && lead <= 0xe9: // ASCII, kanji
		return true
	case lead == 0xe3 && len(s) >= 3 && s[1] >= 0x81 && s[1] <= 0x83 && !(s[1] == 0x82 && s[2] <= 0x9c): // kana but voicing marks
		return true
	}
	return norm.NFKC.PropertiesString(s).BoundaryBefore()
}

// longest is the number of bytes in which a run of combining marks must end.
const longest = 256

// segment returns the length of what NFKC handles at once at the start of s.
func segment(s string) int {
	if len(s) > longest {
		s = s[:longest]
	}
	n := norm.NFKC.NextBoundaryInString(s, true)
	if n <= 0 {
		_, n = utf8.DecodeRuneInString(s)
	}
	return n
}
