package anonymize

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// name takes a name that the report gives to somebody or something at the victim:
// whole, without its legal form, without the words of the sector, and by parts. One
// that holds the name of a tool is its maker's: the parts beside it are enough.
func (n *needles) name(s string, marks []string) {
	s = strings.TrimSpace(s)
	bare := s
	for _, form := range legalForms {
		bare = strings.Trim(strings.TrimSuffix(strings.TrimPrefix(bare, form), form), " ,")
	}
	parts := nameParts(bare)
	if !slices.ContainsFunc(parts, n.madeUp) {
		n.add(s, heavy)
		n.add(bare, heavy)
	}
	for _, mark := range marks {
		if len(mark) < len(bare) && strings.HasSuffix(strings.ToLower(bare), strings.ToLower(mark)) {
			n.add(strings.TrimRight(bare[:len(bare)-len(mark)], " ・-"), heavy)
		}
	}
	for _, p := range parts {
		if utf8.RuneCountInString(p) < utf8.RuneCountInString(bare) {
			n.add(p, heavy)
		}
	}
	n.initials(parts)
	n.scan(s, heavy)
}

// nameParts are the words of a name.
func nameParts(s string) []string {
	parts := strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("・()（）,、「」『』[]/", r)
	})
	out := parts[:0]
	for _, p := range parts {
		if p = strings.TrimSuffix(strings.Trim(p, ".:;'’\""), "'s"); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// initials adds the first letters of a Latin name of three words or more.
func (n *needles) initials(parts []string) {
	var b strings.Builder
	for _, p := range parts {
		if c := p[0]; c >= 'A' && c <= 'Z' {
			b.WriteByte(c)
		}
	}
	if b.Len() >= 3 {
		n.add(b.String(), heavy)
	}
}
