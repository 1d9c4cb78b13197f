package register

import (
	"strings"

	"isac/hub"
)

// tellsItself reports whether a label of an organisation's domain names it without a
// domain around: it holds a part of the name, or reads as a Japanese name. Other
// labels may be any word (portal, west) and count within a domain only.
func (s *speller) tellsItself(o *hub.Organisation, label string) bool {
	const telling = 5 // letters
	own := romaji(label)
	for _, name := range []string{romaji(s.latinOwn(o.NameRomaji)), romaji(readKana(o.NameKana))} {
		for i := 0; i+telling <= len(own); i++ {
			if part := own[i : i+telling]; strings.Contains(name, part) && !s.w.generic[part] {
				return true
			}
		}
	}
	return readsJapanese(strings.ToLower(label))
}

// readsJapanese reports whether all of a word is Hepburn syllables, four at least.
// English verbs in -ate are, too.
func readsJapanese(word string) bool {
	const least = 4
	syllables := 0
	for i := 0; i < len(word); syllables++ {
		n := syllableAt(word[i:])
		if n == 0 {
			return false
		}
		i += n
	}
	return syllables >= least && !strings.HasSuffix(word, "ate")
}

// syllableAt returns the length of the syllable that s begins with, 0 for none.
func syllableAt(s string) int {
	n := 0
	switch {
	case isVowel(s[0]):
		return 1
	case s[0] == 'n' && (len(s) == 1 || !isVowel(s[1]) && s[1] != 'y'):
		return 1
	case strings.HasPrefix(s, "sh"), strings.HasPrefix(s, "ch"), strings.HasPrefix(s, "ts"):
		n = 2
	case strings.HasPrefix(s, "tch"):
		return 1
	case len(s) > 1 && s[0] == s[1] && strings.IndexByte("kstp", s[0]) >= 0:
		return 1 // the first of two
	case strings.IndexByte("kgzdnbpmryw", s[0]) >= 0:
		n = 1
	case s[0] == 's' || s[0] == 't' || s[0] == 'h' || s[0] == 'f' || s[0] == 'j':
		n = 1
	default:
		return 0
	}
	if strings.IndexByte("kgnhbpmr", s[0]) >= 0 && n == 1 && len(s) > 2 && s[1] == 'y' {
		n = 2
	}
	if n >= len(s) || !isVowel(s[n]) || hepburnLacks[s[:n+1]] {
		return 0
	}
	return n + 1
}

// hepburnLacks are syllables of the other system, or of none.
var hepburnLacks = set("si ti tu hu zi di du yi ye wi wu we fa fi fe fo je tsa tsi tse tso")

// inDomain reports whether the occurrence is the label of a domain that was
// registered, or the last one: mori.local, dc01.mori, a@mori; not mori.evil.net.
func (o occurrence) inDomain() bool {
	const near = 120 // bytes
	start, end := o.span(o.start, o.end)
	left := refang.Replace(plainOf(o.source[max(0, start-near):start]).text)
	right := refang.Replace(plainOf(o.source[end:min(len(o.source), end+near)]).text)
	left = left[len(strings.TrimRightFunc(left, inHost)):]
	right = right[:len(right)-len(strings.TrimLeftFunc(right, inHost))]
	right = strings.TrimRight(right, ".-_")
	if right == "" {
		return strings.HasSuffix(left, ".") || strings.HasSuffix(left, "@")
	}
	if right[0] != '.' || left != "" && !strings.HasSuffix(left, ".") && !strings.HasSuffix(left, "@") {
		return false
	}
	registrable, _ := Registrable("own" + strings.ToLower(right))
	return strings.HasPrefix(registrable, "own.")
}

// refang undoes the usual ways to make a domain harmless.
var refang = strings.NewReplacer("[.]", ".", "(.)", ".", "{.}", ".", "[dot]", ".", "(dot)", ".", "{dot}", ".", " dot ", ".", "\\.", ".",
	"[@]", "@", "[at]", "@", "(at)", "@", " at ", "@")

func inHost(r rune) bool {
	return '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || strings.ContainsRune("-_.@", r)
}
