package release

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/edition"
	"isac/hub/gate"
	"isac/hub/stix"
)

// Limits of a bundle: a reader's tool takes it in whole. Indicators stay far enough
// below the second for each to have its relationships.
const (
	maxOthers     = 200 // objects besides indicators and what they indicate
	maxObjects    = MaxObjects
	maxIndicators = 2000
	closing       = 5 // of maxOthers, kept free for markings, report and language
)

// MaxObjects is how many objects a bundle holds at most.
const MaxObjects = 5000

// maker builds the objects of one bundle. Ids about the incident derive from the
// alert's random id, so that a later version keeps them; ids of what is public or
// released anyway derive from its own key, for ever.
type maker struct {
	p       Params
	alert   hub.Alert
	proof   deliver.Proof
	related []string // ids of the alerts of which it was made
	clear   bool     // it has an edition for everybody
	now     string   // release instant, RFC 3339 with milliseconds
	marking string
	objects []stix.Object
	seen    map[string]bool
	others  int // objects that count against maxOthers
}

func newMaker(alert hub.Alert, p Params) *maker {
	m := &maker{
		p: p, alert: alert, now: stix.FormatTime(alert.Published),
		marking: stix.TLPMarking(alert.TLP).ID(), seen: map[string]bool{},
	}
	m.identity()
	return m
}

// identity puts the hub in: public, created once, changed only with its name.
func (m *maker) identity() {
	born := stix.FormatTime(m.p.Hub.Created)
	m.take(m.kept(stix.Object{
		"type": "identity", "spec_version": "2.1", "id": m.p.Hub.ID, "created": born, "modified": born,
		"created_by_ref": m.p.Hub.ID, "name": m.p.Hub.Name, "identity_class": "organization",
		"object_marking_refs": []any{stix.TLPMarking(hub.TLPClear).ID()},
	}))
}

// own is the id of an object about this incident.
func (m *maker) own(typ, key string) string {
	return stix.NameID(typ, "alert "+m.alert.ID+" "+key)
}

// add puts an object of this incident in: created with the first version of the
// alert, modified now.
func (m *maker) add(typ, id string, props stix.Object) string {
	if !m.seen[id] {
		m.take(m.object(typ, id, stix.FormatTime(m.p.FirstPublished), props))
	}
	return id
}

// forever puts in an object that states only public or released knowledge.
func (m *maker) forever(typ, key string, props stix.Object) string {
	id := stix.NameID(typ, key)
	if !m.seen[id] {
		m.take(m.kept(m.object(typ, id, m.now, props)))
	}
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

func (m *maker) object(typ, id, created string, props stix.Object) stix.Object {
	o := make(stix.Object, 7+len(props))
	o["type"], o["spec_version"], o["id"] = typ, "2.1", id
	o["created"], o["modified"] = created, m.now
	o["created_by_ref"], o["object_marking_refs"] = m.p.Hub.ID, []any{m.marking}
	maps.Copy(o, props)
	return o
}

// kept makes an object follow what was released of it before: its first created,
// the more open marking, and byte for byte the same when nothing else changed. An
// object can't change within the millisecond of its last change.
func (m *maker) kept(o stix.Object) stix.Object {
	before, ok := m.known(o.ID())
	if !ok {
		return o
	}
	o["created"] = before.Str("created")
	o["object_marking_refs"] = []any{moreOpen(o, before)}
	if same(o, before) || before.Str("modified") >= m.now {
		return before
	}
	o["modified"] = m.now
	return o
}

func (m *maker) known(id string) (stix.Object, bool) {
	if m.p.Known == nil {
		return nil, false
	}
	return m.p.Known(id)
}

// moreOpen returns the marking of a or b that more people may read: what was
// released to many can't become a secret of few.
func moreOpen(a, b stix.Object) string {
	order := []hub.TLP{hub.TLPClear, hub.TLPGreen, hub.TLPAmber, hub.TLPAmberStrict, hub.TLPRed}
	best, at := "", len(order)
	for _, ref := range slices.Concat(a.Strs("object_marking_refs"), b.Strs("object_marking_refs")) {
		t, ok := stix.TLPOf(ref)
		if i := slices.Index(order, t); ok && i < at {
			best, at = stix.TLPMarking(t).ID(), i
		}
	}
	return best
}

// same compares all but modified.
func same(a, b stix.Object) bool {
	return canonical(a, "modified") == canonical(b, "modified")
}

func canonical(o stix.Object, without string) string {
	c := make(stix.Object, len(o))
	for k, v := range o {
		if k != without {
			c[k] = v
		}
	}
	data, err := stix.Marshal(c)
	if err != nil {
		return ""
	}
	return string(data)
}

// take puts an object in, and before it the markings that it names.
func (m *maker) take(o stix.Object) {
	for _, ref := range o.Strs("object_marking_refs") {
		if t, ok := stix.TLPOf(ref); ok && !m.seen[ref] {
			m.take(stix.TLPMarking(t))
		}
	}
	m.seen[o.ID()] = true
	m.objects = append(m.objects, o)
	if !indicates(o) {
		m.others++
	}
}

// indicates reports whether o is an indicator or says what one indicates.
func indicates(o stix.Object) bool {
	return o.Type() == "indicator" || o.Str("relationship_type") == "indicates"
}

// fits reports whether n more objects besides indicators find room.
func (m *maker) fits(n int) bool { return m.others+n+closing <= maxOthers }

// report puts in the report that holds all, and its English text.
func (m *maker) report(title, text hub.Text, types []string, revoked bool) {
	id := "report--" + m.alert.ID
	title, text = m.marked(title), m.marked(text)
	refs := append(list(deliver.References(m.alert, m.proof, m.p.BaseURL, m.p.PreviousID)), list(deliver.RelatedTo(m.related, m.p.BaseURL))...)
	if m.clear {
		refs = append(refs, edition.Reference(m.alert.ID, m.p.BaseURL))
	}
	props := stix.Object{
		"name":                title.JA,
		"description":         text.JA + "\n\n" + text.EN,
		"report_types":        list(types),
		"published":           m.now,
		"lang":                "ja",
		"labels":              list(m.labels()),
		"external_references": refs,
	}
	if revoked {
		props["revoked"] = true
	}
	m.add("report", id, props)
	m.add("language-content", m.own("language-content", ""), stix.Object{
		"object_ref": id, "object_modified": m.now,
		"contents": map[string]any{"en": map[string]any{"name": title.EN, "description": text.EN}},
	})
}

// rendered is a bundle's exact bytes, what they were written of, and what the hub issued
// with them.
type rendered struct {
	data    []byte
	id      string
	objects []stix.Object
	params  Params
	issued  *gate.Vocabulary
}

// twin is the bundle for tools that know TLP 1 alone, which goes out with it, and what was
// issued with that.
func (r rendered) twin() ([]byte, *gate.Vocabulary, error) {
	twins := make([]stix.Object, len(r.objects))
	for i, o := range r.objects {
		twins[i] = stix.Twin(o)
	}
	data, err := stix.Marshal(stix.Object{"type": "bundle", "id": stix.TwinID(r.id), "objects": twins})
	if err != nil {
		return nil, nil, fmt.Errorf("writing bundle: %w", err)
	}
	return data, issued(twins, r.params), nil
}

// bundle ties all objects to the report and writes the exact bytes.
func (m *maker) bundle() (rendered, error) {
	sorted(m.objects)
	report := m.objects[len(m.objects)-1]
	refs := make([]any, 0, len(m.objects))
	for _, o := range m.objects[:len(m.objects)-1] {
		refs = append(refs, o.ID())
	}
	report["object_refs"] = refs
	id := stix.NameID("bundle", m.alert.ID+" "+strconv.Itoa(m.alert.Version))
	data, err := stix.Marshal(stix.Object{"type": "bundle", "id": id, "objects": m.objects})
	if err != nil {
		return rendered{}, fmt.Errorf("writing bundle: %w", err)
	}
	return rendered{data, id, m.objects, m.p, issued(m.objects, m.p)}, nil
}

// sorted orders what a reader meets: identity and markings, then objects by type
// and id, relationships, the text in the other language, and the report last.
func sorted(objects []stix.Object) {
	rank := map[string]int{"identity": -2, "marking-definition": -1, "relationship": 1, "language-content": 2, "report": 3}
	slices.SortStableFunc(objects, func(a, b stix.Object) int {
		return cmp.Or(cmp.Compare(rank[a.Type()], rank[b.Type()]), cmp.Compare(a.Type(), b.Type()), cmp.Compare(a.ID(), b.ID()))
	})
}

func list[T any](in []T) []any {
	out := make([]any, len(in))
	for i, v := range in {
		out[i] = v
	}
	return out
}
