package validate

import (
	"strconv"
	"strings"

	"isac/hub/stix"
)

// selectors checks granular markings (section 7.2.3): each names a marking or a
// language, not both, and its selectors point to something in the object.
func selectors(s *subject) {
	list, _ := s.Object["granular_markings"].([]any)
	for i, v := range list {
		marking, ok := stix.AsObject(v)
		if !ok {
			continue
		}
		at := s.at + "/granular_markings/" + strconv.Itoa(i)
		if marking.Has("lang") == marking.Has("marking_ref") {
			s.doc.report(at, "schema-one-of", "lang, marking_ref")
		}
		chosen, _ := marking["selectors"].([]any)
		for j, v := range chosen {
			text, ok := v.(string)
			if !ok {
				continue
			}
			if rule := s.selector(text); rule != "" {
				s.doc.report(at+"/selectors/"+strconv.Itoa(j), rule)
			}
		}
	}
}

// selector returns the rule that a selector breaks, "" for none.
func (s *subject) selector(text string) string {
	parts := strings.Split(text, ".")
	for i, part := range parts {
		if _, place := listIndex(part); !isKey(part) && (!place || i == 0) {
			return "selector"
		}
	}
	var v any = map[string]any(s.Object)
	for _, part := range parts {
		switch t := v.(type) {
		case map[string]any:
			next, ok := t[part]
			if !ok {
				return "selector-target"
			}
			v = next
		case []any:
			i, ok := listIndex(part)
			if !ok || i >= len(t) {
				return "selector-target"
			}
			v = t[i]
		default:
			return "selector-target"
		}
	}
	return ""
}

// listIndex reads "[3]".
func listIndex(part string) (int, bool) {
	if len(part) < 3 || part[0] != '[' || part[len(part)-1] != ']' {
		return 0, false
	}
	digits := part[1 : len(part)-1]
	i, err := strconv.Atoi(digits)
	return i, err == nil && i >= 0 && digits[0] != '+' && digits[0] != '-'
}
