package gate

import (
	"bytes"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A rule says when a place where a needle stands counts as a hit. The squeezed text
// is matched first; the rule then looks at the source around it.
type rule byte

const (
	anywhere   rule = iota
	word            // no letter or digit of the same kind directly before or after
	capital         // word, beginning with a capital
	capitals        // word, all capitals
	title           // word; where spaces part it, every part begins with a capital
	literal         // word, or the raw spelling as it stands
	exact           // word, and the raw spelling as it stands
	grown           // word, or a part of a longer word
	inside          // in one word, or a part of one
	flanked         // a part of a word that anybody's words make up for the rest
	alone           // no letter or digit of any script directly before or after
	leftEdge        // no kanji, katakana or Latin letter directly before
	context         // directly followed by a kind word ("病院", "clinic")
	initials        // capitals, directly followed by a kind word
	domain          // whole labels
	label           // the label of a domain that was registered, or its last one
	phone           // digits of one number, with its trunk 0 or country code
	postal          // 3-4 digits behind 〒 or a word for address
	groups          // digits in the groups of aux ("4-2-2"), or in one
	number          // a number by itself, not a part of a longer or technical one
	count           // like number, in front of or behind a unit: no part of a dotted or dashed number
	hostName        // the beginning of a host name
	placeName       // Latin place name of five letters or more
	placeShort      // Latin place name that needs a word for a place beside it
	town            // Japanese town name that needs its number behind
)

// counts reports whether needle n at text[i] of v is a hit.
func (r *Register) counts(v *view, n *needle, i int) bool {
	j := i + len(n.text)
	start, end := v.span(i, j)
	switch n.rule {
	case anywhere:
		return true
	case word:
		return v.bounded(start, end)
	case capital:
		return v.bounded(start, end) && upperFirst(v.src[start:end])
	case capitals:
		return v.bounded(start, end) && allUpper(v.src[start:end])
	case title:
		return v.bounded(start, end) && titled(v.src[start:end])
	case literal:
		return v.bounded(start, end) || strings.EqualFold(string(v.src[start:end]), n.aux)
	case exact:
		return v.bounded(start, end) && strings.EqualFold(string(v.src[start:end]), n.aux)
	case grown:
		return r.grownName(v, len(n.text), start, end)
	case inside:
		return v.inside(start, end)
	case flanked:
		return r.flankedName(v, start, end)
	case alone:
		return v.kindBefore(start) == noScript && v.kindAfter(end) == noScript
	case leftEdge:
		b := v.kindBefore(start)
		return b != kanji && b != katakana && b != latin
	case context:
		return r.kindWord(v.text[j:]) && v.boundedLeft(start)
	case initials:
		return v.boundedLeft(start) && allUpper(v.src[start:end]) && r.kindWord(v.text[j:])
	case town:
		return j < len(v.text) && v.text[j] >= '0' && v.text[j] <= '9'
	case placeName, placeShort:
		return r.placeCounts(v, n, start, end, j)
	case domain, hostName:
		return v.labels(n, start, end)
	case label:
		return v.bounded(start, end) && v.inDomain(start, end)
	}
	return v.digitsCount(n, start, end)
}

func (v *view) kindBefore(at int) script { r, _ := v.before(at); return scriptOf(r) }
func (v *view) kindAfter(at int) script  { r, _ := v.after(at); return scriptOf(r) }

func (v *view) bounded(start, end int) bool {
	if !v.boundedLeft(start) {
		return false
	}
	last, _ := utf8.DecodeLastRune(v.src[start:end])
	return !sameWord(scriptOf(last), v.kindAfter(end))
}

func (v *view) boundedLeft(start int) bool {
	first, _ := utf8.DecodeRune(v.src[start:])
	return !sameWord(scriptOf(first), v.kindBefore(start))
}

// sameWord reports whether letters of kinds a and b, side by side, are one word.
func sameWord(a, b script) bool {
	switch a {
	case latin, digit:
		return b == latin || b == digit
	case hiragana, katakana:
		return a == b
	}
	return false
}

func upperFirst(b []byte) bool {
	r, _ := utf8.DecodeRune(b)
	return unicode.IsUpper(r)
}

func allUpper(b []byte) bool { return bytes.IndexFunc(b, unicode.IsLower) < 0 }

// titled reports whether every part between spaces begins with a capital; one part
// alone always does.
func titled(b []byte) bool {
	parts := bytes.Fields(b)
	if len(parts) < 2 {
		return true
	}
	for _, p := range parts {
		if !upperFirst(p) {
			return false
		}
	}
	return true
}

// kindWord reports whether rest begins with a word that the sector's names end with.
func (r *Register) kindWord(rest []byte) bool {
	rest = bytes.TrimPrefix(rest, []byte("の"))
	for _, w := range r.kindWords {
		if bytes.HasPrefix(rest, []byte(w)) {
			return true
		}
	}
	return false
}

// labels checks a domain or the beginning of a host name.
func (v *view) labels(n *needle, start, end int) bool {
	before, at := v.before(start)
	after, _ := v.after(end)
	if joins(before) && before != '-' {
		return false
	}
	if n.rule == domain {
		if before == '-' && at > 0 { // my-clinic.example isn't clinic.example
			return false
		}
		return !joins(after) && bytes.ContainsAny(v.src[start:end], ".．。｡[(% ")
	}
	return !strings.ContainsRune(string(v.src[start:end]), ' ') && hostTail(v.src[end:], len(n.text))
}

// inDomain reports whether src[start:end] is the label of a domain that its owner
// chose, or the last label: "mori.local", "dc01.mori", "a@mori"; not "mori.evil.net".
func (v *view) inDomain(start, end int) bool {
	const near = 120
	plain := func(b []byte) string { return strings.ToLower(refanged.Replace(string(narrow(b)))) }
	before, after := plain(v.src[max(0, start-near):start]), plain(v.src[end:min(len(v.src), end+near)])
	n := 0
	for n < len(after) && (tokenByte(after[n]) && after[n] != ':' || after[n] == '_') {
		n++
	}
	after = strings.TrimRight(after[:n], ".-_")
	behindSign := strings.HasSuffix(before, ".") || strings.HasSuffix(before, "@")
	if after == "" {
		return behindSign
	}
	if after[0] != '.' || !behindSign && before != "" && (tokenByte(before[len(before)-1]) && before[len(before)-1] != ':') {
		return false
	}
	return ownLabel("own"+after) == "own"
}

// refanged undoes the usual ways to write a domain so that nothing follows it.
var refanged = strings.NewReplacer("[.]", ".", "(.)", ".", "{.}", ".", "[dot]", ".", "(dot)", ".", "{dot}", ".", " dot ", ".", `\.`, ".",
	"。", ".", "｡", ".", "[@]", "@", "[at]", "@", "(at)", "@", " at ", "@")

func joins(r rune) bool {
	s := scriptOf(r)
	return r == '-' || s == latin || s == digit
}

// hostTail reports whether tail goes on like a host name behind a prefix of size
// letters: "-DC01", "SV2", "_pc". A short prefix needs a digit in the tail too.
func hostTail(tail []byte, size int) bool {
	tail = narrow(tail[:min(len(tail), 16*8)])
	n, digits, letters := 0, 0, 0
	for n < len(tail) && n < 16 && (tail[n] == '-' || tail[n] == '_' || joins(rune(tail[n]))) {
		switch c := tail[n]; {
		case c >= '0' && c <= '9':
			digits++
		case c != '-' && c != '_':
			letters++
		}
		n++
	}
	separated := n > 1 && (tail[0] == '-' || tail[0] == '_')
	if size < 5 {
		return digits > 0 && digits <= 4 && letters <= 6 && (separated || letters > 0)
	}
	return separated && digits+letters > 0 || digits > 0
}

// digitsCount checks rules about numbers.
func (v *view) digitsCount(n *needle, start, end int) bool {
	b, _ := v.before(start)
	a, _ := v.after(end)
	switch n.rule {
	case phone:
		return v.phoneAt(n, start, end)
	case postal:
		return !joins(b) && !joins(a) && parted(v.src[start:end], "3-4") && v.afterAddressWord(start)
	case groups:
		if scriptOf(b) == digit || scriptOf(a) == digit && (endsInDigit(n.text) || strings.HasSuffix(n.text, "月")) {
			return false
		}
		if scriptOf(b) == latin && startsWithLetter(n.text) || scriptOf(a) == latin && endsInLetter(n.text) {
			return false
		}
		return grouped(v.src[start:end], n.aux)
	case number:
		return !alnum(b) && !alnum(a) && plainNumber(v.src[start:end]) && !technical(v.src, start, end)
	case count:
		return !alnum(b) && !alnum(a) && plainNumber(v.src[start:end]) &&
			!chained(v.before, start) && !chained(v.after, end) && !technical(v.src, start, end)
	}
	return false
}

func alnum(r rune) bool { s := scriptOf(r); return s == latin || s == digit }

// chained reports whether a sign that joins numbers, by itself or in brackets, and a
// digit stand next in a direction: 10.8.65.1, 10[.]8[.]65[.]1.
func chained(next func(int) (rune, int), at int) bool {
	signs := 0
	for range 4 {
		var r rune
		switch r, at = next(at); {
		case chains(r):
			signs++
		case r != '[' && r != ']':
			return signs == 1 && scriptOf(r) == digit
		}
	}
	return false
}

func chains(r rune) bool { return strings.ContainsRune(".:-/_", r) && r != 0 }

func endsInDigit(s string) bool      { return s[len(s)-1] >= '0' && s[len(s)-1] <= '9' }
func endsInLetter(s string) bool     { return s[len(s)-1] >= 'a' && s[len(s)-1] <= 'z' }
func startsWithLetter(s string) bool { return s[0] >= 'a' && s[0] <= 'z' }

// digitGroups returns the lengths of the runs of digits in b.
func digitGroups(b []byte) []int {
	var out []int
	in := false
	for _, r := range string(b) {
		switch {
		case scriptOf(r) == digit:
			if !in {
				out = append(out, 0)
			}
			out[len(out)-1]++
			in = true
		case !invisible(folding(), r):
			in = false
		}
	}
	return out
}

// grouped reports whether the digits of b stand in the groups that want names
// ("4-2-2"), or, where all are padded, in one.
func grouped(b []byte, want string) bool {
	got := digitGroups(b)
	var texts []string
	total := 0
	for _, g := range got {
		texts = append(texts, strconv.Itoa(g))
		total += g
	}
	if strings.Join(texts, "-") == want {
		return true
	}
	return len(got) == 1 && total == 8 && (want == "4-2-2" || want == "2-2-4")
}

func parted(b []byte, want string) bool {
	got := digitGroups(b)
	return len(got) == 1 || len(got) == 2 && got[0] == 3 && got[1] == 4 && want == "3-4"
}

// plainNumber reports whether b is one number: digits, parted at most by marks of
// thousands.
func plainNumber(b []byte) bool {
	got := digitGroups(b)
	if len(got) == 1 {
		return true
	}
	for _, g := range got[1:] {
		if g != 3 {
			return false
		}
	}
	return got[0] <= 3
}

var addressWords = []string{"〒", "郵便番号", "住所", "所在地", "postal", "zip", "address", "postcode"}

// afterAddressWord reports whether a word for an address stands shortly before.
func (v *view) afterAddressWord(start int) bool {
	const far = 120 // bytes, what can't be seen included
	near := bytes.ToLower(narrow(v.src[max(0, start-far):start]))
	near = near[max(0, len(near)-40):]
	for _, w := range addressWords {
		if bytes.Contains(near, []byte(w)) {
			return true
		}
	}
	return false
}

// phoneAt checks that the digits are one phone number by themselves: the needle is
// without trunk 0, so that a 0 or the country code must stand before it.
func (v *view) phoneAt(n *needle, start, end int) bool {
	if a, _ := v.after(end); alnum(a) {
		return false
	}
	groups := len(digitGroups(v.src[start:end]))
	if groups > 5 || bytes.ContainsAny(v.src[start:end], "tTzZ:") {
		return false
	}
	if b, _ := v.before(start); b == '0' && groups >= 3 {
		return true // set apart in parts, whatever touches it
	}
	lead, at := "", start
	for len(lead) < 6 {
		r, p := v.before(at)
		if scriptOf(r) == digit {
			lead = string(folding().digit(r)) + lead
			if q, _ := v.before(p); scriptOf(q) == latin {
				return false // inside a hash, a UUID, a name
			}
		} else if r == 0 || !strings.ContainsRune("+-()（）[] .　/－‐‑–—−", r) {
			break
		}
		at = p
	}
	switch lead {
	case "0", "81", "810", "0081", "01081", "010810":
		return true
	}
	// Another number may stand directly before: only the 0 that touches counts.
	b, p := v.before(start)
	if p > 0 && scriptOf(b) != digit {
		b, p = v.before(p)
	}
	c, _ := v.before(p)
	return b == '0' && !alnum(c) && c != '-' && c != '.'
}

func hexDigit(r rune) bool { return uint32(r) < utf8.RuneSelf && isHex[r] }

var isHex = func() (t [utf8.RuneSelf]bool) {
	for _, c := range []byte("0123456789abcdefABCDEF") {
		t[c] = true
	}
	return t
}()

// digit returns the ASCII digit that a digit folds to.
func (t *foldTable) digit(r rune) rune {
	var buf [1]rune
	if out, _ := t.fold(r, &buf); len(out) == 1 {
		return out[0]
	}
	return '?'
}
