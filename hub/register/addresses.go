package register

import (
	"net/netip"
	"strconv"
	"strings"
	"unicode/utf8"
)

// plainText is a text as addresses are read in it: digits, letters and dots of any
// width and script are ASCII, what can't be seen is gone, and other characters are one
// byte that no address has.
type plainText struct {
	text string
	at   []int32 // offset in the source of each byte, and the end; nil where text is the source
	end  int
}

// other stands for what belongs to no address.
const other = 0

func plainOf(source string) plainText {
	i := 0
	for i < len(source) && source[i] < utf8.RuneSelf {
		i++
	}
	if i == len(source) {
		return plainText{text: source, end: len(source)}
	}
	p := plainText{at: make([]int32, 0, len(source)/2+i/2+1), end: len(source)}
	text := make([]byte, 0, len(source)/2+i/2)
	for i, r := range source {
		c := byte(r)
		if r >= 0x4e00 && r < 0xa000 || r > 0x3040 && r < 0x30fb { // kanji, kana
			c = other
		} else if r >= utf8.RuneSelf {
			if unseen(r) {
				continue
			}
			c = plainByte(r)
		}
		text, p.at = append(text, c), append(p.at, int32(i))
	}
	p.text, p.at = string(text), append(p.at, int32(len(source)))
	return p
}

func plainByte(r rune) byte {
	if '！' <= r && r <= '～' {
		return byte(r - '！' + '!')
	}
	switch r {
	case '。', '｡', '・':
		return '.'
	}
	if f := folded(r); len(f) == 1 {
		return f[0]
	}
	return other
}

// span returns the place in the source of text[start:end].
func (p plainText) span(start, end int) (int, int) {
	if p.at == nil {
		return start, end
	}
	return int(p.at[start]), int(p.at[end])
}

// search appends a hit for every address or block in the text that touches a
// member's range, plain or defanged (1[.]2[.]3[.]4), in any width of digits.
func (r *ranges) search(source string, hits []Hit) []Hit {
	if len(r.sorted) == 0 {
		return hits
	}
	p := plainOf(source)
	s := p.text
	for i := 0; i < len(s); {
		c := s[i]
		if !isHex(c) && c != ':' {
			i++
			continue
		}
		found := len(hits)
		end := i
		for _, read := range []func(string) (netip.Addr, int, bool){readV4, readV6, readNumber} {
			if a, n, ok := read(s[i:]); ok && (c != ':' || n > 1) {
				end = i + n
				hits = r.judge(s, a, i, end, hits)
				if dotLen(s[end:]) > 0 && a.Is6() { // ::ffff:192[.]0[.]2[.]1
					end = max(i+1, i+strings.LastIndexByte(s[i:end], ':')+1)
				}
				break
			}
		}
		if len(hits) == found {
			hits = r.judgeNumber(s[i:], i, hits)
		}
		for k := found; k < len(hits); k++ {
			hits[k].Start, hits[k].End = p.span(hits[k].Start, hits[k].End)
		}
		if c == ':' && end == i || end > i && s[end-1] == ':' {
			i = max(end, i+1)
			continue
		}
		i = skipWord(s, max(end, i+1))
	}
	return hits
}

// judge appends a hit when the address, or the block that its length makes of it,
// touches a range.
func (r *ranges) judge(source string, a netip.Addr, start, end int, hits []Hit) []Hit {
	if bits, n := readBits(source[end:]); n > 0 && bits <= a.BitLen() && bits >= 8 {
		if p, err := a.Unmap().Prefix(min(bits, a.Unmap().BitLen())); err == nil && r.overlaps(p) {
			return append(hits, Hit{Start: start, End: end + n, Class: Range})
		}
	}
	if a.Is4() && reverseName(source[end:]) {
		b := a.As4()
		a = netip.AddrFrom4([4]byte{b[3], b[2], b[1], b[0]})
	}
	if r.has(a) {
		return append(hits, Hit{Start: start, End: end, Class: Range})
	}
	return hits
}

// reverseName reports whether rest goes on as the name of an address does.
func reverseName(rest string) bool {
	n := dotLen(rest)
	if n == 0 || !hasPrefixFold(rest[n:], "in-addr") {
		return false
	}
	rest = rest[n+len("in-addr"):]
	n = dotLen(rest)
	return n > 0 && hasPrefixFold(rest[n:], "arpa")
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// readBits reads "/28".
func readBits(s string) (bits, n int) {
	s, ok := strings.CutPrefix(s, "/")
	for ok && n < len(s) && n < 3 && isDigit(s[n]) {
		n++
	}
	bits, err := strconv.Atoi(s[:n])
	if !ok || err != nil {
		return 0, 0
	}
	return bits, n + 1
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// skipWord goes on to the end of a run of letters and digits, so that no address
// is looked for in the middle of one.
func skipWord(s string, i int) int {
	for i < len(s) && s[i] < utf8.RuneSelf && asciiFold[s[i]] != 0 {
		i++
	}
	return i
}

// readV4 reads four numbers with dots, or what stands for dots, between them.
func readV4(s string) (netip.Addr, int, bool) {
	var parts [4]byte
	n := 0
	for i := range parts {
		if i > 0 {
			gap := dotLen(s[n:])
			if gap == 0 {
				return netip.Addr{}, 0, false
			}
			n += gap
		}
		value, digits := 0, 0
		for n < len(s) && digits < 4 && isDigit(s[n]) {
			value, digits, n = value*10+int(s[n]-'0'), digits+1, n+1
		}
		if digits == 0 || digits > 3 || value > 255 {
			return netip.Addr{}, 0, false
		}
		parts[i] = byte(value)
	}
	return netip.AddrFrom4(parts), n, true
}

// readNumber reads an address of version 4 written as one hexadecimal number.
func readNumber(s string) (netip.Addr, int, bool) {
	const size = len("0x00000000")
	if len(s) < size || s[0] != '0' || s[1] != 'x' && s[1] != 'X' || len(s) > size && isHex(s[size]) {
		return netip.Addr{}, 0, false
	}
	n, err := strconv.ParseUint(s[2:size], 16, 32)
	if err != nil {
		return netip.Addr{}, 0, false
	}
	return netip.AddrFrom4([4]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}), size, true
}

// judgeNumber appends a hit for a word that is nothing but a public address of a range as
// one number, eight hexadecimal digits or eight to ten decimal ones.
func (r *ranges) judgeNumber(s string, start int, hits []Hit) []Hit {
	n, decimal := 0, true
	for n < len(s) && n <= 10 && isHex(s[n]) {
		decimal = decimal && isDigit(s[n])
		n++
	}
	if n < 8 || n > 10 || n < len(s) && (s[n] == '-' || skipWord(s, n) > n) {
		return hits
	}
	for _, base := range []int{10, 16} {
		if base == 10 && !decimal || base == 16 && n != 8 {
			continue
		}
		v, err := strconv.ParseUint(s[:n], base, 32)
		if err != nil {
			continue
		}
		a := netip.AddrFrom4([4]byte{byte(v >> 24), byte(v >> 16), byte(v >> 8), byte(v)})
		if !a.IsPrivate() && r.has(a) {
			return append(hits, Hit{Start: start, End: start + n, Class: Range})
		}
	}
	return hits
}

// dots are what stands for a dot in addresses, longest first. A hyphen or
// underscore does in names made from addresses.
var dots = []string{"[dot]", "(dot)", "{dot}", " dot ", " [.] ", "[.]", "(.)", "{.}", "\\.", ".", "-", "_"}

func dotLen(s string) int {
	if s == "" || asciiFold[s[0]&0x7f] != 0 {
		return 0
	}
	for _, d := range dots {
		if hasPrefixFold(s, d) {
			return len(d)
		}
	}
	return 0
}

// readV6 reads an address with at least two colons, plain or as [:].
func readV6(s string) (netip.Addr, int, bool) {
	var plain strings.Builder
	n, colons := 0, 0
	for n < len(s) && plain.Len() < 46 {
		if strings.HasPrefix(s[n:], "[:]") {
			plain.WriteByte(':')
			n, colons = n+3, colons+1
			continue
		}
		c := s[n]
		if !isHex(c) && c != ':' && c != '.' {
			break
		}
		if c == ':' {
			colons++
		}
		plain.WriteByte(c)
		n++
	}
	if colons < 2 {
		return netip.Addr{}, 0, false
	}
	text := plain.String()
	for len(text) > 0 { // what follows a sentence may look like a part of it
		a, err := netip.ParseAddr(text)
		if err == nil {
			return a, n, true
		}
		last := text[len(text)-1]
		if last != ':' && last != '.' {
			return netip.Addr{}, 0, false
		}
		text = text[:len(text)-1]
		n--
	}
	return netip.Addr{}, 0, false
}
