package prose

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// inflected returns a Japanese word of a table and the forms that say the same:
// tables hold the plain form, reports are written in the polite one as well.
//
//	設定していな → 設定していませ, 設定しておら, 設定しておりませ
//	漏えいした   → 漏えいしました
//	停止し       → 停止、停止。 as in lists of what was done
//	開い         → 開き、
func inflected(word string) []string {
	out := []string{word}
	if deed := strings.TrimRight(word, "さし"); len(word)-len(deed) == len("し") && isNoun(deed) {
		return append(out, deed+"、", deed+"。", deed+"\n")
	}
	if stem, ok := strings.CutSuffix(word, "い"); ok && isNoun(stem) {
		return append(out, stem+"き、")
	}
	if stem, ok := strings.CutSuffix(word, "た"); ok {
		if strings.HasSuffix(stem, "てい") || strings.HasSuffix(stem, "でい") || endsIn(stem, "しれきえけめせ") {
			out = append(out, stem+"ました")
		}
		return out
	}
	plain, past := strings.CutSuffix(word, "なかっ")
	stem, ok := strings.CutSuffix(word, "な")
	switch {
	case past:
		stem = plain
	case !ok:
		return out
	}
	last, size := utf8.DecodeLastRuneInString(stem)
	verb := stem[:len(stem)-size]
	switch {
	case strings.HasSuffix(stem, "てい"), strings.HasSuffix(stem, "でい"):
		return append(out, stem+"ませ", verb+"おら", verb+"おりませ")
	case endsIn(stem, "がはも"):
		return append(out, stem+"ありませ", stem+"なく")
	case last == 'し':
		return append(out, stem+"ませ", verb+"せず")
	case endsIn(stem, "れきえけめせべげ"):
		return append(out, stem+"ませ", stem+"ず")
	}
	if polite, godan := politeStems[last]; godan {
		return append(out, verb+string(polite)+"ませ", stem+"ず")
	}
	return out
}

// politeStems are the ends of verbs before な and before ませ: 見つからな, 見つかりませ.
var politeStems = map[rune]rune{'ら': 'り', 'か': 'き', 'わ': 'い', 'ま': 'み', 'ば': 'び', 'た': 'ち'}

// isNoun reports whether a word ends in kanji or katakana.
func isNoun(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return unicode.Is(unicode.Han, r) || unicode.Is(unicode.Katakana, r) || r == 'ー'
}

// endsIn reports whether the last rune of s is one of set.
func endsIn(s, set string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return s != "" && strings.ContainsRune(set, r)
}

// negations are the endings by which a verb denies.
var negations = []string{"ておりませ", "ていませ", "ておらず", "ておら", "ていない", "ていなか", "ない", "なか", "なく", "ませ", "ず"}

// throughNegation returns where a verb ends whose stem ends at end: of 「検知できなかった」
// the negation belongs to the verb, and denies nothing else.
func throughNegation(text []byte, end int) int {
	rest := string(text[end:min(len(text), end+24)])
	for _, n := range negations {
		if strings.HasPrefix(rest, n) {
			return end + len(n)
		}
	}
	return end
}
