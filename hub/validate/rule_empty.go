package validate

// emptyValue refuses null, empty lists and empty dictionaries, wherever they stand
// (sections 2.4, 2.11 and 3.1).
func emptyValue(s *subject, p *place, v any) {
	switch v := v.(type) {
	case nil:
		s.doc.report(s.at+p.pointer(), "null")
	case []any:
		if len(v) == 0 {
			s.doc.report(s.at+p.pointer(), "empty-list")
		}
	case map[string]any:
		if len(v) == 0 {
			s.doc.report(s.at+p.pointer(), "empty-object")
		}
	}
}
