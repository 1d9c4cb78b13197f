package validate

import (
	"net/netip"
	"strings"
)

// mailAddress wants the addr-spec of RFC 5322 without a display name (section
// 6.5).
func mailAddress(s *subject) {
	value, ok := s.Object["value"].(string)
	if ok && s.Type() == "email-addr" && !isMail(value) {
		s.report("value", "mail")
	}
}

func isMail(address string) bool {
	at := strings.LastIndexByte(address, '@')
	if at < 1 {
		return false
	}
	return isLocalPart(address[:at]) && isMailDomain(address[at+1:])
}

// isLocalPart reads a dot-atom or a quoted string; RFC 6531 allows characters
// outside ASCII in both.
func isLocalPart(local string) bool {
	if len(local) >= 2 && local[0] == '"' && local[len(local)-1] == '"' {
		return isQuoted(local[1 : len(local)-1])
	}
	for atom := range strings.SplitSeq(local, ".") {
		if !isAtom(atom) {
			return false
		}
	}
	return true
}

func isAtom(atom string) bool {
	for i := range len(atom) {
		if c := atom[i]; c < 0x80 && !isAlphanumeric(c) && strings.IndexByte("!#$%&'*+-/=?^_`{|}~", c) < 0 {
			return false
		}
	}
	return atom != ""
}

func isQuoted(text string) bool {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\':
			i++
			if i == len(text) {
				return false
			}
		case c == '"' || c < 0x20 || c == 0x7f:
			return false
		}
	}
	return true
}

// isMailDomain reads a domain or an address in brackets.
func isMailDomain(domain string) bool {
	if !strings.HasPrefix(domain, "[") || !strings.HasSuffix(domain, "]") {
		return isDomain(domain)
	}
	literal := strings.TrimPrefix(domain[1:len(domain)-1], "IPv6:")
	_, err := netip.ParseAddr(literal)
	return err == nil
}
