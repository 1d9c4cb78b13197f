package stix

import (
	"testing"

	"isac/hub"
)

func TestKinds(t *testing.T) {
	want := map[Kind]int{SDO: 22, SRO: 2, SCO: 18, Meta: 3, Wrapper: 1}
	total := 0
	for kind, n := range want {
		if got := len(Types(kind)); got != n {
			t.Errorf("kind %d: %d types, want %d", kind, got, n)
		}
		total += n
	}
	if len(kinds) != total {
		t.Errorf("a type has two kinds: %d of %d", len(kinds), total)
	}
	if !IsSDO("impact") || IsSDO("x-impact") || !IsSRO("sighting") || !IsSCO("url") || !IsMeta("language-content") || IsMeta("bundle") {
		t.Error("Is… disagrees with the tables")
	}
	for typ := range references {
		if KindOf(typ) == Custom {
			t.Errorf("references of an unknown type %s", typ)
		}
	}
}

func TestRefTargets(t *testing.T) {
	cases := []struct {
		typ, prop, target string
		allowed           bool
	}{
		{"indicator", "created_by_ref", "identity", true},
		{"indicator", "created_by_ref", "malware", false},
		{"x-thing", "object_marking_refs", "identity", false},
		{"note", "granular_markings.marking_ref", "marking-definition", true},
		{"sighting", "sighting_of_ref", "malware", true},
		{"sighting", "sighting_of_ref", "ipv4-addr", false},
		{"sighting", "sighting_of_ref", "relationship", false},
		{"sighting", "sighting_of_ref", "x-thing", true},
		{"malware", "sample_refs", "identity", false},
		{"report", "object_refs", "bundle", false},
		{"report", "object_refs", "extension-definition", true},
		{"observed-data", "object_refs", "relationship", true},
		{"observed-data", "object_refs", "identity", false},
		{"ipv4-addr", "resolves_to_refs", "domain-name", false},
		{"ipv6-addr", "belongs_to_refs", "autonomous-system", true},
		{"file", "parent_directory_ref", "file", false},
		{"file", "extensions.archive-ext.contains_refs", "directory", true},
		{"process", "image_ref", "mutex", false},
		{"email-message", "from_ref", "file", false},
		{"network-traffic", "src_ref", "file", false},
		{"network-traffic", "dst_ref", "domain-name", true},
		{"relationship", "target_ref", "marking-definition", false},
		{"relationship", "target_ref", "bundle", false},
		{"relationship", "source_ref", "sighting", false},
		{"relationship", "source_ref", "url", true},
		{"language-content", "object_ref", "language-content", false},
		{"incident", "extensions." + IncidentExtension + ".impact_refs", "impact", true},
		{"impact", "superseded_by_ref", "event", false},
	}
	for _, c := range cases {
		targets, ok := RefTargets(c.typ, c.prop)
		if !ok || targets.Allow(c.target) != c.allowed {
			t.Errorf("%s.%s to %s: known %t, want allowed %t", c.typ, c.prop, c.target, ok, c.allowed)
		}
	}
	if _, ok := RefTargets("indicator", "x_other_ref"); ok {
		t.Error("an unknown reference is known")
	}
}

func TestTLPMarkings(t *testing.T) {
	got, err := Marshal(TLPMarking(hub.TLPAmberStrict))
	const want = `{"created":"2022-10-01T00:00:00.000Z","extensions":{"extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d":` +
		`{"extension_type":"property-extension","tlp_2_0":"amber+strict"}},"id":"marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",` +
		`"name":"TLP:AMBER+STRICT","spec_version":"2.1","type":"marking-definition"}`
	if err != nil || string(got) != want {
		t.Errorf("got %s, %v", got, err)
	}
	for _, label := range []hub.TLP{hub.TLPClear, hub.TLPGreen, hub.TLPAmber, hub.TLPAmberStrict, hub.TLPRed} {
		m := TLPMarking(label)
		if back, ok := TLPOf(m.ID()); !ok || back != label {
			t.Errorf("%s: read back as %s", label, back)
		}
		m["name"] = "changed"
		if TLPMarking(label).Str("name") == "changed" {
			t.Errorf("%s: callers share one object", label)
		}
	}
	for _, label := range []string{"white", "green", "amber", "red"} {
		m := TLP1Marking(label)
		if m.Obj("definition").Str("tlp") != label {
			t.Errorf("TLP 1 %s: %v", label, m)
		}
		if _, ok := TLPOf(m.ID()); !ok {
			t.Errorf("TLP 1 %s is not known", label)
		}
	}
	if TLPMarking("white") != nil || TLP1Marking("clear") != nil {
		t.Error("a label of the other version is known")
	}
}
