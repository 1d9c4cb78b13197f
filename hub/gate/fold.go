package gate

import (
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Every rune folds on its own (but for three short look-backs in squeeze), so that a
// needle and a text that holds it always fold alike, wherever the needle stands.
// Folded text is squeezed: nothing is left in it but letters, digits and kana voicing.
const (
	foldSpace     = 0      // dropped: space, punctuation, symbol; a boundary
	foldInvisible = 1      // dropped: zero-width, control, combining, direction; no boundary
	voiced        = 0x3099 // ゙ as in が, kept behind kana
	halfVoiced    = 0x309a // ゚ as in ぱ
	iteration     = '々'    // repeats the rune before it
)

// foldTable holds, for each rune of the basic plane, its folded form: one rune, or
// an index into more where it is a surrogate (0xd800+i).
type foldTable struct {
	ascii [utf8.RuneSelf]byte
	one   [1 << 16]uint16
	more  [][]rune
}

var folding = sync.OnceValue(newFoldTable)

func newFoldTable() *foldTable {
	t := &foldTable{}
	index := map[string]uint16{}
	for r := rune(0); r < 1<<16; r++ {
		if utf8.ValidRune(r) {
			t.one[r] = t.entry(foldRune(r), index)
		}
	}
	for r := range t.ascii {
		t.ascii[r] = byte(t.one[r])
	}
	return t
}

func (t *foldTable) entry(folded []rune, index map[string]uint16) uint16 {
	if len(folded) == 1 && folded[0] < 1<<16 {
		return uint16(folded[0])
	}
	key := string(folded)
	if at, ok := index[key]; ok {
		return at
	}
	at := uint16(0xd800 + len(t.more))
	t.more = append(t.more, folded)
	index[key] = at
	return at
}

// foldRune returns what r folds to: compatibility decomposition, then letter by letter.
func foldRune(r rune) []rune {
	if v := foldClass(r); v != 2 {
		return []rune{v}
	}
	if to, ok := lookAlike[r]; ok {
		return []rune{to}
	}
	var out []rune
	for _, d := range norm.NFKD.String(string(r)) {
		if f := foldLetter(d); f > foldInvisible {
			out = append(out, f)
		}
	}
	switch {
	case len(out) > 0:
		return out
	case unicode.Is(unicode.Mn, r):
		return []rune{foldInvisible}
	}
	return []rune{foldSpace}
}

// foldClass returns foldSpace or foldInvisible where r is one, else 2.
func foldClass(r rune) rune {
	switch {
	case r == voiced || r == halfVoiced:
		return 2
	case r == 'ー' || r == 'ｰ' || r == 0x3164 || r == 0x115f || r == 0x1160 || r == 0xffa0: // long vowel mark, Hangul fillers
		return foldInvisible
	case r == '\t' || r == '\n' || r == '\r' || r == '\v' || r == '\f' || r == utf8.RuneError:
		return foldSpace
	case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Mn, unicode.Me, unicode.Variation_Selector):
		return foldInvisible
	}
	return 2
}

// foldLetter folds one rune of a decomposition.
func foldLetter(r rune) rune {
	if r == voiced || r == halfVoiced {
		return r
	}
	if to, ok := lookAlike[r]; ok {
		return to
	}
	if to, ok := kanjiVariant()[r]; ok { // some are signs for parts of kanji
		return to
	}
	if v := foldClass(r); v != 2 {
		return v
	}
	if unicode.Is(unicode.Nd, r) && r >= utf8.RuneSelf {
		return digitOf(r)
	}
	if !unicode.IsLetter(r) && !unicode.IsNumber(r) {
		return foldSpace
	}
	r = foldKana(unicode.ToLower(r))
	if to, ok := lookAlike[r]; ok {
		return to
	}
	if to, ok := kanjiVariant()[r]; ok {
		r = to
	}
	return r
}

// digitOf returns the ASCII digit of a decimal digit of any script: they stand in
// tens, zero first.
func digitOf(r rune) rune {
	for d := rune(0); d < 10; d++ {
		if !unicode.Is(unicode.Nd, r-d-1) {
			return '0' + d
		}
	}
	return '0' + (r-'0')%10
}

// foldKana maps katakana to hiragana, small kana to large, old kana to new.
func foldKana(r rune) rune {
	if r >= 'ァ' && r <= 'ヶ' {
		r -= 'ァ' - 'ぁ'
	}
	switch r {
	case 'ぁ', 'ぃ', 'ぅ', 'ぇ', 'ぉ', 'っ', 'ゃ', 'ゅ', 'ょ', 'ゎ':
		return r + 1
	case 'ゕ':
		return 'か'
	case 'ゖ':
		return 'け'
	case 'ゐ':
		return 'い'
	case 'ゑ':
		return 'え'
	}
	return r
}

// fold returns the folded runes of r (nil for a dropped one) and its class.
func (t *foldTable) fold(r rune, buf *[1]rune) ([]rune, rune) {
	if r >= 1<<16 {
		out := foldRune(r)
		if len(out) == 1 && out[0] <= foldInvisible {
			return nil, out[0]
		}
		return out, 2
	}
	v := t.one[r]
	switch {
	case v <= foldInvisible:
		return nil, rune(v)
	case v >= 0xd800 && v < 0xe000:
		return t.more[v-0xd800], 2
	}
	buf[0] = rune(v)
	return buf[:], 2
}

var views = sync.Pool{New: func() any { return new(view) }}

// squeeze returns s folded and squeezed: what needles are compared as.
func squeeze(s string) string {
	v := views.Get().(*view)
	v.reset(append(v.own[:0], s...))
	v.own = v.src
	v.fill(len(s) * 8)
	text := string(v.text)
	views.Put(v)
	return text
}
