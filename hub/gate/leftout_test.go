package gate

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"isac/internal/beside"
)

// Values left out, and texts that they must or must not be found in.
var leftOutCases = []struct {
	value string
	found []string
	clean []string
}{
	{"865床", []string{"865床の", "８６５床", "865 beds", "全865床", "病床数は865である", "八六五床"}, []string{"1865床", "8651", "port 10.8.65.1", "10[.]865[.]65[.]1", "10[.]8[.]865", "CVE-2021-865"}},
	{"108,149 patients", []string{"108,149 patients", "108149", "108-149 people", "108 149"}, []string{"1081490", "2108149"}},
	{"661", []string{"661 patients", "(661)", "n=661."}, []string{"a661", "6610", "5d006613-5f74-4661-9642-33f4c354e56d", "10.0.0.661a"}},
	{"7/18", []string{"on 7/18,"}, []string{"17/18", "718"}},
	{
		"2022-10-31",
		[]string{
			"2022-10-31T06:00:00Z", "2022/10/31", "2022.10.31", "20221031", "2022年10月31日", "10月31日", "１０月３１日", "令和4年10月31日", "R4.10.31",
			"October 31, 2022", "Oct. 31", "31 October 2022", "the 31st of October", "十月三十一日", "10/31/2022", "2022年10月", "October 2022",
		},
		[]string{"2022-10-30", "2022-11-23T10:00:00Z", "2022年10月3日", "1月31日", "120221031", "october", "12022-10-31"},
	},
	{"令和5年1月9日", []string{"2023-01-09", "2023年1月9日", "2023/1/9", "January 9, 2023", "1月9日", "9 Jan"}, []string{"2023-01-19", "11月9日"}},
	{"2021-12-31T20:00:00Z", []string{"2021-12-31", "2022年1月1日"}, []string{"2022-01-02"}},
	{"August 27th", []string{"August 27", "8月27日", "27 August", "Aug. 27th"}, []string{"August 2", "August 2700"}},
	{`C:\Users\tanaka\Documents\患者一覧2022.xlsx`, []string{"tanaka", "患者一覧2022.xlsx", `\Users\tanaka\`}, []string{"Documents", "Users", "tanakas"}},
	{"/home/k.mori/bin/x.sh", []string{"k.mori"}, []string{"home", "memory"}},
	{
		"https://www.shiminbyoin-news.test/2022/nov/attack-on-fukamidori-clinic?id=48213345",
		[]string{"shiminbyoin-news.test", "Fukamidori", "48213345", "shiminbyoin-news"},
		[]string{"attack on a clinic", "www", "news"},
	},
	{"vpn01.fukamidori-med.test", []string{"fukamidori-med.test", "x.fukamidori-med.test", "vpn01.fukamidori-med.test", "fukamidori-med"}, []string{"vpn01", "a vpn"}},
	{"tarou.yamano@fukamidori.test", []string{"tarou.yamano", "TAROU.YAMANO", "yamano", "fukamidori.test", "tarou.yamano(at)fukamidori.test"}, []string{"yamanote"}},
	{"Ноsріtаl@fukamidori-mail.test", []string{"hospital@fukamidori-mail.test", "fukamidori-mail.test"}, []string{"a hospital of the sector"}}, // in look-alike letters
	{"KRMC", []string{"KRMC was", "KRMCは"}, []string{"krmc", "XKRMC", "KRMCX"}},
	{"UPS", []string{"UPS van"}, []string{"groups", "ups", "UPSTREAM"}},
	{"Fukamidori Clinic", []string{"fukamidori clinic", "Fukamidori", "fukamidori-clinic", "FukamidoriClinicDC"}, []string{"Clinic", "clinic"}},
	{"St. Hana's Hospital", []string{"st-hanas-hospital", "St Hana’s Hospital"}, []string{"hospital"}},
	{"深緑町立みなと病院", []string{"深緑町立みなと病院", "みなと病院", "深緑町", "深 緑 町"}, []string{"みなと", "病院"}},
	{"田中", []string{"田中主任", "担当：田中"}, nil},
	{"潮見設備", []string{"bm+LiS2KmVA=.exe", "潮見設備.exe"}, []string{"設備"}},
	{"鶴宝容定実", []string{"6ba05a6d5a655a6a5a6f.exe", "ab6ba05a6d5a655a6a5a6f", "/06ba05a6d5a655a6a5a6f/"}, []string{"鶴宝"}}, // base64 of hexadecimal digits alone
	{"鵜殿柊介", []string{"[file:name LIKE '%e9%2C%20b5%2C%209c%2C%20e6%2C%20ae%2C%20bf%2C%20e6%2C%209f%2C%208a%2C%20e4%2C%20bb%2C%208b%']", "[file:name LIKE 'a%b%e9%2C%20b5%2C%209c%2C%20e6%2C%20ae%2C%20bf%2C%20e6%2C%209f%2C%208a%2C%20e4%2C%20bb%2C%208b'] AND [x:y = 1]"}, nil}, // a wildcard before what is encoded
	{"セコイア", []string{"セコイアの保守"}, []string{"セコイアン"}},
	{"5d0092c5-5f74-4287-9642-33f4c354e56d", []string{"5D0092C5-5F74-4287-9642-33F4C354E56D", "5d0092c55f744287964233f4c354e56d"}, []string{"5d0092c5-5f74"}},
	{"203.0.113.77", []string{"203.0.113.77", "203[.]0[.]113[.]77", "hxxp://203.0.113.77/"}, []string{"203.0.113.7", "1203.0.113.77"}},
	{"2001:db8:12::/48", []string{"2001:db8:12::9.exe", "2001%3Adb8%3A12%3A%3A9.exe"}, []string{"2001:db8:13::9.exe"}},
	{`HKEY_CURRENT_USER\Software\ア`, []string{`HKEY_CURRENT_USER\Software\ア`}, []string{"ア", "object_marking_refs"}},
	{"2001:db8:12::9", []string{"2001:db8:12:0:0::9", "2001:DB8:12::9"}, []string{"2001:db8:12::1"}},
	{"0885-00-1234", []string{"0885001234", "+81 885 00 1234", "0885（00）1234"}, []string{"10885001234", "08850012345"}},
	{"%E6%B7%B1%E7%B7%91%E4%BC%9A", []string{"深緑会"}, nil},
	{
		"当院の検査室にある端末から、委託先の保守用回線を経由して侵入されたと考えられる。翌朝まで気付かなかった。",
		[]string{"委託先の保守用回線を経由して", "検査室にある端末から、委託先の"},
		[]string{"委託先の回線", "保守用回線"},
	},
	{
		"The laptop was taken from the back seat of a car that belonged to the billing contractor of our second site.",
		[]string{"it was taken from the back seat of a car that evening"},
		[]string{"the back seat"},
	},
}

func TestLeftOutForms(t *testing.T) {
	r := ownRegister(t)
	for _, c := range leftOutCases {
		for _, text := range c.found {
			for _, out := range []string{text, "確認：" + text + "。", `{"x":"` + strings.ReplaceAll(text, `\`, `\\`) + `"}`} {
				if _, hits := mustCheck(t, r, out, []string{c.value}); len(hits) == 0 {
					t.Errorf("%q: not found in %q", c.value, out)
				}
			}
		}
		for _, text := range c.clean {
			if _, hits := mustCheck(t, r, text, []string{c.value}); len(hits) > 0 {
				t.Errorf("%q: found in %q: %v", c.value, text, hits)
			}
		}
	}
}

// TestVocabulary: the hub's own texts explain what they hold, and no more.
func TestVocabulary(t *testing.T) {
	r := ownRegister(t)
	own := NewVocabulary([]string{"攻撃者はVPN装置の脆弱性を悪用して侵入しました", "VPN", "装置", "Remote Desktop Protocol", "2026-11-23T10:00:00.000Z", "徳島県", "検査サーバー"})
	for _, c := range []struct {
		out, value string
		hit        bool
	}{
		{"VPN装置を更新", "VPN装置", false},
		{"VPN機器を更新", "VPN機器", true},
		{"攻撃者はVPN装置の脆弱性を悪用して侵入しました。", "当院ではVPN装置の脆弱性を悪用して侵入された。気付いたのは翌日であり、それまでに広がっていた。", false},
		{"Remote Desktop Protocol", "Remote Desktop", false},
		{"remote desktop", "Remote Desktop", true},
		{`{"created":"2026-11-23T10:00:00.000Z"}`, "2026-11-23", false},
		{`{"created":"2026-11-23T10:00:00.001Z"}`, "2026-11-23", true},
		{"検査サーバーの停止", "検査サーバー", false},
		{"検査サーバ室の停止", "検査サーバ", true},
		{`{"x":"更新します。\nRemote Desktop Protocol"}`, "Remote Desktop", false},
		{`{"x":"nRemote Desktop Protocol"}`, "nRemote Desktop", true},
		{"徳島県", "", true}, // the sector list is never explained
	} {
		_, hits := mustCheck(t, r, c.out, []string{c.value}, own)
		if (len(hits) > 0) != c.hit {
			t.Errorf("%q in %q: %v, want a hit: %v", c.value, c.out, hits, c.hit)
		}
	}
}

// TestRealCases: every entry that must not appear is found by itself, as strictly as
// the matching rule of the cases has it.
func TestRealCases(t *testing.T) {
	files, err := filepath.Glob("../../../shared/corpus/veris-healthcare/stix/*.expect.json")
	if err != nil || len(files) == 0 {
		beside.Lacks(t, "a folder of public cases")
	}
	r := ownRegister(t)
	for i, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var expect struct {
			Must []string `json:"must_not_appear"`
		}
		if err := json.Unmarshal(data, &expect); err != nil {
			t.Fatal(err)
		}
		for j, value := range expect.Must {
			for _, out := range []string{"so " + value + " there", "「" + value + "」", strings.ToUpper("x: " + value + ".")} {
				doc, err := json.Marshal(map[string]string{"description": out})
				if err != nil {
					t.Fatal(err)
				}
				if _, hits := mustCheck(t, r, string(doc), []string{value}); len(hits) == 0 {
					t.Errorf("case %d: entry %d of %d characters is not found", i, j, len(value))
				}
			}
		}
	}
}

func TestValueThatUnescapesToNothing(t *testing.T) {
	r, err := Compile([]string{"id", "name_ja"}, [][]string{{"A1", "銀杏之上病院"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []string{"", "<b></b>", "&#8203;", "%00", "\u200b", "=\r\n", "\\u200b"} {
		passed, _, err := r.Check([]byte("an alert"), []string{v})
		if err != nil || !passed.Valid() {
			t.Errorf("%q: %v", v, err)
		}
	}
}

// The separator of a path before an escaped part is no part of the escape.
func TestEscapesBehindASeparator(t *testing.T) {
	r := ownRegister(t)
	for _, text := range []string{
		`Global\\u004b\u0053\u004d\u0047\u002d\u0044\u0043\u0030\u0031`, `Session\\113\123\115\107\055\104\103\060\061`, `C:\Temp\\x4b\x53\x4d\x47-DC01\x`,
	} {
		doc, err := json.Marshal(map[string]string{"value": text})
		if err != nil {
			t.Fatal(err)
		}
		if p, hits := mustCheck(t, r, string(doc), []string{"KSMG-DC01"}); len(hits) == 0 || p.Valid() {
			t.Errorf("not found in %s", text)
		}
	}
}

// The name of a place may be two letters: four bytes of UTF-16 or Shift_JIS, as hex.
func TestTwoLettersAsHexDigits(t *testing.T) {
	r := ownRegister(t)
	for _, digits := range []string{"3a58025e", "583a5e02", "8de48e73", "BAE6BBD4", "ed65dd5d025e"} {
		for _, text := range []string{digits, `HKLM\\SOFTWARE\\x-` + digits, "AbC" + base64.StdEncoding.EncodeToString([]byte(`#{"v": "`+digits+`"}`)), base64.StdEncoding.EncodeToString([]byte(digits))} {
			if p, hits := mustCheck(t, r, `{"value":"`+text+`"}`, []string{"堺市", "旭川市"}); len(hits) == 0 || p.Valid() {
				t.Errorf("not found in %s", text)
			}
		}
	}
	for _, text := range []string{"3a58025f", "deadbeef", "6d697a75"} {
		if _, hits := mustCheck(t, r, `{"value":"`+text+`"}`, []string{"堺市", "旭川市"}); len(hits) != 0 {
			t.Errorf("found in %s: %v", text, hits)
		}
	}
}

// An address may stand as one number, in a label or a path.
func TestAddressAsANumber(t *testing.T) {
	r := ownRegister(t)
	for _, text := range []string{"c6334d0e.badc2.top", "C6334D0E", "http://badc2.top/3325250830/x", "id=3325250830"} {
		if p, hits := mustCheck(t, r, `{"value":"`+text+`"}`, []string{"198.51.77.14"}); len(hits) == 0 || p.Valid() {
			t.Errorf("not found in %s", text)
		}
	}
	for _, text := range []string{"c6334d0f.badc2.top", "ac6334d0e", "c6334d0e1", "c6334d0e-9f1b-4c77-8a55-2f0d3f1c9b11", "33252508301", "3325250831"} {
		if _, hits := mustCheck(t, r, `{"value":"`+text+`"}`, []string{"198.51.77.14"}); len(hits) != 0 {
			t.Errorf("found in %s: %v", text, hits)
		}
	}
}

// A code of seven letters is ten of base64; what stands before them, and behind, may be
// of the same run and short enough for a word.
func TestShortBase64InARun(t *testing.T) {
	r := ownRegister(t)
	for _, before := range []string{"", "A", "Ab", "AbC", "x_Ab", "x_AbC", "key_"} {
		for _, code := range []string{"T1AtRzAwNw", "I09QLUcwMDc", "T1AtRzAwNw_x"} {
			text := `{"value":"` + before + code + `"}`
			if p, hits := mustCheck(t, r, text, []string{"OP-G007"}); len(before+code) < 16 && (len(hits) == 0 || p.Valid()) {
				t.Errorf("not found in %s", text)
			}
		}
	}
}

// What stands between the strings of a document is read, however long they are, and
// names that begin in one and end in another.
func TestBetweenLongStrings(t *testing.T) {
	r := ownRegister(t)
	long := strings.Repeat("あれこれ、", 80)
	for _, text := range []string{
		`{"a":"` + long + `","beds":440,"b":"` + long + `"}`,
		`{"a":"` + long + `四百四十","b":"` + long + `夕凪","c":"総合病院` + long + `"}`,
		`{"a":"` + long + `夕凪総合病院` + long + `"}`,
		`["` + long + `ア","` + long + `夕凪","総合病院` + long + `"]`,
	} {
		if p, hits := mustCheck(t, r, text, []string{"440床"}); len(hits) == 0 || p.Valid() {
			t.Errorf("not found in %.60s", text)
		}
	}
	if _, hits := mustCheck(t, r, `{"a":"`+long+`夕凪`+long+`","b":"`+long+`総合病院の`+long+`"}`, nil); len(hits) != 0 {
		t.Errorf("what is skipped joins: %v", hits)
	}
}
