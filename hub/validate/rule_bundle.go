package validate

import (
	"slices"
	"strconv"
	"strings"

	"isac/hub/stix"
)

// wrapper checks the bundle itself: the schema of a bundle sees it without its
// objects, which are checked one by one.
func (d *document) wrapper(b stix.Bundle, top stix.Object) {
	shape := d.v.shapes["bundle"]
	d.schemaProblems(shape.schema.Validate(map[string]any(b.Rest)), "", b.Rest)
	s := &subject{Object: b.Rest, doc: d, shape: shape}
	s.walk()
	unknownProperties(s)
	if !top.Has("objects") {
		return
	}
	list, ok := top["objects"].([]any)
	switch {
	case !ok:
		d.report("/objects", "schema-type", "array")
	case len(list) == 0:
		d.report("/objects", "empty-list")
	}
	d.notObjects(len(list), b)
}

// notObjects reports the entries of a bundle that are no JSON objects.
func (d *document) notObjects(entries int, b stix.Bundle) {
	if len(b.Objects) == entries {
		return
	}
	for i := range entries {
		if _, ok := slices.BinarySearch(b.Index, i); !ok {
			d.report("/objects/"+strconv.Itoa(i), "bundle-entry")
		}
	}
}

// unknownProperties reports properties that neither STIX defines nor an extension
// adds, and whose name isn't a custom one, x_….
func unknownProperties(s *subject) {
	if s.free {
		return
	}
	for name := range s.Object {
		if !s.shape.known[name] && !strings.HasPrefix(name, "x_") && isPropertyName(name) {
			s.report(name, "property-unknown", name)
		}
	}
}
