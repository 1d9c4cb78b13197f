package gate

import (
	"bytes"
	"net/netip"
	"slices"
	"strings"
	"unicode/utf8"
)

// A netSet is a set of address ranges with the spelling each came from.
type netSet struct {
	ranges []netRange // sorted by first; look-ups go back as far as reach
	v6     bool
}

type netRange struct {
	first, last netip.Addr
	raw         string
	top         netip.Addr // the highest last of this and all before
}

// add enters an address, a CIDR prefix or a range "a-b" and says whether raw is one.
func (s *netSet) add(raw string) bool {
	text := strings.TrimSpace(raw)
	if text == "" || !mayBegin[text[0]] || !strings.ContainsAny(text, ".:") {
		return false
	}
	var first, last netip.Addr
	if p, err := netip.ParsePrefix(text); err == nil {
		p = p.Masked()
		first, last = p.Addr(), lastOf(p)
	} else if a, err := netip.ParseAddr(text); err == nil {
		first, last = a.Unmap().WithZone(""), a.Unmap().WithZone("")
	} else if from, to, ok := strings.Cut(text, "-"); ok {
		a, errA := netip.ParseAddr(strings.TrimSpace(from))
		b, errB := netip.ParseAddr(strings.TrimSpace(to))
		if errA != nil || errB != nil || b.Less(a) {
			return false
		}
		first, last = a, b
	}
	if !first.IsValid() {
		return false
	}
	s.v6 = s.v6 || first.Is6()
	s.ranges = append(s.ranges, netRange{first: first, last: last, raw: raw})
	return true
}

func lastOf(p netip.Prefix) netip.Addr {
	b := p.Addr().AsSlice()
	for i := p.Bits(); i < len(b)*8; i++ {
		b[i/8] |= 0x80 >> (i % 8)
	}
	a, _ := netip.AddrFromSlice(b) // as long as it was
	return a
}

func (s *netSet) sort() {
	slices.SortFunc(s.ranges, func(a, b netRange) int { return a.first.Compare(b.first) })
	for i := range s.ranges {
		r := &s.ranges[i]
		r.top = r.last
		if i > 0 && r.top.Less(s.ranges[i-1].top) {
			r.top = s.ranges[i-1].top
		}
	}
}

// find returns the spelling of a range that holds a.
func (s *netSet) find(a netip.Addr) (string, bool) {
	i, _ := slices.BinarySearchFunc(s.ranges, a, func(r netRange, a netip.Addr) int {
		if r.first.Compare(a) <= 0 {
			return -1
		}
		return 1
	})
	for i--; i >= 0 && a.Compare(s.ranges[i].top) <= 0; i-- {
		if a.Compare(s.ranges[i].last) <= 0 {
			return s.ranges[i].raw, true
		}
	}
	return "", false
}

// addresses calls found for every IP address in src, plain, defanged, as a number
// of a URL or as a reverse name.
func addresses(src []byte, v6 bool, found func(a netip.Addr, start, end int)) {
	for i := 0; i < len(src); {
		c := src[i]
		if !mayBegin[c] {
			i++
			continue
		}
		if n := noAddress(src[i:]); n > 0 {
			i += n
			continue
		}
		if c < '0' || c > '9' {
			if v6 && mayBeginSix[c] && (i == 0 || !beforeNoSix[src[i-1]]) && colonNear(src[i:]) {
				i += max(1, sixAt(src, i, found))
				continue
			}
			if (i == 0 || !inWord[src[i-1]]) && mayBeNumber(src[i:]) {
				i += bareNumber(src, i, found)
			}
			i++
			continue
		}
		n := 0
		if i == 0 || !asciiLetter(src[i-1]) {
			if n = numberAt(src, i, found); n == 0 && v6 && colonNear(src[i:]) {
				n = sixAt(src, i, found)
			}
			if n == 0 && (i == 0 || !inWord[src[i-1]]) && mayBeNumber(src[i:]) {
				n = bareNumber(src, i, found)
			}
		}
		for n == 0 || i+n < len(src) && src[i+n] >= '0' && src[i+n] <= '9' {
			n++
		}
		i += n
	}
}

// noAddress returns the length of the id or the instant that src begins with, as every
// object has them: neither can hold an address. 0 where it begins with none.
func noAddress(src []byte) int {
	const id, instant = "dddddddd-dddd-dddd-dddd-dddddddddddd", "dddd-dd-ddTdd:dd:dd"
	switch {
	case len(src) > len(id) && src[8] == '-' && src[13] == '-' && src[23] == '-' && hexShape(src, id) && !inWord[src[len(id)]]:
		return len(id)
	case len(src) > len(instant) && src[4] == '-' && src[10] == 'T' && src[13] == ':' && hexShape(src, instant) &&
		(src[len(instant)] == 'Z' || src[len(instant)] == '.'):
		return len(instant)
	}
	return 0
}

// hexShape reports whether src begins with signs of a shape, and with hexadecimal
// digits where that has d.
func hexShape(src []byte, shape string) bool {
	for i := range len(shape) {
		if c := shape[i]; c == 'd' && !hexDigit(rune(src[i])) || c != 'd' && src[i] != c {
			return false
		}
	}
	return true
}

// mayBegin are the bytes that an address begins with.
var mayBegin = func() (t [256]bool) {
	for c := range t {
		t[c] = mayBeginSix[c] || c >= '0' && c <= '9'
	}
	return t
}()

// mayBeginSix are the bytes but digits that an IPv6 address begins with.
var mayBeginSix = func() (t [256]bool) {
	for _, c := range []byte(":abcdefABCDEF") {
		t[c] = true
	}
	return t
}()

// beforeNoSix are the bytes behind which no IPv6 address begins.
var beforeNoSix = func() (t [256]bool) {
	for c := range t {
		t[c] = tokenByte(byte(c)) || c == '%'
	}
	return t
}()

// inWord are the bytes that a number of its own doesn't stand beside.
var inWord = func() (t [256]bool) {
	for c := range t {
		t[c] = c >= '0' && c <= '9' || asciiLetter(byte(c)) || c == '%'
	}
	return t
}()

// colonNear reports whether a group of an IPv6 address ends near.
func colonNear(b []byte) bool {
	for _, c := range b[:min(len(b), 6)] {
		if c == ':' {
			return true
		}
	}
	return false
}

// numberAt finds an IPv4 address that begins with the digit at i.
func numberAt(src []byte, i int, found func(netip.Addr, int, int)) int {
	a, n := quad(src[i:])
	if n == 0 {
		return wholeNumber(src, i, found)
	}
	found(a, i, i+n)
	if reverseName(src[i+n:]) {
		b := a.As4()
		slices.Reverse(b[:])
		found(netip.AddrFrom4(b), i, i+n)
	}
	return n
}

// reverseName reports whether rest goes on as the name of an address does.
func reverseName(rest []byte) bool {
	for _, label := range []string{"in-addr", "arpa"} {
		n := dot(rest)
		if n == 0 || n+len(label) > len(rest) || !strings.EqualFold(string(rest[n:n+len(label)]), label) {
			return false
		}
		rest = rest[n+len(label):]
	}
	return true
}

// quad reads a dotted quad at the beginning of b, its dots maybe defanged, its
// numbers decimal, octal or hexadecimal, and returns its length.
func quad(b []byte) (netip.Addr, int) {
	var a [4]byte
	n := 0
	for k := range 4 {
		if k > 0 {
			d := dot(b[n:])
			if d == 0 {
				return netip.Addr{}, 0
			}
			n += d
		}
		v, size := part(b[n:])
		if size == 0 || v > 255 {
			return netip.Addr{}, 0
		}
		a[k] = byte(v)
		n += size
	}
	if n < len(b) && b[n] < utf8.RuneSelf && alnum(rune(b[n])) && b[n] != 'T' {
		return netip.Addr{}, 0
	}
	return netip.AddrFrom4(a), n
}

// part reads one number of a quad.
func part(b []byte) (v, n int) {
	if len(b) > 2 && b[0] == '0' && b[1]|0x20 == 'x' {
		for n = 2; n < len(b) && n < 6 && hexDigit(rune(b[n])); n++ {
			v = v<<4 | int(nibble(b[n]))
		}
		return v, n
	}
	base := 10
	if len(b) > 2 && b[0] == '0' && octal(b[1]) && octal(b[2]) && len(b) > 3 && octal(b[3]) {
		base = 8
	}
	for n < len(b) && n < 5 && b[n] >= '0' && b[n] <= '9' {
		v = v*base + int(b[n]-'0')
		n++
	}
	return v, n
}

// dots are the ways to write the dot of an address.
var dots = []string{".", "[.]", "(.)", "{.}", "[dot]", "(dot)", " dot ", "[.", ".]", " . ", "\\.", "。", "｡", "．", " [.] ", "-", "_"}

var mayBeDot = func() (t [256]bool) {
	for _, d := range dots {
		t[d[0]] = true
	}
	return t
}()

func dot(b []byte) int {
	if len(b) == 0 || !mayBeDot[b[0]] {
		return 0
	}
	if b[0] == '.' && len(b) > 1 && b[1] >= '0' && b[1] <= '9' {
		return 1
	}
	for _, d := range dots {
		if len(b) >= len(d) && strings.EqualFold(string(b[:len(d)]), d) {
			best := len(d)
			if d == "." && len(b) > 1 && b[1] == ']' {
				best = 2
			}
			return best
		}
	}
	return 0
}

// wholeNumber reads "//3323068416" and "0xC6120001".
func wholeNumber(src []byte, i int, found func(netip.Addr, int, int)) int {
	var v uint64
	n := 0
	if len(src) > i+9 && src[i] == '0' && src[i+1]|0x20 == 'x' {
		for n = 2; n < 10 && i+n < len(src) && hexDigit(rune(src[i+n])); n++ {
			v = v<<4 | uint64(nibble(src[i+n]))
		}
		if n != 10 || i+n < len(src) && hexDigit(rune(src[i+n])) {
			return 0
		}
	} else {
		if i < 2 || src[i-1] != '/' || src[i-2] != '/' {
			return 0
		}
		for i+n < len(src) && n < 11 && src[i+n] >= '0' && src[i+n] <= '9' {
			v = v*10 + uint64(src[i+n]-'0')
			n++
		}
	}
	if v < 1<<24 || v >= 1<<32 {
		return 0
	}
	found(netip.AddrFrom4([4]byte{byte(v >> 24), byte(v >> 16), byte(v >> 8), byte(v)}), i, i+n)
	return n
}

// mayBeNumber tells nearly every word from eight hexadecimal digits by three looks.
func mayBeNumber(b []byte) bool {
	return len(b) >= 8 && hexDigit(rune(b[7])) && hexDigit(rune(b[1])) && hexDigit(rune(b[4]))
}

// bareNumber reads a word that is nothing but the number of a public address: "c6138803"
// or "3323168771". A word begins at i.
func bareNumber(src []byte, i int, found func(netip.Addr, int, int)) int {
	var hex, decimal uint64
	n, digits := 0, true
	for ; i+n < len(src) && n <= 10 && hexDigit(rune(src[i+n])); n++ {
		c := src[i+n]
		hex, decimal = hex<<4|uint64(nibble(c)), decimal*10+uint64(c-'0')
		digits = digits && c <= '9'
	}
	if n < 8 || n > 10 || i+n < len(src) && (src[i+n] == '-' || inWord[src[i+n]]) {
		return 0
	}
	if n == 8 {
		publicNumber(hex, i, n, found)
	}
	if digits {
		publicNumber(decimal, i, n, found)
	}
	return n
}

func publicNumber(v uint64, i, n int, found func(netip.Addr, int, int)) {
	a := netip.AddrFrom4([4]byte{byte(v >> 24), byte(v >> 16), byte(v >> 8), byte(v)})
	if v < 1<<32 && !a.IsPrivate() {
		found(a, i, i+n)
	}
}

// sixAt reads an IPv6 address at i, its colons maybe defanged, and returns its
// length, 0 where there is none.
func sixAt(src []byte, i int, found func(netip.Addr, int, int)) int {
	var text []byte
	n, colons := 0, 0
	for i+n < len(src) && len(text) < 46 {
		c := src[i+n]
		switch {
		case c == ':' || c == '.' || hexDigit(rune(c)):
			text = append(text, c)
			n++
		case c == '[' && i+n+2 < len(src) && src[i+n+1] == ':' && src[i+n+2] == ']':
			text = append(text, ':')
			n += 3
		default:
			goto done
		}
		if text[len(text)-1] == ':' {
			colons++
		}
	}
done:
	if colons < 2 {
		return 0
	}
	if a, err := netip.ParseAddr(strings.TrimRight(string(text), ".")); err == nil {
		found(a.Unmap(), i, i+n)
		if dot(src[i+n:]) > 0 { // ::ffff:192[.]0[.]2[.]1
			return bytes.LastIndexByte(src[i:i+n], ':') + 1
		}
		if b := a.As16(); b[0] == 0x20 && b[1] == 0x02 { // 6to4
			found(netip.AddrFrom4([4]byte(b[2:6])), i, i+n)
		} else if b[0] == 0 && b[1] == 0x64 && b[2] == 0xff && b[3] == 0x9b { // NAT64
			found(netip.AddrFrom4([4]byte(b[12:16])), i, i+n)
		}
	} else if a, err := netip.ParseAddr(strings.Trim(string(text), ":")); err == nil {
		found(a.Unmap(), i, i+n)
	} else if head, _, cut := strings.Cut(string(text), "."); cut { // before the ending of a file
		a, err := netip.ParseAddr(head)
		if err != nil {
			return 0
		}
		found(a, i, i+len(head))
	} else {
		return 0
	}
	return n
}
