package validate

import (
	"errors"

	"isac/hub/stix/pattern"
)

// detectionPattern wants patterns of the type stix to follow the STIX pattern
// language (section 9). Other types have readers of their own.
func detectionPattern(s *subject) {
	text, ok := s.Object["pattern"].(string)
	if !ok || s.Type() != "indicator" || s.Str("pattern_type") != "stix" {
		return
	}
	_, err := pattern.Parse(text)
	if broken, ok := errors.AsType[*pattern.Error](err); ok {
		s.doc.found = append(s.doc.found, broken.Problem(s.at+"/pattern"))
	}
}
