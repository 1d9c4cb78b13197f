package validate_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"isac/hub"
)

// change is one change to the sound document of the type base, a JSON merge patch
// (RFC 7396), and what must be found: "path rule", several by "; ", "" for none.
type change struct{ why, base, patch, want string }

// TestBases wants the sound documents to be sound: otherwise no case below proves
// its fault.
func TestBases(t *testing.T) {
	v := validator(t)
	for name, text := range bases {
		problems, err := v.Document([]byte(text))
		if err != nil || len(problems) > 0 {
			t.Errorf("%s: %v %v", name, err, problems)
		}
	}
}

// TestCases wants exactly the problem of each single fault, at its place.
func TestCases(t *testing.T) {
	v := validator(t)
	seen := map[string]bool{}
	for _, c := range slices.Concat(commonCases, objectCases, observableCases, bundleCases) {
		if seen[c.why] {
			t.Errorf("two cases are called %q", c.why)
		}
		seen[c.why] = true
		problems, err := v.Document(patched(t, c.base, c.patch))
		if err != nil {
			t.Errorf("%s: %v", c.why, err)
			continue
		}
		if got := brief(problems); got != c.want {
			t.Errorf("%s\n  got  %s\n  want %s", c.why, got, c.want)
		}
	}
	if len(seen) < 170 {
		t.Errorf("%d cases, the table of faults has 170", len(seen))
	}
}

func brief(problems []hub.Problem) string {
	var out []string
	for _, p := range problems {
		out = append(out, p.Path+" "+p.Rule)
	}
	return strings.Join(out, "; ")
}

func patched(t *testing.T, base, patch string) []byte {
	t.Helper()
	if base == "" {
		return []byte(patch)
	}
	data, err := json.Marshal(merge(decode(t, bases[base]), decode(t, patch)))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func decode(t *testing.T, text string) any {
	t.Helper()
	var v any
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}

// merge applies a merge patch; the text "NULL" sets null.
func merge(target, patch any) any {
	change, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	out := map[string]any{}
	if m, ok := target.(map[string]any); ok {
		maps.Copy(out, m)
	}
	for name, v := range change {
		switch v {
		case nil:
			delete(out, name)
		case "NULL":
			out[name] = nil
		default:
			out[name] = merge(out[name], v)
		}
	}
	return out
}

const (
	u1   = "1d0c7a52-6f0e-4b6a-9a35-c1a4e2f7b801"
	u2   = "2e1d8b63-7a1f-4c7b-8b46-d2b5f3a8c902"
	u3   = "3f2e9c74-8b20-4d8c-9c57-e3c6a4b9da03"
	when = `"created":"2029-03-04T05:06:07.008Z","modified":"2029-03-05T05:06:07.008Z"`
	ext1 = "extension-definition--" + u1
)

func sdo(typ, rest string) string {
	return `{"type":"` + typ + `","spec_version":"2.1","id":"` + typ + `--` + u1 + `",` + when + `,` + rest + `}`
}

func sco(typ, rest string) string {
	return `{"type":"` + typ + `","id":"` + typ + `--` + u1 + `",` + rest + `}`
}

// bases are sound documents by type, or by a name of their own.
var bases = map[string]string{
	"attack-pattern":       sdo("attack-pattern", `"name":"crossing the moat"`),
	"campaign":             sdo("campaign", `"name":"autumn tide","first_seen":"2029-01-01T00:00:00Z","last_seen":"2029-02-01T00:00:00Z"`),
	"course-of-action":     sdo("course-of-action", `"name":"raise the bridge"`),
	"grouping":             sdo("grouping", `"context":"suspicious-activity","object_refs":["indicator--`+u2+`"]`),
	"identity":             sdo("identity", `"name":"Harbour Board","labels":["north","south"]`),
	"incident":             sdo("incident", `"name":"night of the tide"`),
	"indicator":            sdo("indicator", `"pattern":"[domain-name:value = 'tide.example']","pattern_type":"stix","valid_from":"2029-03-01T00:00:00Z"`),
	"infrastructure":       sdo("infrastructure", `"name":"grey barge"`),
	"intrusion-set":        sdo("intrusion-set", `"name":"lantern men"`),
	"location":             sdo("location", `"country":"IS"`),
	"malware":              sdo("malware", `"is_family":false,"sample_refs":["file--`+u2+`"]`),
	"malware-analysis":     sdo("malware-analysis", `"product":"sieve","result":"malicious"`),
	"note":                 sdo("note", `"content":"seen twice","object_refs":["campaign--`+u2+`"]`),
	"observed-data":        sdo("observed-data", `"first_observed":"2029-03-01T00:00:00Z","last_observed":"2029-03-01T00:00:00Z","number_observed":1,"object_refs":["url--`+u2+`"]`),
	"opinion":              sdo("opinion", `"opinion":"agree","object_refs":["campaign--`+u2+`"]`),
	"report":               sdo("report", `"name":"tide tables","published":"2029-03-05T00:00:00Z","object_refs":["campaign--`+u2+`"]`),
	"threat-actor":         sdo("threat-actor", `"name":"the ferryman"`),
	"tool":                 sdo("tool", `"name":"boathook"`),
	"vulnerability":        sdo("vulnerability", `"name":"loose plank"`),
	"relationship":         sdo("relationship", `"relationship_type":"uses","source_ref":"campaign--`+u1+`","target_ref":"tool--`+u2+`"`),
	"sighting":             sdo("sighting", `"sighting_of_ref":"indicator--`+u2+`"`),
	"language-content":     sdo("language-content", `"object_ref":"campaign--`+u2+`","contents":{"fr":{"name":"marée"}}`),
	"extension-definition": sdo("extension-definition", `"created_by_ref":"identity--`+u2+`","name":"tides","schema":"https://tides.example/s","version":"1.0.0","extension_types":["property-extension"]`),
	"marking-definition": `{"type":"marking-definition","spec_version":"2.1","id":"marking-definition--` + u1 + `","created":"2029-03-04T05:06:07.008Z",
		"definition_type":"statement","definition":{"statement":"harbour use only"}}`,
	"tlp1": `{"type":"marking-definition","spec_version":"2.1","id":"marking-definition--f88d31f6-486f-44da-b317-01333bde0b82",
		"created":"2017-01-20T00:00:00.000Z","definition_type":"tlp","name":"TLP:AMBER","definition":{"tlp":"amber"}}`,
	"tlp2": `{"type":"marking-definition","spec_version":"2.1","id":"marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003","created":"2022-10-01T00:00:00.000Z",
		"name":"TLP:AMBER+STRICT","extensions":{"extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d":{"extension_type":"property-extension","tlp_2_0":"amber+strict"}}}`,
	"custom-sdo": sdo("barge-log", `"cargo":"rope","extensions":{"`+ext1+`":{"extension_type":"new-sdo"}}`),
	"custom-sco": sco("tide-mark", `"height":3,"extensions":{"`+ext1+`":{"extension_type":"new-sco"}}`),

	"artifact":             sco("artifact", `"payload_bin":"dGlkZQ=="`),
	"artifact-url":         sco("artifact", `"url":"https://tide.example/a.bin","hashes":{"SHA-256":"`+sha256+`"}`),
	"autonomous-system":    sco("autonomous-system", `"number":64500`),
	"directory":            sco("directory", `"path":"/srv/tide"`),
	"domain-name":          sco("domain-name", `"value":"tide.example"`),
	"email-addr":           sco("email-addr", `"value":"ferryman@tide.example"`),
	"email-message":        sco("email-message", `"is_multipart":false,"subject":"low water"`),
	"email-multipart":      sco("email-message", `"is_multipart":true,"body_multipart":[{"body":"high","content_type":"text/plain"}]`),
	"file":                 sco("file", `"name":"tide.exe"`),
	"ipv4-addr":            sco("ipv4-addr", `"value":"100.70.1.2"`),
	"ipv6-addr":            sco("ipv6-addr", `"value":"fd00:7::1"`),
	"mac-addr":             sco("mac-addr", `"value":"02:00:5e:10:00:ff"`),
	"mutex":                sco("mutex", `"name":"Global\\tide"`),
	"network-traffic":      sco("network-traffic", `"src_ref":"ipv4-addr--`+u2+`","protocols":["tcp"]`),
	"process":              sco("process", `"pid":7001`),
	"software":             sco("software", `"name":"tide tables"`),
	"url":                  sco("url", `"value":"http://tide.example/now?x=1"`),
	"user-account":         sco("user-account", `"account_login":"ferryman"`),
	"windows-registry-key": sco("windows-registry-key", `"key":"HKEY_CURRENT_USER\\Software\\Tide"`),
	"x509-certificate":     sco("x509-certificate", `"serial_number":"0f:0e"`),

	"event":  sdo("event", `"status":"occurred","extensions":{"extension-definition--4ca6de00-5b0d-45ef-a1dc-ea7279ea910e":{"extension_type":"new-sdo"}}`),
	"task":   sdo("task", `"outcome":"ongoing","extensions":{"extension-definition--2074a052-8be4-4932-849e-f5e7798e0030":{"extension_type":"new-sdo"}}`),
	"impact": sdo("impact", `"impact_category":"availability","extensions":{"extension-definition--7cc33dd6-f6a1-489b-98ea-522d351d71b9":{"extension_type":"new-sdo"},"availability-ext":{"availability_impact":80}}`),

	"bundle": `{"type":"bundle","id":"bundle--` + u1 + `"}`,
}

const sha256 = "6b1f0c9a7d3e52846b1f0c9a7d3e52846b1f0c9a7d3e52846b1f0c9a7d3e5284"
