package release

import (
	"slices"
	"strings"

	"isac/hub"
	"isac/hub/analysis"
	"isac/hub/stix"
)

// attackPattern returns "" for a technique that the vocabulary doesn't know.
func (m *maker) attackPattern(f hub.Fact) string {
	t, ok := m.p.Vocab.Technique(f.Value)
	if !ok {
		return ""
	}
	props := stix.Object{
		"name":                t.Name,
		"external_references": attackReference(t.ID, techniqueURL(t.ID)),
	}
	var phases []any
	for _, tactic := range t.Tactics {
		phases = append(phases, phase(tactic))
	}
	if len(phases) > 0 {
		props["kill_chain_phases"] = phases
	}
	return m.forever("attack-pattern", t.ID, props)
}

func techniqueURL(id string) string {
	return "https://attack.mitre.org/techniques/" + strings.ReplaceAll(id, ".", "/")
}

func attackReference(id, url string) []any {
	return []any{map[string]any{"source_name": "mitre-attack", "external_id": id, "url": url}}
}

func phase(tactic string) any {
	return map[string]any{"kill_chain_name": "mitre-attack", "phase_name": tactic}
}

func (m *maker) vulnerability(f hub.Fact) string {
	return m.forever("vulnerability", f.Value, stix.Object{
		"name":                f.Value,
		"external_references": []any{map[string]any{"source_name": "cve", "external_id": f.Value}},
	})
}

// malware puts a family in with its types: those that were released before, and
// those of the draft where it has no other family that they could be of.
func (m *maker) malware(f hub.Fact, c content) string {
	var types []string
	if before, ok := m.known(stix.NameID("malware", strings.ToLower(f.Value))); ok {
		types = before.Strs("malware_types")
	}
	if count(c.facts, hub.Family) == 1 {
		types = slices.Concat(types, c.malwareTypes)
	}
	types = slices.Compact(slices.Sorted(slices.Values(types)))
	if len(types) > 1 {
		types = slices.DeleteFunc(types, func(t string) bool { return t == "unknown" })
	}
	if len(types) == 0 {
		types = []string{"unknown"}
	}
	return m.forever("malware", strings.ToLower(f.Value), stix.Object{
		"name": f.Value, "is_family": true, "malware_types": list(types),
	})
}

func count(facts []hub.Fact, class hub.Class) int {
	n := 0
	for _, f := range facts {
		if f.Class == class {
			n++
		}
	}
	return n
}

func (m *maker) actor(f hub.Fact) string {
	return m.forever("intrusion-set", strings.ToLower(f.Value), stix.Object{"name": f.Value})
}

func (m *maker) tool(f hub.Fact) string {
	return m.forever("tool", strings.ToLower(f.Value), stix.Object{"name": f.Value})
}

func (m *maker) courseOfAction(a analysis.Action) string {
	props := stix.Object{
		"name":        firstLine(a.Text.JA),
		"description": a.Text.JA + "\n\n" + a.Text.EN,
		"lang":        "ja",
	}
	if a.Mitigation != "" {
		props["external_references"] = attackReference(a.Mitigation, mitigationURL(a.Mitigation))
	}
	return m.forever("course-of-action", a.ID, props)
}

func mitigationURL(id string) string { return "https://attack.mitre.org/mitigations/" + id }

// firstLine makes a name of a text: its first line, 100 characters at most.
func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	s = strings.TrimSuffix(s, "。")
	if r := []rune(s); len(r) > 100 {
		return string(r[:99]) + "…"
	}
	return s
}

// lasting are the types that state only public or released knowledge.
var lasting = []string{"identity", "attack-pattern", "vulnerability", "malware", "intrusion-set", "tool", "course-of-action", "indicator"}

// Lasting reports whether an object of an alert keeps its id for ever. Params.Known
// must know every such object of the released log.
func Lasting(o stix.Object) bool {
	if o.Type() == "relationship" {
		return o.ID() == stix.NameID("relationship", o.Str("source_ref")+" "+o.Str("relationship_type")+" "+o.Str("target_ref"))
	}
	return slices.Contains(lasting, o.Type())
}
