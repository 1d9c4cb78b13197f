package prose

import (
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"isac/hub"
	"isac/hub/profile"
	"isac/hub/vocab"
	"isac/internal/beside"
)

// The public case: its method must come out of its own report, which is mostly
// advice to others.
func TestPublicCase(t *testing.T) {
	data, err := os.ReadFile("../../../shared/seed/mhlw-2022-12-15-first-response.txt")
	if err != nil {
		beside.Lacks(t, "the public case")
	}
	found := Extract(vocab.Default(profile.HealthcareJP()), string(data), "")
	checkFacts(t, `route:contractor-link=likely route:vpn-appliance=likely technique:T1199=likely technique:T1133=likely
		technique:T1486=confirmed impact:files-encrypted=confirmed impact:records-system-down impact:outpatients-stopped
		impact:leak-not-confirmed !impact:leak-confirmed !impact:leak-suspected !impact:backup-destroyed !impact:backup-survived
		!impact:surgery-postponed !weakness:unpatched-device !weakness:no-monitoring !technique:T1190`, string(data), found)
	for _, f := range found {
		if f.Fact.Class == hub.Indicator {
			t.Errorf("an indicator where there is none: %s", f.Fact.Kind)
		}
	}
}

// Each span is the sentence, whatever folding did to lengths.
func TestSpans(t *testing.T) {
	v := vocab.Default(profile.HealthcareJP())
	for _, c := range []struct{ text, want string }{
		{"前置き。ＶＰＮ装置を経由して侵入された。後書き。", "ＶＰＮ装置を経由して侵入された。"},
		{"前置き｡ﾊﾞｯｸｱｯﾌﾟは無事だった｡", "ﾊﾞｯｸｱｯﾌﾟは無事だった｡"},
		{"Intro. Files were encrypted! Outro.", "Files were encrypted!"},
		{"- first item\n- the servers were encrypted\n", "- the servers were encrypted"},
	} {
		found := Extract(v, c.text, "")
		if len(found) == 0 {
			t.Errorf("%q states nothing", c.text)
			continue
		}
		if got := c.text[found[0].Start:found[0].End]; got != c.want {
			t.Errorf("span %q, want %q", got, c.want)
		}
	}
}

// A hidden character or another width changes nothing.
func TestDisguises(t *testing.T) {
	v := vocab.Default(profile.HealthcareJP())
	for _, text := range []string{
		"ＣＶＥ－２０１８－１３３７９が悪用され、Ｍｉｍｉｋａｔｚが実行された。",
		"CVE\u20112018\u201113379が悪用され、Mimi\u200bkatzが実行された。",
		"cve-2018-13379が悪用され、MIMIKATZが実行された。",
	} {
		checkFacts(t, "cve:CVE-2018-13379 tool:Mimikatz", text, Extract(v, text, "ja"))
	}
}

// Steps follow the words of order, else the sentences: the way in first, the damage
// last, what one clause tells at once, an aside nowhere.
func TestSteps(t *testing.T) {
	v := vocab.Default(profile.HealthcareJP())
	for text, want := range map[string]string{
		"VPN装置の脆弱性を悪用して侵入した。その後、認証情報をダンプし、次にRDPで他のサーバへ横展開した。最後にファイルが暗号化された。":                                    "T1133:1 T1190:1 T1003:2 T1021.001:3 T1486:4",
		"First, credentials were dumped. Then the antivirus was uninstalled. Finally, files were encrypted.":    "T1003:1 T1562.001:2 T1486:3",
		"ファイルが暗号化された。認証情報がダンプされた。":                                                                              "T1003:1 T1486:2",
		"ファイルが暗号化されているのを見つけた。VPN装置から侵入され、WebシェルがWebサーバに設置され、EDRが停止された。":                                         "T1133:1 T1505.003:2 T1562.001:3 T1486:4",
		"【結論】ファイルが暗号化された。【経緯】最初に認証情報がダンプされ、次にRDPで他のサーバへ横展開し、最終的にランサムウェアを実行した。入口はVPN装置の脆弱性の悪用であった。":              "T1190:1 T1133:2 T1003:3 T1021.001:4 T1486:5",
		"RDPで他のサーバへ横展開した。なお、認証情報がダンプされていた。ファイルが暗号化された。":                                                         "T1021.001:1 T1003:0 T1486:2",
		"Before encrypting files, the intruders disabled the antivirus. Ransomware then encrypted all servers.": "T1562.001:1 T1486:2",
		"They dumped credentials, moved to other servers over RDP and encrypted the files.":                     "T1003:1 T1021.001:2 T1486:3",
	} {
		have := map[string]int{}
		for _, f := range Extract(v, text, "") {
			if f.Fact.Class == hub.Technique {
				have[f.Fact.Value] = f.Fact.Step
			}
		}
		for w := range strings.FieldsSeq(want) {
			id, step, _ := strings.Cut(w, ":")
			if got, ok := have[id]; !ok || got != int(step[0]-'0') {
				t.Errorf("%s\n\t%s is step %d (%v), want %s", text, id, got, ok, step)
			}
		}
	}
}

// One fact comes once, with its best confidence.
func TestOnce(t *testing.T) {
	text := "VPN装置から侵入された可能性がある。調査の結果、VPN装置から侵入されたことが確認された。VPN装置から侵入された疑いがある。"
	seen := map[string]int{}
	for _, f := range Extract(vocab.Default(nil), text, "ja") {
		seen[f.Fact.Key()]++
		if f.Fact.Class == hub.Route && f.Fact.Confidence != hub.Confirmed || f.Fact.Source != hub.FromProse || f.Fact.Confirmed {
			t.Errorf("%+v", f.Fact)
		}
	}
	for key, n := range seen {
		if n != 1 {
			t.Errorf("%s comes %d times", key, n)
		}
	}
}

func FuzzExtract(f *testing.F) {
	for _, name := range []string{"testdata/pairs-ja.tsv", "testdata/pairs-en.tsv"} {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for i, line := range strings.Split(string(data), "\n") {
			if i%5 == 0 {
				f.Add(line, "")
			}
		}
	}
	f.Add("\xff\xfe、。「", "ja")
	f.Add("C2 hxxp://[::1]/(((]]", "en")
	f.Add(strings.Repeat("\u0300", 500), "ja")
	v := vocab.Default(profile.HealthcareJP())
	f.Fuzz(func(t *testing.T, text, lang string) {
		for _, found := range Extract(v, text, lang) {
			if found.Start < 0 || found.Start > found.End || found.End > len(text) {
				t.Fatalf("span %d:%d of %d bytes", found.Start, found.End, len(text))
			}
			if found.Fact.Value == "" || !utf8.ValidString(found.Fact.Value) {
				t.Fatalf("value %q", found.Fact.Value)
			}
			if found.Fact.Class != hub.Indicator {
				if _, ok := v.Label(found.Fact.Class, found.Fact.Value); !ok {
					t.Fatalf("%s isn't in the vocabulary", found.Fact.Key())
				}
			}
		}
	})
}

func BenchmarkExtract(b *testing.B) {
	v := vocab.Default(profile.HealthcareJP())
	for _, lang := range []string{"ja", "en"} {
		data, err := os.ReadFile("testdata/pairs-" + lang + ".tsv")
		if err != nil {
			b.Fatal(err)
		}
		text := string(data)
		for len(text) < 30<<10 {
			text += text
		}
		text = strings.ToValidUTF8(text[:30<<10], "")
		b.Run(lang, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				Extract(v, text, lang)
			}
		})
	}
}

func BenchmarkNew(b *testing.B) {
	v := vocab.Default(profile.HealthcareJP())
	for b.Loop() {
		New(v)
	}
}

// BenchmarkNearMatches shows that a text made to be slow costs the same per byte.
func BenchmarkNearMatches(b *testing.B) {
	v := vocab.Default(profile.HealthcareJP())
	for _, n := range []int{1, 10} {
		text := strings.Repeat("VPNバックアップRDP認証情報サーバ侵入暗号化ない可能性", n*1000)
		b.Run(strings.Repeat("x", n)[:1], func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				Extract(v, text, "ja")
			}
		})
	}
}
