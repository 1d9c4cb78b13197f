package register_test

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"isac/hub/register"
	"isac/hub/register/decode"
)

// stands looks for the values in a text and in what is encoded in it.
func stands(n *register.Needles, text string) bool {
	for read := range decode.Views(text) {
		if read.Cut || n.Stands(read.Text) {
			return true
		}
	}
	return false
}

func TestNeedles(t *testing.T) {
	n := register.NewNeedles([]string{"髙田 ゆりえ", "FS-EAST03", "295床", "SVC_backup", "12", "x", "する", "EMR7", "44102", "93.61.7.7", "0155-24-4821", "Yumiko Oshima"})
	for _, text := range []string{
		"担当の高田ゆりえさん", "ﾀｶﾀではなく髙田ﾕﾘｴ", "\\\\fs-east03\\share", "fs_east03", "xfseast031", "２９５床の病院",
		"user=svc%5Fbackup", url.QueryEscape("高田ゆりえ"), "emr7 down", "no. 44102",
		base64.StdEncoding.EncodeToString([]byte("user=高田ゆりえ;")),
		"93[.]61[.]7[.]7", "0x5d3d0707", "+81 155 24 4821", "yumikoōshima", "oosima yumiko, yumiko oosima",
	} {
		if !stands(n, text) {
			t.Errorf("%q isn't found", text)
		}
	}
	for _, text := range []string{"する12x", "EMR71", "144102", "高田さん", "93.61.7.70", ""} {
		if stands(n, text) {
			t.Errorf("something is found in %q", text)
		}
	}
	if new(register.Needles).Stands("x") {
		t.Error("the zero value finds something")
	}
}

// TestWideBlockIsNobodys: a slip such as 0.0.0.0/0 takes no address away.
func TestWideBlockIsNobodys(t *testing.T) {
	n := register.NewNeedles([]string{"0.0.0.0/0", "::/0", "45.86.230.0/28"})
	if n.Stands("91.219.236.18") || n.Stands("2a0d:5600::1") || !n.Stands("45.86.230.6") {
		t.Error("a block is taken for another")
	}
}

// disguises change how a value looks, not what it says.
var disguises = []func(string) string{
	func(s string) string { return strings.Join(strings.Split(s, ""), "\u200b") },
	func(s string) string { return strings.Join(strings.Split(s, ""), " ") },
	strings.ToUpper,
	func(s string) string { return strings.NewReplacer("a", "а", "o", "ο", "e", "е").Replace(s) },
	func(s string) string { return strings.NewReplacer("高", "髙", "沢", "澤", "辺", "邉").Replace(s) },
	url.PathEscape,
	func(s string) string { return base64.StdEncoding.EncodeToString([]byte("…" + s + "…")) },
	func(s string) string { return fmt.Sprintf("%x", "、、"+s+"、") },
}

// TestDisguisedValuesAreFound: up to three disguises, one over the other.
func TestDisguisedValuesAreFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.StringOfN(rapid.SampledFrom([]rune("高沢辺海老名千歳橋本みなと病院aeobcdk123")), 6, 20, -1).Draw(t, "value")
		n := register.NewNeedles([]string{value})
		token := value
		encoded := false
		for range rapid.IntRange(0, 3).Draw(t, "layers") {
			d := rapid.IntRange(0, len(disguises)-1).Draw(t, "disguise")
			if encoded && d < 5 {
				continue // an encoded text can't be respelled
			}
			encoded = encoded || d >= 5
			token = disguises[d](token)
		}
		text := "前置き「" + token + "」後書き"
		if !stands(n, text) {
			t.Fatalf("%q isn't found in %q", value, text)
		}
	})
}

func FuzzFind(f *testing.F) {
	reg, err := read(header, alpha, row)
	if err != nil {
		f.Fatal(err)
	}
	x := register.NewIndex(reg)
	for _, s := range []string{
		"霞ヶ峰髙総合病院", "153[.]246[.]31[.]70/28", "2404:7a81:3c::", "+81(0)76-274-5931", "KSMG-01@kasumigamine.or.jp",
		"%E9%9C%9E\\u970e=E9=9C=9E", "１５３．２４６．３１．７０．", "::::1.2.3.4", "霞町3丁目14番", "\xff\xfeKTG病院",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for _, h := range x.Find(text) {
			if h.Start < last || h.End <= h.Start || h.End > len(text) || h.Class == "" {
				t.Fatalf("hit %v in %d bytes", h, len(text))
			}
			last = h.Start
		}
		if len(text) > 200 {
			return
		}
		// A name stays found whatever stands around it, if no word runs into it.
		whole := text + "、霞ヶ峰髙総合病院、" + text
		if !classes(x.Find(whole))[register.Name] {
			t.Fatalf("the name isn't found in %q", whole)
		}
	})
}

func BenchmarkNewNeedles(b *testing.B) {
	values := make([]string, 1000)
	for i := range values {
		values[i] = fmt.Sprintf("値%d-サーバー%dの担当者", i*7919, i)
	}
	for b.Loop() {
		register.NewNeedles(values)
	}
}
