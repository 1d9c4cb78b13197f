package gate

import (
	"net/netip"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A leftOut is the set of values left out of one report, made ready to be searched
// for: each value as it stands and the forms that follow from it.
type leftOut struct {
	needles  []needle
	nets     netSet
	shingles shingles
	seen     map[string]bool
}

// Values longer than proseFrom characters are searched for piece by piece as well:
// nobody repeats them whole.
const proseFrom = 40

func newLeftOut(values []string) *leftOut {
	l := &leftOut{needles: make([]needle, 0, 4*len(values)), seen: make(map[string]bool, 2*len(values))}
	for _, v := range values {
		if v = strings.TrimSpace(v); v != "" && !l.seen[v] {
			l.seen[v] = true
			l.value(v, v)
			if decoded, ok := unescape(nil, []byte(v)); ok {
				l.value(v, string(decoded))
			}
		}
	}
	l.nets.sort()
	return l
}

func (l *leftOut) add(raw, form string, r rule) { l.addFolded(raw, squeeze(form), r) }

func (l *leftOut) addFolded(raw, text string, r rule) {
	if len(text) >= 2 {
		l.needles = append(l.needles, needle{text: text, raw: raw, class: "value", rule: r})
	}
}

// value adds a value and what follows from its form.
func (l *leftOut) value(raw, v string) {
	l.whole(raw, v)
	if utf8.RuneCountInString(v) >= proseFrom {
		l.shingles.add(raw, v)
	}
	if len(v) > 400 {
		return
	}
	l.dates(raw, v)
	switch {
	case l.nets.add(v):
	case strings.Contains(v, "://"):
		l.url(raw, v)
	case isPath(v):
		l.path(raw, v)
	case strings.Count(v, "@") == 1 && !strings.ContainsAny(v, " \t"):
		l.mail(raw, v)
	case isDomain(v):
		l.domain(raw, v)
	default:
		l.text(raw, v)
	}
}

// whole adds the value as it stands. From ten characters on it counts anywhere;
// a shorter one between boundaries; a short one in capitals in capitals only.
func (l *leftOut) whole(raw, v string) {
	text := squeeze(v)
	n := utf8.RuneCountInString(v)
	digits := strings.Trim(text, "0123456789") == ""
	switch {
	case text == "":
	case digits:
		l.digits(raw, v, text)
	case n >= 10 && utf8.RuneCountInString(text) >= 8:
		l.addFolded(raw, text, anywhere)
	case n >= 10:
		l.needles = append(l.needles, needle{text: text, raw: raw, class: "value", rule: literal, aux: v})
	case n <= 5 && strings.ToUpper(v) == v && strings.ToLower(v) != v:
		l.addFolded(raw, text, capitals)
	case utf8.RuneCountInString(text) == 1:
		l.addFolded(raw, text, alone)
	default:
		l.addFolded(raw, text, word)
	}
}

// digits adds a value of digits: a phone, a number. One or two digits by themselves
// say nothing and stand everywhere.
func (l *leftOut) digits(raw, v, text string) {
	if p := phoneDigits(v); p != "" && strings.ContainsAny(v, "-() +") {
		l.addFolded(raw, p, phone)
	}
	if strings.Trim(v, "0123456789") != "" {
		l.needles = append(l.needles, needle{text: text, raw: raw, class: "value", rule: exact, aux: v})
	}
	switch n := len(text); {
	case n >= 10:
		l.addFolded(raw, text, word)
	case n >= 3 && plainNumber([]byte(v)):
		l.addFolded(raw, text, number)
	}
}

// text adds the parts of a name, a user, a number with its unit.
func (l *leftOut) text(raw, v string) {
	narrow := foldWidth(v)
	digits := countDigits(narrow)
	if digits > 0 && digits < 12 && !endsInDigit(narrow) {
		if number, unit, ok := withUnit(narrow); ok {
			l.unit(raw, number, unit)
		}
	}
	if digits >= 9 && mayPhone(narrow) {
		if digits := phoneDigits(phoneIn.FindString(narrow)); digits != "" {
			l.addFolded(raw, digits, phone)
		}
	}
	if utf8.RuneCountInString(v) < proseFrom {
		l.name(raw, v)
	}
	if user := v[strings.LastIndexByte(v, '\\')+1:]; user != v && len(user) > 2 && utf8.RuneCountInString(user) > 1 {
		l.add(raw, user, word)
	}
	if v == "" || v[0] < 'A' || v[0] > 'Z' {
		return
	}
	if host := hostShape.FindStringSubmatch(v); host != nil && !common(host[1]) {
		l.add(raw, host[1], capitals)
	}
}

var (
	phoneIn   = regexp.MustCompile(`\+?[0-9(][0-9()\- ]{8,16}[0-9]`)
	hostShape = regexp.MustCompile(`^([A-Z]{5,12})[-_][A-Z0-9_-]{2,12}$`)
	municipal = regexp.MustCompile(`^(.{1,12}?[都道府県市区町村])立(.{2,})$`)
)

// withUnit parts a value into its one number and the unit behind it; a few signs may
// stand before the number.
func withUnit(v string) (number, unit string, ok bool) {
	const most = 12 // characters
	from := strings.IndexAny(v, "0123456789")
	if from < 0 || utf8.RuneCountInString(v[:from]) > most {
		return "", "", false
	}
	number = v[from:]
	number = number[:len(number)-len(strings.TrimLeft(number, "0123456789,"))]
	unit = strings.TrimLeft(v[from+len(number):], " \t\r\n\f")
	return number, unit, unit != "" && utf8.RuneCountInString(unit) <= most && !strings.ContainsAny(unit, "0123456789")
}

// mayPhone reports whether ten digits and signs of phone numbers stand in a row.
func mayPhone(v string) bool {
	run := 0
	for i := range len(v) {
		if run++; (v[i] < '0' || v[i] > '9') && v[i] != '(' && v[i] != ')' && v[i] != '-' && v[i] != ' ' {
			run = 0
		}
		if run >= 10 {
			return true
		}
	}
	return false
}

// units are the English words for counters.
var units = map[string][]string{
	"床": {"beds", "bed", "病床"}, "病床": {"beds", "bed", "床"}, "名": {"people", "persons", "人"}, "人": {"people", "persons", "patients", "名"},
	"台": {"computers", "devices", "servers", "units", "machines", "pcs"}, "件": {"records", "cases", "incidents"},
	"床の": {"beds"}, "beds": {"床"}, "patients": {"人", "名"}, "people": {"人", "名"}, "日": {}, "月": {}, "年": {}, "時": {}, "分": {}, "%": {}, "％": {},
}

// unit adds a number with its unit, and from three digits on the number alone.
func (l *leftOut) unit(raw, digits, unit string) {
	unit = strings.TrimSpace(unit)
	others, known := units[strings.ToLower(unit)]
	for _, u := range append([]string{unit}, others...) {
		if !known || len(others) > 0 {
			l.addUnit(raw, squeeze(digits+u))
		}
	}
	if n := squeeze(digits); len(n) >= 3 && (!known || len(others) > 0) {
		l.addFolded(raw, n, count)
		if k := kanjiNumber(n); k != "" {
			l.add(raw, k+unit, leftEdge)
		}
	}
}

func (l *leftOut) addUnit(raw, text string) {
	if endsInDigit(text) {
		return // the unit was no letter
	}
	l.addFolded(raw, text, word)
}

// name adds the parts of a name that tell it by themselves: the words of a Latin
// name, what stands behind 「○○町立」, a company without its form.
func (l *leftOut) name(raw, v string) {
	if strings.Contains(v, "立") {
		if m := municipal.FindStringSubmatch(v); m != nil {
			l.add(raw, m[1], leftEdge)
			l.add(raw, m[2], word)
		}
	}
	if short := withoutForm(v); len(short) < len(v) && utf8.RuneCountInString(short) >= 3 {
		l.add(raw, short, word)
	}
	for _, part := range partsOf(v) {
		if part = strings.TrimSpace(part); part != v && utf8.RuneCountInString(part) >= 3 && strings.ContainsFunc(part, unicode.IsLetter) && !common(part) {
			l.add(raw, part, word)
		}
	}
	if other := otherSystem(v); other != v {
		l.add(raw, other, word)
	}
	words := strings.Fields(v)
	if len(words) < 2 || len(words) > 6 {
		return
	}
	for _, w := range words {
		w = strings.Trim(w, ".,;:()'\"")
		if len(w) >= 5 && upperFirst([]byte(w)) && !common(w) {
			l.add(raw, w, capital)
		}
	}
}

// partsOf returns the names in a value, nil where it is one.
func partsOf(v string) []string {
	if !strings.ContainsFunc(v, partsName) {
		return nil
	}
	return strings.FieldsFunc(v, partsName)
}

// partsName reports whether a sign parts the names in a value.
func partsName(r rune) bool {
	switch r {
	case '、', '，', '/', '／', '・', '（', '）', '(', ')', '「', '」', '|', ';':
		return true
	}
	return false
}

// domain adds a host name, its first label, and the domain it belongs to.
func (l *leftOut) domain(raw, v string) {
	v = strings.ToLower(strings.Trim(v, "."))
	l.add(raw, v, domain)
	first, parent, _ := strings.Cut(v, ".")
	if genericHost(first) {
		if strings.Contains(parent, ".") && !widelyUsed[parent] && !shared[parent] {
			l.add(raw, parent, domain)
		}
	} else if len(first) >= 4 && strings.Count(v, ".") >= 2 && !common(first) {
		l.add(raw, first, word)
	}
	if own := ownLabel(v); len(own) >= 6 && !common(own) && !widelyUsed[registrable(v)] {
		l.add(raw, own, word)
		l.add(raw, registrable(v), domain)
	}
}

// registrable returns a domain from the label that its owner chose.
func registrable(v string) string {
	own := ownLabel(v)
	if i := strings.LastIndex(v, own+"."); own != "" && i >= 0 {
		return v[i:]
	}
	return v
}

// genericHost reports whether a first label says nothing: www, mail, vpn2.
func genericHost(label string) bool {
	return common(strings.TrimRight(label, "0123456789"))
}

func isDomain(v string) bool {
	if !strings.Contains(v, ".") || strings.ContainsAny(v, " /\\@:") {
		return false
	}
	labels := strings.Split(strings.Trim(v, "."), ".")
	last := labels[len(labels)-1]
	if len(labels) < 2 || len(last) < 2 || strings.Trim(last, "0123456789") == "" {
		return false
	}
	for _, label := range labels {
		for _, r := range label {
			if !joins(r) && r != '_' {
				return false
			}
		}
		if label == "" {
			return false
		}
	}
	return true
}

func (l *leftOut) mail(raw, v string) {
	local, host, _ := strings.Cut(v, "@")
	l.add(raw, v, word)
	if len(local) >= 4 && !common(local) {
		l.add(raw, local, word)
	}
	for _, part := range strings.FieldsFunc(local, func(r rune) bool { return r == '.' || r == '_' || r == '+' }) {
		if len(part) >= 5 && part != local && !common(part) {
			l.add(raw, part, word)
		}
	}
	if isDomain(host) && !widelyUsed[registrable(strings.ToLower(host))] {
		l.domain(raw, host)
	}
}

// url adds the host of a URL and the words and dates of its path.
func (l *leftOut) url(raw, v string) {
	_, rest, _ := strings.Cut(v, "://")
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	host := rest[:end]
	host = host[strings.LastIndexByte(host, '@')+1:]
	if name, port, ok := strings.Cut(host, ":"); ok && strings.Trim(port, "0123456789") == "" {
		host = name
	}
	if _, err := netip.ParseAddr(host); err == nil {
		l.nets.add(host)
	} else if isDomain(host) {
		l.domain(raw, host)
	}
	l.add(raw, rest, anywhereFrom(rest))
	for _, seg := range strings.FieldsFunc(rest[end:], func(r rune) bool { return strings.ContainsRune("/?#&=", r) }) {
		l.segment(raw, seg)
	}
}

func anywhereFrom(v string) rule {
	if utf8.RuneCountInString(v) >= 10 {
		return anywhere
	}
	return word
}

// segment adds one part of a URL's path or of a file path: itself where it is more
// than a common word, and its words.
func (l *leftOut) segment(raw, seg string) {
	lower := strings.ToLower(seg)
	if len(seg) >= 4 && !common(lower) && strings.Trim(seg, "0123456789") != "" {
		if strings.Trim(lower, "abcdefghijklmnopqrstuvwxyz") != "" && utf8.RuneCountInString(seg) >= 16 {
			l.add(raw, seg, anywhere)
		} else {
			l.add(raw, seg, word)
		}
	}
	if len(seg) >= 3 && strings.Trim(seg, "0123456789") == "" {
		l.digits(raw, seg, seg)
		return
	}
	for _, w := range strings.FieldsFunc(seg, func(r rune) bool { return r >= utf8.RuneSelf || !asciiLetter(byte(r)) }) {
		if len(w) >= 5 && w != seg && !common(w) {
			l.add(raw, w, word)
		}
	}
}

func isPath(v string) bool {
	return strings.Contains(v, `:\`) || strings.HasPrefix(v, `\\`) || strings.HasPrefix(v, "/") && strings.Count(v, "/") > 1 ||
		strings.HasPrefix(v, "~/")
}

// program are endings of files that attackers bring: such a name at the end of a
// path is not searched for alone, as the alert may well tell it.
var program = regexp.MustCompile(`(?i)\.(exe|dll|sys|scr|bat|cmd|ps1|psm1|vbs|vbe|js|jse|wsf|hta|lnk|msi|jar|py|sh|elf|so|aspx?|jspx?|php|cpl|ocx)$`)

// path adds the parts of a file path; what follows the folder of all profiles is the
// name of a user, however short.
func (l *leftOut) path(raw, v string) {
	parts := strings.FieldsFunc(v, func(r rune) bool { return r == '\\' || r == '/' })
	for i, p := range parts {
		if i > 0 && profileFolder[strings.ToLower(parts[i-1])] && len(p) > 1 && !common(p) {
			l.add(raw, p, word)
			continue
		}
		if i == len(parts)-1 && program.MatchString(p) || strings.HasSuffix(p, ":") {
			continue
		}
		l.segment(raw, p)
	}
}

var profileFolder = map[string]bool{"users": true, "home": true, "documents and settings": true, "profiles": true}

// foldWidth returns v with wide digits, letters and signs made narrow.
func foldWidth(v string) string {
	if !mayHaveWide(v) {
		return v
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r < utf8.RuneSelf:
			return r
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case r == '　':
			return ' '
		case unicode.Is(unicode.Pd, r) || r == '−':
			return '-'
		}
		return r
	}, v)
}

// mayHaveWide reports whether v has other letters than those of ASCII, kana and kanji,
// which foldWidth leaves as they are.
func mayHaveWide(v string) bool {
	for i := 0; i < len(v); i++ {
		switch c := v[i]; {
		case c < utf8.RuneSelf:
		case c == 0xe3 && i+2 < len(v) && (v[i+1] == 0x81 || v[i+1] == 0x83 || v[i+1] == 0x82 && v[i+2] > 0xa0), c >= 0xe4 && c <= 0xe9 && i+2 < len(v):
			i += 2
		default:
			return true
		}
	}
	return false
}

// kanjiNumber writes digits with kanji, one by one.
func kanjiNumber(digits string) string {
	var b strings.Builder
	for _, d := range digits {
		if d < '0' || d > '9' {
			return ""
		}
		b.WriteRune([]rune("〇一二三四五六七八九")[d-'0'])
	}
	return b.String()
}

func countDigits[T string | []byte](s T) int {
	n := 0
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			n++
		}
	}
	return n
}
