package validate

import (
	"strings"

	"isac/hub/stix"
)

// reference checks the identifiers in properties named …_ref and …_refs, and the
// types of what they point to (sections 3 to 7). What they point to need not be
// in the document.
func reference(s *subject, p *place, v any) {
	text, ok := v.(string)
	if !ok || !isReference(p) {
		return
	}
	if p.parent == nil && !s.shape.known[p.name] || p.list && p.parent.parent == nil && !s.shape.known[p.parent.name] {
		return
	}
	property := p.property()
	typ, ok := s.referred(text, property)
	if !ok {
		s.doc.report(s.at+p.pointer(), "identifier")
		return
	}
	targets, ok := stix.RefTargets(s.Type(), property)
	if ok && !targets.Allow(typ) {
		s.doc.report(s.at+p.pointer(), "reference-target", property)
	}
}

// referred returns the type that a reference names. Between observables the digits
// of the UUID aren't counted: tools in use cut them, and a reference may point to
// nothing anyway.
func (s *subject) referred(ref, property string) (string, bool) {
	id, ok := parseID(ref)
	if ok || !stix.IsSCO(s.Type()) || property == "object_marking_refs" || property == "granular_markings.marking_ref" {
		return id.Type, ok
	}
	typ, digits, _ := strings.Cut(ref, "--")
	return typ, stix.IsTypeName(typ) && digits != "" && strings.Trim(digits, "0123456789abcdefABCDEF-") == ""
}

// isReference reports whether the place is a …_ref, or an entry of a …_refs.
func isReference(p *place) bool {
	if p.list {
		return p.zone == named && !p.parent.list && strings.HasSuffix(p.parent.name, "_refs")
	}
	return p.zone == named && strings.HasSuffix(p.name, "_ref")
}

// observed wants at least one observable among what observed-data refers to
// (section 4.14).
func observed(s *subject) {
	refs := s.Strs("object_refs")
	if s.Type() != "observed-data" || len(refs) == 0 {
		return
	}
	for _, ref := range refs {
		typ, _, _ := strings.Cut(ref, "--")
		if kind := stix.KindOf(typ); kind == stix.SCO || kind == stix.Custom {
			return
		}
	}
	s.report("object_refs", "observed-observable")
}
