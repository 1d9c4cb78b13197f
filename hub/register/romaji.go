package register

import (
	_ "embed"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// foldRomaji is the second folding, over folded text: it brings Hepburn and
// Kunrei spellings and long vowels together (Shōji, Shouji, Syozi are syozi). It
// works within a word: letters that stand apart in the source don't meet.
func foldRomaji(f folding) folding {
	out := folding{source: f.source, text: make([]byte, 0, len(f.text)), at: make([]int32, 0, len(f.at))}
	for i := 0; i < len(f.text); {
		end := i + 1
		for isLower(f.text[i]) && end < len(f.text) && isLower(f.text[end]) && f.adjacent(end-1) {
			end++
		}
		out = foldWord(out, f.text[i:end], f.at[i:end])
		i = end
	}
	out.at = append(out.at, f.at[len(f.text)])
	return out
}

// adjacent reports whether nothing was dropped between text[i] and text[i+1].
func (f folding) adjacent(i int) bool {
	return f.at[i+1]-f.at[i] <= 1 || f.at[i+1] == f.at[i]+int32(runeLen(f.source[f.at[i]]))
}

func runeLen(first byte) int {
	switch {
	case first < 0xc0:
		return 1
	case first < 0xe0:
		return 2
	case first < 0xf0:
		return 3
	}
	return 4
}

func isLower(b byte) bool { return 'a' <= b && b <= 'z' }
func isDigit(b byte) bool { return '0' <= b && b <= '9' }
func isVowel(b byte) bool { return strings.IndexByte("aiueo", b) >= 0 }

// foldWord appends a word in its folded spelling.
func foldWord(out folding, word []byte, at []int32) folding {
	emit := func(s string, i int) {
		for k := range len(s) {
			out.text, out.at = append(out.text, s[k]), append(out.at, at[i])
		}
	}
	for i := 0; i < len(word); {
		short, size := syllable(word[i:])
		if size > 0 {
			emit(short, i)
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
	next := func(i int) byte {
		if i < len(w) {
			return w[i]
		}
		return 0
	}
	glide := func(c string, n int) (string, int) { // shi → s(i), sha → sy(a)
		switch next(n) {
		case 'i', 'e':
			return c, n
		case 'a', 'u', 'o':
			return c + "y", n
		}
		return "", 0
	}
	switch {
	case w[0] == 's' && next(1) == 'h':
		return glide("s", 2)
	case w[0] == 'c' && next(1) == 'h':
		return glide("t", 2)
	case w[0] == 'j':
		return glide("z", 1)
	case w[0] == 't' && next(1) == 's' && next(2) == 'u':
		return "t", 2
	case w[0] == 'd' && next(1) == 'z' && next(2) == 'u':
		return "z", 2
	case w[0] == 'd' && (next(1) == 'u' || next(1) == 'i'):
		return "z", 1
	case w[0] == 'f' && next(1) == 'u':
		return "h", 1
	case w[0] == 'm' && (next(1) == 'b' || next(1) == 'p' || next(1) == 'm'):
		return "n", 1
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
