package disguise

import (
	"math/rand/v2"
	"strings"
	"unicode"
)

// spellings are the changes of each kind's letters, in the order in which they may
// follow each other.
var spellings = [Kinds][]step{
	Japanese: {
		{"corporation", corporation},
		{"joiner", joiner},
		{"old kanji", table(oldKanji)},
		{"radical", table(radicals)},
		{"kana", otherKana},
		{"wide", wide},
		{"punctuated", punctuated},
		{"spaced", spaced},
		{"reversed", reversed},
		{"zero-width", unseen(zeroWidth)},
		{"combining", unseen(combining)},
		{"direction", unseen(directions)},
		{"selector", unseen(selectors)},
	},
	Kana: {
		{"kana", otherKana},
		{"small", smallKana},
		{"long", longMark},
		{"punctuated", punctuated},
		{"spaced", spaced},
		{"reversed", reversed},
		{"zero-width", unseen(zeroWidth)},
		{"combining", unseen(combining)},
		{"direction", unseen(directions)},
	},
	Latin: {
		{"kunrei", kunrei},
		{"joined", joined},
		{"case", otherCase},
		{"accents", accents},
		{"look-alike", lookAlike},
		{"styled", styled},
		{"wide", wide},
		{"spaced", spaced},
		{"reversed", reversed},
		{"zero-width", unseen(zeroWidth)},
		{"combining", unseen(combining)},
		{"direction", unseen(directions)},
	},
	Domain: {
		{"under", underDomain},
		{"defanged", defanged},
		{"case", otherCase},
		{"look-alike", lookAlike},
		{"styled", styled},
		{"wide", wide},
		{"zero-width", unseen(zeroWidth)},
		{"combining", unseen(combining)},
		{"direction", unseen(directions)},
	},
	Mail: {
		{"defanged", defanged},
		{"case", otherCase},
		{"look-alike", lookAlike},
		{"wide", wide},
		{"zero-width", unseen(zeroWidth)},
		{"combining", unseen(combining)},
		{"direction", unseen(directions)},
	},
	Phone: {
		{"notation", phoneNotation},
		{"digits", otherDigits},
		{"wide", wide},
		{"zero-width", unseen(zeroWidth)},
		{"combining", unseen(combining)},
		{"direction", unseen(directions)},
	},
	Postal: {{"notation", postalNotation}, {"wide", wide}, {"zero-width", unseen(zeroWidth)}, {"combining", unseen(combining)}, {"direction", unseen(directions)}},
	IPv4:   {{"notation", v4Notation}, {"defanged", defanged}, {"wide", wide}, {"zero-width", unseen(zeroWidth)}, {"direction", unseen(directions)}},
	IPv6:   {{"notation", v6Notation}, {"wide", wide}, {"zero-width", unseen(zeroWidth)}, {"direction", unseen(directions)}},
	Host: {
		{"case", otherCase},
		{"look-alike", lookAlike},
		{"styled", styled},
		{"wide", wide},
		{"zero-width", unseen(zeroWidth)},
		{"combining", unseen(combining)},
		{"direction", unseen(directions)},
	},
}

// some changes each rune with change where it gives something else: all of them, or
// one in two.
func some(r *rand.Rand, s string, change func(rune) string) string {
	all := r.IntN(2) == 0
	var b strings.Builder
	for _, c := range s {
		if out := change(c); out != "" && (all || r.IntN(2) == 0) {
			b.WriteString(out)
		} else {
			b.WriteRune(c)
		}
	}
	return b.String()
}

// table changes each character to one of the others of its group.
func table(groups map[rune][]rune) func(*rand.Rand, string) string {
	return func(r *rand.Rand, s string) string {
		return some(r, s, func(c rune) string {
			if others := groups[c]; len(others) > 0 {
				return string(others[r.IntN(len(others))])
			}
			return ""
		})
	}
}

// corporation writes the kind of a company in another way.
func corporation(r *rand.Rand, s string) string {
	forms := []string{"㈱", "(株)", "（株）", "㍿", ""}
	return strings.Replace(s, "株式会社", forms[r.IntN(len(forms))], 1)
}

// joiner writes the particle between two kanji in another way.
func joiner(r *rand.Rand, s string) string {
	forms := []string{"ヶ", "ケ", "が", "ガ", "ｹ"}
	return strings.Replace(s, "ヶ", forms[r.IntN(len(forms))], 1)
}

func wide(r *rand.Rand, s string) string {
	return some(r, s, func(c rune) string {
		if c > ' ' && c < 0x7f {
			return string(c - '!' + '！')
		}
		return ""
	})
}

// between puts something between all runes, or between some.
func between(r *rand.Rand, s string, what func() string) string {
	all := r.IntN(2) == 0
	var b strings.Builder
	runes := []rune(s)
	for i, c := range runes {
		b.WriteRune(c)
		if i+1 < len(runes) && !unicode.Is(unicode.M, runes[i+1]) && runes[i+1] != 'ﾞ' && runes[i+1] != 'ﾟ' && (all || r.IntN(3) == 0) {
			b.WriteString(what())
		}
	}
	return b.String()
}

func spaced(r *rand.Rand, s string) string {
	spaces := []string{" ", "　", "\u00a0", "\u2003", "\t", "\n", "  "}
	one := spaces[r.IntN(len(spaces))]
	return between(r, s, func() string { return one })
}

func punctuated(r *rand.Rand, s string) string {
	signs := []string{"・", "-", "_", ".", "／", "|", "*", "·", "、", "+"}
	one := signs[r.IntN(len(signs))]
	return between(r, s, func() string { return one })
}

var (
	zeroWidth  = []string{"\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u180e", "\u2063", "\u034f"}
	combining  = []string{"\u0336", "\u0332", "\u20dd", "\u0301", "\u035c"}
	directions = []string{"\u200e", "\u200f", "\u202a", "\u202d", "\u2066", "\u2068", "\u061c"}
	selectors  = []string{"\ufe00", "\ufe0f", "\U000e0100", "\U000e0102"}
)

// unseen puts signs that can't be seen between the letters.
func unseen(signs []string) func(*rand.Rand, string) string {
	return func(r *rand.Rand, s string) string {
		return between(r, s, func() string { return signs[r.IntN(len(signs))] })
	}
}

// reversed writes a text backwards behind a mark that shows it forwards.
func reversed(_ *rand.Rand, s string) string {
	runes := []rune(s)
	for _, c := range runes {
		if unicode.Is(unicode.M, c) || c == 'ﾞ' || c == 'ﾟ' || c == '\n' { // a line's end ends the mark
			return ""
		}
	}
	for i, j := 0, len(runes)-1; i < j; i, j = i+1, j-1 {
		runes[i], runes[j] = runes[j], runes[i]
	}
	return "\u202e" + string(runes) + "\u202c"
}

func otherCase(r *rand.Rand, s string) string {
	switch r.IntN(3) {
	case 0:
		return strings.ToUpper(s)
	case 1:
		return strings.ToLower(s)
	}
	return strings.Map(func(c rune) rune {
		if r.IntN(2) == 0 {
			return unicode.ToUpper(c)
		}
		return unicode.ToLower(c)
	}, s)
}

// joined writes the words of a name with another sign between them, or none.
func joined(r *rand.Rand, s string) string {
	signs := []string{"-", "_", "", ".", "  ", "+", "　"}
	return strings.ReplaceAll(s, " ", signs[r.IntN(len(signs))])
}

// accents puts marks on vowels, whole or as signs of their own.
func accents(r *rand.Rand, s string) string {
	return some(r, s, func(c rune) string {
		switch c {
		case 'a', 'i', 'u', 'e', 'o':
			return string(c) + []string{"\u0304", "\u0302", "\u0301"}[r.IntN(3)]
		case 'O':
			return []string{"Ō", "Ô"}[r.IntN(2)]
		}
		return ""
	})
}

func lookAlike(r *rand.Rand, s string) string { return table(otherScripts)(r, s) }

// styled writes letters in a style that has code points of its own.
func styled(r *rand.Rand, s string) string {
	styles := []struct{ upper, lower, digit rune }{
		{0x1d400, 0x1d41a, 0x1d7ce}, {0x1d5a0, 0x1d5ba, 0x1d7e2}, {0x1d670, 0x1d68a, 0x1d7f6}, {0x24b6, 0x24d0, 0}, {0x1f130, 0, 0}, {0x1d56c, 0x1d586, 0},
	}
	style := styles[r.IntN(len(styles))]
	return some(r, s, func(c rune) string {
		switch {
		case c >= 'A' && c <= 'Z':
			return string(style.upper + c - 'A')
		case c >= 'a' && c <= 'z' && style.lower != 0:
			return string(style.lower + c - 'a')
		case c >= '0' && c <= '9' && style.digit != 0:
			return string(style.digit + c - '0')
		}
		return ""
	})
}

// kunrei writes a Hepburn name in the other system, all of it.
func kunrei(_ *rand.Rand, s string) string {
	return strings.NewReplacer("shi", "si", "Shi", "Si", "chi", "ti", "Chi", "Ti", "tsu", "tu", "Tsu", "Tu", "sha", "sya", "Sha", "Sya",
		"shu", "syu", "Shu", "Syu", "sho", "syo", "Sho", "Syo", "cho", "tyo", "Cho", "Tyo", "chu", "tyu", "ji", "zi", "Ji", "Zi",
		"jo", "zyo", "Jo", "Zyo", "fu", "hu", "Fu", "Hu").Replace(s)
}

// otherKana writes kana in another script or width, marks apart or not.
func otherKana(r *rand.Rand, s string) string {
	forms := []func(rune) string{
		func(c rune) string { return string(toKatakana(c)) },
		func(c rune) string { return string(toHiragana(c)) },
		func(c rune) string { return halfKana[toKatakana(c)] },
		func(c rune) string {
			if half := []rune(halfKana[toKatakana(c)]); len(half) == 2 {
				return string(plainOf(toHiragana(c), half)) + map[rune]string{'ﾞ': "\u3099", 'ﾟ': "\u309a"}[half[1]]
			}
			return ""
		},
		func(c rune) string {
			if half := []rune(halfKana[toKatakana(c)]); len(half) == 2 {
				return string(plainOf(toKatakana(c), half)) + map[rune]string{'ﾞ': "゛", 'ﾟ': "゜"}[half[1]]
			}
			return ""
		},
	}
	return some(r, s, forms[r.IntN(len(forms))])
}

// plainOf returns a kana without its voicing: they stand one or two before.
func plainOf(c rune, half []rune) rune {
	if half[1] == 'ﾟ' {
		return c - 2
	}
	return c - 1
}

func smallKana(r *rand.Rand, s string) string {
	return some(r, s, func(c rune) string {
		if i := strings.IndexRune("ゃゅょっぁぃぅぇぉャュョッ", c); i >= 0 {
			return string(c + 1)
		}
		return ""
	})
}

func longMark(r *rand.Rand, s string) string {
	forms := []string{"ー", "ｰ", ""}
	return strings.ReplaceAll(s, "ー", forms[r.IntN(len(forms))])
}

func toKatakana(c rune) rune {
	if c >= 'ぁ' && c <= 'ゔ' {
		return c + 0x60
	}
	return c
}

func toHiragana(c rune) rune {
	if c >= 'ァ' && c <= 'ヴ' {
		return c - 0x60
	}
	return c
}
