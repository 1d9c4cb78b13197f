package register

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// occurrence is a needle found in a folded text: text[start:end].
type occurrence struct {
	folding
	start, end int
	kind       kind
	held       int // organisations that share the needle
}

// accept decides whether an occurrence counts, by its kind, and makes the hit.
func (x *Index) accept(o occurrence) (Hit, bool) {
	ok := true
	class := classOf[o.kind]
	switch o.kind {
	case kindName, kindVendor, kindMail, kindAddress:
		ok = o.latinStands() && (o.kind != kindAddress || o.numberEnds())
	case kindValue:
		ok = !o.short() || o.leftEnd() && o.rightEnd()
	case kindDomain:
		ok = o.latinStands() || o.grown()
	case kindZone, kindToken, kindLatin:
		ok = o.latinStands()
	case kindLabel:
		ok = o.latinStands() && o.inDomain()
	case kindLatinPlace:
		ok = o.leftEnd() && o.rightEnd() && (o.end-o.start > 3 && !x.w.common[string(o.text[o.start:o.end])] || x.placeFollows(o))
	case kindLatinCore:
		ok = o.leftEnd() && (o.rightEnd() || x.goesOnGeneric(o)) || o.grown()
	case kindCore:
		ok = o.grown() || o.end-o.start == grownLeast && o.inOneWord() && x.flanked(o)
	case kindCoreShort:
		ok = o.inOneWord() && x.flanked(o)
	case kindShort:
		return x.acceptShort(o)
	case kindInitials:
		ok = x.acceptInitials(o)
	case kindPhone, kindLocal, kindPostal, kindCode:
		ok = o.acceptNumber()
	case kindPlaceBare:
		ok = o.standsApart()
	case kindHost:
		ok = x.acceptHost(o)
	}
	if !ok {
		return Hit{}, false
	}
	start, end := o.span(o.start, o.end)
	return widen(Hit{Start: start, End: end, Class: class}, o.source, o.kind), true
}

// before and after return the character of the source next to the occurrence, as
// it stands there; utf8.RuneError at the ends.
func (o occurrence) before() rune {
	head := o.source[:o.at[o.start]]
	for {
		r, size := utf8.DecodeLastRuneInString(head)
		if !unseen(r) {
			return r
		}
		head = head[:len(head)-size]
	}
}

func (o occurrence) after() rune {
	_, end := o.span(o.start, o.end)
	for _, r := range o.source[end:] {
		if !unseen(r) {
			return r
		}
	}
	return utf8.RuneError
}

// asciiWord reports whether a character is folded to an ASCII letter or digit.
func asciiWord(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 0 && asciiFold[r] != 0
	}
	out := folded(r)
	return out != "" && out[0] < utf8.RuneSelf
}

func (o occurrence) leftEnd() bool {
	return o.text[o.start] >= utf8.RuneSelf || !asciiWord(o.before())
}

func (o occurrence) rightEnd() bool {
	return o.text[o.end-1] >= utf8.RuneSelf || !asciiWord(o.after())
}

// latinStands reports whether the ends of the needle that are Latin letters or
// digits lie at the ends of a word. A long needle that stands in one piece
// counts inside a longer word too.
func (o occurrence) latinStands() bool {
	if o.leftEnd() && o.rightEnd() {
		return true
	}
	const long = 12
	return o.end-o.start >= long && int(o.at[o.end-1]-o.at[o.start]) == o.end-1-o.start && !allDigits(o.text[o.start:o.end])
}

// short reports whether a value that was left out is too short to count inside of a word,
// or is a number.
func (o occurrence) short() bool {
	const least = 6
	return o.text[o.start] < utf8.RuneSelf && o.end-o.start < least || allDigits(o.text[o.start:o.end])
}

func allDigits(b []byte) bool {
	return !bytes.ContainsFunc(b, func(r rune) bool { return r < '0' || r > '9' })
}

// numberEnds reports whether a needle that ends in a digit isn't the beginning of
// a longer number.
func (o occurrence) numberEnds() bool {
	return !isDigit(o.text[o.end-1]) || o.end == len(o.text) || !isDigit(o.text[o.end]) || o.rightEnd()
}

// standsApart reports whether no character of the needle's own script touches it.
func (o occurrence) standsApart() bool {
	first, _ := utf8.DecodeRune(o.text[o.start:o.end])
	last, _ := utf8.DecodeLastRune(o.text[o.start:o.end])
	return !joins(first, o.before()) && !joins(last, o.after()) && o.leftEnd() && o.rightEnd()
}

// joins reports whether two characters beside each other may be one word.
func joins(a, b rune) bool {
	switch {
	case unicode.Is(unicode.Han, a):
		return unicode.Is(unicode.Han, b) || b == '々' || b == 'ヶ'
	case unicode.In(a, unicode.Hiragana, unicode.Katakana):
		return unicode.In(b, unicode.Hiragana, unicode.Katakana) || b == 'ー'
	}
	return asciiWord(a) && asciiWord(b)
}

// acceptShort takes a short form when a context word shows that it is a name, or
// when it stands apart and few share it. Behind an ending it is a whole name.
func (x *Index) acceptShort(o occurrence) (Hit, bool) {
	text := string(o.text[o.start:o.end])
	n := utf8.RuneCountInString(text)
	start, end := o.span(o.start, o.end)
	if tail := x.contextAfter(o); tail > 0 {
		_, end = o.span(o.start, o.end+tail)
		if x.w.common[text] {
			return Hit{Start: start, End: end, Class: Abbr}, o.standsLeft()
		}
		return Hit{Start: start, End: end, Class: Name}, n > 1 || o.standsLeft()
	}
	few := n >= 4 && o.held <= 20 || n == 3 && o.held <= 12 || n == 2 && o.held <= 3
	if x.w.common[text] || !o.standsApart() || !few {
		return Hit{}, false
	}
	return Hit{Start: start, End: end, Class: Abbr}, true
}

func (o occurrence) standsLeft() bool {
	first, _ := utf8.DecodeRune(o.text[o.start:o.end])
	return !joins(first, o.before())
}

// contextAfter returns the length of the text between the end of the occurrence
// and the end of a context word that follows within the same run of letters, 0 if
// none does. A particle may stand between.
func (x *Index) contextAfter(o occurrence) int {
	const most = 8 // characters between
	rest := o.text[o.end:min(len(o.text), o.end+60)]
	for at, skipped := 0, 0; at < len(rest) && skipped <= most; skipped++ {
		for _, word := range x.w.context {
			if bytes.HasPrefix(rest[at:], []byte(word)) && o.near(o.end+at) {
				return at + len(word)
			}
		}
		r, size := utf8.DecodeRune(rest[at:])
		if !unicode.Is(unicode.Han, r) && !(at == 0 && r == 'の') {
			return 0
		}
		at += size
	}
	return 0
}

// near reports whether no more than a few dropped characters lie between the end
// of the occurrence and text[i].
func (o occurrence) near(i int) bool {
	_, end := o.span(o.start, o.end)
	gap := o.source[end:max(end, int(o.at[i]))]
	return !strings.ContainsAny(gap, "\n。") && len(gap) < 40
}

// acceptInitials takes Latin initials in capitals, between word ends, beside a
// context word; or at the head of what looks like a machine's name.
func (x *Index) acceptInitials(o occurrence) bool {
	start, end := o.span(o.start, o.end)
	own := visible(o.source[start:end])
	if utf8.RuneCountInString(own) != o.end-o.start || strings.ToUpper(own) != own || !o.leftEnd() || !o.rightEnd() {
		return false
	}
	if x.contextBeside(o, start, end) {
		return true
	}
	return o.end-o.start >= 3 && !x.w.common[strings.ToLower(own)] && machineTail(o.source[end:])
}

// contextBeside looks for a context word directly before or behind, over
// brackets and spaces.
func (x *Index) contextBeside(o occurrence, start, end int) bool {
	tail := o.text[o.end:min(len(o.text), o.end+30)]
	head := o.text[max(0, o.start-30):o.start]
	for _, word := range x.w.context {
		w := []byte(word)
		if bytes.HasPrefix(tail, w) && o.near(o.end) || bytes.HasSuffix(head, w) && gapBefore(o, len(head)) {
			return true
		}
	}
	return false
}

func gapBefore(o occurrence, head int) bool {
	if head == 0 {
		return false
	}
	gap := o.source[o.at[o.start-1]:o.at[o.start]]
	return !strings.ContainsAny(gap, "\n。") && len(gap) < 12
}

// machineTail reports whether what follows goes on like a machine's name behind
// its prefix: "-DC01", "_FS2", "07".
func machineTail(rest string) bool {
	const longest = 24
	n, last := 0, byte(0)
	for _, r := range rest {
		switch {
		case unseen(r):
			continue
		case r == '-' || r == '_' || r == '－' || r == '＿':
			last = '-'
		case asciiWord(r):
			last = lastByte(r)
		default:
			return isDigit(last)
		}
		if n++; n > longest {
			return false
		}
	}
	return isDigit(last)
}

// lastByte returns the last byte of what an ASCII-like character is folded to.
func lastByte(r rune) byte {
	out := foldedForm(r)
	return out[len(out)-1]
}

// goesOnGeneric reports whether the word goes on with something that many names
// share: kirizuka in kirizukahosp.
func (x *Index) goesOnGeneric(o occurrence) bool {
	end := o.end
	for end < len(o.text) && isLower(o.text[end]) && o.adjacent(end-1) {
		end++
	}
	rest := o.text[o.end:end]
	for n := len(rest); n >= 2; n-- {
		if x.w.generic[string(rest[:n])] {
			return true
		}
	}
	return false
}

// placeFollows reports whether the next word says that this one is a place.
func (x *Index) placeFollows(o occurrence) bool {
	end := o.end
	for end < len(o.text) && isLower(o.text[end]) && (end == o.end || o.adjacent(end-1)) {
		end++
	}
	return end > o.end && o.near(o.end) && x.w.place[string(o.text[o.end:end])]
}

// acceptHost takes a member's host name prefix alone or with a machine's tail.
func (x *Index) acceptHost(o occurrence) bool {
	const telling = 4 // a shorter prefix, or a common word, counts only with a tail and in capitals
	start, end := o.span(o.start, o.end)
	own, rest := visible(o.source[start:end]), o.source[end:]
	joints := strings.Count(own, "-") + strings.Count(own, "_")
	if !o.leftEnd() || utf8.RuneCountInString(own) != o.end-o.start+joints {
		return false
	}
	if o.end-o.start < telling || x.w.common[string(o.text[o.start:o.end])] {
		return strings.ToUpper(own) == own && machineTail(rest)
	}
	return o.rightEnd() || isDigit(lastByte(o.after())) || machineTail(rest)
}
