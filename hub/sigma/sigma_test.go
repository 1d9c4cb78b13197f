package sigma_test

import (
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"isac/hub"
	"isac/hub/sigma"
	"isac/hub/stix"
	"isac/hub/stix/pattern"
)

var update = flag.Bool("update", false, "write the golden files anew")

const (
	at    = "2026-11-20T01:10:00.000Z"
	until = "2026-12-20T01:10:00.000Z"
)

var now = time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)

func object(n byte, typ string, o stix.Object) stix.Object {
	o["type"], o["spec_version"], o["id"], o["created"], o["modified"] = typ, "2.1", stix.NewID(typ, [16]byte{n, 7}), at, at
	return o
}

// alertOf is an alert with these techniques and patterns, as a release writes it.
func alertOf(t testing.TB, revoked bool, techniques, patterns []string) stix.Bundle {
	t.Helper()
	report := object(1, "report", stix.Object{
		"name": "alert", "published": at, "object_refs": []any{stix.NewID("report", [16]byte{1})},
		"external_references": []any{map[string]any{"source_name": "isac-alert", "external_id": "1", "url": "https://hub.example.jp/alerts/1"}},
	})
	if revoked {
		report["revoked"] = true
	}
	objects := []any{report}
	for i, id := range techniques {
		objects = append(objects, object(byte(2+i), "attack-pattern", stix.Object{
			"name": id, "external_references": []any{map[string]any{"source_name": "mitre-attack", "external_id": id}},
		}))
	}
	for i, p := range patterns {
		objects = append(objects, object(byte(40+i), "indicator", stix.Object{
			"pattern": p, "pattern_type": "stix", "valid_from": at, "valid_until": until, "indicator_types": []any{"malicious-activity"},
		}))
	}
	b, err := stix.BundleOf(map[string]any{"type": "bundle", "id": stix.NewID("bundle", [16]byte{9}), "objects": objects}, stix.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func example(t testing.TB) stix.Bundle {
	return alertOf(t, false, []string{"T1190", "T1021.001", "T1003", "T1562.001", "T1486"}, []string{
		pattern.Equal(hub.IPv4, "185.220.70.14"),
		"[ipv4-addr:value ISSUBSET '198.51.100.0/24']",
		pattern.Equal(hub.Domain, "files-kappa.net"),
		pattern.Equal(hub.URL, "https://files-kappa.net/a?b=*"),
		pattern.Equal(hub.UserAgent, `Mozilla/4.0 "odd"`),
		pattern.Equal(hub.SHA256, "4f1c6b0d9a35e27788c1d24e60fb39a5517c0e8d2b94a6f3e1d07c58b29a6e43"),
		pattern.Equal(hub.MD5, "0cc175b9c0f1b6a831c399e269772661"),
		pattern.Equal(hub.FileName, "how_to_unlock_files.hta"),
		pattern.Equal(hub.FilePath, `C:\ProgramData\kx\`),
		pattern.Equal(hub.CommandLine, `cmd /c del C:\*.bak`),
		pattern.Equal(hub.RegistryKey, `HKEY_LOCAL_MACHINE\SOFTWARE\kx`),
		pattern.Equal(hub.Service, "kxsvc"),
		pattern.Equal(hub.Mutex, "no log shows it"),
		"[ipv4-addr:value = '203.0.113.9' AND ipv4-addr:value = '203.0.113.9']",
		"[ipv4-addr:value != '203.0.113.10']",
		"[ipv4-addr:value = '203.0.113.11'] REPEATS 5 TIMES",
	})
}

func TestGolden(t *testing.T) {
	for _, lang := range []string{"ja", "en"} {
		rules, err := sigma.Of(example(t), now, lang)
		if err != nil {
			t.Fatal(err)
		}
		have, file := string(sigma.YAML(rules)), "testdata/example-"+lang+".yml"
		if *update {
			if err := os.WriteFile(file, []byte(have), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), have); diff != "" {
			t.Errorf("%s differs (-want +got); go test -update writes it:\n%s", file, diff)
		}
		wantYAML(t, have)
		for _, s := range []string{"203.0.113", "no log shows it"} {
			if strings.Contains(have, s) {
				t.Errorf("a rule was made of %q, which no log line shows by itself", s)
			}
		}
	}
}

// line is what a line of the rules may be: a document's start, a key with or without a
// plain word, number or quoted string, or an entry of a list. That is YAML however it
// is read, and no value can be anything but a string.
var line = regexp.MustCompile(`^(---|( {4})*[A-Za-z0-9_|-]+:( ("([^"\\\x00-\x1f]|\\.)*"|'[^']*'|[0-9]+|[a-z0-9][A-Za-z0-9_ ()-]*))?|( {4})+- ("([^"\\\x00-\x1f]|\\.)*"|'[^']*'|[0-9]+))$`)

func wantYAML(t interface{ Errorf(string, ...any) }, text string) {
	for s := range strings.Lines(text) {
		if s = strings.TrimSuffix(s, "\n"); !line.MatchString(s) {
			t.Errorf("not a line of a rule: %q", s)
		}
	}
}

// TestEveryTechnique takes every rule of the data file.
func TestEveryTechnique(t *testing.T) {
	techniques := []string{
		"T1021.001", "T1562.001", "T1136", "T1110.003", "T1003.003", "T1490", "T1059.001", "T1569.002", "T1053.005", "T1070.001", "T1566.001", "T1505.003",
	}
	rules, err := sigma.Of(alertOf(t, false, techniques, nil), now, "en")
	if err != nil || len(rules) < 15 {
		t.Fatalf("%d rules, %v", len(rules), err)
	}
	wantYAML(t, string(sigma.YAML(rules)))
	ids := map[string]bool{}
	for _, r := range rules {
		if ids[r.ID] || r.Title == "" || len(r.Logsource) == 0 || len(r.Tags) == 0 || !strings.HasPrefix(r.Detection[len(r.Detection)-1], "condition: ") {
			t.Errorf("not a whole rule: %+v", r)
		}
		ids[r.ID] = true
	}
}

// TestWhatHasNoRules: what was taken back, what has expired, what is no alert.
func TestWhatHasNoRules(t *testing.T) {
	if _, err := sigma.Of(alertOf(t, true, []string{"T1486"}, nil), now, "ja"); hub.KindOf(err) != hub.Gone {
		t.Errorf("a withdrawn alert: %v", err)
	}
	rules, err := sigma.Of(alertOf(t, false, nil, []string{pattern.Equal(hub.IPv4, "185.220.70.14")}), now.AddDate(0, 2, 0), "ja")
	if err != nil || len(rules) != 0 {
		t.Errorf("an indicator that has expired gives %v, %v", rules, err)
	}
	if _, err := sigma.Of(stix.Bundle{}, now, "ja"); hub.KindOf(err) != hub.Invalid {
		t.Errorf("no alert: %v", err)
	}
}

// TestNoValueIsMore: whatever a value is, it stays one quoted string, and Sigma reads
// it as itself.
func TestNoValueIsMore(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		value := rapid.StringMatching(`[a-z*?\\"'\n:{}#& \x{2028}é-]{1,12}x`).Draw(rt, "value")
		rules, err := sigma.Of(alertOf(t, false, nil, []string{pattern.Equal(hub.CommandLine, value)}), now, "en")
		if err != nil || len(rules) != 1 {
			rt.Fatalf("%d rules, %v", len(rules), err)
		}
		wantYAML(rt, string(sigma.YAML(rules)))
		entry := rules[0].Detection[2]
		if back := unescaped(t, strings.TrimPrefix(strings.TrimSpace(entry), "- ")); back != value {
			rt.Errorf("%q is read as %q", value, back)
		}
	})
}

// unescaped reads a quoted string as Sigma does: a backslash counts before a wildcard
// or a backslash only, and a wildcard without one is none of the value's.
func unescaped(t testing.TB, s string) string {
	s = strings.NewReplacer(`\\`, "\x01", `\"`, `"`, `\n`, "\n", `\u2028`, "\u2028").Replace(strings.Trim(s, ` `))
	s = strings.ReplaceAll(s[1:len(s)-1], "\x01", `\`)
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && strings.ContainsRune(`*?\`, rune(s[i+1])):
			i++
		case s[i] == '*' || s[i] == '?':
			return "a wildcard"
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
