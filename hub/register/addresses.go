package register

import (
	"net/netip"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// search appends a hit for every address or block in the text that touches a
// member's range, plain or defanged (1[.]2[.]3[.]4), in any width of digits.
func (r *ranges) search(source string, hits []Hit) []Hit {
	if len(r.sorted) == 0 {
		return hits
	}
	for i := 0; i < len(source); {
		const wideLead = 0xef // first byte of the wide forms of digits
		if b := source[i]; b >= utf8.RuneSelf && b != wideLead {
			i++
			continue
		}
		c, size := narrow(source[i:])
		if !isHex(c) && c != ':' {
			i += size
			continue
		}
		end := i
		if a, n, ok := readV4(source[i:]); ok {
			end = i + n
			hits = r.judge(source, a, i, end, hits)
		} else if a, n, ok := readV6(source[i:]); ok {
			end = i + n
			hits = r.judge(source, a, i, end, hits)
		}
		i = skipWord(source, max(end, i+size))
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
	if a.Is4() && hasPrefixFold(source[end:], ".in-addr.arpa") {
		b := a.As4()
		a = netip.AddrFrom4([4]byte{b[3], b[2], b[1], b[0]})
	}
	if r.has(a) {
		return append(hits, Hit{Start: start, End: end, Class: Range})
	}
	return hits
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

// narrow returns the first character in its narrow form.
func narrow(s string) (rune, int) {
	if s[0] < utf8.RuneSelf {
		return rune(s[0]), 1
	}
	r, size := utf8.DecodeRuneInString(s)
	if p := width.LookupRune(r).Narrow(); p != 0 {
		return p, size
	}
	return r, size
}

func isHex(r rune) bool {
	return '0' <= r && r <= '9' || 'a' <= r && r <= 'f' || 'A' <= r && r <= 'F'
}

// skipWord goes on to the end of a run of letters and digits, so that no address
// is looked for in the middle of one.
func skipWord(s string, i int) int {
	for i < len(s) {
		r, size := narrow(s[i:])
		if !(r < utf8.RuneSelf && r >= 0 && asciiFold[r] != 0) {
			break
		}
		i += size
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
			n += unseenLen(s[n:])
		}
		value, digits := 0, 0
		for n < len(s) && digits < 4 {
			r, size := narrow(s[n:])
			if r < '0' || r > '9' {
				break
			}
			value, digits, n = value*10+int(r-'0'), digits+1, n+size
			n += unseenLen(s[n:])
		}
		if digits == 0 || digits > 3 || value > 255 {
			return netip.Addr{}, 0, false
		}
		parts[i] = byte(value)
	}
	return netip.AddrFrom4(parts), n, true
}

// unseenLen returns the length of the marks and invisible characters that s
// begins with.
func unseenLen(s string) int {
	n := 0
	for n < len(s) && s[n] >= utf8.RuneSelf {
		r, size := utf8.DecodeRuneInString(s[n:])
		if !unseen(r) {
			break
		}
		n += size
	}
	return n
}

// dots are what stands for a dot in addresses, longest first. A hyphen or
// underscore does in names made from addresses.
var dots = []string{"[dot]", "(dot)", "{dot}", "[DOT]", " dot ", " [.] ", "[.]", "(.)", "{.}", "\\.", ".", "．", "。", "｡", "-", "_", "・"}

func dotLen(s string) int {
	for _, d := range dots {
		if strings.HasPrefix(s, d) {
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
		r, size := narrow(s[n:])
		if unseen(r) {
			n += size
			continue
		}
		if !isHex(r) && r != ':' && r != '.' {
			break
		}
		if r == ':' {
			colons++
		}
		plain.WriteRune(r)
		n += size
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
