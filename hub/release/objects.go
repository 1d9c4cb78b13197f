package release

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"isac/hub"
	"isac/hub/analysis"
	"isac/hub/deliver"
	"isac/hub/stix"
	"isac/hub/vocab"
)

// maker builds the objects of one bundle. Ids about the incident derive from the
// alert's random id, so that a later version keeps them; ids of what is public or
// released anyway derive from its own key, for ever.
type maker struct {
	p       Params
	v       *vocab.Vocab
	now     string // release instant, RFC 3339 with milliseconds
	marking string
	alert   hub.Alert
	objects []stix.Object
	seen    map[string]bool
}

// own is the id of an object about this incident.
func (m *maker) own(typ, key string) string {
	return stix.NameID(typ, "alert "+m.alert.ID+" "+key)
}

// add puts an object of this incident in: created with the first version of the
// alert, modified now.
func (m *maker) add(typ, id string, props stix.Object) string {
	return m.put(typ, id, stix.FormatTime(m.p.FirstPublished), props)
}

// forever puts in an object that states only public or released knowledge. It
// keeps its first created, and goes out byte for byte as before when nothing in
// it changed.
func (m *maker) forever(typ, key string, props stix.Object) string {
	id := stix.NameID(typ, key)
	if m.seen[id] {
		return id
	}
	before, ok := m.known(id)
	if !ok {
		return m.put(typ, id, m.now, props)
	}
	m.put(typ, id, before.Str("created"), props)
	last := &m.objects[len(m.objects)-1]
	if sameContent(*last, before) {
		*last = before
	}
	return id
}

func (m *maker) known(id string) (stix.Object, bool) {
	if m.p.Known == nil {
		return nil, false
	}
	return m.p.Known(id)
}

// sameContent compares all but modified and, of indicators, the window of validity
// while the old one has not ended: prolonging each time would change the object
// with every alert that repeats it.
func sameContent(a, b stix.Object) bool {
	return canonicalWithout(a, "modified") == canonicalWithout(b, "modified")
}

func canonicalWithout(o stix.Object, name string) string {
	c := stix.Object{}
	for k, v := range o {
		if k != name {
			c[k] = v
		}
	}
	data, err := stix.Marshal(c)
	if err != nil {
		return ""
	}
	return string(data)
}

func (m *maker) put(typ, id, created string, props stix.Object) string {
	if m.seen[id] {
		return id
	}
	m.seen[id] = true
	o := stix.Object{
		"type": typ, "spec_version": "2.1", "id": id,
		"created": created, "modified": m.now,
		"created_by_ref":      m.p.Hub.ID,
		"object_marking_refs": []any{m.marking},
	}
	for k, v := range props {
		o[k] = v
	}
	m.objects = append(m.objects, o)
	return id
}

// relate puts a relationship in. It lasts for ever when both ends do.
func (m *maker) relate(source, kind, target string, eternal bool) {
	props := stix.Object{"relationship_type": kind, "source_ref": source, "target_ref": target}
	key := source + " " + kind + " " + target
	if eternal {
		m.forever("relationship", key, props)
		return
	}
	m.add("relationship", m.own("relationship", key), props)
}

func (m *maker) hubIdentity() stix.Object {
	return stix.Object{
		"type": "identity", "spec_version": "2.1", "id": m.p.Hub.ID,
		"created": stix.FormatTime(m.p.Hub.Created), "modified": stix.FormatTime(m.p.Hub.Created),
		"name": m.p.Hub.Name, "identity_class": "organization",
		"object_marking_refs": []any{stix.TLPMarking(hub.TLPClear).ID()},
	}
}

func (m *maker) attackPattern(f hub.Fact) string {
	t, ok := m.v.Technique(f.Value)
	if !ok {
		return ""
	}
	var phases []any
	for _, tactic := range t.Tactics {
		phases = append(phases, map[string]any{"kill_chain_name": "mitre-attack", "phase_name": tactic})
	}
	props := stix.Object{
		"name": t.Name,
		"external_references": []any{map[string]any{
			"source_name": "mitre-attack", "external_id": t.ID,
			"url": "https://attack.mitre.org/techniques/" + strings.ReplaceAll(t.ID, ".", "/"),
		}},
	}
	if len(phases) > 0 {
		props["kill_chain_phases"] = phases
	}
	return m.forever("attack-pattern", t.ID, props)
}

func (m *maker) vulnerability(f hub.Fact) string {
	return m.forever("vulnerability", f.Value, stix.Object{
		"name":                f.Value,
		"external_references": []any{map[string]any{"source_name": "cve", "external_id": f.Value}},
	})
}

func (m *maker) malware(f hub.Fact, types []string) string {
	if len(types) == 0 {
		types = []string{"unknown"}
	}
	return m.forever("malware", strings.ToLower(f.Value), stix.Object{
		"name": f.Value, "is_family": true, "malware_types": list(types),
	})
}

func (m *maker) actor(f hub.Fact) string {
	return m.forever("intrusion-set", strings.ToLower(f.Value), stix.Object{"name": f.Value})
}

func (m *maker) tool(f hub.Fact) string {
	return m.forever("tool", strings.ToLower(f.Value), stix.Object{"name": f.Value})
}

func (m *maker) courseOfAction(a analysis.Action) string {
	return m.forever("course-of-action", a.ID, stix.Object{
		"name":        firstLine(a.Text.JA),
		"description": a.Text.JA + "\n\n" + a.Text.EN,
		"lang":        "ja",
	})
}

// firstLine makes a name of a text: its first sentence, 100 characters at most.
func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	if r := []rune(s); len(r) > 100 {
		return string(r[:99]) + "…"
	}
	return s
}

func list[T any](in []T) []any {
	out := make([]any, len(in))
	for i, v := range in {
		out[i] = v
	}
	return out
}

// ordered sorts what a reader meets: identity and markings, then objects by type
// and id, relationships, the texts in other languages, and the report last.
func ordered(objects []stix.Object) []stix.Object {
	rank := func(o stix.Object) int {
		at := slices.Index([]string{"identity", "marking-definition"}, o.Type())
		if at >= 0 {
			return at
		}
		return 10 + slices.Index([]string{"relationship", "language-content", "report"}, o.Type()) + 1
	}
	slices.SortStableFunc(objects, func(a, b stix.Object) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Type(), b.Type()), cmp.Compare(a.ID(), b.ID()))
	})
	return objects
}

const millisecond = time.Millisecond

func instant(t time.Time) string { return stix.FormatTime(t) }

func (m *maker) labels() []any { return list(deliver.Labels(m.alert)) }

func (m *maker) references() []any {
	return list(deliver.References(m.alert, m.p.BaseURL, m.p.PreviousID))
}

// Lasting reports whether an object of an alert keeps its id for ever: what states
// only public or released knowledge.
func Lasting(o stix.Object) bool {
	switch o.Type() {
	case "attack-pattern", "vulnerability", "malware", "intrusion-set", "tool", "course-of-action", "indicator":
		return true
	case "relationship":
		return o.ID() == stix.NameID("relationship", o.Str("source_ref")+" "+o.Str("relationship_type")+" "+o.Str("target_ref"))
	}
	return false
}
