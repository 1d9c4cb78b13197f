package register

import "strings"

// How many letters a name has at least that is looked for with digits for some of them.
const spelledLeast = 6

// spelledKinds are the needles that name an organisation in one word of Latin letters.
const spelledKinds = 1<<kindCore | 1<<kindLatinCore | 1<<kindDomain | 1<<kindVendor

// isSpelled reports whether a word of small letters and digits holds a name in which digits
// stand for letters: m1dorisawa, tamad0xy. One of them at least is no number by itself, and
// half of the name are letters. A short name begins or ends the word, or stands beside words
// that anybody adds.
func (x *Index) isSpelled(word string) bool {
	if strings.IndexFunc(word, func(r rune) bool { return r < 'a' }) < 0 || strings.Trim(word, "0123456789abcdef") == "" {
		return false
	}
	w := figuresOf(word)
	for _, letters := range []string{lookLikeI.Replace(word), lookLikeL.Replace(word)} {
		f := fold(letters)
		if x.plain.spelled(x, f, w) || x.latin.spelled(x, foldRomaji(f), w) {
			return true
		}
	}
	return false
}

// figured is a word with how many digits it has, and where those at its beginning end and
// those at its end begin.
type figured struct {
	word               string
	head, tail, digits int
}

func figuresOf(word string) figured {
	head := len(word) - len(strings.TrimLeft(word, figures))
	return figured{word, head, max(head, len(strings.TrimRight(word, figures))), figuresIn(word)}
}

// holdsOwn reports whether a word holds the name of an organisation, as Find has it.
func (x *Index) holdsOwn(word string) bool {
	f := fold(word)
	return x.plain.holdsOwn(f) || x.latin.holdsOwn(foldRomaji(f))
}

func (l lexicon) holdsOwn(f folding) bool {
	for m := range l.find.All(f.text) {
		o := occurrence{folding: f, start: m.Start, end: m.End}
		if l.mask[m.Pattern]&spelledKinds != 0 && (o.grown() || m.End-m.Start >= grownLeast && o.leftEnd() && o.rightEnd()) {
			return true
		}
	}
	return false
}

func (l lexicon) spelled(x *Index, f folding, word figured) bool {
	for m := range l.find.All(f.text) {
		if l.mask[m.Pattern]&spelledKinds == 0 {
			continue
		}
		start, end := f.span(m.Start, m.End)
		if x.spelledAt(word, start, end) {
			return true
		}
	}
	return false
}

func (x *Index) spelledAt(w figured, start, end int) bool {
	word, n := w.word, end-start
	digits := figuresIn(word[start:end])
	if n < spelledLeast || digits == 0 || 2*digits > n {
		return false
	}
	telling := false
	for i := start; i < end; i++ {
		telling = telling || isDigit(word[i]) && inSyllable(word, i)
	}
	from, to := min(start, w.head), max(end, w.tail) // digits at the ends are no letters
	switch {
	case !telling:
		return false
	case n >= insideLeast:
		return true
	case w.digits > digits+from+len(word)-to: // there are others
		return false
	}
	return from == start || to == end || x.w.added(word[from:start]) && x.w.added(word[end:to])
}

func figuresIn(s string) int {
	n := 0
	for i := range len(s) {
		if isDigit(s[i]) {
			n++
		}
	}
	return n
}

const figures = "0123456789"

// inSyllable reports whether the digit at i belongs to the letters beside it: it stands
// between letters, or ends or begins a syllable that isn't whole without it.
func inSyllable(word string, i int) bool {
	before, after := strings.TrimRight(word[:i], figures), strings.TrimLeft(word[i+1:], figures)
	vowel := isVowel(lookLikeI.Replace(word[i : i+1])[0])
	switch {
	case before != "" && after != "":
		return true
	case before != "":
		return len(before) == i && vowel && !isVowel(before[len(before)-1])
	case after != "":
		return after == word[i+1:] && !vowel && isVowel(after[0])
	}
	return false
}
