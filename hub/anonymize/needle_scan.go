package anonymize

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"isac/hub/register"
	"isac/hub/stix"
)

// scan takes the needles out of prose: addresses, hosts, paths, ids, numbers with
// a unit, days, names of people, places and organisations by their shape.
func (n *needles) scan(text string, w weight) { n.read(text, w, true) }

// read is scan of prose, or of a text that is none: there the first word is as
// likely a name as any.
func (n *needles) read(text string, w weight, prose bool) {
	if n.again(text, w, prose) {
		return
	}
	text = norm.NFKC.String(text)
	n.daysOf(text)
	start := prose // at the start of a sentence
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch length := mixed(text[i:]); {
		case length > 0:
			end := i + length
			if strings.Contains(text[i:end], "://") {
				n.url(text[i:end], w)
			} else if !prose || !start && unicode.IsUpper(r) {
				n.add(text[i:end], w)
			}
			start = false
			i = end
			continue
		case tokenByte(text[i]):
			end := i + 1
			for end < len(text) && tokenByte(text[end]) {
				end++
			}
			n.token(text[i:end], text[end:], start, w)
			start = prose && strings.IndexByte(".!?:", text[end-1]) >= 0
			i = end
			continue
		case kanjiOrKatakana(r):
			end := i + run(text[i:])
			n.japanese(text[i:end], text[end:], w)
			start = false
			i = end
			continue
		case r == '\n' || r == '。' || r == '-' || r == '*' || r == '"' || r == '(':
			start = prose
		}
		i += size
	}
}

// again reports whether a text was read before in this way: times and ids stand in
// every object.
func (n *needles) again(text string, w weight, prose bool) bool {
	k := reading{text, w, prose}
	if n.done[k] {
		return true
	}
	n.done[k] = true
	return false
}

// value takes a left-out value that is no prose: whole where it is short, and what
// is in it.
func (n *needles) value(text string, w weight) {
	if len(text) <= 128 && !strings.ContainsAny(text, `/\`) && (w == heavy || len(strings.Fields(text)) == 1) && !n.underAttackers(text, w) {
		n.add(text, w)
	}
	if len(text) <= 128 || !blob(text) {
		n.read(text, w, false)
	}
}

// underAttackers reports whether a host or mail address is in a domain that the
// attacker registered.
func (n *needles) underAttackers(t string, w weight) bool {
	_, ok := n.below(strings.ToLower(t[strings.LastIndexByte(t, '@')+1:]), w)
	return ok
}

// blob reports whether a text is bytes in base64 or hexadecimal digits: what is in
// it is read, not how it looks.
func blob(text string) bool {
	for i := range len(text) {
		if c := text[i]; !alnum(c) && strings.IndexByte("+/=-_\r\n", c) < 0 {
			return false
		}
	}
	return true
}

// tokenByte tells the bytes of hosts, addresses, paths, names and numbers.
func tokenByte(c byte) bool {
	return alnum(c) || strings.IndexByte("._-@:/\\%+~#$?=&'", c) >= 0
}

// mixed is the length of a word at the start of s that has letters of other alphabets
// in it, 0 where there is none: look-alikes, and names of other languages.
func mixed(s string) int {
	other := false
	for i, r := range s {
		switch {
		case r < utf8.RuneSelf && tokenByte(byte(r)):
		case r >= utf8.RuneSelf && !usual(r) && (unicode.In(r, unicode.Latin, unicode.Cyrillic, unicode.Greek) || unicode.IsMark(r) && i > 0):
			other = true
		case other:
			return i
		default:
			return 0
		}
	}
	if !other {
		return 0
	}
	return len(s)
}

// run is the length of the kanji and katakana at the start of s.
func run(s string) int {
	for i, r := range s {
		if !kanjiOrKatakana(r) && r != 'ー' && r != '々' && r != 'ヶ' {
			return i
		}
	}
	return len(s)
}

// usual reports whether a rune is one of the kana and kanji of which nearly all of a
// Japanese text consists: for these the tables of all scripts needn't be asked.
func usual(r rune) bool {
	return r >= 'ぁ' && r <= 'ゖ' || r >= 'ァ' && r <= 'ヺ' || r >= 0x4e00 && r <= 0x9fff
}

func kanjiOrKatakana(r rune) bool {
	if usual(r) {
		return r >= 'ァ'
	}
	return r >= utf8.RuneSelf && (unicode.Is(unicode.Katakana, r) || unicode.Is(unicode.Han, r))
}

// token takes needles from one run of ASCII. After is the text behind it.
func (n *needles) token(t, after string, start bool, w weight) {
	t = strings.Trim(t, ".:'?&=~_-+#")
	if lowerLetters(t) {
		return // a word, and nobody's name as it is written
	}
	parts := assigned(t)
	switch {
	case t == "" || n.attack[register.Fold(t)]:
	case strings.Contains(t, "://"):
		n.url(t, w)
	case strings.ContainsRune(t, '@'):
		n.mail(t, w)
	case strings.ContainsAny(t, "=&?'") && len(parts) > 1:
		for _, part := range parts {
			n.token(part, "", false, w)
		}
	case strings.Contains(t, "--") && n.id(t, w):
	case strings.ContainsRune(t, '\\') || t[0] == '/' || strings.Contains(t, ":/"):
		n.path(t, w)
	case allDigits(t):
		n.number(t, after, w)
	case strings.ContainsRune(t, '/'): // things of a list
		for part := range strings.SplitSeq(t, "/") {
			n.token(part, "", start, w)
		}
	default:
		n.word(t, start, w)
	}
}

func lowerLetters(t string) bool {
	for i := range len(t) {
		if t[i] < 'a' || t[i] > 'z' {
			return false
		}
	}
	return true
}

// assigned splits what stands on both sides of signs: name=value&name='value'. An
// apostrophe inside of a name isn't one.
func assigned(t string) []string {
	if !strings.ContainsAny(t, "=&?") {
		return nil
	}
	return strings.FieldsFunc(t, func(r rune) bool { return strings.ContainsRune("=&?'", r) })
}

func allDigits(t string) bool { return strings.Trim(t, "0123456789.,/:-+T") == "" }

// url takes the host and the longer parts of the path. The whole is made of them
// and of words that say nothing.
func (n *needles) url(t string, w weight) {
	rest := t[strings.Index(t, "://")+3:]
	host, path, _ := strings.Cut(rest, "/")
	host = host[strings.LastIndexByte(host, '@')+1:]
	if h, _, ok := strings.Cut(host, ":"); ok {
		host = h
	}
	n.host(host, w)
	for _, part := range strings.FieldsFunc(path, func(r rune) bool { return strings.ContainsRune("/?&=#", r) }) {
		if len(part) >= 8 || len(part) >= 5 && allDigits(part) {
			n.add(part, w)
		}
	}
}

// host takes a host name, the name without www, and its longer labels; of a host in
// an attacker's domain only the labels before it.
func (n *needles) host(h string, w weight) {
	h = strings.ToLower(strings.Trim(h, "."))
	if n.attack[register.Fold(h)] || catalogues[strings.TrimPrefix(h, "www.")] {
		return
	}
	if root, ok := n.below(h, w); ok {
		n.labels(strings.TrimSuffix(h, root), w)
		return
	}
	n.add(h, w)
	h = strings.TrimPrefix(h, "www.")
	n.add(h, w)
	n.labels(h[:max(0, strings.LastIndexByte(h, '.'))], w)
}

// below returns the attacker's domain that a host is in, where that isn't the
// victim's by its place in the report.
func (n *needles) below(h string, w weight) (string, bool) {
	root, _ := register.Registrable(h)
	return root, w == light && n.roots[root]
}

// labels takes the longer ones of some labels.
func (n *needles) labels(s string, w weight) {
	for l := range strings.SplitSeq(s, ".") {
		if len(l) >= 5 && !ordinaryWord(l) {
			n.add(l, w)
		}
	}
}

// catalogues are hosts that every report about any attack may cite.
var catalogues = map[string]bool{
	"attack.mitre.org": true, "cve.mitre.org": true, "capec.mitre.org": true, "cwe.mitre.org": true, "nvd.nist.gov": true, "www.cve.org": true,
	"cve.org": true, "jvn.jp": true, "jvndb.jvn.jp": true, "github.com": true, "virustotal.com": true, "first.org": true, "oasis-open.org": true,
}

func (n *needles) mail(t string, w weight) {
	local, domain, _ := strings.Cut(t, "@")
	if _, ok := n.below(strings.ToLower(domain), w); !ok {
		n.add(t, w)
		n.parts(local, w)
	}
	if len(local) >= 4 {
		n.add(local, w)
	}
	if !publicMail[strings.ToLower(domain)] {
		n.host(domain, w)
	}
}

var publicMail = map[string]bool{
	"gmail.com": true, "outlook.com": true, "hotmail.com": true, "yahoo.com": true, "yahoo.co.jp": true, "proton.me": true,
	"protonmail.com": true, "tutanota.com": true, "icloud.com": true, "onionmail.org": true, "cock.li": true, "aol.com": true,
}

// id takes the UUID of a STIX id. Ids made of content (version 5) are those of
// public things as well; they are recomputed, never copied.
func (n *needles) id(t string, w weight) bool {
	id, err := stix.ParseID(t)
	if err != nil {
		return false
	}
	if id.Version() != 5 && id.Type != "marking-definition" && id.Type != "extension-definition" {
		n.add(t[len(t)-36:], w)
	}
	return true
}

// path takes the parts of a path that not every system has. The whole is made of
// them and of words that say nothing.
func (n *needles) path(t string, w weight) {
	parts := strings.FieldsFunc(t, func(r rune) bool { return r == '/' || r == '\\' })
	account := false
	for i, p := range parts {
		low := strings.ToLower(p)
		if rest, ok := strings.CutPrefix(low, "user:"); ok { // of net use: a domain, then an account
			p, low, account = p[len("user:"):], rest, true
		}
		switch user := account || i > 0 && (strings.EqualFold(parts[i-1], "users") || parts[i-1] == "home"); {
		case closedWord(low):
		case user && !ordinaryWord(low):
			n.add(p, heavy)
			n.parts(p, heavy)
		case len(p) >= 4 && !ordinaryWord(low):
			n.add(p, w)
			if login.MatchString(low) {
				n.parts(p, w)
			}
		}
	}
}

// login is the form of accounts: an initial and a name, "t.kuroiwa02", "kuroiwa_t".
var login = regexp.MustCompile(`^[a-z]{1,2}[._-][a-z]{4,}\d{0,4}$|^[a-z]{4,}[._-][a-z]{1,2}\d{0,4}$`)

// parts takes the longer words of a name that is written in one: "t.kuroiwa02".
func (n *needles) parts(s string, w weight) {
	words := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("._-+0123456789", r) })
	for _, p := range words {
		if len(p) >= 4 && len(p) < len(s) && !ordinaryWord(strings.ToLower(p)) {
			n.add(p, w)
		}
	}
}

func (n *needles) number(t, after string, w weight) {
	if a, err := netip.ParseAddr(t); err == nil {
		n.add(t, w)
		n.asNumber(a, w)
		return
	}
	if addr, _, ok := strings.Cut(t, "/"); ok { // a range, or an address and a port
		if a, err := netip.ParseAddr(addr); err == nil {
			if !n.attack[register.Fold(addr)] {
				n.add(t, w)
				n.add(addr, w)
				n.asNumber(a, w)
			}
			return
		}
	}
	if day := dayDigits(t); len(day) == 8 && plausibleDay(day) {
		n.dates[day] = true
		if len(t) > 10 {
			n.add(t[:min(19, len(t))], w)
		}
		return
	}
	bare := strings.Map(onlyDigits, t)
	if len(bare) >= 5 {
		n.add(t, w)
		n.add(bare, w)
		if bare[0] == '0' && (len(bare) == 10 || len(bare) == 11) {
			n.add("81"+bare[1:], w) // a phone number from abroad
		}
	}
	n.counted(t, after, w)
}

// asNumber takes an address of version 4 as one number, as names and links have it.
func (n *needles) asNumber(a netip.Addr, w weight) {
	if a.Is4() {
		v := binary.BigEndian.Uint32(a.AsSlice())
		n.add(fmt.Sprintf("%08x", v), w)
		n.add(fmt.Sprint(v), w)
	}
}

// counted takes a number with the unit behind it, and with the words of both
// languages for that unit.
func (n *needles) counted(t, after string, w weight) {
	word, _, _ := strings.Cut(strings.TrimLeft(after, " "), " ")
	word = strings.Trim(word, ".,;)")
	for _, same := range n.trade.units {
		at := slices.IndexFunc(same, func(u string) bool { return word == u || u[0] >= utf8.RuneSelf && strings.HasPrefix(after, u) })
		if at < 0 {
			continue
		}
		if word == same[at] {
			n.add(t+" "+word, w)
		}
		for _, u := range same {
			n.add(t+u, w)
		}
	}
}

func onlyDigits(r rune) rune {
	if r >= '0' && r <= '9' {
		return r
	}
	return -1
}

// word takes a token with letters: a host, an id, or a capitalised name.
func (n *needles) word(t string, start bool, w weight) {
	if a, err := netip.ParseAddr(t); err == nil {
		n.add(a.String(), w)
		return
	}
	if len(t) > 10 && t[4] == '-' && plausibleDay(dayDigits(t)+"00000000") {
		n.timestamp(t, w)
		return
	}
	low := strings.ToLower(t)
	if ordinaryWord(low) || ordinaryWord(strings.TrimSuffix(low, "'s")) {
		return
	}
	switch {
	case hostLike(t):
		n.host(t, w)
	case strings.ContainsAny(t, "0123456789_.") && len(t) >= 5:
		n.add(t, w)
		if !start || login.MatchString(low) {
			n.parts(t, w)
		}
	case unicode.IsUpper(rune(t[0])) && (!start || w == heavy || strings.ToUpper(t) == t || strings.ContainsAny(t, "-'") || opensWithName(low)):
		n.add(strings.TrimSuffix(t, "'s"), w)
		for _, part := range strings.Split(t, "-") {
			if len(part) < len(t) && len(part) >= 4 && !ordinaryWord(strings.ToLower(part)) {
				n.add(part, w)
			}
		}
	}
}

// opensWithName reports whether a word at the head of a sentence is likelier a name
// than a word that only stands there in capitals.
func opensWithName(low string) bool {
	for _, ending := range []string{"ly", "ing", "ed", "tion", "tions", "ment"} {
		if strings.HasSuffix(low, ending) {
			return false
		}
	}
	return len(low) >= 5
}

// hostLike: labels with dots, the last of two to six letters.
func hostLike(t string) bool {
	last := t[strings.LastIndexByte(t, '.')+1:]
	return len(last) < len(t) && len(last) >= 2 && len(last) <= 6 && !strings.ContainsAny(t, ":/'") && strings.Trim(strings.ToLower(last), "abcdefghijklmnopqrstuvwxyz") == ""
}

func (n *needles) timestamp(t string, w weight) {
	if day := dayDigits(t); plausibleDay(day) {
		n.dates[day] = true
		n.add(t[:min(19, len(t))], w)
	}
}

// japanese takes needles from one run of kanji and katakana.
func (n *needles) japanese(t, after string, w weight) {
	if ordinaryWord(t) {
		return
	}
	if rest, _ := strings.CutPrefix(after, "さん"); rest != after {
		n.add(t, w)
	}
	for _, title := range n.trade.titles {
		if name, ok := strings.CutSuffix(t, title); ok && utf8.RuneCountInString(name) >= 2 && utf8.RuneCountInString(name) <= 8 {
			n.add(name, w)
			return
		}
	}
	for _, mark := range n.trade.marks {
		if name, ok := strings.CutSuffix(t, mark); ok && utf8.RuneCountInString(name) >= 1 && !ordinaryWord(name) {
			n.add(t, w)
			return
		}
	}
	if utf8.RuneCountInString(t) >= 3 && katakana(t) {
		n.add(t, w)
	}
}

func katakana(t string) bool {
	for _, r := range t {
		if !unicode.Is(unicode.Katakana, r) && r != 'ー' {
			return false
		}
	}
	return true
}
