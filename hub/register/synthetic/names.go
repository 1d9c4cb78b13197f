package synthetic

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"

	"isac/hub"
)

// name draws a sort by its weight and gives the next name of that sort. Each sort
// goes through all names in its own order, so no two organisations have the same.
func (t *tableSet) name(seed uint64, used []int, d *dice) (sort, word) {
	total := len(t.firsts) * len(t.grounds)
	i := d.weighted(t.sortWeights)
	for used[i] == total {
		i = (i + 1) % len(used)
	}
	k := permute(used[i], total, seed+uint64(i))
	used[i]++
	first, ground := t.firsts[k%len(t.firsts)], t.grounds[k/len(t.firsts)]
	return t.sorts[i], word{first.kanji + ground.kanji, first.kana + ground.kana, first.latin + ground.latin}
}

func fillNames(o *hub.Organisation, s sort, name word, d *dice) {
	o.NameJA = name.kanji + s.ending.kanji
	o.NameKana = name.kana + s.ending.kana
	o.NameHalfKana = halfKana(o.NameKana)
	o.NameRomaji = capital(name.latin) + " " + s.ending.latin
	o.LegalName = o.NameJA
	if s.legal != "" {
		o.LegalName = s.legal + " " + o.NameJA
	}
	if strings.HasPrefix(s.legal, s.owner) && s.ownerClass == s.owner {
		first, _ := utf8.DecodeRuneInString(name.kanji)
		o.LegalName = s.legal + " " + string(first) + d.pick("明会", "和会", "翔会", "徳会", "心会") + " " + o.NameJA
	}
	o.AbbrJA = name.kanji + s.abbr
	for _, w := range strings.Fields(o.NameRomaji) {
		o.AbbrEN += w[:1]
	}
}

// halfKana writes hiragana as half-width katakana.
func halfKana(kana string) string {
	full := strings.Map(func(r rune) rune {
		if 'ぁ' <= r && r <= 'ゖ' {
			return r + 'ァ' - 'ぁ'
		}
		return r
	}, norm.NFC.String(kana))
	return width.Narrow.String(norm.NFD.String(full))
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
