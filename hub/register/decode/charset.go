package decode

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
)

// What counts as text among garbage: so many characters of UTF-8 (five ASCII ones
// or two kanji), of UTF-16, or bytes of a legacy charset.
const (
	shortText   = 5 // bytes
	shortWide   = 5 // characters
	shortLegacy = 10
)

// texts returns the stretches of the bytes that read as text: UTF-8, else UTF-16
// in both orders, else the Japanese legacy charsets.
func texts(data []byte) []string {
	if bytes.Contains(data, []byte("\x1b$")) || bytes.Contains(data, []byte("\x1b(")) {
		if s, err := japanese.ISO2022JP.NewDecoder().Bytes(data); err == nil {
			return []string{string(s)}
		}
	}
	found := stretches(string(data), shortText)
	if covered(found) == len(data) {
		return found
	}
	for _, order := range []int{0, 1} {
		for shift := range 2 {
			for _, s := range stretches(fromUTF16(data, shift, order), shortWide) {
				if utf8.RuneCountInString(s) >= shortWide {
					found = append(found, s)
				}
			}
		}
	}
	if len(data) >= shortLegacy {
		for _, charset := range []encoding.Encoding{japanese.ShiftJIS, japanese.EUCJP} {
			if s, ok := legacy(data, charset); ok {
				found = append(found, s)
			}
		}
	}
	return found
}

func covered(found []string) int {
	n := 0
	for _, s := range found {
		n += len(s)
	}
	return n
}

// readable returns bytes as a text of the same length where they are mostly
// UTF-8, else as a legacy charset reads them.
func readable(data []byte) string {
	if utf8.Valid(data) {
		return string(data)
	}
	for _, charset := range []encoding.Encoding{japanese.ShiftJIS, japanese.EUCJP} {
		if s, ok := legacy(data, charset); ok {
			return s
		}
	}
	return string(data)
}

// legacy reads bytes in a charset; ok means that all of it is plausible.
func legacy(data []byte, charset encoding.Encoding) (string, bool) {
	s, err := charset.NewDecoder().Bytes(data)
	if err != nil || bytes.ContainsRune(s, utf8.RuneError) {
		return "", false
	}
	for _, r := range string(s) {
		if !plausible(r) || 'ｦ' <= r && r <= 'ﾟ' { // a single byte of garbage is half-width kana
			return "", false
		}
	}
	return string(s), true
}

// fromUTF16 reads pairs of bytes from shift on, low byte first for order 0.
func fromUTF16(data []byte, shift, order int) string {
	var b strings.Builder
	for i := shift; i+1 < len(data); i += 2 {
		b.WriteRune(rune(data[i+order]) | rune(data[i+1-order])<<8)
	}
	return b.String()
}

// stretches returns the runs of plausible characters of at least so many bytes.
func stretches(s string, least int) []string {
	var found []string
	from := 0
	keep := func(to int) {
		if to-from >= least {
			found = append(found, s[from:to])
		}
	}
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError || !plausible(r) {
			keep(i)
			from = i + size
		}
		i += size
	}
	keep(len(s))
	return found
}

// plausible tells the characters of ordinary Japanese and Western text.
func plausible(r rune) bool {
	switch {
	case r < 0x20:
		return r == '\n' || r == '\r' || r == '\t'
	case r < 0x7f:
		return true
	case r < 0x530: // Latin, Greek, Cyrillic
		return r >= 0xa0
	case 0x2000 <= r && r < 0x2700, 0x3000 <= r && r < 0x3400, 0x4e00 <= r && r < 0xa000:
		return unicode.IsPrint(r) || unicode.Is(unicode.Cf, r) || r == 0x3000
	case 0xf900 <= r && r < 0xfb00, 0xff00 <= r && r < 0xfff0, 0xfe00 <= r && r < 0xfe10:
		return true
	case 0x3400 <= r && r < 0x4e00, 0x20000 <= r && r < 0x32000:
		return true
	}
	return false
}
