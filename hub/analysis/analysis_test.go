package analysis_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"isac/hub"
	"isac/hub/analysis"
	"isac/hub/profile"
	"isac/hub/vocab"
)

// garbage is in every value that no vocabulary knows; no page may show it.
const garbage = "zq7victim"

// facts draws any facts: of the vocabularies, unknown ones, broken ones.
func facts(v *vocab.Vocab) *rapid.Generator[[]hub.Fact] {
	var techniques []string
	for _, t := range v.Techniques() {
		techniques = append(techniques, t.ID)
	}
	values := map[hub.Class]*rapid.Generator[string]{
		hub.Technique: rapid.OneOf(rapid.SampledFrom(techniques), rapid.StringMatching(`T[0-9]{4}(\.[0-9]{3})?`), rapid.Just("T"+garbage)),
		hub.CVE:       rapid.OneOf(rapid.StringMatching(`CVE-20[0-9]{2}-[0-9]{4,6}`), rapid.Just("CVE-"+garbage)),
		hub.Family:    rapid.SampledFrom([]string{"LockBit", "Akira", "Emotet", "Hive", garbage}),
		hub.Group:     rapid.SampledFrom([]string{"FIN7", "Wizard Spider", garbage}),
		hub.Tool:      rapid.SampledFrom([]string{"Mimikatz", "Rclone", "PsExec", garbage}),
		hub.Quarter:   rapid.SampledFrom([]string{"2026-Q1", "2026-Q4", "2026-Q5", garbage}),
		hub.Cell:      rapid.SampledFrom([]string{"region=west", "region=west+size=from-200", "region=" + garbage, garbage}),
		hub.Indicator: rapid.StringMatching(garbage + `(\.[a-z]{2,5}|/[{}a-z]{1,9}|\n[a-z]+|[.][a-z]+[.]example)`),
	}
	for _, class := range []hub.Class{hub.Route, hub.Weakness, hub.Impact, hub.Product} {
		ids := []string{garbage}
		for _, e := range v.Entries(class) {
			ids = append(ids, e.ID)
		}
		values[class] = rapid.SampledFrom(ids)
	}
	fact := rapid.Custom(func(t *rapid.T) hub.Fact {
		f := hub.Fact{
			Class:      rapid.SampledFrom(hub.Classes()).Draw(t, "class"),
			Confidence: rapid.SampledFrom([]hub.Confidence{hub.Confirmed, hub.Likely, hub.Possible, hub.Unknown, "", garbage}).Draw(t, "confidence"),
			Step:       rapid.IntRange(-1, 9).Draw(t, "step"),
		}
		f.Value = values[f.Class].Draw(t, "value")
		if f.Class == hub.Indicator {
			f.Kind = rapid.SampledFrom([]hub.Kind{hub.Domain, hub.URL, hub.IPv4, hub.CommandLine, hub.Mutex, hub.Pattern, garbage}).Draw(t, "kind")
		}
		return f
	})
	return rapid.SliceOfN(fact, 0, 40)
}

var (
	leftover = regexp.MustCompile(`\{[a-z_]*\}|\[[a-z ]+(\|[a-z ]+)?\]|%!|。。|\.\.( |$)|（）|\(\)|、、| ,|  `)
	shown    = regexp.MustCompile(garbage + `(\[\.\][a-z]+)+`)
)

// TestAnyFacts holds what must be so whatever the facts are.
func TestAnyFacts(t *testing.T) {
	p := profile.HealthcareJP()
	v := vocab.Default(p)
	gen := facts(v)
	rapid.Check(t, func(t *rapid.T) {
		in := analysis.Input{
			Stage:   rapid.SampledFrom([]hub.Stage{hub.Flash, hub.Full}).Draw(t, "stage"),
			Facts:   gen.Draw(t, "facts"),
			Profile: p,
			Vocab:   v,
		}
		in.Known = knownOf(in.Facts)
		a := analysis.Write(in)
		wantWhole(t, a)
		wantNothingRaw(t, a)
		wantReadable(t, a)
		wantReset(t, in, a)
		in.Facts = rapid.Permutation(in.Facts).Draw(t, "other order")
		if had, again := encode(t, a), encode(t, analysis.Write(in)); had != again {
			t.Fatalf("the order of facts changes the analysis:\n%s\n%s", had, again)
		}
	})
}

// knownOf knows every second CVE for exploited and some of them for unfixed.
func knownOf(facts []hub.Fact) analysis.Known {
	k := analysis.Known{Routes: []string{"vpn-appliance"}}
	for _, f := range facts {
		if strings.HasSuffix(f.Value, "1") {
			k.Exploited = append(k.Exploited, f.Value)
		}
		if strings.HasSuffix(f.Value, "11") {
			k.Unfixed = append(k.Unfixed, f.Value)
		}
	}
	return k
}

func encode(t *rapid.T, a analysis.Analysis) string {
	data, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	var back analysis.Analysis
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	if again, err := json.Marshal(back); err != nil || string(again) != string(data) {
		t.Fatalf("doesn't come back from JSON as it went: %v", err)
	}
	return string(data)
}

// wantWhole wants every slot filled in both languages with readable sentences.
func wantWhole(t *rapid.T, a analysis.Analysis) {
	if len(a.Sections) == 0 || a.Severity == "" || a.SeverityReason.JA == "" {
		t.Fatal("the analysis isn't whole")
	}
	for _, s := range a.Sections {
		if len(s.Lines) == 0 {
			t.Fatalf("section %s is empty", s.ID)
		}
		for _, line := range append(s.Lines, s.Heading, a.Title) {
			for _, text := range []string{line.JA, line.EN} {
				if text == "" || strings.ContainsAny(text, "\r\n\t") {
					t.Fatalf("section %s has a line that can't be read: %q", s.ID, text)
				}
				plain := strings.NewReplacer("[.]", "", "[@]", "", "[:]", "", "../", "x").Replace(text)
				if m := leftover.FindString(plain); m != "" {
					t.Fatalf("section %s has %q in %q", s.ID, m, text)
				}
			}
		}
	}
	for _, id := range a.Missing {
		if text, ok := analysis.Question(id, nil); !ok || text.JA == "" || text.EN == "" || strings.Contains(text.JA, "{") {
			t.Fatalf("no question %s", id)
		}
	}
}

// wantNothingRaw wants no value of a fact but what a vocabulary knows, and
// indicators that were made harmless.
func wantNothingRaw(t *rapid.T, a analysis.Analysis) {
	page := shown.ReplaceAllString(a.Text("ja")+a.Text("en"), "")
	data, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{page, shown.ReplaceAllString(string(data), "")} {
		if i := strings.Index(text, garbage); i >= 0 {
			t.Fatalf("a raw value is on the page: %q", text[max(0, i-60):min(len(text), i+60)])
		}
	}
}

var cve = regexp.MustCompile(`^CVE-\d{4}-\d{4,7}$`)

// wantReset wants "update, then change every credential" for every flaw.
func wantReset(t *rapid.T, in analysis.Input, a analysis.Analysis) {
	flaw := slices.ContainsFunc(in.Facts, func(f hub.Fact) bool {
		return f.Class == hub.CVE && cve.MatchString(f.Value) || f.Class == hub.Weakness && f.Value == "unpatched-device"
	})
	reset := slices.ContainsFunc(a.Actions, func(x analysis.Action) bool { return x.ID == "update-then-reset" && x.When == "today" })
	if flaw && !reset {
		t.Fatal("a flaw without the advice to update and then change every credential")
	}
}

// TestFlashKeepsBack wants nothing of what only a full alert may tell.
func TestFlashKeepsBack(t *testing.T) {
	p := profile.HealthcareJP()
	var all []hub.Fact
	for _, class := range []hub.Class{hub.Impact, hub.Weakness} {
		for _, e := range vocab.Default(p).Entries(class) {
			all = append(all, hub.Fact{Class: class, Value: e.ID, Confidence: hub.Confirmed})
		}
	}
	kept := []string{"files-encrypted", "ransom-demanded"} // what sort of attack it was
	entry := []string{
		"unpatched-device", "exposed-service", "standing-connection", "open-rdp", "no-mfa",
		"leaked-credentials", "default-password", "excessive-vendor-access",
	}
	told := slices.DeleteFunc(slices.Clone(all), func(f hub.Fact) bool {
		return !slices.Contains(kept, f.Value) && !slices.Contains(entry, f.Value)
	})
	all = append(all, hub.Fact{Class: hub.Quarter, Value: "2026-Q2", Confidence: hub.Confirmed})
	full := analysis.Write(analysis.Input{Stage: hub.Flash, Facts: all, Profile: p})
	less := analysis.Write(analysis.Input{Stage: hub.Flash, Facts: told, Profile: p})
	if full.Text("ja") != less.Text("ja") || full.Text("en") != less.Text("en") {
		t.Fatal("a flash depends on facts that only a full alert may tell")
	}
	for _, id := range []string{"weakness", "impact", "week", "quarter"} {
		if _, ok := full.Section(id); ok {
			t.Errorf("a flash has the section %s", id)
		}
	}
}

// TestNothingGiven wants a thin page and no panic from the zero input.
func TestNothingGiven(t *testing.T) {
	a := analysis.Write(analysis.Input{})
	if !a.Thin || a.Severity != hub.Low || !slices.Contains(a.Missing, "route") {
		t.Fatalf("want a thin analysis of low severity, have %v %v %v", a.Thin, a.Severity, a.Missing)
	}
	for _, word := range []string{"病院", "hospital", "診療"} {
		if strings.Contains(a.Text("ja")+a.Text("en"), word) {
			t.Errorf("the word %s stands in an analysis without a profile", word)
		}
	}
}

// TestExample wants in both languages all that the project's example says.
func TestExample(t *testing.T) {
	a := analysis.Write(exampleInput(t))
	for lang, want := range map[string][]string{
		"ja": {
			"委託事業者に設置された VPN 装置", "可能性が高い", "CVE-2018-13379", "悪用が知られている", "以前に盗まれた認証情報", "食事、リネン、清掃、設備管理、物品の納入",
			"常時接続のままのリモートデスクトップ", "同じ管理者パスワード", "利用者に管理者権限", "ロックされなかった", "認証情報を抜き取られた", "ウイルス対策ソフト",
			"暗号化", "電子カルテ", "切り離して保管していたバックアップ", "つながったままのバックアップ", "漏えい：現時点では確認されていません", "外来", "手術", "救急", "数週間",
			"常時接続がある", "RDP が開いている", "VPN 装置に最新の更新", "ローカル管理者のパスワードが同じ", "常時接続のままのものは", "RDP（TCP 3389）", "修正済みの版に更新",
			"一度でも保存された", "1 世代", "1 台ごとに異なる", "自動でロック", "改ざん防止", "書面で照会", "4624（ログオンタイプ 10）", "4625", "1149", "7036", "7040", "4732", "海外",
			"最初の侵入", "持ち出しの有無", "198[.]51[.]100[.]24", "how_to_restore.hta", "365 日",
		},
		"en": {
			"VPN appliance at an outside contractor", "likely", "CVE-2018-13379", "known to be exploited", "credentials stolen earlier", "meals, linen, cleaning, buildings, supplies",
			"permanently open RDP", "administrator password was shared", "administrator rights", "not locked", "dumped credentials", "antivirus",
			"encrypted", "electronic records", "generations kept offline", "stay online are at risk", "not confirmed so far", "outpatient", "operations postponed", "emergency care", "weeks",
			"standing connection", "RDP is open", "VPN device is unpatched", "passwords repeat", "close those that stand open", "Block RDP", "Update the devices and products concerned (VPN appliances",
			"every credential they ever held", "one backup generation is offline", "its own local administrator password", "lock-out", "tamper protection", "in writing", "4624 with logon type 10", "4625", "1149", "7036", "7040", "4732", "from abroad",
			"First access", "Whether data was taken out", "198[.]51[.]100[.]24", "how_to_restore.hta", "365 days",
		},
	} {
		page := a.Text(lang)
		for _, w := range append(want, "T1190", "T1133", "T1078", "T1199", "T1021.001", "T1003", "T1562.001", "T1486") {
			if !strings.Contains(page, w) {
				t.Errorf("%s: doesn't say %q", lang, w)
			}
		}
	}
	if a.Thin || len(a.Missing) > 1 {
		t.Errorf("the example is whole but for the family; thin %v, missing %v", a.Thin, a.Missing)
	}
}

// BenchmarkWrite makes the analysis of the example; the aim is 5 ms a case.
func BenchmarkWrite(b *testing.B) {
	in := exampleInput(b)
	for b.Loop() {
		analysis.Write(in)
	}
}

// BenchmarkWriteLarge is the same with 5,000 indicators.
func BenchmarkWriteLarge(b *testing.B) {
	in := exampleInput(b)
	for i := range 5000 {
		in.Facts = append(in.Facts, hub.Fact{Class: hub.Indicator, Kind: hub.SHA256, Value: hub.Sum([]byte{byte(i), byte(i >> 8)}).String(), Confidence: hub.Likely})
	}
	for b.Loop() {
		analysis.Write(in)
	}
}

// wantReadable holds that a page is read back as it was written.
func wantReadable(t *rapid.T, a analysis.Analysis) {
	for _, lang := range []string{"ja", "en"} {
		parts := analysis.ReadText(a.Text(lang))
		if len(parts) != len(a.Sections) {
			t.Fatalf("%s: %d sections are read of %d", lang, len(parts), len(a.Sections))
		}
		for i, s := range a.Sections {
			var lines []string
			for _, l := range s.Lines {
				lines = append(lines, l.In(lang))
			}
			p := parts[i]
			if p.Heading != s.Heading.In(lang) || p.Ordered != s.Ordered || !slices.Equal(p.Lines, lines) {
				t.Fatalf("%s: section %s is read as %+v, written as %q", lang, s.ID, p, lines)
			}
		}
	}
}
