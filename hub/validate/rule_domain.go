package validate

import (
	"strings"
	"unicode"
)

// domainName wants the syntax of RFC 1034 and RFC 5890 (section 6.4). Underscores,
// as service records have them, are taken.
func domainName(s *subject) {
	value, ok := s.Object["value"].(string)
	if ok && s.Type() == "domain-name" && !isDomain(value) {
		s.report("value", "domain")
	}
}

// isDomain reports whether name is one to 253 bytes of labels, one dot at the end
// allowed.
func isDomain(name string) bool {
	name = strings.TrimSuffix(name, ".")
	if name == "" || len(name) > 253 {
		return false
	}
	for label := range strings.SplitSeq(name, ".") {
		if !isLabel(label) {
			return false
		}
	}
	return true
}

// isLabel reports whether label is one to 63 bytes of letters, digits, marks,
// underscores, and hyphens inside; outside ASCII as IDNA takes them or nearly so.
func isLabel(label string) bool {
	if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
		return false
	}
	for _, r := range label {
		if r < 0x80 {
			if !isAlphanumeric(byte(r)) && r != '-' && r != '_' {
				return false
			}
		} else if !unicode.In(r, unicode.L, unicode.N, unicode.M) && r != '・' && r != '·' && r != '\u200c' && r != '\u200d' {
			return false
		}
	}
	return true
}
