package register_test

import (
	"bytes"
	"net/netip"
	"strings"
	"testing"

	"isac/hub/register"

	"isac/internal/proportion"
)

func index(t testing.TB, lines ...string) *register.Index {
	t.Helper()
	reg, err := read(lines...)
	if err != nil {
		t.Fatal(err)
	}
	return register.NewIndex(reg)
}

func classes(hits []register.Hit) map[string]bool {
	m := map[string]bool{}
	for _, h := range hits {
		m[h.Class] = true
	}
	return m
}

const alpha = "H1,,霞ヶ峰髙総合病院,かすみがみねたかそうごうびょういん,ｶｽﾐｶﾞﾐﾈﾀｶｿｳｺﾞｳﾋﾞｮｳｲﾝ,Kasumigamine-Taka General Hospital,社会医療法人 霞清会 霞ヶ峰髙総合病院,霞峰総病,KTG,石川県,Ishikawa,中部,白山市,Hakusan,医療法人,医療法人,一般病院,257,200-299,,www.kasumigamine.or.jp,soumu@kasumigamine.or.jp,076-274-5931,076-274-5939,924-0871,石川県白山市霞町3-14-15,153.246.31.64/28,172.22.40.0/24,2404:7a81:3c::/48,KSMG,しらさぎメディカルシステム株式会社,白峰グループ,yes"

func TestFind(t *testing.T) {
	x := index(t, header, alpha, row)
	for _, c := range []struct{ class, text string }{
		{"name", "霞ヶ峰髙総合病院のサーバー"},
		{"name", "霞が峰高総合病院"},
		{"name", "霞 ケ 峰\u200b高・総合病院"},
		{"name", "ｶｽﾐｶﾞﾐﾈﾀｶｿｳｺﾞｳﾋﾞｮｳｲﾝ"},
		{"name", "カスミガミネタカソウゴウビョウイン"},
		{"name", "Kasumigamine Taka General Hospital"},
		{"name", "kasumigamine_taka_general_hospital.zip"},
		{"name", "Кasumigamine-Taka Gеneral Hоspital"},
		{"name", "社会医療法人霞清会"},
		{"name", "admin at KASUMIGAMINETAKA"},
		{"name", "Tubamezaka Hospital"},
		{"name", "tsubamezaka-hosp"},
		{"name", "C:\\share\\tsubamezakahp\\x.exe"},
		{"name", "つばめ坂の病院"},
		{"place", "Tsu City" + " から Hakusan-shi まで"},
		{"abbr", "霞峰総病から連絡"},
		{"abbr", "当院（KTG）では"},
		{"abbr", "KTG病院"},
		{"domain", "http://files.kasumigamine.or.jp/x"},
		{"domain", "kasumigamine[.]or[.]jp"},
		{"domain", "kasumigamine-mailgate.net"},
		{"domain", "xtsubamezaka.or.jp"},
		{"mail", "宛先はtanaka@kasumigamine.or.jpです"},
		{"phone", "電話 076-274-5931"},
		{"phone", "０７６（２７４）５９３１"},
		{"phone", "+81 76 274 5939"},
		{"phone", "+81-(0)76-274-5939"},
		{"phone", "0762745931"},
		{"postal", "〒924-0871"},
		{"postal", "９２４ー０８７１"},
		{"address", "石川県白山市霞町３－１４－１５"},
		{"address", "白山市霞町3丁目14番15号"},
		{"address", "霞町3-14-15"},
		{"place", "石川県内"},
		{"place", "白山市の病院"},
		{"place", "Hakusan City"},
		{"vendor", "㈱あおぞら情報の保守"},
		{"vendor", "しらさぎメディカルシステムのVPN"},
		{"range", "153.246.31.70から"},
		{"range", "153[.]246[.]31[.]79"},
		{"range", "153.246.0.0/16"},
		{"range", "ec2-153-246-31-66.example"},
		{"range", "１５３．２４６．３１．７０"},
		{"range", "172.22.40.9"},
		{"range", "2404:7a81:3c::15"},
		{"range", "[2404:7A81:003C:0:0:0:0:15]:443"},
		{"range", "::ffff:153.246.31.70"},
		{"host", "KSMG-DC01 が停止"},
		{"host", "\\\\ksmg07\\d$"},
		{"name", "白峰グループ"},
	} {
		if !classes(x.Find(c.text))[c.class] {
			t.Errorf("%s not found in %q: %v", c.class, c.text, x.Find(c.text))
		}
	}
}

// TestFindNothing: ordinary text of a report, and values that come close.
func TestFindNothing(t *testing.T) {
	x := index(t, header, alpha, row)
	for _, text := range []string{
		"電子カルテシステムのサーバーが暗号化され、外来診療を停止した。",
		"VPN装置の脆弱性（CVE-2018-13379）から侵入し、RDPで横展開した。",
		"The attacker used PsExec and Mimikatz, then ran vssadmin delete shadows /all.",
		"総合病院、市民病院、中央病院",
		"153.246.31.80", "153.246.32.64/28", "2404:7a81:3d::1", "1.153.246.31.7", "172.22.41.1",
		"10762745931", "07627459310", "076-274-593", "92408710", "1924-0871",
		"tsubamezak.or.jp", "xtsubame-zakax.or.jp", "kasumi.or.jp", "Date: 2024-09-24",
		"ktg", "KTGX病院", "KSM-01", "霞", "峰", "SHA-256: 9240871f0762745931ab",
		"8f14e45fceea167a5a36dedd4bea2543", "2024-09-24 08:71", "あおぞらの下",
	} {
		if hits := x.Find(text); len(hits) > 0 {
			t.Errorf("found in %q: %v", text, hits)
		}
	}
}

func TestSpans(t *testing.T) {
	x := index(t, header, alpha)
	text := "先に、霞ヶ峰 髙総合病院（soumu2@kasumigamine.or.jp、153[.]246[.]31[.]70）。"
	got := map[string]string{}
	for _, h := range x.Find(text) {
		got[h.Class] = text[h.Start:h.End]
	}
	for class, want := range map[string]string{
		"name": "霞ヶ峰 髙総合病院", "mail": "soumu2@kasumigamine.or.jp", "range": "153[.]246[.]31[.]70",
	} {
		if got[class] != want {
			t.Errorf("%s: got %q, want %q", class, got[class], want)
		}
	}
}

func TestOwns(t *testing.T) {
	x := index(t, header, alpha, row)
	for addr, want := range map[string]bool{
		"153.246.31.64": true, "153.246.31.79": true, "153.246.31.80": false, "::ffff:153.246.31.70": true,
		"2404:7a81:3c:ffff::1": true, "2404:7a81:3d::1": false, "172.22.40.255": true,
	} {
		if got := x.OwnsAddr(netip.MustParseAddr(addr)); got != want {
			t.Errorf("OwnsAddr(%s) = %v", addr, got)
		}
	}
	for name, want := range map[string]bool{
		"kasumigamine.or.jp": true, "WWW.kasumigamine.or.jp.": true, "a.b.kasumigamine[.]or[.]jp": true,
		"or.jp": false, "xkasumigamine.or.jp": false, "kasumigamine.or.jp.evil.net": false, "": false,
	} {
		if got := x.OwnsDomain(name); got != want {
			t.Errorf("OwnsDomain(%s) = %v", name, got)
		}
	}
}

// TestWholeSectorIsFound: every public value of every organisation is found.
func TestWholeSectorIsFound(t *testing.T) {
	reg, err := register.Read(bytes.NewReader(sector(t)))
	if err != nil {
		t.Fatal(err)
	}
	x := register.NewIndex(reg)
	for i, o := range reg.All() {
		if i%29 != 0 {
			continue
		}
		for class, texts := range map[string][]string{
			"name":    {o.NameJA, o.NameKana, o.NameHalfKana, o.NameRomaji, o.LegalName, o.ID},
			"abbr":    {o.AbbrEN + "病院"},
			"domain":  {o.Domain, "www." + o.Domain},
			"mail":    {o.Mail},
			"phone":   {o.Phone, o.Fax},
			"postal":  {o.Postal},
			"address": {o.Address},
			"place":   {o.Prefecture, o.Municipality, o.PrefectureEN + " Prefecture", o.MunicipalEN + " City"},
		} {
			for _, text := range texts {
				if !classes(x.Find("先日、" + text + "にて"))[class] {
					t.Errorf("%s: %s of %s isn't found", text, class, o.ID)
				}
			}
		}
	}
}

// TestFindIsLinear: a text of near-matches takes time in proportion to its length.
func TestFindIsLinear(t *testing.T) {
	x := index(t, header, alpha, row)
	for _, unit := range []string{
		"霞ヶ峰髙総合病", "霞ヶ峰髙総合病院", "076-274-593", "153.246.31.", "2404:7a81:3c:", "kasumigamine.or.j",
		"KTG", "KSMG-", "霞峰総病", "\u200b", "つばめ", "/", "%e9%9c", "fe80::1%",
	} {
		find := func(n int) func() {
			text := strings.Repeat(unit, n/len(unit))
			return func() { x.Find(text) }
		}
		proportion.Check(t, unit, 64, find(1<<14), find(1<<18))
	}
}

// The separator of a path before an escaped part is no part of the escape.
func TestEscapesBehindASeparator(t *testing.T) {
	x := index(t, header, alpha, row)
	for _, text := range []string{
		`Global\\u004b\u0053\u004d\u0047\u002d\u0044\u0043\u0030\u0031`, `C:\Temp\\u004b\u0053\u004d\u0047\u002d\u0046\u0053\u0032\x`,
		`Global\\113\123\115\107\055\104\103\060\061`, `Session\\x4b\x53\x4d\x47-FS2`,
	} {
		if len(x.Find(text)) == 0 {
			t.Errorf("not found in %s", text)
		}
	}
}
