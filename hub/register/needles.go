package register

import (
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Needles finds the values that one case has left out: names of people, hosts,
// users, numbers with their units, whatever was in a property that stays behind.
// It folds as Index does and is cheap to build (under a millisecond for a thousand
// values). It is safe for concurrent use; the zero value finds nothing.
type Needles struct {
	index *Index // of values alone: no organisation is in it
}

// NewNeedles builds a matcher of the values. What is too short to tell anything
// is not looked for: one character, two Latin letters or digits, three hiragana.
// An address, a phone number, a domain and a name in Latin letters are found in
// their other notations too.
func NewNeedles(values []string) *Needles {
	plain, latin := newLexiconBuilder(len(values)), newLexiconBuilder(0)
	x := &Index{}
	for _, value := range values {
		f := Fold(value)
		if !tells(f) {
			continue
		}
		plain.add(needle{f, kindValue})
		if f[0] >= utf8.RuneSelf {
			continue
		}
		x.ranges.addText(value)
		if number := callNumber(value); number != "" {
			plain.add(needle{number, kindPhone})
		}
		for _, spoken := range spokenSigns(value) {
			plain.add(needle{Fold(spoken), kindValue})
		}
		if spelling := latinName(value); spelling != "" {
			latin.add(needle{spelling, kindLatin})
		}
	}
	x.plain, x.latin = plain.few(), latin.few()
	x.ranges.seal()
	return &Needles{x}
}

// addText adds an address or a block of addresses; other text is none.
func (r *ranges) addText(s string) {
	if len(s) > 64 || strings.IndexByte(s, '.') < 0 && strings.IndexByte(s, ':') < 0 {
		return
	}
	if a, err := netip.ParseAddr(s); err == nil {
		a = a.Unmap().WithZone("")
		r.add(netip.PrefixFrom(a, a.BitLen()))
	} else if p, err := netip.ParsePrefix(s); err == nil && p.Bits() >= widest(p) {
		r.add(p.Masked())
	}
}

// widest is the size of the widest block that is somebody's.
func widest(p netip.Prefix) int {
	if p.Addr().Is4() {
		return widestV4
	}
	return widestV6
}

// callNumber returns the digits of a phone number that has its separators, as other
// notations have them: without the leading zero; "" for other values.
func callNumber(s string) string {
	if strings.Trim(s, "0123456789-() ") != "" {
		return ""
	}
	digits := digitsOf(s)
	if len(digits) < 9 || len(digits) == len(s) || digits[0] != '0' {
		return ""
	}
	return digits[1:]
}

// spokenSigns writes a domain or mailbox with words for its signs, "mori dot jp",
// "a at mori dot jp". Other values give nothing.
func spokenSigns(s string) []string {
	if strings.IndexByte(s, '.') <= 0 || strings.ContainsAny(s, " /\\:") || strings.Trim(s, "0123456789.") == "" {
		return nil
	}
	forms := []string{strings.ReplaceAll(s, ".", "dot")}
	if strings.IndexByte(s, '@') > 0 {
		forms = append(forms, strings.ReplaceAll(forms[0], "@", "at"), strings.ReplaceAll(s, "@", "at"))
	}
	return forms
}

// latinName returns a name of Latin letters in the second folding, "" for values
// that are none or too short.
func latinName(s string) string {
	const least = 8
	letters := 0
	for i := range len(s) {
		switch c := s[i] | 0x20; {
		case isLower(c):
			letters++
		case !isDigit(s[i]) && strings.IndexByte(" -'.", s[i]) < 0:
			return ""
		}
	}
	if letters < least {
		return ""
	}
	return romaji(s)
}

// tells reports whether a folded value is long enough to mean something.
func tells(folded string) bool {
	n, latin, kana := 0, true, true
	for _, r := range folded {
		n++
		latin = latin && r < utf8.RuneSelf
		kana = kana && unicode.Is(unicode.Hiragana, r)
	}
	switch {
	case latin:
		return n >= 3
	case kana:
		return n >= 4
	}
	return n >= 2
}

// Stands reports whether a value stands in a text as the text is written; what is
// encoded in it is the caller's to read (see hub/register/decode). A Latin value of
// fewer than six letters and a number count only where a word begins and ends.
func (n *Needles) Stands(text string) bool {
	return n.index != nil && len(n.index.search(fold(text), nil)) > 0
}
