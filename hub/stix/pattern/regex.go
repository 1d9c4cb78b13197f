package pattern

import (
	"regexp"
	"regexp/syntax"
	"strconv"
	"strings"
)

// validRegex reports whether s can be a regular expression of PCRE, which the
// standard asks for. What RE2 knows is checked exactly; of the rest, look-around,
// atomic groups, flags, comments, back references, possessive quantifiers, large
// repeats and some escapes are first replaced by harmless parts, so that the frame
// around them is still checked. Recursion and conditions are refused. Nothing is
// compiled or run.
func validRegex(s string) bool {
	if _, err := syntax.Parse(s, syntax.Perl); err == nil {
		return true
	}
	_, err := syntax.Parse(withoutPCRE(s), syntax.Perl)
	return err == nil
}

// groups are openings of groups that RE2 lacks, longer ones first.
var groups = []string{"(?<=", "(?<!", "(?=", "(?!", "(?>", "(?|"}

var (
	flags   = regexp.MustCompile(`^\(\?[imsxnJU^-]+[:)]`)
	repeats = regexp.MustCompile(`^\{([0-9]{1,5})(?:(,)([0-9]{0,5}))?\}\+?`)
)

// withoutPCRE replaces what PCRE has and RE2 lacks.
func withoutPCRE(s string) string {
	var b strings.Builder
	class := false
	for i := 0; i < len(s); {
		part, n := s[i:i+1], 1
		switch rest := s[i:]; {
		case rest[0] == '\\':
			part, n = escapeWithoutPCRE(rest, class)
		case class:
			class = rest[0] != ']'
		case rest[0] == '[':
			part, n = classOpening(rest)
			class = true
		case rest[0] == '(':
			part, n = groupOpening(rest)
		case rest[0] == '{':
			part, n = repeat(rest)
		case strings.IndexByte("*+?", rest[0]) >= 0 && strings.HasPrefix(rest[1:], "+"):
			n = 2
		}
		b.WriteString(part)
		i += n
	}
	return b.String()
}

// classOpening reads [ or [^, and a ] that stands first and is meant literally.
func classOpening(s string) (part string, n int) {
	n = 1
	for n < len(s) && n < 3 && (s[n] == '^' && n == 1 || s[n] == ']') {
		n++
		if s[n-1] == ']' {
			break
		}
	}
	return s[:n], n
}

// repeat makes {2,5000} to {1}: RE2 counts to 1,000 only.
func repeat(s string) (part string, n int) {
	m := repeats.FindStringSubmatch(s)
	if m == nil {
		return "{", 1
	}
	low, _ := strconv.Atoi(m[1])
	high, err := strconv.Atoi(m[3])
	if err == nil && high < low {
		return m[0], len(m[0])
	}
	return "{1}", len(m[0])
}

func groupOpening(s string) (part string, n int) {
	if strings.HasPrefix(s, "(?#") {
		if stop := strings.IndexByte(s, ')'); stop >= 0 {
			return "", stop + 1
		}
	}
	if m := flags.FindString(s); m != "" {
		return "(?:" + strings.Trim(m[len(m)-1:], ":"), len(m)
	}
	for _, g := range groups {
		if strings.HasPrefix(s, g) {
			return "(?:", len(g)
		}
	}
	return "(", 1
}

// escapeWithoutPCRE reads the escape that s begins with.
func escapeWithoutPCRE(s string, class bool) (part string, n int) {
	if len(s) < 2 {
		return s, len(s)
	}
	switch c := s[1]; {
	case c == 'k' && len(s) > 2 && !class:
		if stop := strings.IndexAny(s[3:], ">}'"); stop >= 0 {
			return "(?:)", stop + 4
		}
	case '1' <= c && c <= '9' && !class:
		return "(?:)", 2
	case strings.IndexByte("hHRXNe", c) >= 0:
		return "x", 2
	case strings.IndexByte("KGZ", c) >= 0 && !class:
		return "(?:)", 2
	}
	return s[:2], 2
}
