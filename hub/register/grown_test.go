package register_test

import (
	"os"
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/register"
	"isac/hub/register/synthetic"
)

func grownIndex(t *testing.T) *register.Index {
	t.Helper()
	list, err := register.New([]hub.Organisation{
		{ID: "W1", NameJA: "碧沢総合病院", NameKana: "みどりさわそうごうびょういん", NameRomaji: "Midorisawa General Hospital", Domain: "midorisawa-gh.jp"},
		{ID: "W2", NameJA: "梅枝丘病院", NameKana: "うめえだがおかびょういん", NameRomaji: "Umeedagaoka Hospital", Domain: "seiwakai.or.jp"},
		{ID: "W3", NameJA: "菫ヶ丘病院", NameKana: "すみれがおかびょういん", NameRomaji: "Sumiregaoka Hospital"},
		{ID: "W4", NameJA: "東霧谷病院", NameKana: "ひがしきりたにびょういん", NameRomaji: "Higashikiritani Hospital"},
		{ID: "W5", NameJA: "玉戸病院", NameKana: "たまどびょういん", NameRomaji: "Tamado Hospital"},
		{ID: "W6", NameJA: "鳴瀬川市立病院", NameKana: "なるせがわしりつびょういん", NameRomaji: "Narusegawa Municipal Hospital", Municipality: "鳴瀬川市", MunicipalEN: "Narusegawa"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return register.NewIndex(list)
}

// TestGrownTogether: a name in Latin letters counts inside a longer word, in front,
// behind and in the middle; a short one, and one that is a place, beside words only
// that anybody adds.
func TestGrownTogether(t *testing.T) {
	x := grownIndex(t)
	for _, text := range []string{
		"midorisawalogin.com", "loginmidorisawa.com", "midorisawahpvpn.net", "securemidorisawaportal.net", "midorisawa2024.com", "1midorisawa.net",
		"https://www.midorisawalogin.com/a", "hxxps://loginmidorisawa[.]com/a", "billing@midorisawavpn.net", "midorisawabilling@evil.net", "MidorisawaLogin.exe",
		"midori-sawalogin.com", "vpnmidori-sawa.com", "ｍｉｄｏｒｉｓａｗａｌｏｇｉｎ．ｃｏｍ", "midori\u200bsawalogin.com", "mіdorisаwalogin.com", "xn--midorisawalogin", "karteMIDORISAWAbackup",
		"ssoumeedagaoka.com", "infoumeedagaoka.net", "hostsumiregaoka.com", "newshigashikiritani.com", "sumiregaokaoutlook.net", "higasikiritanilogin.com",
		"tamadologin.com", "logintamado.com", "tamadohpvpn.net", "portaltamado.example", "https://mail.tamadosupport.com", "seiwakailogin.com", "narusegawalogin.com", "vpnnarusegawahosp.net",
	} {
		if len(x.Find(text)) == 0 {
			t.Errorf("%q isn't found: %v", text, x.Find(text))
		}
	}
	for _, text := range []string{
		"midorisa.com", "midori sawalogin", "midori.sawalogin.com", "xmidori-sawax.com", "atamadot.com", "tamadology.com", "logintamadox.com", "narusegawabashi.com",
		"midor1sawalogin.com", "sync-login.com",
	} {
		if hits := x.Find(text); len(hits) > 0 {
			t.Errorf("%q: %v", text, hits)
		}
	}
}

// labels returns ordinary words, each by itself and behind others: a hundred thousand
// labels of hosts.
func labels(t *testing.T) []string {
	t.Helper()
	data, err := os.ReadFile("testdata/labels.txt")
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for line := range strings.Lines(string(data)) {
		if !strings.HasPrefix(line, "#") {
			words = append(words, strings.Fields(line)...)
		}
	}
	out := words
	for i, first := range words {
		for k := range 100 {
			out = append(out, first+words[(i*7+k*11)%len(words)])
		}
	}
	return out
}

// TestLabelsOfOrdinaryWords counts the labels made of ordinary words that hold a name
// of some organisation: they cost an attacker's domain each, and must be rare.
func TestLabelsOfOrdinaryWords(t *testing.T) {
	list, err := register.New(synthetic.Register(8182, 20))
	if err != nil {
		t.Fatal(err)
	}
	x := register.NewIndex(list)
	all := labels(t)
	text := strings.Join(all, ".test\n")
	taken := 0
	for _, h := range x.Find(text) {
		if h.Class != register.Name && h.Class != register.Domain {
			continue
		}
		taken++
		from := strings.LastIndexByte(text[:h.Start], '\n') + 1
		t.Logf("taken: %s in %s", text[h.Start:h.End], text[from:h.End+strings.IndexByte(text[h.End:]+".", '.')])
	}
	t.Logf("%d labels of ordinary words, %d taken for a name: %.4f %%", len(all), taken, 100*float64(taken)/float64(len(all)))
	if taken*5000 > len(all) {
		t.Errorf("%d of %d labels are taken for names", taken, len(all))
	}
}
