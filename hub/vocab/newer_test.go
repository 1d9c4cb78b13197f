package vocab_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/profile"
	"isac/hub/vocab"
)

// published is a bundle in the form of MITRE's: every technique of the program, one of
// them renamed, one revoked by a new one, one deprecated, and a mitigation.
func published(t testing.TB, version string, change func(id string, o map[string]any)) []byte {
	t.Helper()
	object := func(typ, id, name string) map[string]any {
		return map[string]any{
			"type": typ, "id": typ + "--" + id, "name": name,
			"external_references": []any{map[string]any{"source_name": "mitre-attack", "external_id": id}},
		}
	}
	objects := []any{map[string]any{"type": "x-mitre-collection", "id": "x-mitre-collection--1", "x_mitre_version": version}}
	technique := func(id, name string, tactics ...string) {
		o := object("attack-pattern", id, name)
		phases := []any{}
		for _, short := range tactics {
			phases = append(phases, map[string]any{"kill_chain_name": "mitre-attack", "phase_name": short})
		}
		o["kill_chain_phases"] = phases
		change(id, o)
		objects = append(objects, o)
	}
	for _, x := range vocab.Default(nil).Techniques() {
		technique(x.ID, x.Name, x.Tactics...)
	}
	technique("T9001", "Disable Protection {noun}", "impair-defenses", "defense-evasion")
	technique("T9001.001", "Remove Tools", "impair-defenses")
	technique("T9003", "Blind Sensors", "impair-defenses")
	relation := func(kind, source, target string) {
		objects = append(objects, map[string]any{"type": "relationship", "id": "relationship--" + fmt.Sprint(len(objects)), "relationship_type": kind, "source_ref": source, "target_ref": target})
	}
	relation("revoked-by", "attack-pattern--T1562.001", "attack-pattern--T9001")
	relation("revoked-by", "attack-pattern--T1562.006", "attack-pattern--T9003")
	relation("mitigates", "course-of-action--M1054", "attack-pattern--T9001")
	objects = append(objects, object("course-of-action", "M1054", "Software Configuration"))
	data, err := json.Marshal(map[string]any{"type": "bundle", "id": "bundle--1", "objects": objects})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func changed(id string, o map[string]any) {
	switch id {
	case "T1486":
		o["name"] = "Data Encrypted"
	case "T1562.001", "T1562.006":
		o["revoked"] = true
	case "T1200":
		o["x_mitre_deprecated"] = true
	}
}

func TestNewerAttack(t *testing.T) {
	a, err := vocab.ReadAttack(published(t, "19.2", changed))
	if err != nil {
		t.Fatal(err)
	}
	p := profile.HealthcareJP()
	v, old := vocab.With(p, a), vocab.Default(p)
	if v.Digest() == old.Digest() || v.Version() == old.Version() || vocab.With(p, vocab.Attack{}).Digest() != old.Digest() {
		t.Error("drafts don't record which ATT&CK they were made with")
	}
	for id, want := range map[string]string{
		"T9001":     "T9001 Disable Protection noun [defense-evasion]",
		"T1562.001": "T9001 Disable Protection noun [defense-evasion]", // revoked
		"T9001.001": "T9001.001 Remove Tools [defense-evasion]",        // under a new tactic: told under its parent's
		"T9003":     "T9003 Blind Sensors [defense-evasion]",           // under that of what it replaced
		"T1486":     "T1486 Data Encrypted [impact]",
		"T1200":     "T1200 Hardware Additions [initial-access]", // deprecated: known for what was drafted before
		"T1076":     "T1021.001 Remote Desktop Protocol [lateral-movement]",
	} {
		x, ok := v.Technique(id)
		if have := fmt.Sprintln(x.ID, x.Name, x.Tactics); !ok || strings.TrimSpace(have) != want {
			t.Errorf("%s: want %s, have %s", id, want, have)
		}
	}
	if x, _ := v.Technique("T1486"); x.NameJA == x.Name || !slices.Equal(v.Mitigations("T9001"), []string{"M1054"}) {
		t.Errorf("Japanese name %q, mitigations %v", x.NameJA, v.Mitigations("T9001"))
	}
	if !slices.Contains(v.Former("T9001"), "T1562.001") || len(v.Former("T1486")) != 0 {
		t.Errorf("former ids: %v, %v", v.Former("T9001"), v.Former("T1486"))
	}
	if x, ok := old.Technique("T9001"); ok {
		t.Errorf("the program's own tables have %v now", x)
	}
	for _, id := range []string{"T1562.001", "T1200"} { // as an older draft has them
		if _, ok := v.Technique(id); !ok {
			t.Errorf("%s isn't known any more", id)
		}
	}
}

func TestReadAttackRefuses(t *testing.T) {
	whole := published(t, "19.0", changed)
	for name, c := range map[string]struct {
		data []byte
		text string
	}{
		"not JSON":         {whole[:len(whole)/2], "isacd.no-attack"},
		"another document": {[]byte(`{"type":"report"}`), "isacd.no-attack"},
		"an empty bundle":  {[]byte(`{"type":"bundle","objects":[]}`), "isacd.no-attack"},
		"an older one":     {published(t, "17.1", changed), "isacd.old-attack"},
		"no version":       {published(t, "", changed), "isacd.no-attack"},
		"a nameless one": {published(t, "19.0", func(id string, o map[string]any) {
			if id == "T1003" {
				o["name"] = "\n"
			}
		}), "isacd.no-attack"},
		"one without a tactic": {published(t, "19.0", func(id string, o map[string]any) {
			if id == "T1003" {
				delete(o, "kill_chain_phases")
			}
		}), "isacd.no-attack"},
	} {
		if _, err := vocab.ReadAttack(c.data); hub.KindOf(err) != hub.Invalid || hub.RefusalOf(err).Text != c.text {
			t.Errorf("%s: %v, want %s", name, err, c.text)
		}
	}
}
