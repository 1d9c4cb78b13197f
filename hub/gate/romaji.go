package gate

import "strings"

// syllables holds Hepburn and Kunrei forms of kana, two-kana ones first.
var syllables = func() map[string][2]string {
	m := map[string][2]string{}
	rows := []struct{ kana, hepburn, kunrei string }{
		{"あいうえお", "a i u e o", ""},
		{"かきくけこ", "ka ki ku ke ko", ""},
		{"がぎぐげご", "ga gi gu ge go", ""},
		{"さしすせそ", "sa shi su se so", "sa si su se so"},
		{"ざじずぜぞ", "za ji zu ze zo", "za zi zu ze zo"},
		{"たちつてと", "ta chi tsu te to", "ta ti tu te to"},
		{"だぢづでど", "da ji zu de do", "da zi zu de do"},
		{"なにぬねの", "na ni nu ne no", ""},
		{"はひふへほ", "ha hi fu he ho", "ha hi hu he ho"},
		{"ばびぶべぼ", "ba bi bu be bo", ""},
		{"ぱぴぷぺぽ", "pa pi pu pe po", ""},
		{"まみむめも", "ma mi mu me mo", ""},
		{"やゆよ", "ya yu yo", ""},
		{"らりるれろ", "ra ri ru re ro", ""},
		{"わをゐゑん", "wa o i e n", ""},
		{"ゔぁぃぅぇぉ", "vu a i u e o", ""},
	}
	for _, row := range rows {
		h, k := strings.Fields(row.hepburn), strings.Fields(row.kunrei)
		for i, r := range []rune(row.kana) {
			f := [2]string{h[i], h[i]}
			if len(k) > 0 {
				f[1] = k[i]
			}
			m[string(r)] = f
		}
	}
	for _, r := range "きぎにひびぴみり" {
		stem := strings.TrimSuffix(m[string(r)][0], "i")
		for small, v := range map[string]string{"ゃ": "ya", "ゅ": "yu", "ょ": "yo"} {
			m[string(r)+small] = [2]string{stem + v, stem + v}
		}
	}
	for r, stems := range map[string][2]string{"し": {"sh", "sy"}, "じ": {"j", "zy"}, "ち": {"ch", "ty"}, "ぢ": {"j", "zy"}} {
		for small, v := range map[string]string{"ゃ": "a", "ゅ": "u", "ょ": "o"} {
			m[r+small] = [2]string{stems[0] + v, stems[1] + v}
		}
	}
	return m
}()

// How a long vowel is written.
const (
	longDropped = iota // Osaka, Yunagi
	longSpelled        // Oosaka, Yuunagi, Kouchi
	longH              // Ohsaka, Kohchi
	longDoubled        // Oosaka, Koochi
)

// romanize writes kana in Latin letters, in Hepburn (0) or Kunrei (1).
func romanize(kana string, system, long int) string {
	runes := []rune(toHiragana(kana))
	var b strings.Builder
	double, lengthened := false, false
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		if r == 'っ' {
			double = true
			continue
		}
		last := byte(0)
		if b.Len() > 0 {
			last = b.String()[b.Len()-1]
		}
		if lengthens(last, r) && !lengthened {
			lengthened = true
			switch long {
			case longSpelled:
				b.WriteString(map[rune]string{'う': "u", 'お': "o", 'ー': string(last)}[r])
			case longDoubled:
				b.WriteByte(last)
			case longH:
				if last == 'o' {
					b.WriteByte('h')
				}
			}
			continue
		}
		lengthened = false // jinchō-oka: the second o is a syllable
		s := syllables[string(r)]
		if i+1 < len(runes) {
			if two, ok := syllables[string(runes[i:i+2])]; ok {
				s = two
				i++
			}
		}
		if double && s[system] != "" {
			if strings.HasPrefix(s[system], "ch") {
				b.WriteByte('t')
			} else {
				b.WriteByte(s[system][0])
			}
			double = false
		}
		b.WriteString(s[system])
	}
	return b.String()
}

// lengthens reports whether kana r behind a syllable that ends in last is a long vowel.
func lengthens(last byte, r rune) bool {
	switch r {
	case 'ー':
		return last != 0
	case 'う':
		return last == 'o' || last == 'u'
	case 'お':
		return last == 'o'
	}
	return false
}

func toHiragana(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'ァ' && r <= 'ヶ' {
			return r - ('ァ' - 'ぁ')
		}
		return r
	}, s)
}

// romanizations returns the different ways to write kana in Latin letters.
func romanizations(kana string) []string {
	var out []string
	for system := range 2 {
		for _, long := range []int{longDropped, longSpelled, longH, longDoubled} {
			if system == 1 && long == longH {
				continue
			}
			out = appendNew(out, romanize(kana, system, long))
		}
	}
	if m := strings.NewReplacer("nb", "mb", "np", "mp", "nm", "mm").Replace(out[0]); m != out[0] {
		out = appendNew(out, m)
	}
	return out
}

// otherSystem writes a name of two and more words in Latin letters as the other way
// of writing Japanese has it: Kushibiki as Kusibiki, and back; v itself where it is
// no such name.
func otherSystem(v string) string {
	if len(v) < 8 || strings.IndexByte(v, ' ') < 0 || strings.Trim(v, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 '-.") != "" {
		return v
	}
	v = strings.ToLower(v)
	if kunrei := toKunrei.Replace(v); kunrei != v {
		return kunrei
	}
	return toHepburn.Replace(v)
}

var (
	toKunrei  = strings.NewReplacer("sha", "sya", "shu", "syu", "sho", "syo", "shi", "si", "cha", "tya", "chu", "tyu", "cho", "tyo", "chi", "ti", "tsu", "tu", "ja", "zya", "ju", "zyu", "jo", "zyo", "ji", "zi", "fu", "hu")
	toHepburn = strings.NewReplacer("sya", "sha", "syu", "shu", "syo", "sho", "si", "shi", "tya", "cha", "tyu", "chu", "tyo", "cho", "ti", "chi", "tu", "tsu", "zya", "ja", "zyu", "ju", "zyo", "jo", "zi", "ji", "hu", "fu")
)

func appendNew(list []string, s string) []string {
	for _, have := range list {
		if have == s {
			return list
		}
	}
	return append(list, s)
}

// shortKana returns kana with its long vowels dropped and ぢ, づ as they sound.
func shortKana(kana string) string {
	var out []rune
	for _, r := range toHiragana(kana) {
		last := byte(0)
		if len(out) > 0 {
			if s := syllableEnd(out); s != 0 {
				last = s
			}
		}
		if lengthens(last, r) {
			continue
		}
		switch r {
		case 'ぢ':
			r = 'じ'
		case 'づ':
			r = 'ず'
		}
		out = append(out, r)
	}
	return string(out)
}

// syllableEnd returns the vowel that runes end in.
func syllableEnd(runes []rune) byte {
	switch runes[len(runes)-1] {
	case 'ゃ':
		return 'a'
	case 'ゅ':
		return 'u'
	case 'ょ':
		return 'o'
	}
	if s := syllables[string(runes[len(runes)-1])][0]; s != "" {
		return s[len(s)-1]
	}
	return 0
}

// hepburn are the syllables of that system.
var hepburn = func() map[string]bool {
	m := map[string]bool{}
	for kana, forms := range syllables {
		if strings.Trim(kana, "ぁぃぅぇぉゐゑゔ") == kana {
			m[forms[0]] = true
		}
	}
	return m
}()

// japaneseWord reports whether a word can be read as four Japanese syllables or more.
// So can some English verbs, of one ending.
func japaneseWord(w string) bool {
	n := 0
	for i := 0; i < len(w); n++ {
		size := min(3, len(w)-i)
		for size > 0 && !hepburn[w[i:i+size]] {
			size--
		}
		if size == 0 {
			if i+1 >= len(w) || w[i] != w[i+1] && !strings.HasPrefix(w[i:], "tch") {
				return false
			}
			size = 1 // the first of a double consonant
		}
		i += size
	}
	return n >= 4 && !strings.HasSuffix(w, "ate")
}
