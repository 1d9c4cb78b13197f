package validate

import (
	"isac/hub/stix"
)

// identifier wants the object's type in its id, and a random UUID where an
// observable has nothing that its id could be made from (section 2.9). An id of
// another version is otherwise the producer's choice.
func identifier(s *subject) {
	if !s.Has("id") {
		return
	}
	id, ok := parseID(s.Object["id"])
	if !ok {
		s.report("id", "identifier")
		return
	}
	if id.Type != s.Type() {
		s.report("id", "id-type", s.Type())
		return
	}
	if !stix.IsSCO(id.Type) || id.Version() == 4 {
		return
	}
	if _, made := stix.SCOID(s.Object); !made {
		s.report("id", "id-random")
	}
}

// parseID reads an identifier with a UUID of RFC 4122, version 1 to 5.
func parseID(v any) (stix.ID, bool) {
	text, ok := v.(string)
	if !ok {
		return stix.ID{}, false
	}
	id, err := stix.ParseID(text)
	if err != nil || id.Version() < 1 || id.Version() > 5 {
		return stix.ID{}, false
	}
	return id, true
}
