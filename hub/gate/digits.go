package gate

// How long a word is at least, and at most, in which digits are read as letters, and how
// long a name in it is.
const (
	minDigits  = 6
	mostDigits = 128
)

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
	var letters, places [mostDigits]byte
	n, digits := 0, 0
	for i, c := range word {
		if letter := digitLetter[c]; letter != 0 {
			letters[n], places[n] = letter, byte(i)
			n++
		}
		if signs[c]&digitSign != 0 {
			digits++
		}
	}
	if n-digits < minDigits/2 {
		return
	}
	p.register.spelled.find(letters[:n], n, func(needle *needle, i int) {
		j := i + len(needle.text)
		start, end := int(places[i]), int(places[j-1])+1
		if p.register.spelledName(word, start, end, j-i) {
			p.hit(needle.class, FromRegister, needle.raw, at+start, at+end)
		}
	})
}

// spelledName reports whether word[start:end], of so many letters, is a name in which
// digits stand for letters: one at least that is no number by itself, and no more than
// half of them. Hyphens in it may stand only where it begins or ends the word; a short
// one does so, or stands beside words that anybody adds.
func (r *Register) spelledName(word []byte, start, end, letters int) bool {
	digits, sure := 0, false
	for i := start; i < end; i++ {
		if signs[word[i]]&digitSign != 0 {
			digits++
			sure = sure || standsForLetter(word, i)
		}
	}
	if !sure || 2*digits > letters {
		return false
	}
	if end-start > letters && start > 0 && end < len(word) {
		return false
	}
	if letters > grownFrom {
		return true
	}
	head, tail := start, end
	for head > 0 && alnum(rune(word[head-1])) {
		head--
	}
	for tail < len(word) && alnum(rune(word[tail])) {
		tail++
	}
	before, after := outerDigits(word[head:start], false), outerDigits(word[end:tail], true)
	if hasDigit(before) || hasDigit(after) {
		return false
	}
	return before == "" || after == "" || r.addedWords(before) && r.addedWords(after)
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

// outerDigits returns a part of a word in small letters without the digits at its outer end.
func outerDigits(part []byte, behind bool) string {
	for behind && len(part) > 0 && signs[part[len(part)-1]]&digitSign != 0 {
		part = part[:len(part)-1]
	}
	for !behind && len(part) > 0 && signs[part[0]]&digitSign != 0 {
		part = part[1:]
	}
	return squeeze(string(part))
}

func hasDigit(s string) bool { return countDigits(s) > 0 }
