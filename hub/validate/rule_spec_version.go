package validate

// specVersion wants 2.1 where a version is stated (section 3.2). The schema asks
// for the statement where it is needed.
func specVersion(s *subject) {
	if version, ok := s.Object["spec_version"].(string); ok && version != "2.1" {
		s.report("spec_version", "spec-version")
	}
}
