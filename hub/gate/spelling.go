package gate

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// spellings derives the needles of a sector list, row by row.
type spellings struct {
	t       *table
	endings map[string]int // words that names end with: how many do
	words   map[string]int // how many Latin names hold the word behind their first
	firsts  map[string]int // how many begin with the word
	abbrs   map[string]int
	extras  map[string]int
	done    map[string]bool // values that many rows share, and that have their needles
	needles []needle
	places  map[string]bool // in Latin letters: nobody's name, whoever has one in theirs
	spelled []needle        // to be found with digits for letters
	digests *digests
	heard   []needle // names by their sound
	near    *nearNames
	nets    netSet
}

func newSpellings(t *table) *spellings {
	s := &spellings{
		t: t, endings: map[string]int{}, words: map[string]int{}, firsts: map[string]int{}, abbrs: map[string]int{}, extras: map[string]int{}, done: map[string]bool{},
		needles: make([]needle, 0, 24*len(t.rows)), digests: &digests{}, near: &nearNames{}, places: map[string]bool{},
	}
	for _, row := range t.rows {
		for i, w := range strings.Fields(t.cell(row, "name_romaji")) {
			if i > 0 {
				s.words[squeeze(w)]++
			} else {
				s.firsts[squeeze(w)]++
			}
		}
		s.abbrs[t.cell(row, "abbr_ja")]++
		s.places[squeeze(t.cell(row, "municipality_en"))], s.places[squeeze(t.cell(row, "prefecture_en"))] = true, true
		for _, name := range t.extra {
			s.extras[name+":"+t.cell(row, name)]++
		}
	}
	s.countEndings()
	return s
}

// countEndings finds what many names end with. An ending is a word only where many
// different characters stand before it: "療センター" always follows 医.
func (s *spellings) countEndings() {
	before := map[string]map[rune]bool{}
	for _, row := range s.t.rows {
		name := s.t.cell(row, "name_ja")
		last := rune(0)
		for i, r := range name {
			if ending := name[i:]; i > 0 && utf8.RuneCountInString(ending) > 1 {
				s.endings[ending]++
				if before[ending] == nil {
					before[ending] = map[rune]bool{}
				}
				before[ending][last] = true
			}
			last = r
		}
	}
	for ending, n := range s.endings {
		if n < s.t.often() || len(before[ending]) < min(s.t.often(), 8) || utf8.RuneCountInString(squeeze(ending)) < 2 {
			delete(s.endings, ending)
		}
	}
}

// kindWords returns the words that names of the sector end with ("病院",
// "総合病院", "hospital"), squeezed.
func (s *spellings) kindWords() []string {
	var out []string
	last := map[string]int{}
	for _, row := range s.t.rows {
		if w := strings.Fields(s.t.cell(row, "name_romaji")); len(w) > 1 {
			last[squeeze(w[len(w)-1])]++
		}
	}
	for w := range s.endings {
		out = append(out, squeeze(w))
	}
	for w, n := range last {
		if n >= s.t.often() {
			out = append(out, w)
		}
	}
	slices.Sort(out)
	return out
}

func (s *spellings) add(class, raw, spelling string, r rule) {
	s.addFolded(class, raw, squeeze(spelling), r)
}

func (s *spellings) addFolded(class, raw, text string, r rule) {
	if len(text) >= 2 {
		s.needles = append(s.needles, needle{text: text, raw: raw, class: class, rule: r})
	}
}

// first reports whether key comes for the first time.
func (s *spellings) first(key string) bool {
	if s.done[key] {
		return false
	}
	s.done[key] = true
	return true
}

func (s *spellings) row(row []string) {
	s.japanese(row)
	s.kana(row)
	s.latin(row)
	s.legal(row)
	s.net(row)
	s.contact(row)
	s.place(row)
	s.others(row)
	s.digested(row)
}

// japanese adds the name, what of it is its own, and the abbreviation.
func (s *spellings) japanese(row []string) {
	name := s.t.cell(row, "name_ja")
	s.name(name, name)
	for _, form := range joinerForms(name) {
		s.name(name, form)
	}
	if stem := s.stem(name); stem != "" {
		s.short(name, stem, 4)
	}
	if abbr := s.t.cell(row, "abbr_ja"); abbr != "" {
		least := 3
		if s.abbrs[abbr] >= s.t.often() || s.endings[abbr] > 0 {
			least = 64
		}
		s.short(abbr, abbr, least)
	}
}

// name adds a full name; one that many others end with ("中央病院") only where no
// other name leads up to it.
func (s *spellings) name(raw, spelling string) {
	r := anywhere
	if s.endings[spelling] > 0 || utf8.RuneCountInString(spelling) < 4 {
		r = leftEdge
	}
	s.add("name", raw, spelling, r)
}

// short adds a name that may be a common word: by itself from least runes on, else
// in front of a kind word only.
func (s *spellings) short(raw, spelling string, least int) {
	n := utf8.RuneCountInString(spelling)
	switch {
	case n >= least:
		s.add("name", raw, spelling, word)
	case n >= 2:
		s.add("name", raw, spelling, context)
	}
}

// stem returns name without the longest ending that is a word of the sector.
func (s *spellings) stem(name string) string {
	for i := range name {
		if i > 0 && s.endings[name[i:]] > 0 {
			if utf8.RuneCountInString(name[:i]) < 2 {
				return ""
			}
			return name[:i]
		}
	}
	return ""
}

// joinerForms returns name with ヶ, ケ, が and ノ, の, 之 between kanji the other ways.
func joinerForms(name string) []string {
	var out []string
	runes := []rune(name)
	for i := 1; i+1 < len(runes); i++ {
		if scriptOf(runes[i-1]) != kanji || scriptOf(runes[i+1]) != kanji {
			continue
		}
		for _, group := range []string{"ヶケがヵカ", "ノの之", "ツつッ"} {
			if !strings.ContainsRune(group, runes[i]) {
				continue
			}
			for _, other := range group {
				form := string(runes[:i]) + string(other) + string(runes[i+1:])
				if squeeze(form) != squeeze(name) {
					out = appendNew(out, form)
				}
			}
			out = appendNew(out, string(runes[:i])+string(runes[i+1:]))
		}
	}
	return out
}

// withJoiners is add for each way to write what joins two kanji.
func (s *spellings) withJoiners(class, raw, spelling string, r rule) {
	s.add(class, raw, spelling, r)
	for _, form := range joinerForms(spelling) {
		s.add(class, raw, form, r)
	}
}

// kana adds the reading in kana and in Latin letters.
func (s *spellings) kana(row []string) {
	raw := s.t.cell(row, "name_kana")
	if raw == "" {
		raw = s.t.cell(row, "name_halfkana")
	}
	if raw == "" {
		return
	}
	r := word
	if utf8.RuneCountInString(raw) >= 6 {
		r = anywhere
	}
	s.add("name", raw, raw, r)
	if short := squeeze(shortKana(raw)); short != squeeze(raw) {
		s.addFolded("name", raw, short, r)
	}
	for _, form := range romanizations(raw) {
		s.latinName(raw, form, false)
	}
}

// latin adds the name in Latin letters with its long vowels each way, the part of it
// that is its own, and the initials.
func (s *spellings) latin(row []string) {
	raw := s.t.cell(row, "name_romaji")
	words := strings.Fields(raw)
	own := 0
	for own < len(words) && s.words[squeeze(words[own])] < s.t.often() {
		own++
	}
	stem, rest := squeeze(strings.Join(words[:own], " ")), squeeze(strings.Join(words[own:], " "))
	forms := []string{stem}
	kana := kanaOf(stem, s.t.cell(row, "name_kana"))
	for _, form := range romanizations(kana) {
		forms = appendNew(forms, form)
	}
	forms = appendNew(forms, toKunrei.Replace(stem))
	for _, form := range forms {
		if form == "" && stem != "" {
			continue // no reading was found; rest alone is a common word: "hospital"
		}
		s.latinName(raw, form+rest, len(form) < 5)
		s.ownName(row, raw, form, own, kana != "")
	}
	s.firstWord(row, raw, words[:own])
	if abbr := s.t.cell(row, "abbr_en"); len(abbr) >= 5 {
		s.add("name", abbr, abbr, capitals)
	} else if abbr != "" {
		s.add("name", abbr, abbr, initials)
	}
}

// latinName adds a full name in Latin letters: a long one may stand inside of a word
// (a host, a user), one that may be a plain phrase needs its capitals.
func (s *spellings) latinName(raw, folded string, plain bool) {
	switch {
	case plain:
		s.addFolded("name", raw, folded, title)
	case len(folded) >= 14:
		s.addFolded("name", raw, folded, anywhere)
	default:
		s.addFolded("name", raw, folded, word)
	}
}

// kanaOf returns the beginning of reading that stem writes in Latin letters, or "".
func kanaOf(stem, reading string) string {
	if stem == "" {
		return ""
	}
	for _, same := range []func(a, b string) bool{
		func(a, b string) bool { return a == b },
		func(a, b string) bool { return shortVowels.Replace(a) == shortVowels.Replace(b) }, // "noue" is no long vowel
	} {
		for i := range reading {
			if i > 0 && i/2 <= len(stem)*2 {
				for long := range 4 {
					if same(romanize(reading[:i], 0, long), stem) {
						return reading[:i]
					}
				}
			}
		}
	}
	return ""
}

var shortVowels = strings.NewReplacer("ou", "o", "oo", "o", "oh", "o", "uu", "u")

// legal adds the corporation: its form and name together, and the name alone where
// it is long enough.
func (s *spellings) legal(row []string) {
	raw := s.t.cell(row, "legal_name")
	name := s.t.cell(row, "name_ja")
	parts := strings.Fields(strings.TrimSuffix(raw, name))
	if raw == "" || len(parts) < 2 {
		return
	}
	s.withJoiners("name", raw, strings.Join(parts, ""), word)
	for _, p := range parts[1:] {
		if utf8.RuneCountInString(p) >= 4 || utf8.RuneCountInString(p) == 3 && s.endings[p] == 0 {
			s.withJoiners("name", raw, p, word)
		}
	}
}

// others adds the row's number, its vendor, its operator and every column that is
// not known.
func (s *spellings) others(row []string) {
	if id := s.t.cell(row, "id"); utf8.RuneCountInString(id) >= 5 {
		s.add("id", id, id, word)
	}
	s.former(row)
	s.codes(row)
	s.company("vendor", s.t.cell(row, "vendor"))
	if op := s.t.cell(row, "operator"); !publicCode(op) {
		s.company("operator", op)
	}
	for _, column := range s.t.extra {
		cell := s.t.cell(row, column)
		if s.extras[column+":"+cell] >= s.t.often() {
			continue
		}
		for _, part := range strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune("|;、", r) }) {
			s.company("other", strings.TrimSpace(part))
		}
	}
}

// publicCode reports whether a value has the form of an ATT&CK id, which alerts are
// full of: such a code of an operator is not looked for.
func publicCode(s string) bool {
	if len(s) != 5 || !unicode.IsUpper(rune(s[0])) {
		return false
	}
	return strings.Trim(s[1:], "0123456789") == ""
}

// company adds the name of a company with and without its legal form. A value in
// parentheses is a remark.
func (s *spellings) company(class, raw string) {
	if raw == "" || strings.HasPrefix(raw, "(") || strings.HasPrefix(raw, "（") || !s.first(class+raw) {
		return
	}
	for _, form := range []string{raw, withoutForm(raw)} {
		folded := squeeze(form)
		if class == "vendor" {
			s.withDigits(class, raw, folded)
		}
		switch n := utf8.RuneCountInString(folded); {
		case n >= 10 || n >= 4 && scriptOf([]rune(folded)[0]) == kanji:
			s.withJoiners(class, raw, form, anywhere)
		case n >= 4:
			s.addFolded(class, raw, folded, word)
		case n >= 2:
			s.addFolded(class, raw, folded, capital)
		}
	}
}

var legalForms = []string{"株式会社", "有限会社", "合同会社", "合資会社", "（株）", "(株)", "㈱", "（有）", "(有)", "一般社団法人", "公益財団法人", "Co., Ltd.", "Co.,Ltd.", "Inc.", "Ltd.", "K.K.", "LLC", "Corporation", "Corp."}

var dropForms = func() *strings.Replacer {
	var pairs []string
	for _, f := range legalForms {
		pairs = append(pairs, f, "")
	}
	return strings.NewReplacer(pairs...)
}()

func withoutForm(s string) string {
	if !strings.ContainsAny(s, "社人株有㈱CIKL") { // no form is without
		return strings.Trim(s, " 　,")
	}
	return strings.Trim(dropForms.Replace(s), " 　,")
}
