package validate

import (
	"net/netip"
	"strconv"
	"strings"
)

// address wants ipv4-addr and ipv6-addr values to be addresses or blocks in CIDR
// notation (sections 6.9 and 6.10). An IPv4 address mapped into IPv6 is one.
func address(s *subject) {
	value, ok := s.Object["value"].(string)
	if !ok {
		return
	}
	switch s.Type() {
	case "ipv4-addr":
		if !isBlock(value, netip.Addr.Is4, 32) {
			s.report("value", "ipv4")
		}
	case "ipv6-addr":
		if !isBlock(value, netip.Addr.Is6, 128) {
			s.report("value", "ipv6")
		}
	}
}

// isBlock reads an address of the family with or without the length of a prefix.
func isBlock(value string, family func(netip.Addr) bool, bits int) bool {
	text, length, block := strings.Cut(value, "/")
	addr, err := netip.ParseAddr(text)
	if err != nil || !family(addr) || addr.Zone() != "" {
		return false
	}
	if !block {
		return true
	}
	n, err := strconv.Atoi(length)
	return err == nil && strconv.Itoa(n) == length && n >= 0 && n <= bits
}
