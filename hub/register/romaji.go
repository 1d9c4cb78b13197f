package register

import (
	_ "embed"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// foldRomaji is the second folding, over folded text: it brings Hepburn and
// Kunrei spellings and long vowels together (Shōji, Shouji, Syozi are syozi). It
// works within a word: letters that stand apart in the source don't meet. What is
// not Latin becomes one byte that no needle has.
func foldRomaji(f folding) folding {
	out := folding{source: f.source, text: make([]byte, 0, len(f.text)/2), at: make([]int32, 0, len(f.text)/2)}
	for i := 0; i < len(f.text); {
		end := i + 1
		switch c := f.text[i]; {
		case isLower(c):
			for end < len(f.text) && isLower(f.text[end]) && f.adjacent(end-1) {
				end++
			}
			out = foldWord(out, f.text[i:end], f.at[i:end])
		case isDigit(c):
			out.text, out.at = append(out.text, c), append(out.at, f.at[i])
		default:
			for end < len(f.text) && f.text[end] >= utf8.RuneSelf {
				end++
			}
			out.text, out.at = append(out.text, apart), append(out.at, f.at[i])
		}
		i = end
	}
	out.at = append(out.at, f.at[len(f.text)])
	return out
}

// apart stands for text between Latin words in the second folding.
const apart = 0

// adjacent reports whether nothing that can be seen was dropped between text[i]
// and text[i+1].
func (f folding) adjacent(i int) bool {
	from, to := int(f.at[i]), int(f.at[i+1])
	if to-from <= 1 {
		return true
	}
	_, size := utf8.DecodeRuneInString(f.source[from:])
	for from += size; from < to; from += size {
		var r rune
		r, size = utf8.DecodeRuneInString(f.source[from:])
		if !unseen(r) {
			return false
		}
	}
	return true
}

func isLower(b byte) bool { return 'a' <= b && b <= 'z' }
func isDigit(b byte) bool { return '0' <= b && b <= '9' }

func isVowel(b byte) bool {
	return b == 'a' || b == 'i' || b == 'u' || b == 'e' || b == 'o'
}

// foldWord appends a word in its folded spelling.
func foldWord(out folding, word []byte, at []int32) folding {
	for i := 0; i < len(word); {
		if short, size := syllable(word[i:]); size > 0 {
			for k := range len(short) {
				out.text, out.at = append(out.text, short[k]), append(out.at, at[i])
			}
			i += size
			continue
		}
		v := word[i]
		out.text, out.at = append(out.text, v), append(out.at, at[i])
		i++
		for i < len(word) && isVowel(v) && lengthens(v, word[i:]) {
			i++
		}
	}
	return out
}

// syllable rewrites the beginning of a consonant cluster; size 0 means that there
// is nothing to rewrite.
func syllable(w []byte) (short string, size int) {
	next, third := byte(0), byte(0)
	if len(w) > 1 {
		next = w[1]
	}
	if len(w) > 2 {
		third = w[2]
	}
	switch w[0] {
	case 's':
		if next == 'h' {
			return glide("s", "sy", third, 2)
		}
	case 'c':
		if next == 'h' {
			return glide("t", "ty", third, 2)
		}
	case 'j':
		return glide("z", "zy", next, 1)
	case 't':
		if next == 's' && third == 'u' {
			return "t", 2
		}
	case 'd':
		if next == 'z' && third == 'u' {
			return "z", 2
		}
		if next == 'u' || next == 'i' {
			return "z", 1
		}
	case 'f':
		if next == 'u' {
			return "h", 1
		}
	case 'm':
		if next == 'b' || next == 'p' || next == 'm' {
			return "n", 1
		}
	}
	return "", 0
}

// glide is shi → s(i) and sha → sy(a), by the vowel that follows.
func glide(before, between string, vowel byte, size int) (string, int) {
	switch vowel {
	case 'i', 'e':
		return before, size
	case 'a', 'u', 'o':
		return between, size
	}
	return "", 0
}

// lengthens reports whether rest goes on with a letter that only makes the vowel
// long: the same again, u after o, h after o before a consonant or the end.
func lengthens(vowel byte, rest []byte) bool {
	switch {
	case rest[0] == vowel, vowel == 'o' && rest[0] == 'u':
		return true
	case vowel == 'o' && rest[0] == 'h':
		return len(rest) == 1 || !isVowel(rest[1]) && rest[1] != 'y'
	}
	return false
}

// romaji returns the folded Latin spelling of a text.
func romaji(s string) string { return string(foldRomaji(fold(s)).text) }

//go:embed data/kana.txt
var kanaFile string

var kanaReading = func() map[string]string {
	table := map[string]string{}
	for _, line := range tableLines(kanaFile) {
		kana, latin, _ := strings.Cut(line, " ")
		table[kana] = latin
	}
	return table
}()

// readKana writes kana in Latin letters, Hepburn without marks; "" when there is
// anything but kana in it.
func readKana(s string) string {
	runes := []rune(norm.NFKC.String(s))
	for i, r := range runes {
		if 'ァ' <= r && r <= 'ヴ' {
			runes[i] = r - ('ァ' - 'ぁ')
		}
	}
	var b strings.Builder
	double := false
	for i := 0; i < len(runes); {
		if runes[i] == 'っ' || runes[i] == 'ー' {
			double = runes[i] == 'っ'
			i++
			continue
		}
		latin, size := "", 0
		for n := min(2, len(runes)-i); n > 0 && latin == ""; n-- {
			latin, size = kanaReading[string(runes[i:i+n])], n
		}
		if latin == "" {
			return ""
		}
		switch {
		case double && latin[0] == 'c': // っち is tchi
			b.WriteByte('t')
		case double:
			b.WriteByte(latin[0])
		}
		double = false
		b.WriteString(latin)
		i += size
	}
	return b.String()
}
