package register_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"isac/hub"
	"isac/hub/register"
	"isac/hub/register/synthetic"
	"isac/internal/beside"
)

// TestNeedlesStayFew: variants are folded, not listed. What many share (a
// prefecture, a supplier) is one needle of the index.
func TestNeedlesStayFew(t *testing.T) {
	lists := map[string][]hub.Organisation{"synthetic": synthetic.Register(5000, 5)}
	if data, err := os.ReadFile(sectorFile); err == nil {
		reg, err := register.Read(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		lists["sector"] = reg.All()
	}
	for name, orgs := range lists {
		reg, err := register.New(orgs)
		if err != nil {
			t.Fatal(err)
		}
		most := 0
		for _, o := range orgs {
			most = max(most, register.NeedlesOf(o))
		}
		all, _ := register.NewIndex(reg).Size()
		average := float64(all) / float64(len(orgs))
		t.Logf("%s: %.1f needles on average, %d at most", name, average, most)
		if average > 20 || most > 64 {
			t.Errorf("%s: %.1f needles on average, %d at most", name, average, most)
		}
	}
}

// TestAttackWordsAreNobody: what alerts are made of names no organisation, with
// the exception of malware that somebody called after a place.
func TestAttackWordsAreNobody(t *testing.T) {
	reg, err := register.New(synthetic.Register(2000, 5))
	if err != nil {
		t.Fatal(err)
	}
	x := register.NewIndex(reg)
	files, err := filepath.Glob("../vocab/data/*.*")
	if err != nil || len(files) == 0 {
		beside.Lacks(t, "a folder of vocabularies")
	}
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			for _, h := range x.Find(line) {
				if h.Class != register.Place {
					t.Errorf("%s: %q is taken for a %s", filepath.Base(path), line[h.Start:h.End], h.Class)
				}
			}
		}
	}
}

// writings are ways in which people and machines write a value.
var writings = []func(string) string{
	func(s string) string { return s },
	strings.ToUpper,
	func(s string) string { return strings.Join(strings.Split(s, ""), "\u200b") },
	func(s string) string { return strings.Join(strings.Split(s, ""), "\u0332") },
	func(s string) string { return strings.NewReplacer(".", "[.]", "@", "[@]").Replace(s) },
	func(s string) string {
		return strings.NewReplacer("a", "а", "e", "е", "o", "о", "A", "Α", "高", "髙", "崎", "﨑", "辺", "邊", "島", "嶋", "竜", "龍").Replace(s)
	},
	wide,
	url.QueryEscape,
	func(s string) string { return base64.StdEncoding.EncodeToString([]byte("〔" + s + "〕")) },
	func(s string) string { return fmt.Sprintf("%x", "〔"+s+"〕") },
}

func wide(s string) string {
	return strings.Map(func(r rune) rune {
		if '!' <= r && r <= '~' {
			return r - '!' + '！'
		}
		return r
	}, s)
}

// TestEveryWritingIsFound: any value of any organisation, written in any of the
// ways and put into prose, is found.
func TestEveryWritingIsFound(t *testing.T) {
	orgs := synthetic.Register(1000, 11)
	reg, err := register.New(orgs)
	if err != nil {
		t.Fatal(err)
	}
	x := register.NewIndex(reg)
	values := func(o hub.Organisation) []string {
		return []string{
			o.NameJA, o.NameKana, o.NameHalfKana, o.NameRomaji, o.LegalName, o.Domain, o.Mail,
			o.Phone, o.Fax, o.Postal, o.Address, o.ID, o.Operator, o.HostnamePrefix + "-DC01",
			strings.TrimSuffix(o.IPv4, "/28"), strings.TrimSuffix(o.IPv6, "/48") + "12",
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		o := orgs[rapid.IntRange(0, len(orgs)-1).Draw(t, "organisation")]
		all := values(o)
		which := rapid.IntRange(0, len(all)-1).Draw(t, "value")
		w := rapid.IntRange(0, len(writings)-1).Draw(t, "writing")
		if which >= len(all)-2 && w == 5 {
			t.Skip("a draw that nobody writes so; another is drawn, and rapid fails where hardly any is left")
		}
		text := "昨夜、「" + writings[w](all[which]) + "」を確認した。"
		if len(x.Find(text)) == 0 {
			t.Fatalf("%q, value %d in writing %d, isn't found in %q", all[which], which, w, text)
		}
	})
}

// TestShortForms: how people shorten a name, and what only looks like it.
func TestShortForms(t *testing.T) {
	x := index(t, header,
		"B1,,緑深大学医学部附属病院,ろくしんだいがくいがくぶふぞくびょういん,,Rokushin University Hospital,国立大学法人 緑深大学医学部附属病院,緑深大病,RUH,,,,,,,,,,,,,,,,,,,,,,,,no",
		"B2,,灯里中央病院,あかりさとちゅうおうびょういん,,Akarisato Central Hospital,医療法人社団 灯里会 灯里中央病院,灯中病,ACH,,,,,,,,,,,,,,,,,,,,,,,,no",
		"B3,,中央病院,ちゅうおうびょういん,,Chuo Hospital,医療法人 湖南会 中央病院,中央,CH,滋賀県,Shiga,,草津市,Kusatsu,,,,,,,,,,,,,,,,,,,no",
	)
	for _, text := range []string{
		"緑深大学病院", "緑深大病院では", "緑深大医学部附属病院", "緑大病院", "緑深大学", "緑深の大学", "緑深大",
		"灯里の病院", "灯里病院", "灯里会", "医療法人社団灯里会", "灯里では障害が", "灯中病から",
		"草津市中央病院", "草津中央病院", "医療法人湖南会", "ACH病院", "病院（ACH）", "ACH-FS01", "中央病院",
	} {
		if len(x.Find(text)) == 0 {
			t.Errorf("%q isn't found", text)
		}
	}
	for _, text := range []string{
		"中央の管理サーバー", "大学病院では一般に", "緑の深い森", "ach", "CHANGE", "総合病院の中央監視", "街灯里山",
	} {
		if hits := x.Find(text); len(hits) > 0 {
			t.Errorf("%q: %v", text, hits)
		}
	}
}

// TestAddressAsANumber: a member's public address may stand as one number, in a label or
// a path.
func TestAddressAsANumber(t *testing.T) {
	reg, err := register.New(synthetic.Register(200, 11))
	if err != nil {
		t.Fatal(err)
	}
	x := register.NewIndex(reg)
	at := slices.IndexFunc(reg.Members(), func(o hub.Organisation) bool { return strings.HasSuffix(o.IPv4, "/28") })
	a := netip.MustParsePrefix(reg.Members()[at].IPv4).Addr().Next().As4()
	v := binary.BigEndian.Uint32(a[:])
	for _, text := range []string{fmt.Sprintf("%08x.badc2.top", v), fmt.Sprintf("http://badc2.top/%d/x", v), fmt.Sprintf("「%08X」", v)} {
		if len(x.Find(text)) == 0 {
			t.Errorf("not found in %s", text)
		}
	}
	for _, text := range []string{fmt.Sprintf("a%08x", v), fmt.Sprintf("%08x1", v), fmt.Sprintf("%08x-9f1b-4c77-8a55-2f0d3f1c9b11", v), fmt.Sprintf("%d1", v)} {
		if hits := x.Find(text); len(hits) != 0 {
			t.Errorf("found in %s: %v", text, hits)
		}
	}
}
