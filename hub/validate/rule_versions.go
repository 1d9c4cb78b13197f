package validate

import (
	"reflect"

	"isac/hub/stix"
)

// versions compares the versions of one object that a document holds (section
// 3.6): creator, creation and type stay, a version has one content, and nothing
// follows a revocation. Observables have no versions.
func versions(d *document) {
	byID := make(map[string][]*subject)
	for _, s := range d.objects {
		if s.ID() != "" && !stix.IsSCO(s.Type()) {
			byID[s.ID()] = append(byID[s.ID()], s)
		}
	}
	for _, same := range byID {
		first := same[0]
		for _, s := range same[1:] {
			s.follows(first)
		}
		if len(same) > 1 {
			revocation(same)
			contents(same)
		}
	}
}

// follows compares what never changes between versions.
func (s *subject) follows(first *subject) {
	if s.Str("created_by_ref") != first.Str("created_by_ref") {
		s.report("", "version-creator")
	}
	a, okA := s.Time("created")
	b, okB := first.Time("created")
	if okA && okB && !a.Equal(b) {
		s.report("created", "version-created")
	}
}

// revocation reports versions that are newer than a revoked one.
func revocation(same []*subject) {
	var revoked *subject
	for _, s := range same {
		if s.Bool("revoked") && (revoked == nil || s.before(revoked)) {
			revoked = s
		}
	}
	if revoked == nil {
		return
	}
	for _, s := range same {
		if revoked.before(s) {
			s.report("", "version-revoked")
		}
	}
}

// before reports whether s is the older version; false where one has no time.
func (s *subject) before(other *subject) bool {
	a, okA := s.Time("modified")
	b, okB := other.Time("modified")
	return okA && okB && a.Before(b)
}

// contents reports versions of the same time that differ.
func contents(same []*subject) {
	first := make(map[string]*subject, len(same))
	for _, s := range same {
		key := s.Str("modified")
		if t, ok := s.Time("modified"); ok {
			key = stix.FormatTime(t)
		}
		earlier := first[key]
		if earlier == nil {
			first[key] = s
			continue
		}
		if !reflect.DeepEqual(earlier.Object, s.Object) {
			s.report("", "version-content")
		}
	}
}
