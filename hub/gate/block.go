package gate

import (
	"bytes"
	"encoding/binary"
	"unicode/utf8"
)

// minBlock is the shortest run that is tried as base64; below longBlock only as a
// whole and only if it gives clean text or UTF-16.
const (
	minBlock  = 8
	longBlock = 16
	minHex    = 8 // below longHex only kanji and kana count
	longHex   = 12
)

// base64Byte are the letters of both alphabets.
var base64Byte = func() (t [256]bool) {
	for c := range 256 {
		b := byte(c)
		t[c] = b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' ||
			b == '+' || b == '/' || b == '-' || b == '_'
	}
	return t
}()

// blocks calls found with every run of src that decodes from base64, base64url or
// hexadecimal to something worth reading, and the place of the run.
func (s *search) blocks(src []byte, found func(decoded []byte, start, end int) error) error {
	for i := 0; i < len(src); {
		if !base64Byte[src[i]] {
			i++
			continue
		}
		j := runEnd(src, i)
		var err error
		if j-i >= minBlock && !s.isDull(src[i:j]) {
			before := len(s.hits)
			err = run(src[i:j], func(decoded []byte) error { return found(decoded, i, j) })
			if len(s.hits) == before {
				s.keepDull(src[i:j])
			}
		}
		if err == nil && endsInPair(src[i:j]) {
			j, err = spacedHex(src, j-2, found)
		}
		if err != nil {
			return err
		}
		i = j
	}
	return nil
}

// A shortDull is a run of fewer than longBlock bytes in which nothing was found. Words
// are such runs and come again and again: the last of each hash is kept.
type shortDull struct {
	head, tail uint64
	n          int
}

func shortOf(run []byte) (d shortDull, at uint64) {
	d = shortDull{binary.LittleEndian.Uint64(run), binary.LittleEndian.Uint64(run[len(run)-8:]), len(run)}
	return d, hash(d.head^d.tail<<1) >> 56
}

func (s *search) isDull(run []byte) bool {
	if len(run) >= longBlock {
		return s.dull[string(run)]
	}
	d, at := shortOf(run)
	return s.short[at] == d
}

func (s *search) keepDull(run []byte) {
	if len(run) >= longBlock {
		s.dull[string(run)] = true
		return
	}
	d, at := shortOf(run)
	s.short[at] = d
}

// runEnd returns the end of the run at i, over the line ends of wrapped base64.
func runEnd(src []byte, i int) int {
	line := i
	for i < len(src) {
		if base64Byte[src[i]] {
			i++
			continue
		}
		if src[i] != '\n' && src[i] != '\r' || i-line < 56 {
			return i
		}
		k := i
		for k < len(src) && (src[k] == '\n' || src[k] == '\r') {
			k++
		}
		if k == len(src) || !base64Byte[src[k]] {
			return i
		}
		i, line = k, k
	}
	return i
}

// run decodes one run in every way that may give text. Hexadecimal digits alone are
// nearly always a digest, but may be base64 as well; in the shape of a UUID they are not.
func run(src []byte, found func([]byte) error) error {
	src = withoutPrefix(src)
	digitsOnly := false
	if digits, ok := hexDigits(src); ok {
		err := hexRun(digits, found)
		if err != nil || shaped(src, shapes[0]) {
			return err
		}
		digitsOnly = true
	} else if err := hexParts(src, found); err != nil {
		return err
	} else if err := rare(src, found); err != nil {
		return err
	}
	if len(src) < longBlock {
		return shortRun(src, found)
	}
	decoded := make([]byte, 0, len(src)*3/4)
	for shift := range 4 {
		decoded = decodeBase64(decoded[:0], src[shift:])
		if digitsOnly && mostlyText(decoded) || !digitsOnly && worthReading(decoded) {
			if err := found(bytes.Clone(decoded)); err != nil {
				return err
			}
		}
	}
	return nil
}

// shortRun decodes a run from each place on at which text may begin, as a whole or as far
// as text goes: what stands before and behind may be no part of it. Every longer word of
// a text is such a run, so that nearly all must cost little.
func shortRun(src []byte, found func([]byte) error) error {
	var buf [longBlock]byte
	if decoded := decodeBase64(buf[:0], src); shortWide(decoded) {
		if err := found(bytes.Clone(decoded)); err != nil {
			return err
		}
	}
	for at := 0; at < 4 || at+minBlock <= len(src); at++ {
		if len(src)-at < 6 || !beginsText(src[at:]) {
			continue
		}
		decoded := decodeBase64(buf[:0], src[at:])
		if n := textHead(decoded); n >= minRun || n == len(decoded) && n >= minText {
			if err := found(bytes.Clone(decoded[:n])); err != nil {
				return err
			}
		}
	}
	return nil
}

// textHead returns how many bytes b begins with are text.
func textHead(b []byte) int {
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError || control(r) {
			return i
		}
		i += size
	}
	return len(b)
}

// beginsText reports whether the first bytes that src decodes to may begin a text.
func beginsText(src []byte) bool {
	a, b, c := base64Value[src[0]], base64Value[src[1]], base64Value[src[2]]
	first, second := a<<2|b>>4, b<<4|c>>2
	switch {
	case first >= ' ' && first < 0x7f:
		return second >= ' ' && second < 0x7f || second >= 0xc2 && second < 0xf5
	case first >= 0xc2 && first < 0xf5:
		return second&0xc0 == 0x80
	}
	return false
}

// shortWide reports whether all of b may be UTF-16, in either order.
func shortWide(b []byte) bool {
	return wideWhole(b, binary.LittleEndian, 0) || wideWhole(b, binary.BigEndian, 0) ||
		wideWhole(b, binary.LittleEndian, 1) || wideWhole(b, binary.BigEndian, 1)
}

func wideWhole(b []byte, order binary.ByteOrder, from int) bool {
	likely := 0
	for i := from; i+1 < len(b); i += 2 {
		switch u := order.Uint16(b[i:]); {
		case wideText(u):
			likely++
		case !wideNeutral(u):
			return false
		}
	}
	return likely >= minText
}

// base64Value is what the letters of both alphabets stand for.
var base64Value = func() (t [256]byte) {
	for i, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") {
		t[c] = byte(i)
	}
	t['-'], t['_'] = 62, 63
	return t
}()

// withoutPrefix cuts the type off a STIX id, "indicator--" and then a UUID.
func withoutPrefix(src []byte) []byte {
	if n := len(src) - 36; n > 2 && src[n-1] == '-' && src[n-2] == '-' && shaped(src[n:], shapes[0]) {
		return src[n:]
	}
	return src
}

// hexDigits returns src without dashes and the like if only hexadecimal digits are left.
func hexDigits(src []byte) ([]byte, bool) {
	if len(src) < minHex {
		return nil, false
	}
	for _, c := range src { // nearly always a word
		if !dash(c) && !hexDigit(rune(c)) {
			return nil, false
		}
	}
	out := make([]byte, 0, len(src))
	for _, c := range src {
		if !dash(c) {
			out = append(out, c)
		}
	}
	return out, true
}

// hexParts reads the hexadecimal parts of a run, dashes and the like left out of
// them: "x_e58d8a…", "x_e5-8d-8a…".
func hexParts(src []byte, found func([]byte) error) error {
	for i := 0; i < len(src); {
		j := i
		for j < len(src) && (hexDigit(rune(src[j])) || dash(src[j])) {
			j++
		}
		if digits, ok := hexDigits(src[i:j]); ok {
			if err := hexRun(digits, found); err != nil {
				return err
			}
		}
		i = j + 1
	}
	return nil
}

func dash(c byte) bool { return c == '-' || c == '+' || c == '_' || c == '/' }

func hexRun(digits []byte, found func([]byte) error) error {
	if len(digits) < minHex {
		return nil
	}
	if len(digits) < 4*minText {
		if text := fewKanji(decodeHex(digits)); text != nil {
			if err := found(text); err != nil {
				return err
			}
		}
	}
	if len(digits) < longHex {
		return nil // four bytes are ASCII, or UTF-8, too often
	}
	var buf [64]byte // of a digest or less
	for shift := range 1 + len(digits)%2 {
		if decoded := appendHex(buf[:0], digits[shift:]); worthReading(decoded) {
			if err := found(bytes.Clone(decoded)); err != nil {
				return err
			}
		}
	}
	return nil
}

func decodeHex(digits []byte) []byte { return appendHex(nil, digits) }

func appendHex(dst, digits []byte) []byte {
	for i := 0; i+1 < len(digits); i += 2 {
		dst = append(dst, nibble(digits[i])<<4|nibble(digits[i+1]))
	}
	return dst
}

// endsInPair reports whether a run ends in two hexadecimal digits and no more.
func endsInPair(b []byte) bool {
	n := len(b)
	return n >= 2 && hexPair(b[n-2:]) && (n == 2 || !hexDigit(rune(b[n-3])))
}

func hexPair(b []byte) bool { return hexDigit(rune(b[0])) && hexDigit(rune(b[1])) }

// spacedHex reads "e5 8d 8a", "e5:8d:8a", "e5, 8d, 8a" or, of a form, "e5,+8d,+8a" at i
// and returns its end.
func spacedHex(src []byte, i int, found func([]byte, int, int) error) (int, error) {
	out := []byte{nibble(src[i])<<4 | nibble(src[i+1])}
	j := i + 2
	for {
		k := j
		for k < len(src) && k < j+3 && (src[k] == ' ' || src[k] == ':' || src[k] == ',' || src[k] == ';' || src[k] == '|' || src[k] == '+' && k > j) {
			k++
		}
		if k == j || k+2 > len(src) || !hexPair(src[k:]) || k+2 < len(src) && hexDigit(rune(src[k+2])) {
			break
		}
		out = append(out, nibble(src[k])<<4|nibble(src[k+1]))
		if j = k + 2; j < len(src) && base64Byte[src[j]] {
			break // the run goes on: "8a_x"
		}
	}
	if len(out) >= longHex/2 && worthReading(out) {
		return j, found(out, i, j)
	}
	if text := fewKanji(out); text != nil {
		return j, found(text, i, j)
	}
	return j, nil
}

// decodeBase64 appends what src stands for in either alphabet, line ends left out, as
// far as whole bytes go.
func decodeBase64(dst, src []byte) []byte {
	bits, n := uint32(0), 0
	for _, c := range src {
		if c == '\r' || c == '\n' {
			continue
		}
		bits, n = bits<<6|uint32(base64Value[c]), n+6
		if n >= 8 {
			n -= 8
			dst = append(dst, byte(bits>>n))
		}
	}
	return dst
}
