package validate

import (
	"errors"

	"isac/hub/stix"
	"isac/hub/stix/pattern"
)

// detectionPattern wants patterns of the type stix to follow the STIX pattern
// language (section 9), with names in it that types and properties can have. Other
// types of patterns have readers of their own.
func detectionPattern(s *subject) {
	text, ok := s.Object["pattern"].(string)
	if !ok || s.Type() != "indicator" || s.Str("pattern_type") != "stix" {
		return
	}
	p, err := pattern.Parse(text)
	if broken, ok := errors.AsType[*pattern.Error](err); ok {
		s.doc.found = append(s.doc.found, broken.Problem(s.at+"/pattern"))
	}
	if err != nil {
		return
	}
	for _, c := range p.Comparisons() {
		if !stix.IsTypeName(c.Path.Type) || !isPropertyName(c.Path.Steps[0].Key) {
			s.report("pattern", "pattern-name")
		}
	}
}
