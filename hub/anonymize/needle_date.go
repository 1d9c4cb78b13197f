package anonymize

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"isac/hub/register"
)

// Days as people write them in full, after compatibility forms are folded.
var (
	dayJA  = regexp.MustCompile(`(\d{4}|(?:令和|平成|R|H)\s?(?:\d{1,2}|元))(?:\([^)]{1,8}\))?\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日`)
	dayEra = regexp.MustCompile(`\b(R\d{1,2})[./-](\d{1,2})[./-](\d{1,2})\b`)
	dayISO = regexp.MustCompile(`\b((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?:\b|T)`)
	dayUS  = regexp.MustCompile(`\b(\d{1,2})[-/.](\d{1,2})[-/.]((?:19|20)\d\d)\b`)
	dayMDY = regexp.MustCompile(`(?i)\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+((?:19|20)\d\d)\b`)
	dayDMY = regexp.MustCompile(`(?i)\b(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?,?\s+((?:19|20)\d\d)\b`)
)

// daysOf takes the days that a text tells in full.
func (n *needles) daysOf(text string) {
	if strings.Contains(text, "年") {
		for _, m := range dayJA.FindAllStringSubmatch(text, -1) {
			n.day(yearOf(m[1]), number(m[2]), number(m[3]))
		}
	}
	may := mayHaveDay(text)
	if may.era {
		for _, m := range dayEra.FindAllStringSubmatch(text, -1) {
			n.day(yearJA(m[1]), number(m[2]), number(m[3]))
		}
	}
	if may.yearFirst {
		for _, m := range dayISO.FindAllStringSubmatch(text, -1) {
			n.day(number(m[1]), number(m[2]), number(m[3]))
		}
	}
	if may.yearLast {
		for _, m := range dayUS.FindAllStringSubmatch(text, -1) { // either side of the ocean
			n.day(number(m[3]), number(m[1]), number(m[2]))
			n.day(number(m[3]), number(m[2]), number(m[1]))
		}
	}
	if !may.month {
		return
	}
	for _, m := range dayMDY.FindAllStringSubmatch(text, -1) {
		n.day(number(m[3]), monthOf(m[1]), number(m[2]))
	}
	for _, m := range dayDMY.FindAllStringSubmatch(text, -1) {
		n.day(number(m[3]), monthOf(m[2]), number(m[1]))
	}
}

// mayDay says which of the expressions for days a text may match.
type mayDay struct{ era, yearFirst, yearLast, month bool }

// mayHaveDay looks for "R5", for a year with a sign behind or before it, and for a year
// and a month by name: most texts have none, and expressions are slow.
func mayHaveDay(text string) (may mayDay) {
	year := false
	sign := func(i int) bool { return i >= 0 && i < len(text) && strings.IndexByte("-/.", text[i]) >= 0 }
	digit := func(i int) bool { return i < len(text) && isDigit(text[i]) }
	for i := range len(text) {
		switch c := text[i]; {
		case c == 'R' && digit(i+1):
			may.era = true
		case (c == '1' && digit(i+1) && text[i+1] == '9' || c == '2' && digit(i+1) && text[i+1] == '0') && digit(i+2) && digit(i+3):
			year = true
			may.yearFirst = may.yearFirst || sign(i+4)
			may.yearLast = may.yearLast || sign(i-1)
		}
	}
	may.month = year && namesMonth(text)
	return may
}

// namesMonth reports whether the first letters of a month's English name stand in a text.
func namesMonth(text string) bool {
	for i := 0; i+3 <= len(text); i++ {
		switch text[i] | 0x20 {
		case 'j', 'f', 'm', 'a', 's', 'o', 'n', 'd':
			if strings.Contains(monthNames, strings.ToLower(text[i:i+3])) {
				return true
			}
		}
	}
	return false
}

// day takes a day, if there is such a one.
func (n *needles) day(year, month, day int) {
	d := fmt.Sprintf("%04d%02d%02d", year, month, day)
	if _, err := time.Parse("20060102", d); err == nil && plausibleDay(d) {
		n.dates[d] = true
	}
}

// yearOf reads a year of the calendar or of an era.
func yearOf(s string) int {
	if strings.HasPrefix(s, "平成") || strings.HasPrefix(s, "H") {
		return yearJA(s) - 30
	}
	return yearJA(s)
}

func monthOf(s string) int {
	return 1 + strings.Index(monthNames, strings.ToLower(s))/3
}

const monthNames = "janfebmaraprmayjunjulaugsepoctnovdec"

// datesIn looks for a day of the report, in any order of its parts, with or without
// signs between and with two digits of its year.
func (n *needles) datesIn(text string) bool {
	if len(n.dates) == 0 {
		return false
	}
	text = plainDigits(text)
	for i := 0; i < len(text); i++ {
		if !isDigit(text[i]) {
			continue
		}
		groups, end := digitGroups(text[i:])
		for from := range groups {
			if n.isDay(groups[from:]) {
				return true
			}
		}
		i += end
	}
	return false
}

// plainDigits returns a text with digits and dashes in ASCII, without marks and signs
// that can't be seen.
func plainDigits(text string) string {
	if strings.IndexFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) < 0 {
		return text
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r < utf8.RuneSelf:
			return r
		case unicode.Is(unicode.Pd, r) || r == '−':
			return '-'
		}
		switch folded := register.Fold(string(r)); {
		case len(folded) == 1:
			return rune(folded[0])
		case folded == "" && unicode.In(r, unicode.M, unicode.Cf):
			return -1
		}
		return r
	}, norm.NFKC.String(text))
}

// digitGroups reads a run of digits with single signs between.
func digitGroups(s string) (groups []string, end int) {
	from := 0
	for i := range len(s) {
		switch {
		case isDigit(s[i]):
			end = i + 1
		case strings.IndexByte("-/._", s[i]) >= 0 && i > from:
			groups = append(groups, s[from:i])
			from = i + 1
		default:
			if i > from {
				groups = append(groups, s[from:i])
			}
			return groups, end
		}
	}
	if from < len(s) {
		groups = append(groups, s[from:])
	}
	return groups, end
}

// isDay reports whether groups of digits begin with a day of the report.
func (n *needles) isDay(groups []string) bool {
	switch g := groups[0]; {
	case len(g) == 8:
		return n.dates[g] || n.dates[g[4:]+g[2:4]+g[:2]] || n.dates[g[4:]+g[:2]+g[2:4]]
	case len(g) == 12 || len(g) == 14: // with the time of day
		return n.dates[g[:8]]
	case len(g) == 6:
		return n.dates["20"+g]
	case len(groups) >= 3 && len(g) <= 4 && len(groups[1]) <= 2 && len(groups[2]) <= 4:
		a, b, c := g, padded(groups[1]), padded(groups[2])
		if len(a) == 4 {
			return n.dates[a+b+c]
		}
		a = padded(a)
		return n.dates[c+b+a] || n.dates[c+a+b] || n.dates["20"+a+b+c]
	}
	return false
}

func padded(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// dayDigits reads eight digits with at most one of -/._ after the fourth and sixth.
func dayDigits(s string) string {
	out := make([]byte, 0, 8)
	for i := 0; i < len(s) && len(out) < 8; i++ {
		switch {
		case isDigit(s[i]):
			out = append(out, s[i])
		case (len(out) == 4 || len(out) == 6) && strings.IndexByte("-/._", s[i]) >= 0 && isDigit(s[i-1]):
		default:
			return ""
		}
	}
	return string(out)
}

func plausibleDay(d string) bool {
	return (d[:2] == "19" || d[:2] == "20") && d[4:6] >= "01" && d[4:6] <= "12" && d[6:] >= "01" && d[6:] <= "31"
}
