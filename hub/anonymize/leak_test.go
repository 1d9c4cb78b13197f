package anonymize

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"isac/hub"
	"isac/hub/register"
	"isac/hub/stix"
)

// planted are things of a victim that nothing outside a report knows: a test finds
// each of them wherever it stands.
var planted = []string{
	"碧沢総合病院", "ﾐﾄﾞﾘｻﾜｿｳｺﾞｳﾋﾞｮｳｲﾝ", "Midorisawa General Hospital", "鍋倉 慎之介", "MIDSAW-EMR07", "vpn.midorisawa-gh.jp",
	"shinnosuke.nabekura@midorisawa-gh.jp", "45.86.230.6", "10.44.7.201", "2a0d:5600:99::41", "0155-00-4821", "080-0099",
	`C:\Users\nabekura\Desktop\karte.xlsx`, `\\MIDSAW-NAS02\houshasen`, "北海道帯広市碧町3-14", "1874床", "登録番号 88-4410-2291",
	"S-1-5-21-774120051-338812-9911-1104", "株式会社つきの情報", "https://wiki.midorisawa-gh.jp/incidents/774",
}

// places is where a planted text can stand in a report.
var places = []func(s string) []map[string]any{
	func(s string) []map[string]any { return one("identity", "name", s) },
	func(s string) []map[string]any { return one("identity", "contact_information", s) },
	func(s string) []map[string]any {
		return one("incident", "description", "本日、"+s+"にてT1486を確認した。")
	},
	func(s string) []map[string]any { return one("incident", "name", s) },
	func(s string) []map[string]any { return one("malware", "name", s) },
	func(s string) []map[string]any { return one("malware", "aliases", []any{"LockBit", s}) },
	func(s string) []map[string]any { return one("campaign", "objective", "against "+s) },
	func(s string) []map[string]any { return one("note", "content", s) },
	func(s string) []map[string]any { return one("tool", "tool_version", s) },
	func(s string) []map[string]any { return one("tool", "x_"+"owner", s) },
	func(s string) []map[string]any { return one("tool", s, "x") },
	func(s string) []map[string]any { return one("x-asset", "name", s) },
	func(s string) []map[string]any { return one("software", "name", s) },
	func(s string) []map[string]any { return one("indicator", "pattern", "[file:name = "+quote(s)+"]") },
	func(s string) []map[string]any {
		return one("indicator", "pattern", "[url:value = "+quote("http://"+s+"/x")+"]")
	},
	func(s string) []map[string]any {
		return one("indicator", "pattern", "[domain-name:value = "+quote(s)+"]")
	},
	func(s string) []map[string]any {
		return one("indicator", "pattern", "[process:command_line = "+quote("psexec.exe "+s)+" AND ipv4-addr:value = '91.219.236.18']")
	},
	func(s string) []map[string]any { return one("indicator", "pattern", "[mutex:name = "+quote(s)+"]") },
	func(s string) []map[string]any {
		return one("indicator", "pattern", "[ipv4-addr:value = "+quote(s)+" OR ipv6-addr:value = "+quote(s)+"]")
	},
	func(s string) []map[string]any { return one("vulnerability", "name", s) },
	func(s string) []map[string]any {
		return one("attack-pattern", "external_references", []any{map[string]any{"source_name": s, "url": "https://x/" + s}})
	},
	func(s string) []map[string]any { return linked("file", "name", s+".exe") },
	func(s string) []map[string]any { return linked("domain-name", "value", s) },
	func(s string) []map[string]any { return linked("url", "value", "https://"+s+"/a") },
	func(s string) []map[string]any { return linked("email-addr", "value", s) },
	func(s string) []map[string]any { return linked("process", "command_line", "net use "+s) },
	func(s string) []map[string]any { return linked("mutex", "name", s) },
	func(s string) []map[string]any { return linked("directory", "path", s) },
	func(s string) []map[string]any { return linked("windows-registry-key", "key", `HKLM\Software\`+s) },
	func(s string) []map[string]any { return linked("x509-certificate", "serial_number", s) },
	func(s string) []map[string]any { return linked("ipv4-addr", "value", s) },
	func(s string) []map[string]any { return linked("email-message", "subject", s) },
}

const day = "2026-09-12T01:15:30.250Z"

func quote(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}

func one(typ, property string, value any) []map[string]any {
	o := map[string]any{
		"type": typ, "spec_version": "2.1", "id": typ + "--11111111-2222-4333-8444-555555555555", "created": day, "modified": day, property: value,
	}
	if typ == "indicator" {
		o["pattern_type"], o["valid_from"] = "stix", day
	}
	return []map[string]any{o}
}

// linked makes an observable that is the attacker's by a relationship.
func linked(typ, property string, value any) []map[string]any {
	m := one("malware", "name", "LockBit")[0]
	o := one(typ, property, value)[0]
	r := one("relationship", "relationship_type", "related-to")[0]
	r["source_ref"], r["target_ref"] = m["id"], o["id"]
	return []map[string]any{m, o, r}
}

// TestPlantedNeverComesOut: a thing of the victim stands in one to four places, and
// nowhere in a draft, whoever it is that the hub knows of.
func TestPlantedNeverComesOut(t *testing.T) {
	a := smallAnonymizer(t)
	rapid.Check(t, func(rt *rapid.T) {
		s := rapid.SampledFrom(planted).Draw(rt, "planted")
		var objects []map[string]any
		for range rapid.IntRange(1, 4).Draw(rt, "places") {
			objects = append(objects, rapid.SampledFrom(places).Draw(rt, "place")(s)...)
		}
		objects = append(objects, one("identity", "name", sector()[0].NameJA)...)
		pair := draft(t, a, Input{Bundle: bundleOf(t, objects...), Member: sector()[0], Received: received, Answers: Answers{AllConfirmed: true}})
		if out := register.Fold(outside(pair)); strings.Contains(out, register.Fold(s)) {
			rt.Fatalf("%q came out", s)
		}
	})
}

// TestEveryPlaceEveryThing is the same for each pair of place and thing.
func TestEveryPlaceEveryThing(t *testing.T) {
	a := smallAnonymizer(t)
	for i, place := range places {
		for _, s := range planted {
			pair := draft(t, a, Input{Bundle: bundleOf(t, place(s)...), Member: sector()[0], Received: received, Answers: Answers{AllConfirmed: true}})
			if out := register.Fold(outside(pair)); strings.Contains(out, register.Fold(s)) {
				t.Errorf("place %d: %q came out", i, s)
			}
		}
	}
}

// TestSameTwice: the same report and randomness give the same bytes; other
// randomness gives the same facts and other digests.
func TestSameTwice(t *testing.T) {
	a := smallAnonymizer(t)
	in := Input{Bundle: bundleOf(t, linked("ipv4-addr", "value", "91.219.236.18")...)}
	in.Random = seeded(1)
	first := draft(t, a, in)
	in.Random = seeded(1)
	if again := draft(t, a, in); !bytes.Equal(first.Full.Encode(), again.Full.Encode()) {
		t.Error("the same input gave other bytes")
	}
	in.Random = seeded(2)
	other := draft(t, a, in)
	if first.Full.Digest() == other.Full.Digest() || first.Record.Commitment() == other.Record.Commitment() {
		t.Error("digests don't depend on randomness")
	}
	if keysOf(first.Full.Body().Facts) != keysOf(other.Full.Body().Facts) {
		t.Error("facts depend on randomness")
	}
}

// TestNoOracle: the record says the same of an attacker's address whether it is a
// member's, another organisation's of the sector, the reporter's, or undecided.
func TestNoOracle(t *testing.T) {
	a := smallAnonymizer(t)
	var want string
	for i, domain := range []string{"vpn.higaura-hosp.jp", "vpn.midorisawa-gh.jp", "srv.local", "a.b.internal"} {
		pair := draft(t, a, Input{Bundle: bundleOf(t, linked("domain-name", "value", domain)...)})
		got := fmt.Sprint(pair.Record.Classes())
		if i == 0 {
			want = got
		}
		if got != want {
			t.Errorf("domain %d: the record tells\n%s\nand not\n%s", i, got, want)
		}
	}
}

// FuzzDraft: no bytes make it panic, and what goes out never holds the marker.
func FuzzDraft(f *testing.F) {
	a := smallAnonymizer(f)
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "compressed-bomb.txtar") {
			continue // a second for each of its likes
		}
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		if i := bytes.Index(data, []byte("\n{")); i >= 0 {
			f.Add(data[i : bytes.LastIndex(data, []byte("\n}"))+2])
		}
	}
	for _, place := range places {
		data, err := json.Marshal(map[string]any{"type": "bundle", "id": "bundle--1", "objects": place(planted[0])})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := stix.ParseBundle(data, stix.DefaultLimits())
		if err != nil {
			return
		}
		pair, err := a.Draft(Input{Bundle: b, Received: received, Random: seeded(3), Answers: Answers{AllConfirmed: true}})
		if err != nil {
			t.Fatal(err)
		}
		out := register.Fold(outside(pair))
		for _, s := range []string{"碧沢総合", "灯ヶ浦", "midorisawa-gh.jp", "Midorisawa"} {
			if strings.Contains(out, register.Fold(s)) {
				t.Errorf("%q came out", s)
			}
		}
		if !pair.Record.Verify(a.cfg.Policy, b) {
			t.Error("the record doesn't verify")
		}
		if _, err := a.Decode(pair.Full.Encode()); err != nil {
			t.Errorf("the draft doesn't decode: %v", err)
		}
	})
}

// TestFlashTellsLess: a flash has neither impact, weakness, quarter nor order.
func TestFlashTellsLess(t *testing.T) {
	a := smallAnonymizer(t)
	objects := append(linked("ipv4-addr", "value", "91.219.236.18"), one("event", "event_types", []any{"data-exfiltration"})...)
	pair := draft(t, a, Input{Bundle: bundleOf(t, objects...)})
	flash, full := pair.Flash.Body(), pair.Full.Body()
	if !hasFact(full.Facts, "impact:leak-confirmed") || hasFact(flash.Facts, "impact:leak-confirmed") {
		t.Error("the impact is told in the full alert alone")
	}
	for _, f := range flash.Facts {
		if f.Step != 0 || f.Class == hub.Impact || f.Class == hub.Quarter || f.Class == hub.Weakness {
			t.Errorf("the flash tells %s", f.Key())
		}
	}
}
