package gate

import (
	"encoding/csv"
	"fmt"
	"os"
	"testing"

	"isac/internal/beside"
)

// sharedRegister returns the synthetic sector list of the sector's size.
func sharedRegister(tb testing.TB) (header []string, rows [][]string) {
	tb.Helper()
	f, err := os.Open("../../../shared/data/registry-synthetic.csv")
	if err != nil {
		beside.Lacks(tb, "the sector list of full size")
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		tb.Fatal(err)
	}
	header, rows = all[0], all[1:]
	private := map[string]bool{"ipv4": true, "ipv4_private": true, "ipv6": true, "hostname_prefix": true, "operator": true}
	for _, row := range rows {
		for i, name := range header {
			if private[name] && row[len(row)-1] != "yes" {
				row[i] = ""
			}
		}
	}
	return header, rows
}

var ownHeader = []string{
	"id", "name_ja", "name_kana", "name_halfkana", "name_romaji", "legal_name", "abbr_ja", "abbr_en", "prefecture", "prefecture_en",
	"municipality", "municipality_en", "kind", "domain", "mail", "phone", "fax", "postal", "address", "ipv4", "ipv4_private", "ipv6",
	"hostname_prefix", "vendor", "operator", "member", "other_name",
}

// stems of the invented names: kanji, kana, Latin.
var ownStems = [][3]string{
	{"半瀬", "はんせ", "Hanse"},
	{"邊見", "へんみ", "Henmi"},
	{"髙嶺", "たかみね", "Takamine"},
	{"大曽根", "おおそね", "Osone"},
	{"夕凪", "ゆうなぎ", "Yunagi"},
	{"霞ヶ浦", "かすみがうら", "Kasumigaura"},
	{"佐々良", "ささら", "Sasara"},
	{"白樺台", "しらかばだい", "Shirakabadai"},
	{"七ツ森", "ななつもり", "Nanatsumori"},
	{"光明", "こうみょう", "Komyo"},
	{"神楽坂上", "かぐらざかうえ", "Kagurazakaue"},
	{"椿", "つばき", "Tsubaki"},
	{"朝日野", "あさひの", "Asahino"},
	{"四方津", "しおつ", "Shiotsu"},
	{"二本柳", "にほんやなぎ", "Nihonyanagi"},
	{"鷹栖", "たかす", "Takasu"},
}

var ownKinds = [][4]string{
	{"病院", "びょういん", "Hospital", "H"},
	{"総合病院", "そうごうびょういん", "General Hospital", "GH"},
	{"医療センター", "いりょうせんたー", "Medical Center", "MC"},
	{"中央病院", "ちゅうおうびょういん", "Central Hospital", "CH"},
	{"こどもクリニック", "こどもくりにっく", "Children Clinic", "CC"},
}

var ownPlaces = [][4]string{
	{"徳島県", "Tokushima", "鳴門市", "Naruto"},
	{"三重県", "Mie", "津市", "Tsu"},
	{"北海道", "Hokkaido", "旭川市", "Asahikawa"},
	{"福島県", "Fukushima", "いわき市", "Iwaki"},
	{"東京都", "Tokyo", "大田区", "Ota"},
	{"大阪府", "Osaka", "四條畷市", "Shijonawate"},
}

// ownSector returns a sector list of every stem with every kind; all are members.
func ownSector() ([]string, [][]string) {
	var rows [][]string
	for i, stem := range ownStems {
		for j, kind := range ownKinds {
			n := len(rows)
			place := ownPlaces[(i+j)%len(ownPlaces)]
			latin := stem[2] + " " + kind[2]
			d := fmt.Sprintf("%s-%s.or.jp", squeeze(stem[2]), squeeze(kind[3]))
			rows = append(rows, []string{
				fmt.Sprintf("ORG%05d", n), stem[0] + kind[0], stem[1] + kind[1], "", latin,
				"医療法人社団 " + stem[0] + "清和会 " + stem[0] + kind[0], stem[0][:3] + kind[0][:3], stem[2][:1] + kind[3],
				place[0], place[1], place[2], place[3], "一般", d, "info@" + d,
				fmt.Sprintf("0%d-%04d-%04d", 80+i, 3100+j*7, 2000+n), "", fmt.Sprintf("%03d-%04d", 100+i*7, 1000+n*3),
				fmt.Sprintf("%s%s%s町%d-%d-%d", place[0], place[2], stem[0], i+1, j+2, n+3),
				fmt.Sprintf("133.%d.%d.0/28", 40+i, 10+j), fmt.Sprintf("172.2%d.%d.0/24", j, i), fmt.Sprintf("240b:%x:%x::/48", 0x100+i, j),
				fmt.Sprintf("%.4s%02d", stem[2], j), "株式会社アオバネ情報", fmt.Sprintf("清和グループ%d", i), "yes", stem[0] + "診療所分院" + fmt.Sprint(j),
			})
		}
	}
	return ownHeader, rows
}

func ownRegister(tb testing.TB) *Register {
	tb.Helper()
	header, rows := ownSector()
	r, err := Compile(header, rows)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func classesOf(hits []Hit) map[string]bool {
	m := map[string]bool{}
	for _, h := range hits {
		m[h.Class] = true
	}
	return m
}

func mustCheck(tb testing.TB, r *Register, out string, left []string, own ...*Vocabulary) (Passed, []Hit) {
	tb.Helper()
	p, hits, err := r.Check([]byte(out), left, own...)
	if err != nil {
		tb.Fatalf("checking %.80q: %v", out, err)
	}
	if p.Valid() != (len(hits) == 0) {
		tb.Fatalf("checking %.80q: valid %v with %d hits", out, p.Valid(), len(hits))
	}
	return p, hits
}
