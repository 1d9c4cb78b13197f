package validate

import (
	"encoding/json"
	"strconv"
	"strings"

	"isac/hub"
	"isac/hub/stix"
)

// document is one document on its way through the checks.
type document struct {
	v       *Validator
	objects []*subject // in the document's order
	found   []hub.Problem
}

// subject is one object of a document under the checks.
type subject struct {
	stix.Object
	doc   *document
	at    string // JSON pointer of the object
	shape *shape
	free  bool // an extension or a custom type allows any property
}

// report adds a problem at a pointer of the document.
func (d *document) report(at, rule string, args ...string) {
	d.found = append(d.found, hub.Problem{Path: at, Rule: rule, Args: args})
}

// report adds a problem at one of the object's properties, "" for the object.
func (s *subject) report(property, rule string, args ...string) {
	at := s.at
	if property != "" {
		at += "/" + escape(property)
	}
	s.doc.report(at, rule, args...)
}

func escape(name string) string {
	if !strings.ContainsAny(name, "~/") {
		return name
	}
	return strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1")
}

// bundle checks a bundle; top is the whole of it.
func (v *Validator) bundle(b stix.Bundle, top stix.Object) []hub.Problem {
	tame(top)
	d := document{v: v}
	d.wrapper(b, top)
	for i, o := range b.Objects {
		d.add(o, "/objects/"+strconv.Itoa(b.Index[i]))
	}
	return d.check()
}

// add puts an object under the checks, and with it the observables that an
// observed-data object embeds (deprecated in 2.1, still in use).
func (d *document) add(o stix.Object, at string) {
	s := &subject{Object: o, doc: d, at: at}
	s.shape, s.free = d.v.shapeOf(o)
	d.objects = append(d.objects, s)
	if o.Type() != "observed-data" {
		return
	}
	for key, v := range o.Obj("objects") {
		if inner, ok := stix.AsObject(v); ok {
			d.add(inner, at+"/objects/"+escape(key))
		}
	}
}

// check runs everything and returns what was found.
func (d *document) check() []hub.Problem {
	for _, s := range d.objects {
		if !s.dispatch() {
			continue
		}
		s.schema()
		s.walk()
		for _, rule := range objectRules {
			rule(s)
		}
	}
	for _, rule := range documentRules {
		rule(d)
	}
	return tidy(d.found)
}

// shapeOf picks the schema for an object, and says whether any property may stand
// on it.
func (v *Validator) shapeOf(o stix.Object) (*shape, bool) {
	added := addedBy(o)
	known := v.shapes[o.Type()]
	if known != nil && (known.extension == "" || o.Extension(known.extension) != nil) {
		return known, added["toplevel-property-extension"]
	}
	if added["new-sco"] {
		return v.sco, true
	}
	if added["new-sdo"] || added["new-sro"] || o.Has("created") || o.Has("modified") {
		return v.sdo, true
	}
	return v.sco, true
}

// addedBy gathers the extension types that the object's extensions state.
func addedBy(o stix.Object) map[string]bool {
	extensions := o.Obj("extensions")
	if len(extensions) == 0 {
		return nil
	}
	types := make(map[string]bool, len(extensions))
	for key := range extensions {
		types[extensions.Obj(key).Str("extension_type")] = true
	}
	return types
}

// tame makes numbers that are dear to compute with plain doubles: schemas compare
// numbers exactly, and 1e-999999999 exactly has a thousand million digits.
func tame(m map[string]any) {
	for name, v := range m {
		m[name] = tamed(v)
	}
}

func tamed(v any) any {
	switch v := v.(type) {
	case map[string]any:
		tame(v)
	case []any:
		for i := range v {
			if _, ok := v[i].(string); !ok {
				v[i] = tamed(v[i])
			}
		}
	case json.Number:
		if len(v) > 32 || strings.ContainsAny(string(v), "eE") {
			f, _ := v.Float64()
			return f
		}
	}
	return v
}
