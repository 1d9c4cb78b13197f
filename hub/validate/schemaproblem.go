package validate

import (
	"errors"
	"net/url"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"isac/hub/stix"
)

// maxProperties bounds what a schema is asked about. The library's time grows with
// the properties times the alternatives of the schema.
const maxProperties = 1000

// schema checks the object by the schema of its type.
func (s *subject) schema() {
	if len(s.Object) > maxProperties {
		s.report("", "too-many-properties", strconv.Itoa(maxProperties))
		return
	}
	err := s.shape.schema.Validate(map[string]any(s.Object))
	s.doc.schemaProblems(err, s.at, s.Object)
}

// schemaProblems tells what a schema found. Of the library's tree of errors the
// leaves matter, and the place in the schema that each names: its own messages
// quote the value.
func (d *document) schemaProblems(err error, base string, o stix.Object) {
	if err == nil {
		return
	}
	invalid, ok := errors.AsType[*jsonschema.ValidationError](err)
	if !ok {
		d.report(base, "schema-other", "type")
		return
	}
	d.leaves(invalid, base, o)
}

func (d *document) leaves(e *jsonschema.ValidationError, base string, o stix.Object) {
	f := d.finding(e, base, o)
	if len(e.Causes) > 0 && !f.choice() {
		for _, cause := range e.Causes {
			d.leaves(cause, base, o)
		}
		return
	}
	f.report(d)
}

// finding is one keyword of a schema that an instance breaks.
type finding struct {
	keyword  string
	at       string // JSON pointer of the instance in the document
	place    string // name of the property, or place in the list, that the pointer ends in
	schema   any    // the schema that holds the keyword
	instance any
	names    bool // a property's name is the instance, not its value
}

// finding reads the library's locations: the keyword and its schema from the
// absolute one, the instance by its pointer.
func (d *document) finding(e *jsonschema.ValidationError, base string, o stix.Object) finding {
	id, pointer, _ := strings.Cut(e.AbsoluteKeywordLocation, "#")
	path := segments(pointer)
	instance := segments(e.InstanceLocation)
	f := finding{at: base, names: strings.Contains(pointer, "/propertyNames")}
	for _, name := range instance {
		f.at += "/" + escape(name)
		f.place = name
	}
	f.instance = follow(map[string]any(o), instance)
	schema := follow(d.v.texts[id], path)
	if schema == false || len(path) == 0 {
		f.keyword = "false"
		return f
	}
	if n := len(path); n > 2 && path[n-3] == "dependentRequired" {
		f.keyword, path = "dependentRequired", path[:n-3]
	} else {
		f.keyword, path = path[n-1], path[:n-1]
	}
	f.schema = follow(d.v.texts[id], path)
	return f
}

// segments takes a pointer of the library apart, which escapes names twice.
func segments(pointer string) []string {
	if pointer == "" {
		return nil
	}
	parts := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	for i, part := range parts {
		if plain, err := url.PathUnescape(part); err == nil {
			part = plain
		}
		parts[i] = strings.ReplaceAll(strings.ReplaceAll(part, "~1", "/"), "~0", "~")
	}
	return parts
}

// follow walks down a JSON tree, nil where the way ends.
func follow(tree any, path []string) any {
	for _, name := range path {
		switch t := tree.(type) {
		case map[string]any:
			tree = t[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(t) {
				return nil
			}
			tree = t[i]
		default:
			return nil
		}
	}
	return tree
}

// choice reports whether the keyword offers several ways, so that what is wrong
// with each of them is no help.
func (f finding) choice() bool {
	return f.keyword == "anyOf" || f.keyword == "oneOf" || f.keyword == "minContains"
}
