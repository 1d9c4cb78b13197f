package form_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"isac/hub"
	"isac/hub/form"
	"isac/hub/profile"
	"isac/hub/stix"
	"isac/hub/vocab"
)

var (
	words = vocab.Default(profile.HealthcareJP())
	here  = hub.Organisation{ID: "X1", NameJA: "北の川総合病院"}
	now   = time.Date(2026, 11, 20, 3, 4, 5, 678e6, time.UTC)
)

func dice() *bytes.Reader { return bytes.NewReader(bytes.Repeat([]byte{7}, 64)) }

func build(t *testing.T, a form.Answers, at time.Time) (stix.Bundle, string) {
	t.Helper()
	data, incident, err := form.Build(a, words, here, at, dice())
	if err != nil {
		t.Fatal(err)
	}
	b, err := stix.ParseBundle(data, stix.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return b, incident
}

func of(b stix.Bundle, typ string) []stix.Object {
	var out []stix.Object
	for _, o := range b.Objects {
		if o.Type() == typ {
			out = append(out, o)
		}
	}
	return out
}

func TestBuild(t *testing.T) {
	a := form.Answers{
		Seen: "サーバーに脅迫文", Stopped: "電子カルテ", Route: "vpn-appliance", Confidence: hub.Likely, Weaknesses: []string{"unpatched-device"},
		CVEs: "cve-2018-13379、CVE-2018-13379 か CVE-2023-4966", Contact: "0000-00-1234 担当",
		Indicators: "203[.]0[.]114[.]9, hxxps://drop.evil-site.net/a?b='c\n  203.0.114.9 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 ただの言葉",
	}
	b, incident := build(t, a, now)
	main := of(b, "incident")[0]
	if !strings.Contains(main.Str("description"), "■ 確認された事象\nサーバーに脅迫文") || strings.Contains(main.Str("description"), "対応") {
		t.Errorf("the texts are %q", main.Str("description"))
	}
	if got := strings.Join(main.Strs("labels"), " "); got != "route:vpn-appliance:likely weakness:unpatched-device" {
		t.Errorf("the choices are %s", got)
	}
	if got := of(b, "vulnerability"); len(got) != 2 || got[0].Str("name") != "CVE-2018-13379" {
		t.Errorf("vulnerabilities %v", got)
	}
	var patterns []string
	for _, o := range of(b, "indicator") {
		patterns = append(patterns, o.Str("pattern"))
	}
	if len(patterns) != 3 || patterns[0] != "[ipv4-addr:value = '203.0.114.9']" {
		t.Errorf("patterns %q", patterns)
	}
	if who := of(b, "identity")[0]; who.Str("name") != here.NameJA || who.Str("contact_information") != a.Contact {
		t.Errorf("the reporter is %v", who)
	}
	a.Incident, a.Done = incident, "切り離した"
	later, same := build(t, a, now.Add(time.Hour))
	if same != incident || of(later, "incident")[0].ID() != main.ID() || of(later, "incident")[0].Str("created") != main.Str("created") || of(later, "incident")[0].Str("modified") == main.Str("modified") {
		t.Error("the second version doesn't continue the first")
	}
}

func TestProblems(t *testing.T) {
	for field, a := range map[string]form.Answers{
		"seen":     {Stopped: "all"},
		"note":     {Seen: "x", Note: strings.Repeat("x", 30_000)},
		"route":    {Seen: "x", Route: "through the roof"},
		"weakness": {Seen: "x", Weaknesses: []string{"unpatched-device", "laziness"}},
		"incident": {Seen: "x", Incident: "zz-1"},
	} {
		if got := a.Problems(words); len(got) != 1 || got[field] == "" {
			t.Errorf("%s: %v", field, got)
		}
		if _, _, err := form.Build(a, words, here, now, dice()); hub.KindOf(err) != hub.Invalid {
			t.Errorf("%s: built all the same", field)
		}
	}
}

// Whatever people write, the report is a bundle that can be read.
func TestAnyAnswers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String()
		a := form.Answers{
			Seen: "x" + text.Draw(t, "seen"), Entry: text.Draw(t, "entry"), Note: text.Draw(t, "note"), CVEs: text.Draw(t, "cves"),
			Indicators: text.Draw(t, "indicators"), Contact: text.Draw(t, "contact"), Incident: text.Draw(t, "incident"), Lang: text.Draw(t, "lang"),
		}
		if a.Problems(words) != nil {
			return
		}
		data, _, err := form.Build(a, words, here, now, dice())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := stix.ParseBundle(data, stix.DefaultLimits()); err != nil {
			t.Fatal(err)
		}
	})
}
