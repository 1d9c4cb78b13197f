package gate

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
)

// minText is how many bytes of text in a row make decoded bytes worth reading.
const minText = 4

// cleanText reports whether b is text and nothing else.
func cleanText(b []byte) bool {
	if len(b) < minText || !utf8.Valid(b) {
		return false
	}
	for _, r := range string(b) {
		if r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == 0x7f {
			return false
		}
	}
	return true
}

// worthReading reports whether somewhere in b stands what may be text, or whether b
// is compressed. Random bytes nearly never are.
func worthReading(b []byte) bool {
	return packed(b) || textRun(b) || wide(b) || doubleByte(b)
}

// textRun reports whether b holds minText bytes of UTF-8 text in a row: ASCII or
// characters of three bytes. Shorter characters are rare in what is looked for.
func textRun(b []byte) bool {
	n := 0
	for i := 0; i < len(b); {
		c := b[i]
		switch {
		case c >= ' ' && c < 0x7f:
			n++
			i++
		case c >= 0xc3 && utf8.FullRune(b[i:]):
			r, size := utf8.DecodeRune(b[i:])
			if size == 1 {
				n = 0
			} else if r != utf8.RuneError {
				n += size
			}
			i += size
		default:
			n = 0
			i++
		}
		if n >= minText+2 {
			return true
		}
	}
	return false
}

// wide reports whether b may be UTF-16, in either order, at either offset.
func wide(b []byte) bool {
	return wideRun(b, binary.LittleEndian, 0) || wideRun(b, binary.BigEndian, 0) ||
		wideRun(b, binary.LittleEndian, 1) || wideRun(b, binary.BigEndian, 1)
}

func wideRun(b []byte, order binary.ByteOrder, from int) bool {
	n := 0
	for i := from; i+1 < len(b); i += 2 {
		if !wideText(order.Uint16(b[i:])) {
			n = 0
			continue
		}
		if n++; n >= minText {
			return true
		}
	}
	return false
}

func wideText(u uint16) bool {
	return u >= ' ' && u < 0x7f || u >= 0x3041 && u <= 0x30ff || u >= 0x4e00 && u <= 0x9fff || u >= 0xff01 && u <= 0xff9f
}

// fromWide decodes b as UTF-16.
func fromWide(b []byte, order binary.ByteOrder, from int) []byte {
	units := make([]uint16, 0, len(b)/2)
	for i := from; i+1 < len(b); i += 2 {
		units = append(units, order.Uint16(b[i:]))
	}
	return []byte(string(utf16.Decode(units)))
}

// doubleByte reports whether b may be Shift_JIS, EUC-JP or ISO-2022-JP.
func doubleByte(b []byte) bool {
	if bytes.Contains(b, []byte("\x1b$")) {
		return true
	}
	n := 0
	for i := 0; i+1 < len(b); {
		lead, trail := b[i], b[i+1]
		if lead >= 0x81 && lead != 0xa0 && lead <= 0xfc && trail >= 0x40 && trail != 0x7f && trail <= 0xfe {
			i += 2
			if n++; n >= 3 {
				return true
			}
			continue
		}
		n = 0
		i++
	}
	return false
}

// charsets are the other encodings that Japanese text comes in.
var charsets = []encoding.Encoding{japanese.ShiftJIS, japanese.EUCJP, japanese.ISO2022JP}

// otherCharsets calls found with each decoding of b that is not UTF-8. b itself is
// read as UTF-8 by the caller.
func otherCharsets(b []byte, found func([]byte) error) error {
	for from := range 2 {
		for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
			if !wideRun(b, order, from) {
				continue
			}
			if err := found(fromWide(b, order, from)); err != nil {
				return err
			}
		}
	}
	if utf8.Valid(b) && !bytes.Contains(b, []byte("\x1b$")) || !doubleByte(b) {
		return nil
	}
	for _, set := range charsets {
		text, err := set.NewDecoder().Bytes(b)
		if err != nil {
			continue // such bytes are not of this encoding
		}
		if err := found(text); err != nil {
			return err
		}
	}
	return nil
}
