package gate

import (
	"bytes"
	"encoding/binary"
	"sync"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
)

// minText is how many bytes of text in a row make decoded bytes worth reading.
const minText = 4

// minWide is how many units in a row make UTF-16 likely where not all of it is text.
const minWide = 6

// worthReading reports whether somewhere in b stands what may be text, or whether b
// is compressed. Random bytes nearly never are.
func worthReading(b []byte) bool {
	return packed(b) || textRun(b) || wide(b) || doubleByte(b)
}

// textRun reports whether b holds minRun bytes of UTF-8 text in a row: ASCII or
// letters of two bytes and more.
func textRun(b []byte) bool {
	n := 0
	for i := 0; i < len(b); {
		c := b[i]
		switch {
		case c >= ' ' && c < 0x7f:
			n++
			i++
		case c == '\t' || c == '\n' || c == '\r': // parts text and makes none
			i++
		case c >= 0xc2:
			r, size := utf8.DecodeRune(b[i:])
			n += size
			if r == utf8.RuneError {
				n = 0
			}
			i += size
		default:
			n = 0
			i++
		}
		if n >= minRun {
			return true
		}
	}
	return false
}

// mostlyText reports whether one run of UTF-8 text takes half of b, whether all of it
// may be UTF-16, most of it letters of Shift_JIS or EUC-JP, or whether b is compressed.
func mostlyText(b []byte) bool {
	return packed(b) || halfIsRun(b) || shortWide(b) || mostly(b, shiftJIS) || mostly(b, eucJP)
}

// mostly reports whether three quarters of b are letters of two bytes, and the rest ASCII.
func mostly(b []byte, letter func(lead, trail byte) bool) bool {
	n := 0
	for i := 0; i < len(b); i++ {
		switch {
		case i+1 < len(b) && letter(b[i], b[i+1]):
			n += 2
			i++
		case b[i] >= utf8.RuneSelf && i+1 < len(b) || control(rune(b[i])):
			return false
		}
	}
	return 4*n >= 3*len(b)
}

func shiftJIS(lead, trail byte) bool {
	return (lead >= 0x81 && lead < 0xa0 || lead >= 0xe0 && lead <= 0xfc) && trail >= 0x40 && trail != 0x7f && trail <= 0xfc
}

func eucJP(lead, trail byte) bool {
	return lead >= 0xa1 && lead < 0xff && trail >= 0xa1 && trail < 0xff
}

// halfIsRun reports whether one run of UTF-8 text in b takes half of it. Where the second
// half begins and the run doesn't reach back far enough, none does.
func halfIsRun(b []byte) bool {
	from := 0
	for i := 0; i < len(b) && 2*(len(b)-from) >= len(b); {
		r, size := rune(b[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(b[i:])
		}
		i += size
		if r == utf8.RuneError || control(r) {
			from = i
		} else if 2*(i-from) >= len(b) {
			return true
		}
	}
	return len(b) == 0
}

// longestRun returns how many bytes the longest run of UTF-8 text in b has.
func longestRun(b []byte) int {
	longest, from := 0, 0
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		i += size
		if r == utf8.RuneError || control(r) {
			from = i
		}
		longest = max(longest, i-from)
	}
	return longest
}

func control(r rune) bool { return r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == 0x7f }

// wide reports whether b may be UTF-16, in either order, at either offset.
func wide(b []byte) bool {
	return wideRun(b, binary.LittleEndian, 0) || wideRun(b, binary.BigEndian, 0) ||
		wideRun(b, binary.LittleEndian, 1) || wideRun(b, binary.BigEndian, 1)
}

func wideRun(b []byte, order binary.ByteOrder, from int) bool {
	class := wideClass()
	if !mayBeWideRun(class, b, order == binary.BigEndian, from) {
		return false
	}
	likely, units := 0, 0
	for i := from; i+1 < len(b); i += 2 {
		u := uint16(b[i]) | uint16(b[i+1])<<8
		if order == binary.BigEndian {
			u = u<<8 | u>>8
		}
		switch class[u] {
		case 1:
			likely++
			units++
		case 2:
			units++
		default:
			likely, units = 0, 0
		}
		if likely >= minWide {
			return true
		}
	}
	return (likely >= minText || units >= minStyled) && units == (len(b)-from)/2
}

// mayBeWideRun tells nearly all other bytes from UTF-16 by a few looks: minWide units in
// a row have one of every minWide-th, and so few that all must be text have the middle one.
func mayBeWideRun(class *[1 << 16]byte, b []byte, big bool, from int) bool {
	units := (len(b) - from) / 2
	for k := min(minWide-1, units/2); k < units; k += minWide {
		u := uint16(b[from+2*k]) | uint16(b[from+2*k+1])<<8
		if big {
			u = u<<8 | u>>8
		}
		if class[u] != 0 {
			return true
		}
	}
	return false
}

// fewKanji reads four or six bytes that are kanji and kana and nothing else, in UTF-16 of
// either order or in the charsets of two bytes a letter: the readings that there are, one
// after another, or nil. A place may have two letters.
func fewKanji(b []byte) []byte {
	if len(b) != 4 && len(b) != 6 {
		return nil
	}
	var out []byte
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		var units []rune
		for i := 0; i < len(b); i += 2 {
			units = append(units, rune(order.Uint16(b[i:])))
		}
		out = appendJapanese(out, string(units))
	}
	for _, set := range []encoding.Encoding{japanese.ShiftJIS, japanese.EUCJP} {
		if text, err := set.NewDecoder().Bytes(b); err == nil {
			out = appendJapanese(out, string(text))
		}
	}
	return out
}

// appendJapanese appends a text that is of kanji and kana alone.
func appendJapanese(out []byte, text string) []byte {
	for _, r := range text {
		if (r < 0x3041 || r > 0x30ff) && (r < 0x4e00 || r > 0x9fff) && r != 0x3005 {
			return out
		}
	}
	return append(append(out, text...), valueBreak)
}

// minStyled is how many units make UTF-16 likely where all of it is text, though
// none of it in ordinary letters.
const minStyled = 8

func wideText(u uint16) bool { return wideClass()[u] == 1 }

// wideNeutral are units that may stand between the letters of a text: spaces, what
// can't be seen, letters of other scripts that look Latin, halves of pairs.
func wideNeutral(u uint16) bool { return wideClass()[u] == 2 }

// wideClass says of every unit whether it is text, neutral or neither.
var wideClass = sync.OnceValue(func() *[1 << 16]byte {
	t := new([1 << 16]byte)
	for i := range t {
		switch u := uint16(i); {
		case u >= ' ' && u < 0x7f || u >= 0x3041 && u <= 0x33ff || u >= 0x4e00 && u <= 0x9fff || u >= 0xf900 && u <= 0xfaff || u >= 0x2e80 && u < 0x2fe0 || u >= 0xff01 && u <= 0xff9f:
			t[i] = 1
		case neutral(u):
			t[i] = 2
		}
	}
	return t
})

func neutral(u uint16) bool {
	if f := folding().one[u]; f == foldInvisible && u >= 0x80 || f > foldInvisible && f < utf8.RuneSelf {
		return true
	}
	return u >= 0xa0 && u < 0x370 || u >= 0x2000 && u < 0x2800 || u >= 0x3000 && u < 0x3041 || u >= 0xd800 && u < 0xe000 ||
		u >= 0xfe00 && u < 0xfe10 || u == 0xfeff || u == '\n' || u == '\r' || u == '\t'
}

// fromWide decodes the parts of b that may be UTF-16.
func fromWide(b []byte, order binary.ByteOrder, from int) []byte {
	var out []byte
	var units []uint16
	likely := 0
	flush := func() {
		if likely >= minWide-1 || (likely >= minText-1 || len(units) >= minStyled-1) && len(units) >= (len(b)-from)/2-1 {
			out = append(append(out, string(utf16.Decode(units))...), valueBreak)
		}
		units, likely = units[:0], 0
	}
	for i := from; i+1 < len(b); i += 2 {
		switch u := order.Uint16(b[i:]); {
		case wideText(u):
			likely++
			units = append(units, u)
		case wideNeutral(u):
			units = append(units, u)
		default:
			flush()
		}
	}
	flush()
	return out
}

// doubleByte reports whether b may hold Shift_JIS, EUC-JP or ISO-2022-JP: some
// characters of two bytes in a row, more of them where other bytes are no text.
func doubleByte(b []byte) bool {
	if bytes.Contains(b, []byte("\x1b$")) {
		return true
	}
	least := minText
	for _, c := range b {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != valueBreak {
			least = minDouble
			break
		}
	}
	n := 0
	for i := 0; i+1 < len(b); {
		lead, trail := b[i], b[i+1]
		if lead >= 0x81 && lead != 0xa0 && lead <= 0xfc && trail >= 0x40 && trail != 0x7f && trail <= 0xfe {
			i += 2
			if n++; n >= least {
				return true
			}
			continue
		}
		n = 0
		i++
	}
	return false
}

// minDouble is how many characters of two bytes in a row make a text among bytes
// that are none: hashes have fewer.
const minDouble = 7

// otherCharsets calls found with each decoding of b as text that is not UTF-8: of
// its parts that may be such text.
func otherCharsets(b []byte, found func([]byte) error) error {
	valid := utf8.Valid(b)
	if escaped := bytes.Contains(b, []byte("\x1b$")); escaped {
		if err := decodeAs(japanese.ISO2022JP, b, found); err != nil {
			return err
		}
	}
	if valid && bytes.IndexByte(b, 0) < 0 && (len(b) > mayBeWide || !wide(b)) {
		return nil
	}
	for from := range 2 {
		for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
			if text := fromWide(b, order, from); len(text) > 0 {
				if err := found(text); err != nil {
					return err
				}
			}
		}
	}
	if valid || !doubleByte(b) {
		return nil
	}
	for _, set := range []encoding.Encoding{japanese.ShiftJIS, japanese.EUCJP} {
		if err := decodeAs(set, b, found); err != nil {
			return err
		}
	}
	return nil
}

// mayBeWide is how many bytes of kanji in UTF-16 may all look like ASCII.
const mayBeWide = 48

func decodeAs(set encoding.Encoding, b []byte, found func([]byte) error) error {
	text, err := set.NewDecoder().Bytes(b)
	if err != nil {
		return nil // such bytes are not of this encoding
	}
	return found(stretches(text))
}

// stretches returns b if it is text, else its parts that may be, as of a program or
// a picture: at least minRun bytes of printable UTF-8 in a row.
func stretches(b []byte) []byte {
	if utf8.Valid(b) && bytes.IndexByte(b, 0) < 0 && !bytes.ContainsRune(b, utf8.RuneError) {
		return b
	}
	var out []byte
	from, i := 0, 0
	flush := func() {
		if i-from >= minRun {
			out = append(append(out, b[from:i]...), valueBreak)
		}
	}
	for i < len(b) {
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError || control(r) {
			flush()
			from = i + size
		}
		i += size
	}
	flush()
	return out
}

// minRun is the least number of bytes of text in a row that are read in what is not
// text as a whole.
const minRun = 6
