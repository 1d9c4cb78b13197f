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
//	消す~        → 消さ, 消し, 消せ, 消す: a verb in whatever form
func inflected(word string) []string {
	if verb, ok := strings.CutSuffix(word, "~"); ok {
		last, size := utf8.DecodeLastRuneInString(verb)
		out := []string{verb}
		for _, end := range verbEnds[last] {
			out = append(out, verb[:len(verb)-size]+string(end))
		}
		return out
	}
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

// verbEnds are the ends that a verb has beside the one of its plain form: 消す, 消さ…
var verbEnds = map[rune][]rune{
	'す': []rune("さしせ"), 'く': []rune("かきけい"), 'ぐ': []rune("がぎげい"), 'む': []rune("まみめん"), 'ぶ': []rune("ばびべん"),
	'ぬ': []rune("なにねん"), 'う': []rune("わいえっ"), 'つ': []rune("たちてっ"), 'る': []rune("らりれっ"),
}

// inflectedEN returns the forms of an English phrase whose verb is marked by a "~":
//
//	switch~ off → switch off, switches off, switched off, switching off
func inflectedEN(phrase string) []string {
	before, after, ok := strings.Cut(phrase, "~")
	if !ok {
		return []string{phrase}
	}
	head := ""
	if at := strings.LastIndexByte(before, ' '); at >= 0 {
		head, before = before[:at+1], before[at+1:]
	}
	var out []string
	for _, form := range verbForms(before) {
		out = append(out, head+form+after)
	}
	return out
}

// verbForms are the forms of an English verb.
func verbForms(verb string) []string {
	if others, ok := irregular[verb]; ok {
		return append([]string{verb}, others...)
	}
	end := verb[len(verb)-1]
	switch stem := verb[:len(verb)-1]; {
	case end == 'e':
		return []string{verb, verb + "s", verb + "d", stem + "ing"}
	case end == 'y' && !strings.ContainsRune("aeiou", rune(stem[len(stem)-1])):
		return []string{verb, stem + "ies", stem + "ied", verb + "ing"}
	case strings.HasSuffix(verb, "sh"), strings.HasSuffix(verb, "ch"), strings.ContainsRune("sxz", rune(end)):
		return []string{verb, verb + "es", verb + "ed", verb + "ing"}
	case doubles(verb):
		return []string{verb, verb + "s", verb + string(end) + "ed", verb + string(end) + "ing", verb + "ed", verb + "ing"}
	}
	return []string{verb, verb + "s", verb + "ed", verb + "ing"}
}

// doubles reports whether the last letter of a verb may be doubled: stop, stopped.
func doubles(verb string) bool {
	n := len(verb)
	if n < 3 {
		return false
	}
	vowel := func(b byte) bool { return strings.IndexByte("aeiou", b) >= 0 }
	return !vowel(verb[n-1]) && strings.IndexByte("wxy", verb[n-1]) < 0 && vowel(verb[n-2]) && !vowel(verb[n-3])
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
