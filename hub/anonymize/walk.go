package anonymize

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"isac/hub/stix"
)

// A leaf is one scalar of the report with what the policy says of it.
type leaf struct {
	object   int    // index of its object; -1 for the bundle's own properties
	typ      string // STIX type, "*" where the policy has no row of it
	path     string // exact path in the object: "external_references[0].url"
	class    string // pointer with indexes and unknown names as *: "/objects/*/external_references/*/url"
	value    any    // string, json.Number, bool, nil, or an empty list or object
	handling Handling
	names    []string // of the properties on its way that have no row
}

// unknown is the handling of what has no row.
const unknown Handling = "unknown"

// text returns the leaf's value where it is a string.
func (l leaf) text() string {
	s, _ := l.value.(string)
	return s
}

// walker collects leaves in one fixed order: objects as they stand, names sorted.
type walker struct {
	policy *Policy
	leaves []leaf
}

func walk(p *Policy, b stix.Bundle) []leaf {
	w := &walker{policy: p, leaves: make([]leaf, 0, 24*len(b.Objects))}
	w.properties(place{leaf{object: -1, typ: "bundle"}}, "bundle", b.Rest)
	for i, o := range b.Objects {
		at := place{leaf: leaf{object: i, typ: o.Type(), class: "/objects/*"}}
		if !p.Knows(at.typ) {
			at.typ = "*"
		}
		w.properties(at, at.typ, o)
	}
	return w.leaves
}

func (w *walker) add(l leaf) { w.leaves = append(w.leaves, l) }

// A place is where the walk stands: a leaf without a value.
type place struct{ leaf }

func (p place) key(name, shown string, h Handling) place {
	if shown == "*" {
		p.names = append(slices.Clip(p.names), name)
	}
	if p.path != "" {
		name = "." + name
	}
	p.path += name
	p.class += "/" + shown
	p.handling = h
	return p
}

func (p place) index(i int) place {
	p.path += "[" + strconv.Itoa(i) + "]"
	p.class += "/*"
	return p
}

// properties walks the members of an object whose rows are those of typ.
func (w *walker) properties(at place, typ string, members map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(members)) {
		row, ok := w.policy.Row(typ, name)
		if !ok && strings.Contains(typ, "-ext") {
			row, ok = w.policy.Row("@extension", name)
		}
		if !ok {
			w.below(at.key(name, "*", unknown), members[name])
			continue
		}
		w.inside(at.key(name, name, row.Handling), row.Inside, members[name])
	}
}

// inside walks a value whose members have the rows of a nested type.
func (w *walker) inside(at place, nested string, value any) {
	switch v := value.(type) {
	case map[string]any:
		switch {
		case nested == "@extensions" && len(v) > 0:
			w.extensions(at, v)
			return
		case nested != "" && len(v) > 0:
			w.properties(at, nested, v)
			return
		}
	case []any:
		if nested != "" && len(v) > 0 {
			for i, e := range v {
				w.inside(at.index(i), nested, e)
			}
			return
		}
	}
	w.below(at, value)
}

func (w *walker) extensions(at place, members map[string]any) {
	for _, key := range slices.Sorted(maps.Keys(members)) {
		ext, ok := members[key].(map[string]any)
		if !ok || len(ext) == 0 || !w.policy.Knows(key) {
			w.below(at.key(key, "*", unknown), members[key])
			continue
		}
		w.properties(at.key(key, key, Drop), key, ext)
	}
}

// below walks what has no rows of its own: every name in it is unknown.
func (w *walker) below(at place, value any) {
	switch v := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			w.below(at.key(key, "*", at.handling), v[key])
		}
		if len(v) > 0 {
			return
		}
	case []any:
		for i, e := range v {
			w.below(at.index(i), e)
		}
		if len(v) > 0 {
			return
		}
	}
	at.value = value
	w.add(at.leaf)
}
