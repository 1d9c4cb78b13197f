package gate

import (
	"crypto/sha256"
	"encoding/ascii85"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestDigitsForLetters: a name in which digits stand for letters, of the register of
// grown_test.go; a number behind a word or before it stands for none.
func TestDigitsForLetters(t *testing.T) {
	r := grownRegister(t)
	for _, text := range []string{
		"fuj1namidani.com", "fuj1nam1d4n1-login.net", "https://FUJ1NAMIDANI.top/a", "pay@fujinam1dani.net", "loginfujin4midaniportal.org", "fujinamid4ni2024.zip",
		"urush1haradai_readme.txt", "ｆｕｊ１ｎａｍｉｄａｎｉ．ｃｏｍ", "fuj1n\u200bamidani", "kat5urano.com", "katsur4noxy.com", "katsuran0.com", "k0u53ikai.com", "6atsurano kat5ur4no",
		"s4inthmarthaofhills s4intmarthaofhills", "xq9fujinam1dani", "fuji-nam1dani.com", "saginu sag1nu.com", "5aginu.com", "sag1nux.com",
		"https://x.example/" + strings.Repeat("q", 120) + "fujinam1dani", strings.Repeat("q", 1000) + "fujinam1daniqq", "sag1nu" + strings.Repeat("q", 140), strings.Repeat("7", 140) + "sag1nu",
	} {
		for _, out := range []string{text, `{"pattern":"[domain-name:value = '` + text + `']"}`} {
			if _, hits := mustCheck(t, r, out, nil); !classesOf(hits)["name"] && !classesOf(hits)["domain"] {
				t.Errorf("%q passes", out)
			}
		}
	}
	for _, text := range []string{
		"katsuran", "katsura0", "katsura1", "0katsura.com", "1atsurano", "sag1n", "xsag1nux.com", "a5sag1nu7x.com", "fujinamida2.com", "h0sh1nose.com", "5a1ntmarth", "fuji n4midani", strings.Repeat("q", 140) + "sag1nuq", "sag1nu" + strings.Repeat("q", 140) + "7q",
		"2026-11-23T10:00:00.000Z", "indicator--5d0092c5-5f74-4287-9642-33f4c354e56d", "CVE-2018-13379", "v1.2.3-rc4", "T1021.001", "win10-x64", "mp3player.com", "web2print.net",
	} {
		if _, hits := mustCheck(t, r, text, nil); len(hits) > 0 {
			t.Errorf("%q: %v", text, hits)
		}
	}
}

// TestTurnedNames: backwards, and with letters half an alphabet further on.
func TestTurnedNames(t *testing.T) {
	r := grownRegister(t)
	for _, text := range []string{"inadimanijuf.com", "login-inadimanijuf.net", "shwvanzvqnav.exe", "SHWVANZVQNAV_files.zip", "iadarahihsuru"} {
		if _, hits := mustCheck(t, r, text, nil); !classesOf(hits)["name"] {
			t.Errorf("%q passes", text)
		}
	}
}

// TestResemblingNames: by sound and with one letter wrong, in what somebody has chosen.
func TestResemblingNames(t *testing.T) {
	r := grownRegister(t)
	for _, value := range []string{
		"fuchinamitani.com", "huzinamidani-login.net", "vpnujinamidani.com", "fujinamidami_files.zip", "fujinmaidani", "fujinamidaniportall.org", "https://badc2.example/FUJINAMITANI/x",
		"urushiharatai.com", "uruziharadai.top", "loginurushiharadaj.net", "gatsurano.com", "katsurrano.com", "katsuramo.com", "fujinami-dami.com",
		strings.Repeat("x", 60) + "fujinamitani", strings.Repeat("x", 1000) + "fujinamitanixx", strings.Repeat("portal", 12) + "urushiharadaj", strings.Repeat("vpn", 30) + "katsuramo" + strings.Repeat("login", 20),
	} {
		if _, hits := mustCheck(t, r, `{"pattern":"[domain-name:value = '`+value+`']"}`, nil); !classesOf(hits)["name"] {
			t.Errorf("%q passes", value)
		}
	}
	for _, text := range []string{
		"fujinamitani in prose, and don't 'so", "the 'ujinamidan' one", "[a:b = 'katsura.com']", "[a:b = 'fujimidani.com']", "[a:b = 'kurasano-bank.com']", "[a:b = 'authentication-service']",
		"[a:b = 'hoshimose.com']", "[a:b LIKE 'microsoft-online%' OR a:b IN ('kouseis','translation')]", "[a:b = 'open", "[a:b = 'x\\' fujinamitani",
		"[a:b = '" + strings.Repeat("x", 60) + "katsuramo']",
	} {
		if _, hits := mustCheck(t, r, text, nil); len(hits) > 0 {
			t.Errorf("%q: %v", text, hits)
		}
	}
}

// TestDigestsOfNames: plain digests of what machines call an organisation, whole or as they
// begin; NTLM is that of RFC 1320.
func TestDigestsOfNames(t *testing.T) {
	r := grownRegister(t)
	if got := ntlm("password"); got != 0x8846f7eaee8fb117 {
		t.Errorf("NTLM of password begins %x", got)
	}
	for _, name := range []string{"fujinamidani", "Fujinamidani", "fujinamidani-gh.jp", "藤波谷総合病院", "kouseikai.or.jp", "kouseikai"} {
		for i, begin := range digestsOf(name) {
			digest := fmt.Sprintf("%016x", begin) + "00112233445566778899aabbccddeeff"
			for _, text := range []string{digest, strings.ToUpper(digest), "id_" + digest[:16] + ".bin", "https://badc2.example/v/" + digest[:20] + "/x", digest[:8] + "-" + digest[8:16] + "-77", "0x" + digest} {
				if _, hits := mustCheck(t, r, text, nil); !classesOf(hits)["name"] {
					t.Errorf("digest %d of %s passes: %s", i, name, text)
				}
			}
		}
	}
}

// TestRareEncodings: base32, base58 and the three alphabets of base85, also beside what
// programs put around them.
func TestRareEncodings(t *testing.T) {
	r := grownRegister(t)
	for _, text := range []string{
		"mz2wu2lomfwwszdbnzus24tu.badc2.example", "MZ2WU2LOMFWWSZDBNZUQ====", // "fujinamidani-rt", "fujinamidani"
		"mAS1srKWxgzn9NDuW4g", // "x fujinamidani"
		"b85decode('aA|I5An2E*=Ch*cu(#*8kL8ev=a+@)nW7+WZ+8')", "x=aA|I5An2E*=Ch*cu(#*8kL8ev=a+@)nW7+WZ+8", // "ping 藤波谷総合病院 now"
		"[x:value = 'a 5d0092c5-5f74-4287-9642-33f4c354e56d,aA|I5An2E*=Ch*cu(#*8kL8ev=a+@)nW7+WZ+8']", "2026-11-23T10:00:00.000Z,aA|I5An2E*=Ch*cu(#*8kL8ev=a+@)nW7+WZ+8",
		`a85decode("DImo4F` + "`" + `V+:7WiH[DIIBrA79@i+E_W");`,                    // "net use Fujinamidani up"
		"<~ka/+-Z_H\nZf\\*(5]jc\nG;]Q\\F[lU&~>", "z85 y&r%2zxK4tazb+hx(mu@x>gT&x-", // "藤波谷総合病院", "login to fujinamidani"
		"c$|B>e&36Y3m-SGe=&W@v(1ZMY}o#Md;il39nYt?zMQ$}apUsGjWZuNG(9Cw833bDHx&", // a sentence with the name, twice, by zlib
	} {
		if _, hits := mustCheck(t, r, text, nil); !classesOf(hits)["name"] {
			t.Errorf("%q passes", text)
		}
	}
	for _, text := range []string{"https://www.Example.com/AbC/Def?q=Fuji,1&x=2", "b85decode('VQeX(bYXO5WpZO~Wny(=')", "<~nothing", "~><~~>"} {
		if _, hits := mustCheck(t, r, text, nil); len(hits) > 0 {
			t.Errorf("%q: %v", text, hits)
		}
	}
}

// TestMarkedBase85: the marks of ASCII85 with what may look like others before and in them.
func TestMarkedBase85(t *testing.T) {
	r := grownRegister(t)
	for _, secret := range []string{"login to Fujinamidani now", "Zh login to Fujinamidani now"} { // the second one's first letter is ">"
		letters := make([]byte, ascii85.MaxEncodedLen(len(secret)))
		letters = letters[:ascii85.Encode(letters, []byte(secret))]
		marked := "<~" + strings.Join(slices.Collect(func(yield func(string) bool) {
			for part := range slices.Chunk(letters, 7) {
				if !yield(string(part)) {
					return
				}
			}
		}), "\n") + "~>"
		for _, text := range []string{marked, "<~ab" + marked, "<~\n<~ab<~abc\n" + marked, "<~>" + marked, "<~ab~>" + marked, "~><~ab<" + marked + "~>", marked + marked} {
			if _, hits := mustCheck(t, r, text, nil); !classesOf(hits)["name"] {
				t.Errorf("%q passes", text)
			}
		}
	}
}

// TestNearNamesAreToldApart: what resembles one name excuses no other.
func TestNearNamesAreToldApart(t *testing.T) {
	r := grownRegister(t)
	released, more := []byte("[a:b = 'fujinamidami.com']"), []byte("[a:b = 'fujinamidami.com' OR a:b = 'urushiharadaj.net']")
	if passed, hits, err := r.CheckAgain(released, released); err != nil || !passed.Valid() {
		t.Error("what was released doesn't pass again", hits, err)
	}
	passed, hits, err := r.CheckAgain(more, released)
	if err != nil || passed.Valid() || !classesOf(hits)["name"] {
		t.Error("another name passes", hits, err)
	}
	for _, h := range hits {
		if h.Value == "" {
			t.Error("a hit of nobody's name")
		}
	}
}

// TestHardlyAnyLabelIsSpelled counts what is taken for a name of a list of the sector's
// size with digits for letters, backwards or as a digest: labels of ordinary words with
// digits in them, names that machines make, digests.
func TestHardlyAnyLabelIsSpelled(t *testing.T) {
	header, rows := sharedRegister(t)
	r, err := Compile(header, rows)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile("../register/testdata/labels.txt")
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for line := range strings.Lines(string(data)) {
		if !strings.HasPrefix(line, "#") {
			words = append(words, strings.Fields(line)...)
		}
	}
	dice := rand.New(rand.NewPCG(7, 7))
	letters := func(n int, of string) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = of[dice.IntN(len(of))]
		}
		return string(b)
	}
	const small, all = "abcdefghijklmnopqrstuvwxyz0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	kinds := []struct {
		what string
		make func(i int) string
	}{
		{"words in twos", func(i int) string { return words[i%len(words)] + words[dice.IntN(len(words))] + ".test" }},
		{"words with a hyphen", func(i int) string { return words[i%len(words)] + "-" + words[dice.IntN(len(words))] + ".test" }},
		{"words with digits for letters", func(i int) string {
			word := []byte(words[i%len(words)] + words[dice.IntN(len(words))])
			for k, c := range word {
				if at := strings.IndexByte("oizeasgtb", c); at >= 0 && dice.IntN(2) == 0 {
					word[k] = byte('0' + at)
				}
			}
			return string(word) + ".test"
		}},
		{"words with numbers", func(i int) string {
			return words[i%len(words)] + letters(1+dice.IntN(3), "0123456789") + words[dice.IntN(len(words))] + ".test"
		}},
		{"made by machines", func(int) string { return letters(8+dice.IntN(17), small) + ".test" }},
		{"tokens of 20", func(int) string { return letters(20, all) }},
		{"digests", func(i int) string { sum := sha256.Sum256(fmt.Append(nil, i)); return hex.EncodeToString(sum[:]) }},
		{"versions", func(int) string {
			return fmt.Sprintf("%s-v%d.%d.%d-rc%d", words[dice.IntN(len(words))], dice.IntN(20), dice.IntN(100), dice.IntN(1000), dice.IntN(9))
		}},
	}
	for _, kind := range kinds {
		made := make([]string, 20_000)
		for i := range made {
			made[i] = kind.make(i)
		}
		text := "[a:b = '" + strings.Join(made, "' OR a:b = '") + "']"
		_, hits := mustCheck(t, r, text, nil)
		hits = slices.DeleteFunc(hits, func(h Hit) bool { return h.Class != "name" && h.Class != "domain" })
		for _, h := range hits {
			t.Logf("taken: %q", text[max(0, h.Start-12):min(len(text), h.End+12)])
		}
		t.Logf("%s: %d of %d taken", kind.what, len(hits), len(made))
		if len(hits)*5000 > len(made) {
			t.Errorf("%s: %d of %d are taken for names", kind.what, len(hits), len(made))
		}
	}
}
