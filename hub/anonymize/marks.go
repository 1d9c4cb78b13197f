package anonymize

import (
	"fmt"
	"slices"
	"strings"

	"isac/hub"
)

// WithMarks returns what a draft says together with those of its suggestions whose
// keys are given: marks that turned out not to be of one victim alone. It is no
// draft of its own: people signed the one in which they stand as suggestions.
func (a *Anonymizer) WithMarks(d Draft, keys []string) (Body, error) {
	if !d.Valid() {
		return Body{}, fmt.Errorf("adding marks: not a draft")
	}
	b := d.Body()
	for _, f := range b.Suggested {
		if slices.Contains(keys, f.Key()) {
			b.Facts = append(b.Facts, f)
		}
	}
	b.Suggested = slices.DeleteFunc(b.Suggested, func(f hub.Fact) bool { return slices.Contains(keys, f.Key()) })
	slices.SortStableFunc(b.Facts, byKey)
	return a.told(b), nil
}

// byKey orders facts as a draft has them.
func byKey(a, b hub.Fact) int {
	if d := slices.Index(hub.Classes(), a.Class) - slices.Index(hub.Classes(), b.Class); d != 0 {
		return d
	}
	return strings.Compare(a.Key(), b.Key())
}
