package register

import (
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold returns the form of s in which all searching is done: letters and digits
// only, in one script form each.
//
//   - compatibility forms, widths, ligatures and circled characters are plain (NFKD)
//   - upper case is lower, digits of any script are ASCII
//   - marks are gone, so ō is o and が is か; katakana is hiragana, small kana is
//     large, the long vowel mark is gone
//   - old and variant kanji are the usual one (髙 is 高)
//   - letters that look Latin are Latin (Cyrillic а is a); 々 repeats what it repeats
//   - spaces, punctuation, symbols and invisible characters are gone
//
// Fold(Fold(s)) == Fold(s), and Fold(s) is valid UTF-8 whatever s is.
func Fold(s string) string { return string(fold(s).text) }

// FoldMap returns Fold(s) and for each of its bytes the offset in s of the
// character that it comes from; one more offset stands for the end. Offsets
// never fall.
func FoldMap(s string) (folded string, offsets []int) {
	f := fold(s)
	offsets = make([]int, len(f.at))
	for i, at := range f.at {
		offsets[i] = int(at)
	}
	return string(f.text), offsets
}

// folding is a folded text and the way back.
type folding struct {
	source string
	text   []byte
	at     []int32 // offset in source of the character behind each byte, then len(source)
}

func fold(s string) folding {
	f := folding{source: s, text: make([]byte, 0, len(s)), at: make([]int32, 0, len(s)+1)}
	last := "" // what the last letter was folded to, for iteration marks
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			if l := asciiFold[c]; l != 0 {
				f.text, f.at, last = append(f.text, l), append(f.at, int32(i)), ""
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		out := folded(r)
		switch {
		case isIteration(r) && last != "":
			out = last
		case out != "":
			last = out
		}
		for k := range len(out) {
			f.text, f.at = append(f.text, out[k]), append(f.at, int32(i))
		}
		i += size
	}
	f.at = append(f.at, int32(len(s)))
	return f
}

// span returns the bytes of the source behind text[start:end], with the marks
// that follow the last character.
func (f folding) span(start, end int) (int, int) {
	from, to := int(f.at[start]), int(f.at[end-1])
	_, size := utf8.DecodeRuneInString(f.source[to:])
	to += size
	for to < len(f.source) {
		r, size := utf8.DecodeRuneInString(f.source[to:])
		if !unicode.Is(unicode.M, r) && r != 'ﾞ' && r != 'ﾟ' {
			break
		}
		to += size
	}
	return from, to
}

// asciiFold holds the lower-case letter or digit of an ASCII byte, 0 for others.
var asciiFold = func() (t [utf8.RuneSelf]byte) {
	for c := byte('0'); c <= '9'; c++ {
		t[c] = c
	}
	for c := byte('a'); c <= 'z'; c++ {
		t[c], t[c-'a'+'A'] = c, c
	}
	return t
}()

// pages memoises folded by blocks of 256 characters, made when first met.
var pages [(unicode.MaxRune + 1) >> 8]atomic.Pointer[[256]string]

// folded returns what one character becomes: nothing for one that is dropped.
func folded(r rune) string {
	slot := &pages[r>>8]
	page := slot.Load()
	if page == nil {
		page = new([256]string)
		for i := range page {
			page[i] = foldRune(r&^0xff | rune(i))
		}
		slot.Store(page)
	}
	return page[r&0xff]
}

func foldRune(r rune) string {
	if !utf8.ValidRune(r) || r == utf8.RuneError {
		return ""
	}
	if l, ok := homoglyphs[r]; ok {
		return string(l)
	}
	var out []rune
	for _, d := range norm.NFKD.String(string(r)) {
		if d = foldLetter(d); d != 0 {
			out = append(out, d)
		}
	}
	return string(out)
}

// foldLetter folds a character without a decomposition, to 0 if it is dropped.
func foldLetter(r rune) rune {
	if k, ok := variants[r]; ok { // some are signs
		return k
	}
	switch {
	case unicode.Is(unicode.Nd, r):
		return digit(r)
	case isInvisible(r) || unicode.Is(unicode.Lm, r) && !isIteration(r):
		return 0
	case !unicode.IsLetter(r) && !unicode.IsNumber(r):
		return 0
	}
	r = unicode.ToLower(unicode.ToUpper(r))
	if l, ok := homoglyphs[r]; ok {
		return l
	}
	if k, ok := variants[r]; ok {
		return k
	}
	return hiragana(r)
}

// digit returns the ASCII digit of a decimal digit of any script: they stand in
// runs of ten that begin with zero.
func digit(r rune) rune {
	for _, t := range unicode.Nd.R16 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return '0' + (r-rune(t.Lo))%10
		}
	}
	for _, t := range unicode.Nd.R32 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return '0' + (r-rune(t.Lo))%10
		}
	}
	return 0
}

// largeKana gives the large form of a small kana.
var largeKana = map[rune]rune{
	'ぁ': 'あ', 'ぃ': 'い', 'ぅ': 'う', 'ぇ': 'え', 'ぉ': 'お', 'っ': 'つ', 'ゃ': 'や',
	'ゅ': 'ゆ', 'ょ': 'よ', 'ゎ': 'わ', 'ゕ': 'か', 'ゖ': 'け', 'ゐ': 'い', 'ゑ': 'え',
	'ㇰ': 'く', 'ㇱ': 'し', 'ㇲ': 'す', 'ㇳ': 'と', 'ㇴ': 'ぬ', 'ㇵ': 'は', 'ㇶ': 'ひ', 'ㇷ': 'ふ',
	'ㇸ': 'へ', 'ㇹ': 'ほ', 'ㇺ': 'む', 'ㇻ': 'ら', 'ㇼ': 'り', 'ㇽ': 'る', 'ㇾ': 'れ', 'ㇿ': 'ろ',
}

func hiragana(r rune) rune {
	if 'ァ' <= r && r <= 'ヶ' {
		r -= 'ァ' - 'ぁ'
	}
	if large, ok := largeKana[r]; ok {
		return large
	}
	return r
}

func isIteration(r rune) bool {
	switch r {
	case '々', '〻', 'ゝ', 'ゞ', 'ヽ', 'ヾ':
		return true
	}
	return false
}

// isInvisible tells the letters that show nothing.
func isInvisible(r rune) bool {
	switch r {
	case 0x115f, 0x1160, 0x3164, 0xffa0, 0x17b4, 0x17b5:
		return true
	}
	return false
}
