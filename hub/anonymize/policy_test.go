package anonymize

import (
	"encoding/json"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"isac/hub/profile"
	"isac/hub/stix"
	"isac/hub/vocab"
	"isac/schemas"
)

// definitions maps what the schemas call their parts to the types of the policy.
var definitions = map[string]string{
	"mime-part": "email-mime-part", "registry-value": "windows-registry-value", "v3-extensions": "x509-v3-extensions",
	"pe-optional-header": "windows-pe-optional-header", "pe-section": "windows-pe-section", "hashes-type": "hashes",
	"extensions/incident-core/incident": incidentCore,
	"extensions/tlp-2.0/marking":        "extension-definition--60a3c5c5-8d10-413e-aab3-9e08dde9e88d",
}

// within maps properties whose parts stand in the schemas without a name.
var within = map[string]string{"scores": "incident-score", "alternate_data_streams": "alternate-data-stream"}

// reader collects what the schemas know, by the types of the policy.
type reader struct{ known map[string]map[string]bool }

func (r reader) note(typ, property string) {
	if r.known[typ] == nil {
		r.known[typ] = map[string]bool{}
	}
	r.known[typ][property] = true
}

// schema reads the properties of a schema, through what it is made of.
func (r reader) schema(typ string, s map[string]any) {
	properties, _ := s["properties"].(map[string]any)
	for name, sub := range properties {
		r.note(typ, name)
		part, _ := sub.(map[string]any)
		if items, ok := part["items"].(map[string]any); ok {
			part = items
		}
		if _, has := part["properties"]; has && within[name] != "" {
			r.schema(within[name], part)
		}
	}
	for _, key := range []string{"allOf", "anyOf", "oneOf"} {
		list, _ := s[key].([]any)
		for _, e := range list {
			if sub, ok := e.(map[string]any); ok {
				r.schema(typ, sub)
			}
		}
	}
	for _, key := range []string{"if", "then", "else"} {
		if sub, ok := s[key].(map[string]any); ok {
			r.schema(typ, sub)
		}
	}
	defs, _ := s["$defs"].(map[string]any)
	for name, sub := range defs {
		if renamed := definitions[name]; renamed != "" {
			name = renamed
		}
		r.schema(name, sub.(map[string]any))
	}
}

func readSchemas(t *testing.T) map[string]map[string]bool {
	t.Helper()
	r := reader{map[string]map[string]bool{}}
	err := fs.WalkDir(schemas.FS, ".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(file, ".json") {
			return err
		}
		data, err := fs.ReadFile(schemas.FS, file)
		if err != nil {
			return err
		}
		var s map[string]any
		if err := json.Unmarshal(data, &s); err != nil {
			return err
		}
		stem := strings.TrimSuffix(file, ".json")
		typ := path.Base(stem)
		for _, name := range []string{stem, typ} {
			if renamed := definitions[name]; renamed != "" {
				typ = renamed
				break
			}
		}
		r.schema(typ, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	spread(r.known)
	return r.known
}

// spread gives the common properties to every type of their kind.
func spread(known map[string]map[string]bool) {
	core, sco := known["core"], known["cyber-observable-core"]
	delete(known, "core")
	delete(known, "cyber-observable-core")
	for typ, properties := range known {
		if !properties["type"] || typ == "bundle" || strings.HasPrefix(typ, "extension-definition--") {
			continue
		}
		if stix.IsSCO(typ) {
			maps.Copy(properties, sco)
		} else {
			maps.Copy(properties, core)
		}
	}
}

// dictionaries are types of the policy whose names a schema leaves open.
var dictionaries = map[string]bool{
	"entity-count": true, "http-request-header": true, "@extension": true, "alternate-data-stream": true,
}

// TestPolicyIsComplete: every property that a schema knows has a row, and no row is
// about something that no schema knows.
func TestPolicyIsComplete(t *testing.T) {
	known, p := readSchemas(t), DefaultPolicy()
	for _, place := range withoutRow(known, p) {
		t.Errorf("no row for %s", place)
	}
	for _, row := range p.Rows() {
		older := strings.HasPrefix(row.Reason, "older generation")
		marker := row.Property == "extension_type"
		if !known[row.Type][row.Property] && !dictionaries[row.Type] && !older && !marker {
			t.Errorf("a stale row for %s.%s", row.Type, row.Property)
		}
	}
}

// withoutRow lists what the schemas know and the table doesn't.
func withoutRow(known map[string]map[string]bool, p *Policy) (out []string) {
	for _, typ := range slices.Sorted(maps.Keys(known)) {
		for _, property := range slices.Sorted(maps.Keys(known[typ])) {
			if _, ok := p.Row(typ, property); !ok {
				out = append(out, typ+"."+property)
			}
		}
	}
	return out
}

// TestPolicyIsMissed: whichever row is taken away, the test before sees it, but for
// rows of names that no schema fixes.
func TestPolicyIsMissed(t *testing.T) {
	known, rows, seen := readSchemas(t), DefaultPolicy().rows, 0
	for _, row := range DefaultPolicy().Rows() {
		if !known[row.Type][row.Property] {
			continue
		}
		seen++
		p := &Policy{rows: maps.Clone(rows)}
		delete(p.rows, [2]string{row.Type, row.Property})
		if got := withoutRow(known, p); !slices.Equal(got, []string{row.Type + "." + row.Property}) {
			t.Errorf("without the row of %s.%s the test says %q", row.Type, row.Property, got)
		}
	}
	if seen < 900 {
		t.Errorf("only %d rows are of the schemas", seen)
	}
}

// TestPolicyHoldsTogether: what a row names as inside is a type of the table.
func TestPolicyHoldsTogether(t *testing.T) {
	p := DefaultPolicy()
	for _, row := range p.Rows() {
		if row.Inside != "" && row.Inside != "@extensions" && !p.Knows(row.Inside) {
			t.Errorf("%s.%s: nothing is known of %s", row.Type, row.Property, row.Inside)
		}
	}
	if p.Version == "" || p.Digest.IsZero() {
		t.Error("the policy has no version or digest")
	}
}

func TestReadPolicyRefuses(t *testing.T) {
	head := "# version 9\ntype,property,class,inside,reason\n"
	for why, text := range map[string]string{
		"no version":     "type,property,class,inside,reason\na,b,keep,,c\n",
		"unknown class":  head + "a,b,maybe,,c\n",
		"no reason":      head + "a,b,keep,,\n",
		"a second row":   head + "a,b,keep,,c\na,b,drop,,c\n",
		"missing column": head + "a,b,keep\n",
	} {
		if _, err := ReadPolicy(strings.NewReader(text)); err == nil {
			t.Errorf("%s: no error", why)
		}
	}
}

// TestStandardWords: every fact that a word of the standard stands for is one.
func TestStandardWords(t *testing.T) {
	v := vocab.Default(profile.HealthcareJP())
	for word, f := range standardWords {
		if _, ok := v.Label(f.Class, f.Value); !ok {
			t.Errorf("%s: %s %s isn't in the vocabulary", word, f.Class, f.Value)
		}
	}
}
