package gate

import (
	"strings"
	"testing"
)

// What an attacker of the gate, or a careless template, would write. Each must be
// found, as a thing of the class given.
var caught = []struct{ class, text string }{
	{"name", "侵入されたのは半瀬病院です"},
	{"name", "半 瀬 病 院"},
	{"name", "半\u200b瀬\u200d病\u2060院"},
	{"name", "半・瀬／病「院」"},
	{"name", "半瀬の病院が"},
	{"name", "半瀬総合病院"}, // another kind: the stem in front of a kind word
	{"name", "辺見中央病院"}, // new form of 邊
	{"name", "邉見中央病院"},
	{"name", "高嶺医療センター"},
	{"name", "髙嶺医療センタ"},
	{"name", "髙嶺醫療センター"},
	{"name", "大曾根病院"},
	{"name", "霞が浦総合病院"},
	{"name", "霞ケ浦総合病院"},
	{"name", "佐佐良病院"},
	{"name", "七つ森病院"},
	{"name", "ニ本柳病院"}, // katakana ni for the kanji two
	{"name", "ゆうなぎそうごうびょういん"},
	{"name", "ユウナギソウゴウビョウイン"},
	{"name", "ﾕｳﾅｷﾞｿｳｺﾞｳﾋﾞｮｳｲﾝ"},
	{"name", "ユーナギソーゴービョーイン"},
	{"name", "ﾕｳﾅｷﾞ ｿｳｺﾞｳ ﾋﾞﾖｳｲﾝ"},
	{"name", "Yunagi General Hospital"},
	{"name", "YUNAGI GENERAL HOSPITAL"},
	{"name", "yuunagi general hospital"},
	{"name", "Yūnagi General Hospital"},
	{"name", "Yu\u0304nagi-General_Hospital"},
	{"name", "Ohsone Medical Center"},
	{"name", "Oosone Medical Center"},
	{"name", "Siotu Central Hospital"}, // Kunrei
	{"name", "yunagisogobyoin"},
	{"name", "yuunagisougoubyouin"},
	{"name", "Уunаgi Gеnеrаl Ноsрitаl"}, // Cyrillic
	{"name", "Ｙｕｎａｇｉ　Ｇｅｎｅｒａｌ　Ｈｏｓｐｉｔａｌ"},
	{"name", "𝐘𝐮𝐧𝐚𝐠𝐢 𝐆𝐞𝐧𝐞𝐫𝐚𝐥 𝐇𝐨𝐬𝐩𝐢𝐭𝐚𝐥"},
	{"name", "at Shirakabadai the attacker"},
	{"name", "KGH hospital"},
	{"name", "医療法人社団半瀬清和会"},
	{"name", "latipsoH lareneG iganuY\u202elatipsoH lareneG iganuY\u202c"},
	{"other", "半瀬診療所分院0"},
	{"domain", "hanse-h.or.jp"},
	{"domain", "vpn.hanse-h.or.jp"},
	{"domain", "hanse-h[.]or[.]jp"},
	{"domain", "https://hanse-h.or.jp/login"},
	{"domain", "x@HANSE-H.OR.JP"},
	{"phone", "080-3100-2000"},
	{"phone", "(080)3100-2000"},
	{"phone", "０８０－３１００－２０００"},
	{"phone", "+81 80 3100 2000"},
	{"phone", "+81-(0)80-3100-2000"},
	{"phone", "電話08031002000まで"},
	{"phone", "〇八〇－三一〇〇－二〇〇〇"},
	{"phone", "080.3100.2000"},
	{"postal", "〒100-1000"},
	{"postal", "postal code 1001000"},
	{"postal", "郵便番号：１００－１０００"},
	{"address", "徳島県鳴門市半瀬町1-2-3"},
	{"address", "徳島県鳴門市半瀬町１－２－３"},
	{"place", "徳島県の病院"},
	{"place", "鳴門市内"},
	{"place", "津市で"},
	{"place", "四條畷"},
	{"place", "a hospital in Tokushima"},
	{"place", "in Mie"},
	{"place", "Tsu City"},
	{"place", "Ota-ku"},
	{"place", "Naruto, Japan"},
	{"place", "www.naruto.tokushima.jp"},
	{"network", "133.40.10.5"},
	{"network", "133[.]40[.]10[.]5"},
	{"network", "１３３．４０．１０．５"},
	{"network", "サーバ172.20.0.9から"},
	{"network", "http://2233993733/"},
	{"network", "240b:100:0:1::9"},
	{"network", "5.10.40.133.in-addr.arpa"},
	{"network", "0x85280a05"},
	{"host", "HANS00-DC01"},
	{"host", "hans00sv2.local"},
	{"vendor", "アオバネ情報の保守回線"},
	{"operator", "清和グループ3"},
	{"id", "ORG00012"},
}

func TestEverySpellingIsCaught(t *testing.T) {
	r := ownRegister(t)
	for _, c := range caught {
		for _, out := range []string{c.text, "対応済み。" + c.text + "。", `{"name":"x","description":"` + c.text + `"}`} {
			_, hits := mustCheck(t, r, out, nil)
			if !classesOf(hits)[c.class] {
				t.Errorf("%q: want a hit of class %s, got %v", out, c.class, hits)
			}
		}
	}
}

// What looks like a needle and is none.
var harmless = []string{
	"半瀬", "光明が見えた", "椿の花", "朝日野を行く", "中央病院", "総合病院では", "the hospital", "a general hospital or medical center",
	"use hospital accounts", "三重恐喝", "三重の防御", "goto cleanup", "OTA update", "MIE", "Mie scattering", "tsu", "hemorrhage", "H hospital",
	"0803100200012345", "a08031002000b", "11111111-0803-4100-2000-080310020001", "5f080310020004345aa", "2026-11-23T08:03:10.020Z",
	"100-1000", "port 1001000", "133.40.99.5", "1133.40.10.5", "133.40.10.55.6", "172.30.0.1", "v1.33.40.10", "240c::1", "HANSEL", "hansa-1",
	"清和", "アオバネ", "xhanse-h.or.jp.example", "T1021.001", "CVE-2018-13379", "G0004", "M1032",
}

func TestHarmlessPasses(t *testing.T) {
	r := ownRegister(t)
	for _, text := range harmless {
		if _, hits := mustCheck(t, r, text, nil); len(hits) > 0 {
			t.Errorf("%q: want no hit, got %v", text, hits)
		}
	}
}

func TestCompileRefuses(t *testing.T) {
	header, rows := ownSector()
	for why, list := range map[string]struct {
		header []string
		rows   [][]string
	}{
		"no rows":       {header, nil},
		"short row":     {header, [][]string{rows[0][:5]}},
		"no name":       {header, [][]string{append([]string{"ORG1", " "}, rows[0][2:]...)}},
		"no name_ja":    {[]string{"id", "title"}, [][]string{{"1", "x"}}},
		"column twice":  {[]string{"name_ja", "name_ja"}, [][]string{{"x", "x"}}},
		"endless value": {[]string{"name_ja"}, [][]string{{strings.Repeat("病", 5000)}}},
	} {
		if r, err := Compile(list.header, list.rows); err == nil || r != nil {
			t.Errorf("%s: compiled", why)
		} else if strings.Contains(err.Error(), "病") {
			t.Errorf("%s: the error tells a cell", why)
		}
	}
}

func TestDigest(t *testing.T) {
	header, rows := ownSector()
	a, _ := Compile(header, rows)
	b, _ := Compile(header, rows)
	if a.Digest() != b.Digest() {
		t.Error("the same list has two digests")
	}
	rows[3][1] += "分院"
	if c, _ := Compile(header, rows); c.Digest() == a.Digest() {
		t.Error("two lists have one digest")
	}
}

func TestCommonWordIsNoNeedleWhereTheReadingIsNotFound(t *testing.T) {
	header := []string{"id", "name_ja", "name_kana", "name_romaji"}
	rows := [][]string{
		{"A1", "銀杏之上病院", "いちょうのうえびょういん", "Ichonoue Hospital"},
		{"A2", "白鷺台病院", "しらさぎだいびょういん", "Shirasagidai Hospital"},
	}
	r, err := Compile(header, rows)
	if err != nil {
		t.Fatal(err)
	}
	passed, hits, err := r.Check([]byte("The systems of a hospital were broken into."), nil)
	if err != nil || !passed.Valid() {
		t.Errorf("a common word is held: %v, %v", hits, err)
	}
	if _, hits, _ := r.Check([]byte("at Ichonoue Hospital"), nil); len(hits) == 0 {
		t.Error("the name itself passes")
	}
}
