package gate

import (
	"os"
	"strings"
	"testing"
)

func grownRegister(t *testing.T) *Register {
	t.Helper()
	r, err := Compile([]string{"id", "name_ja", "name_kana", "name_romaji", "domain", "municipality", "municipality_en"}, [][]string{
		{"N1", "藤波谷総合病院", "ふじなみだにそうごうびょういん", "Fujinamidani General Hospital", "fujinamidani-gh.jp", "", ""},
		{"N2", "漆原台病院", "うるしはらだいびょういん", "Urushiharadai Hospital", "www.kouseikai.or.jp", "", ""},
		{"N3", "桂野病院", "かつらのびょういん", "Katsurano Hospital", "", "", ""},
		{"N4", "鷺沼病院", "さぎぬびょういん", "Saginu Hospital", "", "", ""},
		{"N5", "星乃瀬市立病院", "ほしのせしりつびょういん", "Hoshinose Municipal Hospital", "", "星乃瀬市", "Hoshinose"},
		{"N6", "聖マルタ病院", "", "Saint Martha of Hills Hospital", "", "", ""},
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestGrownTogetherIsCaught: a name in Latin letters that others have grown to.
func TestGrownTogetherIsCaught(t *testing.T) {
	r := grownRegister(t)
	for _, text := range []string{
		"fujinamidanilogin.com", "loginfujinamidani.com", "fujinamidanihpvpn.net", "myfujinamidaniportal.org", "fujinamidani2024.com", "7fujinamidani.net",
		"https://www.fujinamidanilogin.com/a", "hxxp://loginfujinamidani[.]com", "pay@fujinamidanivpn.net", "fujinamidanibilling@evil.net", "FujinamidaniLogin.exe",
		"fujinami-danilogin.com", "ｆｕｊｉｎａｍｉｄａｎｉｌｏｇｉｎ．ｃｏｍ", "fujinami\u200bdanilogin.com", "fujinаmidаnilogin.com", "huzinamidanilogin.com", "ssourushiharadai.com",
		"kouseikailogin.com", "katsuranoxy.com", "katuranologin.com", "saginulogin.com", "loginsaginu.com", "portalsaginuhp.net", "saginu-x.loginsaginu.example",
		"hoshinoselogin.com", "vpnhoshinose.net", "saintmarthaofhillslogin.com",
	} {
		for _, out := range []string{text, `{"pattern":"[domain-name:value = '` + text + `']"}`} {
			if _, hits := mustCheck(t, r, out, nil); !classesOf(hits)["name"] && !classesOf(hits)["domain"] {
				t.Errorf("%q passes", out)
			}
		}
	}
	for _, text := range []string{
		"fujinamida.com", "fujinami danilogin", "fujinami.danilogin.com", "xxkatsurx.com", "xfujinami-danix.com", "saginu.com", "asaginux.com", "saginuology.com", "loginsaginux.com",
		"hoshinosebridge.com", "saint martha of hills were there", "sync-login.com",
	} {
		_, hits := mustCheck(t, r, text, nil)
		for _, h := range hits {
			if h.Class != "place" {
				t.Errorf("%q: %v", text, hits)
			}
		}
	}
}

// TestOrdinaryLabelsPass counts the labels of ordinary words, alone and in twos, that
// are taken for a name of a list of the sector's size.
func TestOrdinaryLabelsPass(t *testing.T) {
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
	all := words
	for i, first := range words {
		for k := range 100 {
			all = append(all, first+words[(i*3+k*13)%len(words)])
		}
	}
	text := strings.Join(all, ".test\n")
	_, hits := mustCheck(t, r, text, nil)
	taken := 0
	for _, h := range hits {
		if h.Class == "name" || h.Class == "domain" {
			taken++
			t.Logf("taken: %s in %q", text[h.Start:h.End], text[max(0, h.Start-12):min(len(text), h.End+12)])
		}
	}
	t.Logf("%d labels of ordinary words, %d taken for a name: %.4f %%", len(all), taken, 100*float64(taken)/float64(len(all)))
	if taken*5000 > len(all) {
		t.Errorf("%d of %d labels are taken for names", taken, len(all))
	}
}
