package gate

import (
	"strings"
	"unicode/utf8"
)

// parts returns the values of a cell that may hold several.
func parts(cell string) []string {
	var out []string
	for _, p := range strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune("|;、", r) }) {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// former adds the names that a row's organisation had before, as its name today, and
// the people that it has named.
func (s *spellings) former(row []string) {
	for _, name := range parts(s.t.cell(row, "former_name")) {
		s.name(name, name)
		for _, form := range joinerForms(name) {
			s.name(name, form)
		}
		if stem := s.stem(name); stem != "" {
			s.short(name, stem, 4)
		}
	}
	for _, person := range parts(s.t.cell(row, "staff")) {
		if utf8.RuneCountInString(squeeze(person)) >= 3 {
			s.add("name", person, person, word)
		}
		if other := otherSystem(person); other != person {
			s.add("name", person, other, word)
		}
	}
}

// codes adds the numbers by which others know a row's organisation and its networks.
func (s *spellings) codes(row []string) {
	if code := squeeze(s.t.cell(row, "institution_code")); len(code) == 10 {
		s.addFolded("id", s.t.cell(row, "institution_code"), code, word)
	}
	for _, n := range parts(s.t.cell(row, "asn")) {
		digits := strings.TrimLeft(squeeze(n), "asn")
		if digits == "" || strings.Trim(digits, "0123456789") != "" {
			continue
		}
		for _, before := range []string{"as", "asn", "autonomoussystem", "autonomoussystemnumber"} {
			s.addFolded("network", n, before+digits, word)
		}
	}
}
