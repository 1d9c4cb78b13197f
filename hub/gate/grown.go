package gate

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// grownFrom is how many letters a name by itself has at least to be looked for inside
// of longer words: "midorisawa" in "loginmidorisawavpn"; one of just so many counts at
// either end. Elsewhere, and of a shorter one, the rest of the word must be made of words
// that anybody adds to a name.
const grownFrom = 7

// firstWord adds the first of several words of a name's own, if few names begin with it.
func (s *spellings) firstWord(row []string, raw string, words []string) {
	if len(words) < 2 || s.firsts[squeeze(words[0])] >= s.t.often() {
		return
	}
	kana := kanaOf(squeeze(words[0]), s.t.cell(row, "name_kana"))
	if kana == "" {
		return
	}
	for _, form := range romanizations(kana) {
		s.ownName(row, raw, form, 1, true)
	}
}

// ownName adds what is the row's own in its name in Latin letters. Without a reading it
// may be a plain phrase, of which only the writing in one word is telling.
func (s *spellings) ownName(row []string, raw, form string, words int, read bool) {
	place := form == squeeze(s.t.cell(row, "municipality_en")) || form == squeeze(s.t.cell(row, "prefecture_en"))
	if !s.places[form] && (read || words > 1) {
		s.withDigits("name", raw, form)
		s.heardAs(raw, form)
		if strings.HasPrefix(squeeze(raw), form) { // as the list has it
			s.turned("name", raw, form)
			if s.first("near" + form) {
				s.near.add(raw, form)
			}
		}
	}
	switch {
	case !read && words > 1 && len(form) >= grownFrom+3:
		s.addFolded("name", raw, form, inside)
	case !read || len(form) < 5:
	case place:
		s.addFolded("name", raw, form, flanked)
		if len(form) >= grownFrom {
			s.addFolded("name", raw, form, word)
		}
	case len(form) < grownFrom:
		s.addFolded("name", raw, form, flanked)
	default:
		s.addFolded("name", raw, form, grown)
	}
}

// turned adds a name of the row's own as it is backwards, and with each letter half of the
// alphabet further on.
func (s *spellings) turned(class, raw, form string) {
	if len(form) < grownFrom || !ascii(form) {
		return
	}
	back := []byte(form)
	slices.Reverse(back)
	s.addFolded(class, raw, string(back), grown)
	s.addFolded(class, raw, strings.Map(func(r rune) rune {
		if r < 'a' || r > 'z' {
			return r
		}
		return 'a' + (r-'a'+13)%26
	}, form), grown)
}

// heardAs adds a name of the row's own to those that are looked for by their sound.
func (s *spellings) heardAs(raw, form string) {
	if !ascii(form) {
		return
	}
	if text, _ := heard([]byte(form)); len(text) >= minHeard && s.first("heard"+string(text)) {
		s.heard = append(s.heard, needle{text: string(text), raw: raw, class: "name"})
	}
}

// inside reports whether src[start:end] is one word or a part of one. Hyphens in it may
// stand only where one of its ends is the end of the word.
func (v *view) inside(start, end int) bool {
	t := folding()
	last, _ := utf8.DecodeLastRune(v.src[start:end])
	edge := v.boundedLeft(start) || !sameWord(scriptOf(last), v.kindAfter(end))
	for _, r := range string(v.src[start:end]) {
		if !alnum(r) && !invisible(t, r) && !(edge && (r == '-' || r == '_')) {
			return false
		}
	}
	return true
}

// grownName reports whether src[start:end], of so many letters, is a name that others
// may have grown to.
func (r *Register) grownName(v *view, letters, start, end int) bool {
	switch {
	case v.bounded(start, end):
		return true
	case !v.inside(start, end):
		return false
	}
	return letters > grownFrom || v.lettersBefore(start) == "" || v.lettersAfter(end) == "" || r.flankedName(v, start, end)
}

// flankedName reports whether src[start:end] has something grown to it on either side,
// and all of that is words that anybody adds to a name: "loginmidori", "midorivpn".
func (r *Register) flankedName(v *view, start, end int) bool {
	if !v.inside(start, end) {
		return false
	}
	head, tail := v.lettersBefore(start), v.lettersAfter(end)
	return len(head)+len(tail) > 0 && r.addedWords(head) && r.addedWords(tail)
}

// mostAdded bounds what is looked at beside a short name.
const mostAdded = 32

// lettersBefore returns the Latin letters that end at src[at], folded.
func (v *view) lettersBefore(at int) string {
	var out []byte
	for len(out) <= mostAdded {
		r, p := v.before(at)
		c := folding().plain(r)
		if c < 'a' || c > 'z' {
			break
		}
		out, at = append([]byte{c}, out...), p
	}
	return string(out)
}

// lettersAfter returns the Latin letters that begin at src[at], folded.
func (v *view) lettersAfter(at int) string {
	var out []byte
	for len(out) <= mostAdded {
		r, p := v.after(at)
		c := folding().plain(r)
		if c < 'a' || c > 'z' {
			break
		}
		out, at = append(out, c), p
	}
	return string(out)
}

// longestAdded bounds the words that anybody adds to a name.
const longestAdded = 12

// addedWith returns the words that anybody adds to a name, those for kinds of organisations
// among them.
func addedWith(kindWords []string) map[string]bool {
	m := maps.Clone(addedToNames)
	for _, w := range kindWords {
		if len(w) <= longestAdded && ascii(w) {
			m[w] = true
		}
	}
	return m
}

// addedWords reports whether s is such words one behind the other, or empty.
func (r *Register) addedWords(s string) bool {
	if len(s) > mostAdded {
		return false
	}
	dead := map[string]bool{} // rests that no words make up
	var try func(rest string) bool
	try = func(rest string) bool {
		if rest == "" {
			return true
		}
		if dead[rest] {
			return false
		}
		for n := len(rest); n > 1; n-- {
			if (addedToNames[rest[:n]] || slices.Contains(r.kindWords, rest[:n])) && try(rest[n:]) {
				return true
			}
		}
		dead[rest] = true
		return false
	}
	return try(s)
}

// addedToNames are words that stand in front of a name or behind it in names of hosts,
// domains, accounts and files, whosever they are.
var addedToNames = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields("access account accounts admin adfs ads alert app apps auth backup bill billing byoin byouin care cert chat citrix clinic " +
		"cloud com connect corp data db dc desk dev dl doc docs document documents download drive edge email erp exchange extra extranet file files form forms " +
		"ftp gateway group gw help helpdesk hospital hosp hp home id idp info infra intra intranet invoice iryo it jimu jp kanri karte lan leak leaks local log " +
		"login logon mail mailbox med medical member members mfa mobile my net network news ns nurse office official online owa page panel pass password " +
		"patient patients pay payment pharmacy portal proxy pw rdp recruit remote reset saiyo secure security server service services share shared sign signin " +
		"site smtp sso staff status storage support sys system systems team test ticket top update updates upload user users verify voice vpn web webmail wifi " +
		"www yoyaku yakkyoku zoom") {
		m[w] = true
	}
	return m
}()
