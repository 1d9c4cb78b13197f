package find

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Words are the tokens of a text, with spaces between: words of letters and digits in
// lower case, and of what is written without spaces every sign with the next, so that a
// Japanese word of two signs is found wherever it stands. The last sign of such a run
// stands alone besides, so that single signs are found too.
func Words(text string) string {
	var b strings.Builder
	for _, r := range runs(text) {
		signs := []rune(r.text)
		if !r.joined {
			write(&b, r.text)
			continue
		}
		for i := range signs {
			write(&b, string(signs[i:min(i+2, len(signs))]))
		}
	}
	return b.String()
}

// Phrase is the expression of a full-text query that finds a term in what Words made:
// its tokens one after the other, the last as the beginning of a word where it has
// three letters or more. It is "" for a term without a letter or digit.
func Phrase(term string) string {
	list := runs(term)
	if len(list) == 0 {
		return ""
	}
	last := list[len(list)-1]
	tokens := strings.Fields(Words(term))
	signs := len([]rune(last.text))
	if last.joined && signs > 1 {
		tokens = tokens[:len(tokens)-1] // the word may go on
	}
	phrase := strings.Join(tokens, " ")
	if last.joined && signs == 1 || !last.joined && signs >= 3 {
		phrase += "*"
	}
	return `"` + phrase + `"`
}

func write(b *strings.Builder, token string) {
	if b.Len() > 0 {
		b.WriteByte(' ')
	}
	b.WriteString(token)
}

// run is a stretch of signs of one kind.
type run struct {
	text   string
	joined bool // written without spaces: kanji, kana
}

func runs(text string) []run {
	var out []run
	was := 0
	for _, r := range strings.ToLower(norm.NFKC.String(text)) {
		kind := kindOf(r)
		if kind != 0 && kind == was {
			out[len(out)-1].text += string(r)
		} else if kind != 0 {
			out = append(out, run{string(r), kind == joined})
		}
		was = kind
	}
	return out
}

const (
	spaced = 1 + iota
	joined
)

// kindOf is 0 for what is no part of a word.
func kindOf(r rune) int {
	switch {
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana), r == 'ー', r == '々':
		return joined
	case unicode.IsLetter(r), unicode.IsDigit(r), unicode.Is(unicode.Mn, r):
		return spaced
	}
	return 0
}
