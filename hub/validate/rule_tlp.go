package validate

import (
	"reflect"
	"strings"

	"isac/hub"
	"isac/hub/stix"
)

// tlp wants the traffic light markings exactly as they were published (section
// 7.2.1.4; TLP 2.0 by its extension definition): nobody may make others.
func tlp(s *subject) {
	if s.Type() != "marking-definition" {
		return
	}
	var published stix.Object
	switch {
	case s.Str("definition_type") == "tlp":
		published = stix.TLP1Marking(s.Obj("definition").Str("tlp"))
	case s.Extension(stix.TLPExtension) != nil:
		label := s.Extension(stix.TLPExtension).Str("tlp_2_0")
		published = stix.TLPMarking(hub.TLP(strings.ReplaceAll(label, "+", "-")))
	default:
		return
	}
	if !same(s.Object, published) {
		s.report("", "tlp")
	}
}

// same compares with a published marking, whose name may be left out.
func same(o, published stix.Object) bool {
	if published == nil {
		return false
	}
	if !o.Has("name") {
		delete(published, "name")
	}
	return reflect.DeepEqual(map[string]any(o), map[string]any(published))
}
