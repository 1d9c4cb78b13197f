package gate

// minDigits is how long a name is at least that is looked for with digits for letters.
const minDigits = 6

// digitLetter is what a letter or digit is read as where digits stand for letters; 1 looks
// like i and like l, which are one here.
var digitLetter = func() (t [256]byte) {
	for c := range t {
		if b := byte(c); asciiLetter(b) {
			t[c] = b | 0x20
		}
	}
	for i, letter := range []byte("oizeasgtbg") {
		t['0'+i] = letter
	}
	t['l'], t['L'] = 'i', 'i'
	return t
}()

// withDigits adds a name of the row's own to those that are looked for with digits for
// letters.
func (s *spellings) withDigits(class, raw, form string) {
	if len(form) < minDigits || !ascii(form) {
		return
	}
	text := make([]byte, 0, len(form))
	for i := range len(form) {
		if c := digitLetter[form[i]]; c != 0 {
			text = append(text, c)
		}
	}
	s.spelled = append(s.spelled, needle{text: string(text), raw: raw, class: class})
}

// spelled looks for names in a word with its digits read as letters.
func (p *pass) spelled(word []byte, at int) {
	letters, places := p.letters[:0], p.places[:0]
	digits := 0
	for i, c := range word {
		if letter := digitLetter[c]; letter != 0 {
			letters, places = append(letters, letter), append(places, int32(i))
		}
		if signs[c]&digitSign != 0 {
			digits++
		}
	}
	p.letters, p.places = letters, places
	if len(letters)-digits < minDigits/2 {
		return
	}
	var part stretch
	p.register.spelled.find(letters, len(letters), func(needle *needle, i int) {
		j := i + len(needle.text)
		start, end := int(places[i]), int(places[j-1])+1
		if p.register.spelledName(word, &part, start, end, j-i) {
			p.hit(needle.class, FromRegister, needle.raw, at+start, at+end)
		}
	})
}

// spelledName reports whether word[start:end], of so many letters, is a name in which
// digits stand for letters: one at least that is no number by itself, and no more than
// half of them. Hyphens in it may stand only where it begins or ends the word; a short
// one does so, or stands beside words that anybody adds. part is the last one looked at.
func (r *Register) spelledName(word []byte, part *stretch, start, end, letters int) bool {
	digits, sure := countDigits(word[start:end]), false
	if 2*digits > letters {
		return false
	}
	for i := start; i < end; i++ {
		sure = sure || signs[word[i]]&digitSign != 0 && standsForLetter(word, i)
	}
	hyphens := end-start > letters
	if !sure || hyphens && start > 0 && end < len(word) {
		return false
	}
	if letters > grownFrom {
		return true
	}
	if hyphens {
		part = &stretch{}
	}
	if start < part.from || end > part.to {
		*part = stretchAround(word, start, end)
	}
	from, to := min(start, part.head), max(end, part.tail) // digits at the ends are no letters
	if part.digits > digits+from-part.from+part.to-to {
		return false
	}
	return from == start || to == end || r.addedPart(word[from:start]) && r.addedPart(word[end:to])
}

// A stretch of a word is letters and digits with no other sign beside them: how many digits,
// and where those at its beginning end and those at its end begin.
type stretch struct{ from, head, tail, to, digits int }

// stretchAround returns the one, or those, that word[start:end] is a part of.
func stretchAround(word []byte, start, end int) stretch {
	s := stretch{from: start, to: end}
	for s.from > 0 && alnum(rune(word[s.from-1])) {
		s.from--
	}
	for s.to < len(word) && alnum(rune(word[s.to])) {
		s.to++
	}
	s.digits = countDigits(word[s.from:s.to])
	s.head, s.tail = s.from, s.to
	for s.head < s.to && signs[word[s.head]]&digitSign != 0 {
		s.head++
	}
	for s.tail > s.head && signs[word[s.tail-1]]&digitSign != 0 {
		s.tail--
	}
	return s
}

// standsForLetter reports whether the digit at i is a part of a word: letters stand on both
// sides of the digits around it, or it makes a syllable with the one beside it, as no number
// does: "tamad0", "5akura", but not "sakura1".
func standsForLetter(word []byte, i int) bool {
	from, to := i, i+1
	for from > 0 && signs[word[from-1]]&digitSign != 0 {
		from--
	}
	for to < len(word) && signs[word[to]]&digitSign != 0 {
		to++
	}
	before, after := from > 0 && asciiLetter(word[from-1]), to < len(word) && asciiLetter(word[to])
	switch {
	case before && after:
		return true
	case before:
		return from == i && vowel(digitLetter[word[i]]) && !vowel(word[i-1]|0x20)
	case after:
		return to == i+1 && !vowel(digitLetter[word[i]]) && vowel(word[i+1]|0x20)
	}
	return false
}

func vowel(c byte) bool { return c == 'a' || c == 'i' || c == 'u' || c == 'e' || c == 'o' }

// addedPart reports whether a part of a word is words that anybody adds to a name, or empty.
func (r *Register) addedPart(part []byte) bool {
	return len(part) <= mostAdded && r.addedWords(string(lower(part)))
}
