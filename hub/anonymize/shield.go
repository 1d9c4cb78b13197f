package anonymize

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/unicode/norm"

	"isac/hub"
	"isac/hub/register"
	"isac/hub/register/decode"
	"isac/hub/stix/pattern"
)

// check finds the facts that may not go out: those that hold a name of the sector,
// an asset of a member, or anything that was left out of this report. A pattern
// that may not is tried by its parts.
func (u *unit) check() {
	u.collect()
	u.shield(u.claims)
	from := len(u.claims)
	for _, c := range u.claims[:from] {
		if again := u.instead[c.fact.Key()]; again != nil && u.dropped[c.fact.Key()] {
			again()
		}
	}
	u.shield(u.claims[from:])
	for _, key := range u.in.Refused {
		u.dropped[key] = true
	}
}

func (u *unit) shield(claims []claim) {
	var keys, values []string
	var kinds []hub.Kind
	seen := map[string]bool{}
	for _, c := range claims {
		if key := c.fact.Key(); !u.dropped[key] && searched[c.fact.Class] && !seen[key] {
			seen[key] = true
			value := c.fact.Value
			if c.fact.Kind == hub.AS {
				value = "AS " + value // as the sector list is searched for
			}
			keys, values, kinds = append(keys, key), append(values, value+u.bones[key]), append(kinds, c.fact.Kind)
		}
	}
	for i, hit := range u.needles.find(values) {
		if hit || u.holdsName(kinds[i], values[i]) {
			u.dropped[keys[i]] = true
		}
	}
}

// searched are the classes whose values are names or come from the report. The
// others are ids of the hub's own words.
var searched = map[hub.Class]bool{hub.Indicator: true, hub.Family: true, hub.Group: true, hub.Tool: true}

// technical are the kinds of values that nobody chooses.
var technical = map[hub.Kind]bool{hub.IPv4: true, hub.IPv6: true, hub.AS: true, hub.SSDEEP: true, hub.TLSH: true, hub.CertSerial: true}

// holdsName reports whether a value holds a spelling or asset of the sector list. A few
// numbers of an address in a row are nobody's telephone.
func (u *unit) holdsName(kind hub.Kind, value string) bool {
	if u.cfg.Register == nil {
		return false
	}
	find := u.cfg.Register.FindChosen
	if technical[kind] {
		find = u.cfg.Register.Find
	}
	return slices.ContainsFunc(find(value), func(h register.Hit) bool {
		return kind != hub.IPv4 || h.Class != register.Phone || h.End-h.Start == len(value)
	})
}

// collect makes the needles of the report and of the member that sent it.
func (u *unit) collect() {
	yields, roots := u.yields()
	u.needles = newNeedles(func(folded string, w weight) bool {
		if u.terms[folded] || u.cfg.Blind != nil && u.cfg.Blind(folded) {
			return true
		}
		if w == heavy {
			return u.fixed.has(folded) || u.madeUp(folded)
		}
		return yields[folded] || u.closed.has(folded)
	})
	u.needles.attack, u.needles.roots, u.needles.madeUp, u.needles.trade = yields, roots, u.madeUp, u.trade
	u.memberNeedles()
	stated := map[string]bool{}
	for _, c := range u.claims {
		if c.fact.Source != hub.FromProse && c.fact.Class != hub.Quarter { // a day gives a quarter, and is left out itself
			stated[at(c.object, c.path)] = true
		}
	}
	for _, l := range u.leaves {
		u.nameNeedles(l)
		switch {
		case stated[at(l.object, l.path)]:
		case l.text() != "":
			u.leafNeedles(l, l.text())
		default:
			u.numberNeedle(l)
		}
	}
}

// madeUp reports whether a word is the name of a family, group or tool and nothing
// else: nobody's who is left out of a report, not even where somebody is called so.
func (u *unit) madeUp(word string) bool {
	for _, class := range []hub.Class{hub.Family, hub.Group, hub.Tool} {
		if _, ok := u.cfg.Vocab.Canonical(class, word); ok && !u.cfg.Vocab.Ambiguous(class, word) {
			return true
		}
	}
	return false
}

// named are the kinds that hold a name of somebody's choice. One of the form that
// hosts and tickets have, "EMR-SV07", is the victim's where its prose has it too.
var named = map[hub.Kind]bool{hub.Service: true, hub.Mutex: true, hub.FileName: true, hub.MailSubject: true, hub.RegistryKey: true, hub.RegistryValue: true}

var inventory = regexp.MustCompile(`^[A-Za-z]{2,10}[-_][A-Za-z0-9]*\d$|^[A-Z0-9]{2,12}([-_][A-Z0-9]{2,12}){1,3}$`)

// yields are the attacker's values, before which a light needle gives way; roots the
// domains that the attacker registered.
func (u *unit) yields() (values, roots map[string]bool) {
	values, roots = map[string]bool{}, map[string]bool{}
	for _, c := range u.claims {
		f := c.fact
		if u.dropped[f.Key()] || named[f.Kind] && inventory.MatchString(strings.ReplaceAll(f.Value, " ", "")) {
			continue
		}
		values[register.Fold(f.Value)] = true
		host := ""
		switch f.Kind {
		case hub.Domain:
			host = f.Value
		case hub.URL:
			host = hostOf(f.Value)
		case hub.Mail:
			host = f.Value[strings.LastIndexByte(f.Value, '@')+1:]
		}
		if root, place := register.Registrable(host); !place && !publicMail[root] && strings.Contains(root, ".") {
			roots[root] = true
		}
		for strings.Contains(host, ".") {
			values[register.Fold(host)] = true
			_, host, _ = strings.Cut(host, ".")
		}
	}
	return values, roots
}

// quiet are the properties whose words are of the standard and name nobody.
var quiet = map[string]bool{
	"type": true, "spec_version": true, "relationship_type": true, "pattern_type": true, "pattern_version": true, "lang": true,
	"identity_class": true, "definition_type": true, "valid_until": true, "context": true,
}

// leafNeedles takes the needles of one left-out text.
func (u *unit) leafNeedles(l leaf, text string) {
	if quiet[l.path] {
		return
	}
	w := light
	if l.object >= 0 && u.heavyObject(l.object) {
		w = heavy
	}
	text = refang.Replace(text)
	switch {
	case w == heavy && isName(l):
		u.needles.name(norm.NFKC.String(text), u.cfg.Profile.Marks)
	case l.handling == Generate && !titled(l):
		u.needles.scan(text, light)
	case l.handling == Generate || l.handling == Coarsen || l.handling == Regenerate || l.handling == Remap || l.handling == Keep ||
		l.handling == Vocabulary && !called(l):
		u.needles.read(text, light, false)
	case l.typ == "indicator" && l.path == "pattern":
		u.patternNeedles(text, w)
		return
	default:
		u.needles.value(text, w)
	}
	u.encoded(text, w)
}

// nameNeedles takes the names that a report gives to types and properties of its own.
func (u *unit) nameNeedles(l leaf) {
	names := l.names
	if l.typ == "*" && l.path == "type" {
		names = append([]string{l.text()}, names...)
	}
	for _, name := range names {
		if u.coined[name] || len(name) > 128 {
			continue
		}
		u.coined[name] = true
		name = strings.TrimPrefix(strings.TrimPrefix(name, "x-"), "x_")
		u.needles.value(name, light)
		u.needles.parts(name, light)
	}
}

// numberNeedle takes a left-out number: an amount, a coordinate. Ports are of
// protocols.
func (u *unit) numberNeedle(l leaf) {
	if n, ok := l.value.(json.Number); ok && l.path != "src_port" && l.path != "dst_port" {
		u.needles.number(n.String(), "", light)
	}
}

// titled: properties of a few words, none of which begins a sentence.
func titled(l leaf) bool { return l.path == "name" || l.path == "abstract" }

// called: names and references among what a vocabulary may know; the others are
// words of the standard as a rule.
func called(l leaf) bool {
	return l.path == "name" || strings.Contains(l.path, "external_references") || strings.HasPrefix(l.path, "aliases")
}

// encoded takes the needles of what is encoded in a text.
func (u *unit) encoded(text string, w weight) {
	if !maybeEncoded(text) {
		return
	}
	for v := range decode.Views(text) {
		if !v.Cut && readable(v.Text) && !strings.Contains(text, v.Text) && !byChance(v, text) {
			u.needles.value(v.Text, w)
			u.needles.value(strings.TrimRight(v.Text, "01"), w) // in certificates the next value begins so
		}
	}
}

// byChance reports whether a text was decoded from hexadecimal digits of which it takes
// less than half: a digest holds text by chance, which is nobody's, and would be found
// in the same digest where it is the attacker's.
func byChance(v decode.View, text string) bool {
	start, end := v.Span(0, len(v.Text))
	digits := text[start:end]
	if len(digits) < 32 || strings.Trim(digits, "0123456789abcdefABCDEF") != "" {
		return false
	}
	return len(v.Text) < len(digits)/4
}

// maybeEncoded reports whether a text has signs of an encoding, or a run of letters
// and digits as long as an encoded name.
func maybeEncoded(text string) bool {
	length := 0
	for i := range len(text) {
		switch c := text[i]; {
		case alnum(c) || c == '+' || c == '/':
			if length++; length >= 20 {
				return true
			}
		case c == '%' || c == '\\' || c == '&' || c == '=':
			return true
		default:
			length = 0
		}
	}
	return strings.Contains(text, "xn--")
}

// readable reports whether a decoded text is one that somebody wrote, and not what
// random bytes look like: six characters, all of them in use in Japan; a short one
// of the signs of names, hosts and paths.
func readable(s string) bool {
	if utf8.RuneCountInString(s) < 4 || len(s) < 6 {
		return false
	}
	if len(s) < 12 && strings.ContainsAny(s, "!\"#$%&'()*+,;<=>?[]^`{|}~") {
		return false
	}
	for _, r := range s {
		if !unicode.IsPrint(r) && !unicode.IsSpace(r) {
			return false
		}
	}
	_, err := japanese.ShiftJIS.NewEncoder().String(s)
	return err == nil
}

// quotedText is what rules of other languages look for.
var quotedText = regexp.MustCompile(`"[^"\n]{3,128}"|'[^'\n]{3,128}'`)

// patternNeedles takes the values of a pattern that gave no fact, not its words.
func (u *unit) patternNeedles(text string, w weight) {
	p, err := pattern.Parse(text)
	if err != nil {
		for _, s := range quotedText.FindAllString(text, -1) {
			u.needles.value(s[1:len(s)-1], w)
		}
		u.needles.value(text, w)
		return
	}
	for _, c := range p.Comparisons() {
		for _, v := range c.Values {
			u.needles.value(v.Text, w)
		}
	}
}

// heavyObject: what is the victim's by its place in the graph.
func (u *unit) heavyObject(i int) bool {
	typ := u.objects[i].Type()
	return u.graph.sideOf(i) == victims && typ != "impact" && typ != "task"
}

// isName: properties that hold the name of somebody or some place.
func isName(l leaf) bool {
	if l.handling != Drop && l.handling != Generate {
		return false
	}
	switch l.path {
	case "name", "display_name", "city", "street_address", "administrative_area", "account_login", "user_id":
		return true
	}
	return false
}

var refang = strings.NewReplacer("[.]", ".", "(.)", ".", "[dot]", ".", "[:]", ":", "[@]", "@", "hxxp", "http", "hXXp", "http")

// memberNeedles takes what the hub knows of the member that sent the report.
func (u *unit) memberNeedles() {
	m := u.in.Member
	for _, name := range []string{m.NameJA, m.NameKana, m.NameRomaji, m.LegalName, m.AbbrJA, m.AbbrEN, m.Municipality, m.Prefecture} {
		u.needles.name(name, u.cfg.Profile.Marks)
	}
	for _, s := range []string{m.ID, m.Domain, m.Mail, m.Phone, m.Fax, m.Postal, m.Address, m.HostnamePrefix, m.Operator, m.Vendor} {
		u.needles.add(s, heavy)
	}
}

// leftOut returns the needles as they stood, for the gate. Days on which the alert
// may go out are not among them: the alert carries the day of its release.
func (u *unit) leftOut() []string {
	var out []string
	days := u.releaseDays()
	for folded, forms := range u.needles.written {
		if !slices.ContainsFunc(days, func(day string) bool { return strings.Contains(folded, day) }) {
			out = append(out, forms...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// releaseDays are the days within a week of the receipt.
func (u *unit) releaseDays() []string {
	if u.in.Received.IsZero() {
		return nil
	}
	var out []string
	for day := range 9 {
		t := u.in.Received.Add(time.Duration(day-1) * 24 * time.Hour)
		out = append(out, t.Format("2006-01-02"))
	}
	return out
}
