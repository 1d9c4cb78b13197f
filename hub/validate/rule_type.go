package validate

import "strings"

// dispatch judges the object's type; false where nothing more can be said.
func (s *subject) dispatch() bool {
	typ := s.Type()
	switch {
	case typ == "":
		s.report("", "type-missing")
		return false
	case typ == "bundle":
		s.report("", "bundle-in-bundle")
		return false
	case typ == "action":
		s.report("type", "type-reserved")
		return false
	}
	if s.shape != s.doc.v.shapes[typ] && !s.custom() {
		s.report("type", "type-unknown")
	}
	return true
}

// custom reports whether the object may have a type that STIX doesn't define.
func (s *subject) custom() bool {
	added := addedBy(s.Object)
	return strings.HasPrefix(s.Type(), "x-") || added["new-sdo"] || added["new-sco"] || added["new-sro"]
}
