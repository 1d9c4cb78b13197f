package purepath_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/hub/release"
	"isac/hub/stix"
	"isac/internal/disguise"
	"isac/internal/proportion"
)

// victim is whom every hostile report tries to name, and other a member that it may
// name as well.
func victim() []hub.Organisation {
	return []hub.Organisation{
		{
			ID: "HZ0001", NameJA: "榧ノ木総合病院", NameKana: "かやのきそうごうびょういん", NameRomaji: "Kayanoki General Hospital", LegalName: "医療法人社団 榧心会 榧ノ木総合病院",
			AbbrJA: "榧総病", AbbrEN: "KYNGH", Prefecture: "島根県", PrefectureEN: "Shimane", Municipality: "浜田市", MunicipalEN: "Hamada", Domain: "kayanoki-gh.jp",
			Mail: "soumu@kayanoki-gh.jp", Phone: "0855-00-7163", Fax: "0855-00-7164", Postal: "697-0099", Address: "島根県浜田市榧町4-17-2", Vendor: "株式会社ツグミ情報",
			Beds: "387", Member: true, IPv4: "203.0.114.0/28", IPv4Private: "10.77.3.0/24", IPv6: "2a0e:77:3::/48", HostnamePrefix: "KAYANK", Operator: "OP-KAYA-7",
			FormerName: "鴇沢町立病院", ASN: "AS398765", Staff: "櫛引 瑞穂",
		},
		{ID: "HZ0002", NameJA: "蔦ヶ淵病院", NameRomaji: "Tsutagafuchi Hospital", Domain: "tsutagafuchi.or.jp", Phone: "0852-00-5521", Member: true, IPv4: "198.51.101.16/28"},
	}
}

// secrets are what must never come out, whoever wrote it how.
var secrets = []string{
	"榧ノ木総合病院", "榧ノ木", "かやのきそうごうびょういん", "Kayanoki", "榧心会", "KYNGH", "浜田市", "Hamada", "kayanoki-gh", "0855-00-7163", "697-0099", "榧町", "ツグミ情報",
	"203.0.114.5", "10.77.3.9", "2a0e:77:3::9", "KAYANK-DC01", "OP-KAYA-7", "鴇沢町立病院", "櫛引瑞穂", "蔦ヶ淵病院", "tsutagafuchi", "198.51.101.20", "HZ0001",
}

// plain is a text as a reader compares it: no signs, widths or cases.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsNumber(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKC.String(s))
}

var issued = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// strings of a document, values and keys, with the texts that they hold encoded.
func stringsOf(t testing.TB, data []byte) []string {
	t.Helper()
	var out []string
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for k, inner := range v {
				out = append(out, k)
				walk(inner)
			}
		case []any:
			for _, inner := range v {
				walk(inner)
			}
		case string:
			out = append(out, v)
		default:
			out = append(out, fmt.Sprint(v))
		}
	}
	var tree any
	if err := json.Unmarshal(data, &tree); err != nil {
		t.Fatalf("the alert is no JSON: %v", err)
	}
	walk(tree)
	return out
}

// goes takes a report through the whole path and returns the alert, nil if held.
func (p path) goes(t testing.TB, objects []map[string]any) []byte {
	t.Helper()
	data, err := json.Marshal(map[string]any{"type": "bundle", "id": "bundle--6f2c2a3e-53a5-4f0c-9c0f-0d2f3b1c7a11", "objects": objects})
	if err != nil {
		t.Fatal(err)
	}
	b, err := stix.ParseBundle(data, stix.DefaultLimits())
	if err != nil {
		return nil // refused at the door
	}
	return p.draft(t, b)
}

func (p path) draft(t testing.TB, b stix.Bundle) []byte {
	t.Helper()
	random := rand.NewChaCha8([32]byte{7})
	pair, err := p.a.Draft(anonymize.Input{Bundle: b, Member: p.member, Answers: anonymize.Answers{AllConfirmed: true}, Random: random, Received: p.params.Published})
	if err != nil {
		t.Fatal(err)
	}
	g := p.gate
	g.LeftOut = pair.LeftOut
	_, alert, err := release.Settle(p.a, pair.Full, p.params, g, random)
	if err != nil && hub.KindOf(err) != hub.Held {
		t.Fatal(err)
	}
	return alert
}

// clean fails the test where an alert holds a secret, or a text as it was hidden.
func clean(t testing.TB, why string, alert []byte, hidden ...string) {
	t.Helper()
	if alert == nil {
		return
	}
	whole := plain(issued.ReplaceAllString(strings.Join(stringsOf(t, alert), "\n"), " "))
	for _, s := range slices.Concat(secrets, hidden) {
		if want := plain(s); len(want) >= 4 && strings.Contains(whole, want) {
			t.Errorf("%s: %.80q came out", why, s)
		}
	}
}

const when = "2026-11-18T03:20:11.250Z"

func object(n int, typ string, properties map[string]any) map[string]any {
	o := map[string]any{"type": typ, "spec_version": "2.1", "id": fmt.Sprintf("%s--%08x-1111-4222-8333-444455556666", typ, n+1), "created": when, "modified": when}
	if typ == "indicator" {
		o["pattern_type"], o["valid_from"], o["indicator_types"] = "stix", when, []any{"malicious-activity"}
	}
	for k, v := range properties {
		o[k] = v
	}
	return o
}

func pattern(p string) map[string]any { return object(0, "indicator", map[string]any{"pattern": p}) }

func literal(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}

// kept is what every hostile report holds of the attacker's, so that an alert is made.
func kept() []map[string]any {
	return []map[string]any{
		object(90, "malware", map[string]any{"name": "LockBit", "is_family": true, "malware_types": []any{"ransomware"}}),
		object(91, "indicator", map[string]any{"pattern": "[ipv4-addr:value = '91.219.236.18']"}),
	}
}

// hides are the places in which a report can hold a text, attackers' ones above all.
var hides = []func(s string) []map[string]any{
	func(s string) []map[string]any {
		return []map[string]any{object(0, "malware", map[string]any{"name": s, "is_family": true})}
	},
	func(s string) []map[string]any {
		return []map[string]any{object(0, "intrusion-set", map[string]any{"name": "Kuro", "aliases": []any{s}})}
	},
	func(s string) []map[string]any {
		return []map[string]any{object(0, "tool", map[string]any{"name": s, "tool_version": s})}
	},
	func(s string) []map[string]any {
		return []map[string]any{object(0, "incident", map[string]any{"name": s, "description": "調査の結果、" + s + "で確認した。"})}
	},
	func(s string) []map[string]any {
		return []map[string]any{object(0, "note", map[string]any{"content": s, "authors": []any{s}, "object_refs": []any{s}})}
	},
	func(s string) []map[string]any {
		return []map[string]any{pattern("[file:name = " + literal(s+".exe") + "]")}
	},
	func(s string) []map[string]any { return []map[string]any{pattern("[mutex:name = " + literal(s) + "]")} },
	func(s string) []map[string]any {
		return []map[string]any{pattern("[process:command_line = " + literal("rundll32.exe "+s+",Start") + "]")}
	},
	func(s string) []map[string]any {
		return []map[string]any{pattern("[url:value = " + literal("http://kuro-static.net/"+s+"/a.php") + "]")}
	},
	func(s string) []map[string]any {
		return []map[string]any{pattern("[domain-name:value = " + literal(s) + "]")}
	},
	func(s string) []map[string]any {
		return []map[string]any{pattern("[windows-registry-key:key = " + literal(`HKLM\Software\`+s) + "]")}
	},
	func(s string) []map[string]any {
		return []map[string]any{pattern("[email-message:subject = " + literal(s) + " AND ipv4-addr:value = '91.219.236.19']")}
	},
	func(s string) []map[string]any {
		return []map[string]any{object(0, "x-"+s, map[string]any{"name": "x"}), object(1, "tool", map[string]any{"name": "PsExec", s: true, "x_" + s: s})}
	},
	func(s string) []map[string]any {
		return []map[string]any{object(0, "tool", map[string]any{"name": "PsExec", "extensions": map[string]any{s: map[string]any{"extension_type": s, s: 1}}})}
	},
	func(s string) []map[string]any {
		return []map[string]any{object(0, "language-content", map[string]any{"object_ref": "malware--00000001-1111-4222-8333-444455556666", "contents": map[string]any{"fr": map[string]any{"name": s}, s: map[string]any{s: s}}})}
	},
	func(s string) []map[string]any {
		o := object(0, "attack-pattern", map[string]any{"name": s, "external_references": []any{map[string]any{"source_name": s, "external_id": s, "url": "https://x.net/" + s}}})
		o["id"] = "attack-pattern--" + s
		return []map[string]any{o}
	},
	func(s string) []map[string]any {
		return []map[string]any{object(0, "artifact", map[string]any{"payload_bin": base64.StdEncoding.EncodeToString([]byte(s)), "url": "http://a.net/" + s})}
	},
	func(s string) []map[string]any {
		return []map[string]any{object(0, "user-account", map[string]any{"user_id": s, "account_login": s}), object(1, "x509-certificate", map[string]any{"issuer": "CN=" + s, "serial_number": s})}
	},
}

// TestHiddenNeverComesOut writes things of the victim in every way into every place.
func TestHiddenNeverComesOut(t *testing.T) {
	p := pathOf(t, victim())
	n := 400
	if testing.Short() {
		n = 60
	}
	told := 0
	for i := range n {
		if alert := hide(t, p, uint64(i), i%len(hides), ""); bytes.Contains(alert, []byte("91.219.236.18")) {
			told++
		}
	}
	if told*10 < n*8 {
		t.Errorf("only %d of %d reports gave an alert with what is the attacker's", told, n)
	}
	if alert := p.goes(t, append(hides[9]("kuro-control.net"), kept()...)); !bytes.Contains(alert, []byte("kuro-control.net")) {
		t.Error("what is nobody's doesn't come out: the test shows nothing")
	}
}

// hide plants one writing of one thing, with something around it, and checks what
// comes out.
func hide(t testing.TB, p path, seed uint64, place int, beside string) []byte {
	t.Helper()
	r := rand.New(rand.NewPCG(7, seed))
	o := p.member
	things := []struct {
		kind  disguise.Kind
		value string
	}{
		{disguise.Japanese, o.NameJA},
		{disguise.Japanese, o.LegalName},
		{disguise.Japanese, o.Address},
		{disguise.Japanese, o.FormerName},
		{disguise.Kana, o.NameKana},
		{disguise.Latin, o.NameRomaji},
		{disguise.Domain, o.Domain},
		{disguise.Mail, o.Mail},
		{disguise.Phone, o.Phone},
		{disguise.Postal, "〒" + o.Postal},
		{disguise.IPv4, "203.0.114.5"},
		{disguise.IPv4, "10.77.3.9"},
		{disguise.IPv6, "2a0e:77:3::9"},
		{disguise.Host, "KAYANK-DC01"},
		{disguise.Japanese, o.Staff},
	}
	thing := things[r.IntN(len(things))]
	text, how := disguise.Write(r, thing.kind, thing.value)
	text = beside + text
	alert := p.goes(t, append(hides[place%len(hides)](text), kept()...))
	clean(t, fmt.Sprintf("place %d, seed %d, %v", place, seed, how), alert, thing.value, text)
	return alert
}

// TestMadeToDefeat are reports that somebody would make by hand.
func TestMadeToDefeat(t *testing.T) {
	p := pathOf(t, victim())
	name := "榧ノ木総合病院"
	deep := func(n int) string {
		s := name
		for range n {
			s = base64.StdEncoding.EncodeToString([]byte(s))
		}
		return s
	}
	for why, objects := range map[string][]map[string]any{
		"split over properties": {
			object(0, "malware", map[string]any{"name": "榧ノ木", "aliases": []any{"総合", "病院"}, "is_family": true}), object(1, "tool", map[string]any{"name": "Kaya"}), object(2, "tool", map[string]any{"name": "noki"}),
			pattern("[file:name = 'kaya' AND file:parent_directory_ref.path = 'noki']"), object(4, "indicator", map[string]any{"pattern": "[mutex:name = '榧ノ']", "name": "木総合病院"}),
		},
		"split over patterns": {
			object(0, "indicator", map[string]any{"pattern": "[mutex:name = '榧ノ木']"}), object(1, "indicator", map[string]any{"pattern": "[mutex:name = '総合病院']"}),
			object(2, "indicator", map[string]any{"pattern": "[domain-name:value = 'kayanoki'] FOLLOWEDBY [domain-name:value = 'gh.jp']"}),
		},
		"names in keys, types and ids": {
			{"type": "x-" + name, "id": "x-" + name + "--1", name: name, "spec_version": "2.1"},
			{"type": name, "id": name},
			object(0, "identity", map[string]any{"id": "identity--kayanoki-gh.jp", "name": "x", "identity_class": name, "sectors": []any{name}, "lang": name}),
			object(1, "relationship", map[string]any{"relationship_type": name, "source_ref": name, "target_ref": "malware--" + hex.EncodeToString([]byte(name))}),
		},
		"extension names": {
			object(0, "extension-definition", map[string]any{"name": name, "schema": "https://kayanoki-gh.jp/s.json", "version": name, "extension_types": []any{"property-extension"}}),
			object(1, "malware", map[string]any{"name": "LockBit", "is_family": true, "extensions": map[string]any{"kayanoki-ext": map[string]any{"extension_type": "property-extension", name: []any{name}}}}),
		},
		"numbers and times": {
			object(0, "incident", map[string]any{"name": "x", "beds": 387, "phone": 855007163, "code": 6970099, "lat": 34.08557163, "created": "2026-11-18T08:55:00.7163Z", "modified": "0855-00-71T63:00:00Z"}),
			object(1, "file", map[string]any{"size": 855007163, "name": "0855-00-7163.exe", "atime": "2026-11-18T08:55:00.007163Z"}),
			object(2, "network-traffic", map[string]any{"src_port": 387, "dst_port": 855, "protocols": []any{"0855007163"}, "src_byte_count": 3405804037}),
			object(3, "autonomous-system", map[string]any{"number": 398765, "name": "x"}), object(4, "indicator", map[string]any{"pattern": "[autonomous-system:number = 398765]"}),
			object(5, "indicator", map[string]any{"pattern": "[ipv4-addr:value = '3405804037' OR url:value = 'http://3405804037/']"}),
			object(6, "indicator", map[string]any{"pattern": "[network-traffic:src_ref.value = '203.0.114.5' AND file:size = 855007163]"}),
		},
		"other languages": {
			object(0, "language-content", map[string]any{"object_ref": "incident--00000001-1111-4222-8333-444455556666", "contents": map[string]any{"de": map[string]any{"name": "Krankenhaus Kayanoki"}, "ja": map[string]any{"description": name}, name: map[string]any{}}}),
		},
		"patterns with escapes": {
			pattern(`[file:name = 'kayan\\oki-gh\'s.exe']`), pattern(`[file:name MATCHES '^k[a]yanoki-(gh)\\.jp$']`), pattern(`[file:name LIKE 'kay%noki\_gh']`), pattern(`[domain-name:value IN ('a.net','kayanoki-gh.jp')]`),
			pattern(`[artifact:payload_bin = b'` + base64.StdEncoding.EncodeToString([]byte(name)) + `']`), pattern(`[artifact:payload_bin = h'` + hex.EncodeToString([]byte(name)) + `']`),
			pattern(`[file:name = '\u69a7\u30ce\u6728\u7dcf\u5408\u75c5\u9662']`), pattern(`[x-榧ノ木:総合病院 = 1]`), pattern(`[file:extensions.'榧ノ木総合病院'.x = 'a']`), pattern(`[process:environment_variables.KAYANK = 'KAYANK-DC01']`),
		},
		"eight deep":   {pattern("[mutex:name = " + literal(deep(8)) + "]"), pattern("[process:command_line = " + literal("powershell -enc "+deep(4)) + "]")},
		"too deep":     {pattern("[mutex:name = " + literal(deep(11)) + "]"), pattern("[url:value = " + literal("http://kuro.net/"+url.QueryEscape(deep(9))) + "]")},
		"a compressed": {pattern("[url:value = " + literal("http://kuro.net/?d="+url.QueryEscape(packed(name, 1))) + "]"), object(1, "artifact", map[string]any{"payload_bin": packed(name, 1)})},
		"one that never ends expanding": {
			object(0, "artifact", map[string]any{"payload_bin": packed(strings.Repeat("0", 1<<20)+name, 24)}), pattern("[url:value = " + literal("http://kuro.net/?d="+url.QueryEscape(packed(strings.Repeat("0", 1<<20)+name, 8))) + "]"),
		},
		"look-alikes": {
			pattern("[domain-name:value = 'kауаnоki-gh.jp']"), pattern("[domain-name:value = 'xn--kanki-gh-3fg8be.jp']"), pattern("[file:name = 'ΚΑΥΑΝΟΚΙ.exe']"), pattern("[mutex:name = 'KᗩYᗩNOKI']"),
		},
		"turned around": {pattern("[file:name = '\u202eexe.ikonayak']"), pattern("[mutex:name = '\u202e院病合総木ノ榧\u202c']"), pattern("[file:name = '\u200f榧\u200eノ\u2066木\u2069総合病院.doc']")},
	} {
		clean(t, why, p.goes(t, append(objects, kept()...)), name)
	}
}

// packed is base64 of a text compressed n times over, one behind the other.
func packed(s string, n int) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	for range n {
		_, _ = w.Write([]byte(s))
	}
	_ = w.Close()
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

// TestWholePathIsLinear: a megabyte of what nearly is a needle takes as long as its
// length says, through the builder, the drafts and the gate.
func TestWholePathIsLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("takes megabytes through the path")
	}
	p := pathOf(t, victim())
	for _, near := range []string{"榧ノ木総合病榧ノ木総合医院かやのきそうごうびょうい", "kayanok kayanoki-g.jp 0855-00-716 203.0.114.", "%25%32", `\u69a7\u30`, "榧\u200b", "AAAA"} {
		of := func(n int) func() {
			text := strings.Repeat(near, n/len(near))
			objects := append([]map[string]any{object(0, "incident", map[string]any{"name": "x", "description": text})}, kept()...)
			return func() { clean(t, near, p.goes(t, objects)) }
		}
		proportion.Check(t, near, 48, of(64<<10), of(1<<20))
	}
}

// FuzzPath plants a writing of the victim anywhere in a report: it never comes out,
// nothing panics, the same report gives the same alert, and an alert that is sent in
// as a report gives none but its own indicators.
func FuzzPath(f *testing.F) {
	for i := range hides {
		f.Add(uint64(i*31), byte(i), "", "http://kuro-static.net/a")
	}
	f.Add(uint64(5), byte(3), "\u202e。", "%E6%A6%A7\\u30ce%")
	p := pathOf(f, victim())
	f.Fuzz(func(t *testing.T, seed uint64, place byte, beside, free string) {
		if len(beside)+len(free) > 2000 {
			t.Skip()
		}
		hide(t, p, seed, int(place), beside)
		objects := append(hides[int(place)%len(hides)](free), kept()...)
		first := p.goes(t, objects)
		if again := p.goes(t, objects); !bytes.Equal(first, again) {
			t.Error("the same report gave another alert")
		}
		if first == nil {
			return
		}
		clean(t, "free text", first)
		b, err := stix.ParseBundle(first, stix.DefaultLimits())
		if err != nil {
			t.Fatalf("the alert is no bundle: %v", err)
		}
		second := p.draft(t, b)
		clean(t, "an alert sent in", second)
		for _, one := range patternsOf(t, second) {
			if !slices.Contains(patternsOf(t, first), one) {
				t.Errorf("an alert sent in gave %.80q", one)
			}
		}
	})
}

// patternsOf returns the patterns of an alert's indicators.
func patternsOf(t testing.TB, alert []byte) []string {
	if alert == nil {
		return nil
	}
	b, err := stix.ParseBundle(alert, stix.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, o := range b.Objects {
		if o.Type() == "indicator" {
			out = append(out, o.Str("pattern"))
		}
	}
	return out
}
