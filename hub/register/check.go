package register

import (
	"net/netip"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

const maxCell = 1000 // bytes

// The widest ranges that an organisation may hold. A wider one is a slip that
// would make every address in a report look like the victim's.
const (
	widestV4 = 8
	widestV6 = 20
)

// isText is what every cell must be. Each check returns the rule broken, or "".
func isText(cell string) string {
	switch {
	case !utf8.ValidString(cell):
		return "not-utf8"
	case len(cell) > maxCell:
		return "too-long"
	case strings.ContainsFunc(cell, func(r rune) bool { return unicode.Is(unicode.C, r) || r == utf8.RuneError }):
		return "control-character"
	case strings.TrimSpace(cell) != cell:
		return "outer-space"
	}
	return ""
}

func isID(cell string) string {
	if cell == "" || len(cell) > 64 || !onlyASCII(cell, "-_") {
		return "bad-id"
	}
	return ""
}

func isName(cell string) string {
	if cell == "" {
		return "empty"
	}
	return isText(cell)
}

func isCount(cell string) string {
	if len(cell) > 7 || strings.Trim(cell, "0123456789") != "" {
		return "not-a-number"
	}
	return ""
}

// several splits a cell that may hold more than one value.
func several(cell string) []string {
	return strings.FieldsFunc(cell, func(r rune) bool { return r == '|' })
}

// isFew bounds a list of names: an organisation has room for so many needles.
func isFew(cell string) string {
	const most = 16
	if len(several(cell)) > most {
		return "too-many"
	}
	return isText(cell)
}

func isInstitution(cell string) string {
	if cell != "" && (len(cell) != 10 || strings.Trim(cell, "0123456789") != "") {
		return "bad-institution"
	}
	return ""
}

func isASN(cell string) string {
	for _, n := range several(cell) {
		v, err := strconv.ParseUint(strings.TrimPrefix(n, "AS"), 10, 32)
		if err != nil || v == 0 {
			return "bad-asn"
		}
	}
	return isFew(cell)
}

func isYesNo(cell string) string {
	if cell != "yes" && cell != "no" {
		return "not-yes-or-no"
	}
	return ""
}

func isDomain(cell string) string {
	if cell == "" {
		return ""
	}
	if rule := isText(cell); rule != "" {
		return rule
	}
	labels := strings.Split(cell, ".")
	for _, label := range labels {
		if label == "" || len(label) > 63 || strings.ContainsFunc(label, notInLabel) {
			return "bad-domain"
		}
	}
	if len(labels) < 2 {
		return "bad-domain"
	}
	return ""
}

func notInLabel(r rune) bool {
	return r != '-' && r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.M, r)
}

func isMail(cell string) string {
	if cell == "" {
		return ""
	}
	local, domain, ok := strings.Cut(cell, "@")
	if !ok || local == "" || strings.ContainsAny(local, " \t\"<>,;") || isDomain(domain) != "" || domain == "" {
		return "bad-mail"
	}
	return isText(cell)
}

func isPhone(cell string) string {
	n := len(digitsOf(cell))
	if cell != "" && (n < 6 || n > 20 || strings.Trim(cell, "0123456789+-() ") != "") {
		return "bad-phone"
	}
	return ""
}

func isPostal(cell string) string {
	n := len(digitsOf(cell))
	if cell != "" && (n < 5 || n > 9 || strings.Trim(cell, "0123456789-") != "") {
		return "bad-postal"
	}
	return ""
}

func isHostPrefix(cell string) string {
	if cell != "" && (len(cell) < 2 || len(cell) > 63 || !onlyASCII(cell, "-_")) {
		return "bad-host-prefix"
	}
	return ""
}

func isRangeV4(cell string) string { return isRange(cell, widestV4, netip.Addr.Is4) }
func isRangeV6(cell string) string { return isRange(cell, widestV6, netip.Addr.Is6) }

// isRange checks CIDR blocks with "|" between them.
func isRange(cell string, widest int, family func(netip.Addr) bool) string {
	for _, block := range splitRanges(cell) {
		p, err := netip.ParsePrefix(block)
		if err != nil || !family(p.Addr()) || p.Addr().Is4In6() {
			return "bad-range"
		}
		if p.Bits() < widest {
			return "wide-range"
		}
	}
	return ""
}

func splitRanges(cell string) []string {
	if cell == "" {
		return nil
	}
	return strings.Split(cell, "|")
}

func onlyASCII(s, also string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return !('0' <= r && r <= '9' || 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z' || strings.ContainsRune(also, r))
	})
}

// digitsOf returns the ASCII digits of s.
func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, s)
}
