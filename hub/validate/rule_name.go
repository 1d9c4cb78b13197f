package validate

// propertyName checks the names of properties and the keys of dictionaries
// (sections 3.1 and 2.4). Keys of hashes and extensions are the schema's.
func propertyName(s *subject, p *place, _ any) {
	if p.list {
		return
	}
	switch {
	case p.zone == named && !isPropertyName(p.name):
		s.doc.report(s.at+p.pointer(), "property-name")
	case p.zone == keyed && !isKey(p.name):
		s.doc.report(s.at+p.pointer(), "dictionary-key")
	}
}

// isPropertyName reports whether name is 3 to 250 of a-z, 0-9 and _, or "id".
func isPropertyName(name string) bool {
	if len(name) < 3 || len(name) > 250 {
		return name == "id"
	}
	for i := range len(name) {
		c := name[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return true
}

// isKey reports whether key is 1 to 250 ASCII letters, digits, hyphens and
// underscores.
func isKey(key string) bool {
	for i := range len(key) {
		if c := key[i]; !isAlphanumeric(c) && c != '-' && c != '_' {
			return false
		}
	}
	return len(key) >= 1 && len(key) <= 250
}

func isAlphanumeric(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}
