package register

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"isac/hub"
)

// speller derives the needles of one organisation at a time. Variants that
// folding removes (script, case, width, spacing, old kanji, romanisation) are not
// listed again.
type speller struct {
	w   wordTables
	own []needle
	has map[needle]bool
}

func newSpeller() *speller {
	return &speller{w: words(), has: map[needle]bool{}}
}

// maxNeedles is the most that one organisation may have.
const maxNeedles = 64

// spell returns the needles of an organisation, most telling first.
func (s *speller) spell(o *hub.Organisation) []needle {
	s.own = s.own[:0]
	clear(s.has)
	s.names(o)
	s.contacts(o)
	s.places(o)
	s.latin(o)
	s.private(o)
	s.shortForms(o)
	return s.own[:min(len(s.own), maxNeedles)]
}

// add keeps a needle of at least the given number of folded characters.
func (s *speller) add(k kind, least int, folded string) {
	n := needle{folded, k}
	if folded == "" || s.has[n] || utf8.RuneCountInString(folded) < least {
		return
	}
	s.has[n] = true
	s.own = append(s.own, n)
}

// names adds the whole names: as registered, in kana, legal with the corporation
// and by its parts.
func (s *speller) names(o *hub.Organisation) {
	s.add(kindToken, 3, Fold(o.ID))
	for i, name := range []string{o.NameJA, o.LegalName} {
		folded := Fold(name)
		if i > 0 && strings.HasSuffix(folded, Fold(o.NameJA)) {
			continue // the name is found in it, and the corporation by legalParts
		}
		if core, _ := s.core(folded); core == "" {
			// nothing but words that many share: it names somebody beside its place only
			s.add(kindName, 4, Fold(o.Municipality)+folded)
			s.add(kindName, 4, stem(Fold(o.Municipality))+folded)
			continue
		}
		for _, form := range linked(folded) {
			s.add(kindName, 3, form)
		}
	}
	for _, former := range several(o.FormerName) {
		s.former(o, former)
	}
	s.add(kindCode, 10, o.InstitutionCode)
	s.add(kindName, 5, Fold(o.NameKana))
	s.add(kindName, 5, Fold(o.NameHalfKana))
	s.add(kindName, 8, Fold(o.NameRomaji))
	s.legalParts(o)
	if !strings.HasPrefix(o.Vendor, "(") && !strings.HasPrefix(o.Vendor, "（") {
		for _, form := range linked(s.withoutCorporation(Fold(o.Vendor))) {
			s.add(kindVendor, 3, form)
		}
	}
}

// former adds a name that the organisation once had, and what of it was its own.
func (s *speller) former(o *hub.Organisation, name string) {
	folded := Fold(name)
	core, ending := s.core(folded)
	if core == "" {
		s.add(kindName, 4, Fold(o.Municipality)+folded)
		return
	}
	for _, form := range linked(folded) {
		s.add(kindName, 3, form)
	}
	if ending != "" {
		s.add(kindShort, 2, core)
	}
	if folded[0] < utf8.RuneSelf {
		s.add(kindLatin, 8, romaji(name))
	}
}

// legalParts adds the corporation's own name: 医療法人 仁坂会 … is found as
// 医療法人仁坂会 and, standing apart, as 仁坂会.
func (s *speller) legalParts(o *hub.Organisation) {
	parts := strings.FieldsFunc(o.LegalName, unicode.IsSpace)
	before := ""
	for _, p := range parts {
		part := Fold(p)
		if s.w.corporations[part] {
			before = part
			continue
		}
		bare := s.withoutCorporation(part)
		if core, _ := s.core(bare); core != "" && bare != Fold(o.NameJA) {
			for _, form := range linked(before + part) {
				s.add(kindName, 4, form)
			}
			for _, form := range linked(bare) {
				s.add(kindShort, 2, form)
			}
		}
		before = ""
	}
	if bare := s.withoutCorporation(Fold(o.LegalName)); len(parts) == 1 && bare != Fold(o.LegalName) {
		s.add(kindName, 4, bare)
	}
}

// corporationOf returns the own name of the corporation that an organisation is of, without
// its kind, "" where it has none but the organisation's.
func (s *speller) corporationOf(o *hub.Organisation) string {
	for p := range strings.FieldsSeq(o.LegalName) {
		if part := Fold(p); !s.w.corporations[part] && part != Fold(o.NameJA) {
			return s.withoutCorporation(part)
		}
	}
	return ""
}

// withoutCorporation takes the longest kind of legal person off either end.
func (s *speller) withoutCorporation(folded string) string {
	for n := len(folded) - 1; n > 0; n-- {
		if s.w.corporations[folded[:n]] {
			return folded[n:]
		}
		if s.w.corporations[folded[len(folded)-n:]] {
			return folded[:len(folded)-n]
		}
	}
	return folded
}

// core returns what names the organisation in a folded name, "" if every part of
// it is shared by many, and the first ending taken off.
func (s *speller) core(name string) (core, ending string) {
	core = name
	for {
		n := s.endingOf(core)
		if n == 0 {
			break
		}
		if ending == "" {
			ending = core[len(core)-n:]
		}
		core = core[:len(core)-n]
	}
	if s.w.common[core] || s.w.corporations[core] {
		return "", ending
	}
	return core, ending
}

// endingOf returns the length of the longest known ending, 0 for none.
func (s *speller) endingOf(name string) int {
	for i := range name {
		if _, ok := s.w.endings[name[i:]]; ok {
			return len(name) - i
		}
	}
	return 0
}

// shortForms adds abbreviations: those of the list and those that people make.
func (s *speller) shortForms(o *hub.Organisation) {
	s.add(kindShort, 2, Fold(o.AbbrJA))
	if a := Fold(o.AbbrEN); len(a) >= 2 {
		s.add(kindInitials, 2, a)
	}
	core, ending := s.core(Fold(o.NameJA))
	if core == "" || ending == "" {
		return
	}
	s.add(kindShort, 1, core)
	first, size := utf8.DecodeRuneInString(core)
	for _, form := range s.w.endings[ending] {
		s.add(kindShort, 3, core+form)
		if len(core) > size && utf8.RuneCountInString(form) >= 2 {
			s.add(kindShort, 3, string(first)+form)
		}
	}
}

// linked returns the folded name with the particle between two kanji written
// every way: 霞ヶ関, 霞が関 and 霞関.
func linked(folded string) []string {
	forms := []string{folded}
	r := []rune(folded)
	for i := 1; i+1 < len(r); i++ {
		if strings.ContainsRune("けかのつ", r[i]) && unicode.Is(unicode.Han, r[i-1]) && unicode.Is(unicode.Han, r[i+1]) {
			head, tail := string(r[:i]), string(r[i+1:])
			forms = append(forms, head+tail)
			if r[i] == 'け' || r[i] == 'か' {
				forms = append(forms, head+"け"+tail, head+"か"+tail)
			}
		}
	}
	return forms
}
