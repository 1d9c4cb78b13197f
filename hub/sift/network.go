package sift

import (
	"bytes"
	"math/bits"
	"net/netip"
	"slices"

	"isac/hub"
)

// networks are the addresses and networks that are looked for. Those of version 4 are
// compared as numbers, since nearly every line of a log has some.
type networks struct {
	hosts   []entry // until it is finished
	wide    []entry
	four    index
	nets    index // by length and first address
	lengths []int
	near    [1 << 10]uint64 // of each first half of an address: is there a network
	six     map[netip.Prefix][]int32
	longSix [129]bool
	any     bool
}

// add takes an address or a network; false is for what is neither by its kind.
func (n *networks) add(v Value, value int32) bool {
	if v.Kind != hub.IPv4 && v.Kind != hub.IPv6 {
		return false
	}
	p, ok := prefixOf(v.Text)
	if !ok {
		return true
	}
	n.any = true
	switch {
	case p.Addr().Is6():
		if n.six == nil {
			n.six = map[netip.Prefix][]int32{}
		}
		n.six[p] = append(n.six[p], value)
		n.longSix[p.Bits()] = true
	case p.Bits() == 32:
		n.hosts = append(n.hosts, entry{hashOf(number(p.Addr()), 32), value})
	default:
		n.addNet(p, value)
	}
	return true
}

func (n *networks) addNet(p netip.Prefix, value int32) {
	first, length := number(p.Addr()), p.Bits()
	n.wide = append(n.wide, entry{hashOf(first, length), value})
	if !slices.Contains(n.lengths, length) {
		n.lengths = append(n.lengths, length)
	}
	for half := first >> 16; half <= (first|^mask(length))>>16; half++ {
		n.near[half>>6] |= 1 << (half & 63)
	}
}

func (n *networks) finish() {
	n.four, n.nets = newIndex(n.hosts), newIndex(n.wide)
	n.hosts, n.wide = nil, nil
}

// prefixOf reads an address or a network; what is of version 4 inside of version 6 is
// of version 4.
func prefixOf(text string) (netip.Prefix, bool) {
	a, err := netip.ParseAddr(text)
	if err == nil {
		a = a.Unmap().WithZone("")
		return netip.PrefixFrom(a, a.BitLen()), true
	}
	p, err := netip.ParsePrefix(text)
	if err != nil {
		return p, false
	}
	if p.Addr().Is4In6() && p.Bits() >= 96 {
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	return p.Masked(), true
}

func number(a netip.Addr) uint32 {
	b := a.As4()
	return uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
}

func mask(length int) uint32 { return ^uint32(0) << (32 - length) }

// hashOf spreads a network. Each step can be undone, so no two have the same.
func hashOf(first uint32, length int) uint64 {
	return bits.RotateLeft64((uint64(length)<<32|uint64(first))*prime, 29) * prime
}

// addressy holds what an address is spelled with.
var addressy = func() (t [256]bool) {
	for _, c := range []byte("0123456789abcdefABCDEF:.") {
		t[c] = true
	}
	return t
}()

// address reads the longest run of what addresses are spelled with around a place, and
// returns where it ends.
func (s *Scanner) address(text []byte, at int) int {
	start, end := at, at+1
	for start > 0 && addressy[text[start-1]] {
		start--
	}
	for end < len(text) && addressy[text[end]] {
		end++
	}
	run := bytes.Trim(text[start:end], ".")
	colons := bytes.Count(run, []byte(":"))
	if colons > 1 && (colons > 5 || bytes.Contains(run, []byte("::"))) && s.six(run) {
		return end
	}
	for part := range bytes.SplitSeq(run, []byte(":")) { // a word before it, or a port behind it
		a, ok := four(bytes.Trim(part, "."))
		if ok {
			s.foundFour(a)
		}
	}
	return end
}

// six looks for an address of version 6, with a sign for a port that isn't there
// perhaps. False is for what is none.
func (s *Scanner) six(run []byte) bool {
	a, err := netip.ParseAddr(string(run))
	if err != nil {
		a, err = netip.ParseAddr(string(bytes.TrimSuffix(run, []byte(":"))))
	}
	if err != nil {
		return false
	}
	if a = a.Unmap(); a.Is4() {
		s.foundFour(number(a))
		return true
	}
	for length, there := range s.sieve.nets.longSix {
		if there {
			p, _ := a.Prefix(length) // fails for no length of these
			s.found = append(s.found, s.sieve.nets.six[p]...)
		}
	}
	return true
}

func (s *Scanner) foundFour(a uint32) {
	n := &s.sieve.nets
	h := hashOf(a, 32)
	if n.four.may(h) {
		s.found = append(s.found, n.four.of(h)...)
	}
	if n.near[a>>22]&(1<<(a>>16&63)) == 0 {
		return
	}
	for _, length := range n.lengths {
		h := hashOf(a&mask(length), length)
		if n.nets.may(h) {
			s.found = append(s.found, n.nets.of(h)...)
		}
	}
}

// four reads an address of version 4 as netip does, without making a string of it.
func four(b []byte) (addr uint32, ok bool) {
	if len(b) < 7 || len(b) > 15 {
		return 0, false
	}
	part, digits, dots := uint32(0), 0, 0
	for _, c := range b {
		switch {
		case c == '.':
			if digits == 0 || dots == 3 {
				return 0, false
			}
			addr, part, digits, dots = addr<<8|part, 0, 0, dots+1
		case c < '0' || c > '9' || digits > 0 && part == 0:
			return 0, false
		default:
			part, digits = part*10+uint32(c-'0'), digits+1
			if part > 255 {
				return 0, false
			}
		}
	}
	return addr<<8 | part, dots == 3 && digits > 0
}
