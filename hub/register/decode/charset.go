package decode

import (
	"bytes"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
)

// What counts as text among garbage: so many characters of UTF-8 (five ASCII ones
// or two kanji), of UTF-16, or bytes of a legacy charset.
const (
	shortText   = 5 // bytes
	shortWide   = 5 // characters
	shortKanji  = 4 // kanji and kana, where there is nothing else
	shortLegacy = 10
	mayBeWide   = 48 // bytes up to which kanji of UTF-16 may all look like ASCII
)

// texts returns the stretches of the bytes that read as text: UTF-8, else UTF-16
// in both orders, else the Japanese legacy charsets.
func texts(data []byte) []string {
	var escaped []string
	if bytes.Contains(data, []byte("\x1b$")) || bytes.Contains(data, []byte("\x1b(")) {
		if s, err := japanese.ISO2022JP.NewDecoder().Bytes(data); err == nil {
			escaped = []string{string(s)} // or other bytes have the sign by chance
		}
	}
	found := stretches(data)
	whole := covered(found) == len(data) && len(data) > mayBeWide
	found = append(found, escaped...)
	if whole {
		return found
	}
	for order := range 2 {
		for shift := range 2 {
			found = append(found, wideStretches(data, shift, order)...)
		}
	}
	if len(data) >= shortLegacy && !bytes.ContainsFunc(data, isControl) {
		for _, charset := range []encoding.Encoding{japanese.ShiftJIS, japanese.EUCJP} {
			if s, ok := legacy(data, charset); ok {
				found = append(found, s)
			}
		}
	}
	return found
}

// isControl tells the bytes that no text has; garbage of some length has them.
func isControl(r rune) bool { return r < 0x20 && r != '\n' && r != '\r' && r != '\t' }

func covered(found []string) int {
	n := 0
	for _, s := range found {
		n += len(s)
	}
	return n
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

// stretches returns the runs of plausible UTF-8 characters that are long enough.
func stretches(data []byte) []string {
	var found []string
	from := 0
	for i := 0; i <= len(data); {
		size := 1
		if i < len(data) {
			r := rune(data[i])
			if r >= utf8.RuneSelf {
				r, size = utf8.DecodeRune(data[i:])
			}
			if (plausible(r) || size > 1 && shows(r)) && (r != utf8.RuneError || size == 3) {
				i += size
				continue
			}
		}
		if i-from >= shortText {
			found = append(found, string(data[from:i]))
		}
		i += size
		from = i
	}
	return found
}

// shows tells the characters beyond those that bytes of UTF-8 may well stand for:
// whole sequences don't come by chance.
func shows(r rune) bool {
	return r >= 0xa0 && (unicode.IsGraphic(r) || unicode.In(r, unicode.Cf, unicode.Variation_Selector))
}

// wideStretches does so for UTF-16, from a shift on, low byte first for order 0.
// Between ordinary characters may stand any that hide or replace one.
func wideStretches(data []byte, shift, order int) []string {
	var found []string
	run, likely := 0, 0
	for i := shift; i <= len(data); i += 2 {
		if i+1 < len(data) {
			u := rune(data[i+order]) | rune(data[i+1-order])<<8
			if plausible(u) {
				run, likely = run+1, likely+1
				continue
			}
			if between(u) {
				run++
				continue
			}
		}
		if likely >= shortWide || likely >= shortKanji && 2*run == len(data) && japaneseOnly(fromUTF16(data, order)) || run >= 2*shortWide && 2*run >= len(data)-3 {
			found = append(found, fromUTF16(data[i-2*run:i], order))
		}
		run, likely = 0, 0
	}
	return found
}

// shortJapanese returns what so few bytes stand for, if that is kanji and kana alone:
// chance makes two of them of one run of hex digits in ten, and a name of none.
func shortJapanese(data []byte) []string {
	var found []string
	if len(data)%2 == 0 {
		for _, order := range []int{0, 1} {
			if s := fromUTF16(data, order); japaneseOnly(s) {
				found = append(found, s)
			}
		}
	}
	for _, charset := range []encoding.Encoding{japanese.ShiftJIS, japanese.EUCJP} {
		if s, ok := legacy(data, charset); ok && japaneseOnly(s) {
			found = append(found, s)
		}
	}
	return found
}

// between tells the units of UTF-16 that may stand between ordinary characters:
// halves of pairs, signs that can't be seen, letters that look like others.
func between(u rune) bool { return hiding[u>>6]>>(u&63)&1 != 0 }

var hiding = func() (set [1 << 10]uint64) {
	for u := range rune(1 << 16) {
		switch {
		case 0xd800 <= u && u < 0xe000, u == 0xfeff, unicode.In(u, unicode.Cf, unicode.M, unicode.Zs, unicode.Nd),
			0x2e80 <= u && u < 0x2fe0, 0x1d00 <= u && u < 0x1dc0, 0x13a0 <= u && u < 0x1400, 0xa4d0 <= u && u < 0xa500, 0xa720 <= u && u < 0xa800, 0x530 <= u && u < 0x590:
			set[u>>6] |= 1 << (u & 63)
		}
	}
	return set
}()

// japaneseOnly reports whether a text is of kanji and kana alone.
func japaneseOnly(s string) bool {
	for _, r := range s {
		if (r < 0x3041 || r > 0x9fff) && (r < 0x2e80 || r > 0x2fdf) && !unicode.In(r, unicode.Zs, unicode.Cf, unicode.M) {
			return false
		}
	}
	return true
}

func fromUTF16(data []byte, order int) string {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = uint16(data[2*i+order]) | uint16(data[2*i+1-order])<<8
	}
	return string(utf16.Decode(units))
}

// plausible tells the characters of ordinary Japanese and Western text.
func plausible(r rune) bool {
	if r < 1<<16 {
		return usual[r>>6]>>(r&63)&1 != 0
	}
	return 0x20000 <= r && r < 0x32000
}

// usual is a set of the first 65,536 characters, a bit for each.
var usual = func() (set [1 << 10]uint64) {
	for r := range rune(1 << 16) {
		if isUsual(r) {
			set[r>>6] |= 1 << (r & 63)
		}
	}
	return set
}()

func isUsual(r rune) bool {
	switch {
	case r < 0x20:
		return r == '\n' || r == '\r' || r == '\t'
	case r < 0x7f:
		return true
	case r < 0x530: // Latin, Greek, Cyrillic
		return r >= 0xa0
	case 0x2e80 <= r && r < 0x2fe0: // signs for parts of kanji
		return true
	case 0x2000 <= r && r < 0x2700, 0x3000 <= r && r < 0x3400:
		return unicode.IsPrint(r) || unicode.Is(unicode.Cf, r) || r == 0x3000
	case 0x3400 <= r && r < 0xa000, 0xf900 <= r && r < 0xfb00, 0xfe00 <= r && r < 0xfe10:
		return true
	}
	return 0xff00 <= r && r < 0xfff0
}
