package disguise

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/ascii85"
	"encoding/base32"
	"encoding/hex"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
)

// Hidings are the ways in which somebody puts a name into a host, a file or an account so
// that it can be read and isn't found, in the order in which tests tell of them.
func Hidings() []string {
	var names []string
	for _, h := range hidings {
		names = append(names, h.name)
	}
	return names
}

// Hide writes a name of small Latin letters in one of those ways, as a host, a file, a
// mailbox or what a command was given.
func Hide(r *rand.Rand, way, name string) string {
	i := slices.IndexFunc(hidings, func(s step) bool { return s.name == way })
	return hidings[i].do(r, name)
}

var hidings = []step{
	{"digits", func(r *rand.Rand, s string) string { return placed(r, digitsIn(r, s)) }},
	{"digits in capitals", func(r *rand.Rand, s string) string { return placed(r, strings.ToUpper(digitsIn(r, s))) }},
	{"digits and other letters", func(r *rand.Rand, s string) string { return digitsIn(r, s) + "xq" + ".com" }},
	{"digits and signs", func(r *rand.Rand, s string) string { return wide(r, placed(r, digitsIn(r, s))) }},
	{"backwards", func(r *rand.Rand, s string) string { return placed(r, backwards(s)) }},
	{"rot13", func(r *rand.Rand, s string) string { return placed(r, rot13(s)) }},
	{"another voicing", func(r *rand.Rand, s string) string { return placed(r, voicedOtherwise(r, s)) }},
	{"one letter wrong", func(r *rand.Rand, s string) string { return placed(r, oneWrong(r, s)) }},
	{"base32", func(r *rand.Rand, s string) string {
		return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString([]byte(spelledWith(r, s)))) + ".example.net"
	}},
	{"base58", func(r *rand.Rand, s string) string { return "https://example.net/" + base58(spelledWith(r, s)+"/1") }},
	{"base85", func(r *rand.Rand, s string) string {
		return "b85decode('" + base85(spelledWith(r, s)+" up", rfc1924) + "')"
	}},
	{"base85 of ZeroMQ", func(r *rand.Rand, s string) string { return "x " + base85("to "+spelledWith(r, s)+" up", zeromq) }},
	{"base85 of Adobe", func(r *rand.Rand, s string) string { return `a85 "` + base85("to "+spelledWith(r, s)+" up", "") + `"` }},
	{"base85 in marks", func(r *rand.Rand, s string) string { return "<~" + base85(spelledWith(r, s), "") + "~>" }},
	{"digest", func(r *rand.Rand, s string) string {
		one, two := md5.Sum([]byte(s)), sha256.Sum256([]byte(s))
		return []string{hex.EncodeToString(one[:]), hex.EncodeToString(two[:]), "id_" + hex.EncodeToString(one[:10]), strings.ToUpper(hex.EncodeToString(two[:]))}[r.IntN(4)]
	}},
}

// placed puts a word where names of attackers stand, maybe beside what anybody adds.
func placed(r *rand.Rand, s string) string {
	forms := []string{s + ".com", "login-" + s + ".net", "vpn" + s + ".example", s + "portal.com", "https://" + s + ".top/a", s + "@example.net", s + "_files.zip", "mail." + s + ".org", s + "2024.com"}
	return forms[r.IntN(len(forms))]
}

// digitsIn writes digits for up to half of the letters, one of them inside at least; a
// name without such letters stays.
func digitsIn(r *rand.Rand, s string) string {
	const letters, digits = "oizeastbg", "012345789"
	out := []byte(s)
	var places []int
	for i := 1; i+1 < len(s); i++ {
		if strings.IndexByte(letters, s[i]) >= 0 {
			places = append(places, i)
		}
	}
	for n := 1 + r.IntN(max(1, len(s)/2-1)); n > 0 && len(places) > 0; n-- {
		k := r.IntN(len(places))
		i := places[k]
		out[i] = map[byte]byte{'o': '0', 'i': '1', 'z': '2', 'e': '3', 'a': '4', 's': '5', 't': '7', 'b': '8', 'g': '9'}[s[i]]
		places = slices.Delete(places, k, k+1)
	}
	return string(out)
}

// spelledWith is a name with its capital, or with words before it.
func spelledWith(r *rand.Rand, s string) string {
	return []string{s, strings.ToUpper(s[:1]) + s[1:], "user " + s, "host=" + s}[r.IntN(4)]
}

func backwards(s string) string {
	b := []byte(s)
	slices.Reverse(b)
	return string(b)
}

func rot13(s string) string {
	return strings.Map(func(c rune) rune {
		if c < 'a' || c > 'z' {
			return c
		}
		return 'a' + (c-'a'+13)%26
	}, s)
}

// voicedOtherwise writes one syllable inside of a name with the other voice.
func voicedOtherwise(r *rand.Rand, s string) string {
	const plain, voiced = "kzdb", "gsth" // in pairs
	var places []int
	for i := 1; i+1 < len(s); i++ {
		if strings.IndexByte("aueo", s[i+1]) >= 0 && strings.IndexByte("aiueon", s[i-1]) >= 0 && strings.IndexByte("kgszdtbh", s[i]) >= 0 && s[i:min(i+2, len(s))] != "tu" && s[i:min(i+2, len(s))] != "du" {
			places = append(places, i)
		}
	}
	if len(places) == 0 {
		return s
	}
	out, at := []byte(s), places[r.IntN(len(places))]
	if i := strings.IndexByte(plain, s[at]); i >= 0 {
		out[at] = voiced[i]
	} else {
		out[at] = plain[strings.IndexByte(voiced, s[at])]
	}
	return string(out)
}

// oneWrong leaves a letter out, puts one in, writes another or turns two around.
func oneWrong(r *rand.Rand, s string) string {
	at, c := 1+r.IntN(len(s)-2), string(rune('a'+r.IntN(26)))
	switch r.IntN(4) {
	case 0:
		return s[:at] + s[at+1:]
	case 1:
		return s[:at] + c + s[at:]
	case 2:
		return s[:at] + c + s[at+1:]
	}
	return s[:at] + s[at+1:at+2] + s[at:at+1] + s[at+2:]
}

func base58(s string) string {
	const letters = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
	n, digit, base := new(big.Int).SetBytes([]byte(s)), new(big.Int), big.NewInt(58)
	var out []byte
	for n.Sign() > 0 {
		n.DivMod(n, base, digit)
		out = append(out, letters[digit.Int64()])
	}
	slices.Reverse(out)
	return string(out)
}

const (
	rfc1924 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"
	zeromq  = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"
)

// base85 writes bytes in the letters of an alphabet, "" being that of Adobe.
func base85(s, alphabet string) string {
	out := make([]byte, ascii85.MaxEncodedLen(len(s)))
	out = out[:ascii85.Encode(out, []byte(s))]
	for i := range out {
		if alphabet != "" {
			out[i] = alphabet[out[i]-'!'] // a text has no zeros, which are one letter of Adobe's
		}
	}
	return string(out)
}
