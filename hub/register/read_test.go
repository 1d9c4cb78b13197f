package register_test

import (
	"bytes"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/register"
	"isac/internal/beside"
)

const sectorFile = "../../../shared/data/registry-synthetic.csv"

// sector opens the whole sector list, which lies beside the repository.
func sector(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile(sectorFile)
	if errors.Is(err, os.ErrNotExist) {
		beside.Lacks(t, "the sector list of full size")
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestReadWholeSector(t *testing.T) {
	reg, err := register.Read(bytes.NewReader(sector(t)))
	if err != nil {
		t.Fatal(err)
	}
	if len(reg.All()) != 8182 || len(reg.Members()) != 1500 {
		t.Fatalf("read %d organisations, %d members", len(reg.All()), len(reg.Members()))
	}
	private := slices.Index(reg.Header(), "ipv4")
	for i, o := range reg.All() {
		if o.Member != (o.IPv4 != "") || o.Member != (o.Operator != "") || o.Member != (reg.Rows()[i][private] != "") {
			t.Fatalf("row %d: private columns are not for members alone", i)
		}
	}
	var again bytes.Buffer
	if err := reg.Write(&again); err != nil {
		t.Fatal(err)
	}
	back, err := register.Read(&again)
	if err != nil {
		t.Fatal(err)
	}
	if back.Digest() != reg.Digest() || reg.Digest().IsZero() {
		t.Fatal("writing and reading again gives another list")
	}
}

const header = "id,synthetic,name_ja,name_kana,name_halfkana,name_romaji,legal_name,abbr_ja,abbr_en,prefecture,prefecture_en,region,municipality,municipality_en,owner,owner_class,kind,beds,band,functions,domain,mail,phone,fax,postal,address,ipv4,ipv4_private,ipv6,hostname_prefix,vendor,operator,member"

const row = "A1,,つばめ坂病院,つばめざかびょういん,ﾂﾊﾞﾒｻﾞｶﾋﾞｮｳｲﾝ,Tsubamezaka Hospital,医療法人 つばめ会 つばめ坂病院,つばめ,TZH,石川県,Ishikawa,中部,金沢市,Kanazawa,医療法人,医療法人,一般病院,120,100-149,,tsubamezaka.or.jp,info@tsubamezaka.or.jp,076-123-4567,076-123-4568,920-0001,石川県金沢市燕町1-2-3,133.7.8.0/28,10.1.0.0/24,2400:a:b::/48,TSUBAME,株式会社あおぞら情報,G1,yes"

func read(lines ...string) (*register.Register, error) {
	return register.Read(strings.NewReader(strings.Join(lines, "\n") + "\n"))
}

func TestReadRefuses(t *testing.T) {
	with := func(old, fresh string) []string { return []string{header, strings.Replace(row, old, fresh, 1)} }
	cases := []struct {
		rule, line, column string
		lines              []string
	}{
		{"register.not-yes-or-no", "2", "member", []string{header, strings.TrimSuffix(row, "yes") + "Yes"}},
		{"register.bad-range", "2", "ipv4", with("133.7.8.0/28", "133.7.8/28")},
		{"register.bad-range", "2", "ipv6", with("2400:a:b::/48", "10.0.0.0/16")},
		{"register.wide-range", "2", "ipv4", with("133.7.8.0/28", "0.0.0.0/0")},
		{"register.not-a-number", "2", "beds", with(",120,", ",12O,")},
		{"register.not-utf8", "2", "name_ja", with("つばめ坂病院", "つば\xff")},
		{"register.control-character", "2", "name_ja", with("つばめ坂病院", "つば\u200bめ坂病院")},
		{"register.empty", "2", "name_ja", with("つばめ坂病院", "")},
		{"register.outer-space", "2", "address", with("石川県金沢市燕町1-2-3", "石川県金沢市燕町1-2-3 ")},
		{"register.bad-mail", "2", "mail", with("info@tsubamezaka", "info.tsubamezaka")},
		{"register.bad-domain", "2", "domain", with("tsubamezaka.or.jp", "tsubame zaka.or.jp")},
		{"register.double-id", "3", "id", []string{header, row, row}},
		{"register.unknown-column", "1", "comment", []string{header + ",comment", row + ",x"}},
		{"register.missing-column", "1", "member", []string{strings.TrimSuffix(header, ",member"), strings.TrimSuffix(row, ",yes")}},
		{"register.double-column", "1", "id", []string{header + ",id", row + ",A1"}},
		{"register.field-count", "2", "1", []string{header, row + ",x"}},
		{"register.not-csv", "2", "4", []string{header, `A1,"`}},
		{"register.no-rows", "2", "id", []string{header}},
	}
	for _, c := range cases {
		reg, err := read(c.lines...)
		var e *hub.Error
		if !errors.As(err, &e) || reg != nil {
			t.Errorf("%s: got %v", c.rule, err)
			continue
		}
		if c.rule == "register.not-csv" {
			c.column = e.Args[1] // the place is the reader's own
		}
		if e.Kind != hub.Invalid || e.Text != c.rule || !slices.Equal(e.Args, []string{c.line, c.column}) {
			t.Errorf("want %s %s %s, got %s %v", c.rule, c.line, c.column, e.Text, e.Args)
		}
	}
}

// TestDigestIsOfContent: the same list in another order of columns and rows, with
// other quoting, is the same version; private cells of non-members don't count.
func TestDigestIsOfContent(t *testing.T) {
	second := strings.Replace(strings.Replace(row, "A1,", "A2,", 1), "G1,yes", "G1,no", 1)
	a, err := read(header, row, second)
	if err != nil {
		t.Fatal(err)
	}
	b, err := read(header, strings.Replace(second, "133.7.8.0/28", "133.9.9.0/28", 1), strings.Replace(row, "A1", `"A1"`, 1))
	if err != nil {
		t.Fatal(err)
	}
	if a.Digest() != b.Digest() {
		t.Error("the order of rows, quoting or a non-member's private cell changed the digest")
	}
	c, err := read(header, strings.Replace(row, ",120,", ",121,", 1), second)
	if err != nil {
		t.Fatal(err)
	}
	if a.Digest() == c.Digest() {
		t.Error("another number of beds gives the same digest")
	}
}

func TestByID(t *testing.T) {
	reg, err := read(header, row)
	if err != nil {
		t.Fatal(err)
	}
	o, ok := reg.ByID("A1")
	if !ok || o.NameJA != "つばめ坂病院" || !o.Member {
		t.Errorf("ByID gives %v %v", ok, o.NameJA)
	}
	if _, ok := reg.ByID("A2"); ok {
		t.Error("an unknown id is found")
	}
	again, err := register.New(reg.All())
	if err != nil {
		t.Fatal(err)
	}
	if again.Digest() != reg.Digest() {
		t.Error("New gives another list than Read")
	}
}
