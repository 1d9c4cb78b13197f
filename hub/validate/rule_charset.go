package validate

import "golang.org/x/text/encoding/ianaindex"

// charsets are the properties that name a character set, by type.
var charsets = map[string]string{"directory": "path_enc", "file": "name_enc"}

// charset wants a name of the IANA registry of character sets (sections 6.3 and
// 6.7).
func charset(s *subject) {
	property := charsets[s.Type()]
	name, ok := s.Object[property].(string)
	if !ok {
		return
	}
	if _, err := ianaindex.IANA.Encoding(name); err != nil {
		s.report(property, "charset")
	}
}
