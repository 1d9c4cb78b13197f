package register

// How long a name in Latin letters is at least to count inside a longer word: at either
// end of it, and wherever it stands: midorisawa in loginmidorisawavpn. Of a million words
// that are nobody's name next to none holds one of the sector's so long; shorter ones
// many do.
const (
	grownLeast  = 7
	insideLeast = 8
)

// grown reports whether the needle is long enough to count inside of a word.
func (o occurrence) grown() bool {
	n := o.end - o.start
	return (n >= insideLeast || n == grownLeast && o.endsWord()) && o.inOneWord() && !allDigits(o.text[o.start:o.end])
}

// endsWord reports whether no letter stands beside the occurrence on one side.
func (o occurrence) endsWord() bool {
	return !latinLetter(o.before()) || !latinLetter(o.after())
}

func latinLetter(r rune) bool { return asciiWord(r) && isLower(foldedForm(r)[0]) }

// inOneWord reports whether nothing but letters, digits and what can't be seen lies
// between the ends of the occurrence; hyphens may, where it begins or ends a word:
// midori-sawa in midori-sawalogin, not midori sawa.
func (o occurrence) inOneWord() bool {
	start, end := o.span(o.start, o.end)
	parted := o.leftEnd() || o.rightEnd()
	for _, r := range o.source[start:end] {
		if !asciiWord(r) && !unseen(r) && !(parted && (r == '-' || r == '_')) {
			return false
		}
	}
	return true
}

// flanked reports whether what has grown to the needle on either side, if anything, is
// made of words that anybody puts beside a name: portal and vpn in portalmidorivpn.
func (x *Index) flanked(o occurrence) bool {
	from, to := o.start, o.end
	for from > 0 && o.start-from <= mostAdded && isLower(o.text[from-1]) && o.adjacent(from-1) {
		from--
	}
	for to < len(o.text) && to-o.end <= mostAdded && isLower(o.text[to]) && o.adjacent(to-1) {
		to++
	}
	return x.w.areAdded(o.text[from:o.start]) && x.w.areAdded(o.text[o.end:to])
}

// mostAdded bounds what is looked at beside a name.
const mostAdded = 32

// added is areAdded for a part of a word.
func (w *wordTables) added(part string) bool {
	return len(part) <= mostAdded && w.areAdded([]byte(part))
}

// areAdded reports whether letters are words of the tables in a row, or none.
func (w wordTables) areAdded(letters []byte) bool {
	if len(letters) > mostAdded {
		return false
	}
	var ends [mostAdded + 1]bool // where a word may end
	ends[0] = true
	for i := range letters {
		for n := i + 1; ends[i] && n <= len(letters); n++ {
			if word := letters[i:n]; w.beside[string(word)] || w.generic[string(word)] {
				ends[n] = true
			}
		}
	}
	return ends[len(letters)]
}
