package validate

import "strconv"

// zone says what the names at a place of an object are.
type zone int

const (
	named zone = iota // properties of STIX
	keyed             // keys of a dictionary of STIX
	free              // inside a custom value: nobody here knows
)

// place is where a value stands in an object. The places of one walk form a chain
// to the object's top, whose parent is nil.
type place struct {
	parent *place
	name   string // property name or dictionary key, "" in a list
	index  int    // place in a list, where name is ""
	list   bool
	zone   zone // of the name
}

// pointer is the JSON pointer from the object's top.
func (p *place) pointer() string {
	if p == nil {
		return ""
	}
	if p.list {
		return p.parent.pointer() + "/" + strconv.Itoa(p.index)
	}
	return p.parent.pointer() + "/" + escape(p.name)
}

// property is the path of names from the object's top, joined by dots, list places
// left out: "granular_markings.marking_ref".
func (p *place) property() string {
	if p.list {
		return p.parent.property()
	}
	if p.parent == nil {
		return p.name
	}
	return p.parent.property() + "." + p.name
}

// top is the object's own property that the place is in.
func (p *place) top() string {
	for p.parent != nil {
		p = p.parent
	}
	return p.name
}

// dictionaries are the properties of STIX whose keys are the reporter's.
var dictionaries = map[string]bool{
	"additional_header_fields": true, "contents": true, "document_info_dict": true, "environment_variables": true,
	"exif_tags": true, "extensions": true, "file_header_hashes": true, "hashes": true, "impacted_entity_counts": true,
	"ipfix": true, "options": true, "request_header": true, "startup_info": true,
}

// predefined are the extensions of STIX and of the incident suite whose content has
// property names.
var predefined = map[string]bool{
	"archive-ext": true, "ntfs-ext": true, "pdf-ext": true, "raster-image-ext": true, "windows-pebinary-ext": true,
	"http-request-ext": true, "icmp-ext": true, "socket-ext": true, "tcp-ext": true, "windows-process-ext": true,
	"windows-service-ext": true, "unix-account-ext": true, "availability-ext": true, "confidentiality-ext": true,
	"external-ext": true, "integrity-ext": true, "monetary-ext": true, "physical-ext": true, "traceability-ext": true,
}

// walk shows every value of the object to the value rules.
func (s *subject) walk() {
	for name, v := range s.Object {
		p := &place{name: name}
		if name == "objects" && s.Type() == "observed-data" {
			s.visit(p, v) // its observables are objects of their own
			continue
		}
		s.step(p, v, s.within(name))
	}
}

// within is the zone of the names inside a property of the object.
func (s *subject) within(name string) zone {
	if !s.shape.known[name] || name == "definition" {
		return free
	}
	return named
}

// step visits a value and then what is in it; z is the zone of the names in it,
// unless its own name says otherwise.
func (s *subject) step(p *place, v any, z zone) {
	s.visit(p, v)
	switch v := v.(type) {
	case map[string]any:
		z = s.refine(p, z)
		for name, e := range v {
			s.step(&place{parent: p, name: name, zone: z}, e, z)
		}
	case []any:
		for i, e := range v {
			s.step(&place{parent: p, index: i, list: true, zone: z}, e, z)
		}
	}
}

func (s *subject) visit(p *place, v any) {
	for _, rule := range valueRules {
		rule(s, p, v)
	}
}

// refine says what the names in an object are, by the name that it has itself.
func (s *subject) refine(p *place, z zone) zone {
	if z == free || p.list {
		return z
	}
	if p.parent != nil && p.parent.parent == nil && p.parent.name == "extensions" {
		return insideExtension(p.name)
	}
	if z == named && dictionaries[p.name] {
		return keyed
	}
	return z
}

func insideExtension(key string) zone {
	if predefined[key] || knownExtensions[key] {
		return named
	}
	return free
}
