package anonymize

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"isac/hub"
)

// A Side is one property of a report beside what comes of it, for the eyes of the
// reporter alone: it holds the value.
type Side struct {
	Object int      `json:"object"` // place among the objects; -1 for the bundle itself
	Type   string   `json:"type"`   // as the report writes it
	Path   string   `json:"path"`   // in the object: "external_references[0].url"
	Value  string   `json:"value"`
	Rule   string   `json:"rule"`
	Action Action   `json:"action"`
	Prose  bool     `json:"prose,omitempty"` // facts were read from it, and it stays in itself
	Facts  []string `json:"facts"`           // keys of facts that it gives
}

// A Weight tells whether a side needs a row of its own.
type Weight string

// Routine is what every object has; minor a word of a closed list that gave no fact. A
// name may be missed, so it is neither.
const (
	Plain   Weight = ""
	Routine Weight = "routine"
	Minor   Weight = "minor"
)

// Weight returns how much there is to say of the side.
func (s Side) Weight() Weight {
	switch rule := Handling(s.Rule); {
	case len(s.Facts) > 0 || s.Action == NotReleasable:
	case s.Action == Read || s.Action == Placed || rule == Regenerate:
		return Routine
	case rule == Coarsen || rule == Vocabulary && !strings.Contains(s.Path, "name") && !strings.HasPrefix(s.Path, "aliases"),
		strings.HasSuffix(s.Path, "].source_name"):
		return Minor
	}
	return Plain
}

// Sides tells of every property what comes of it, in the order of the walk, if these
// facts go out. It is for a preview; the record says the same without a value.
func (a *Anonymizer) Sides(in Input, out []hub.Fact) []Side {
	if in.Checked.Valid() {
		in.Bundle = in.Checked.Bundle()
	}
	u := a.read(in)
	u.check()
	released := map[string]bool{}
	for _, f := range out {
		released[f.Key()] = true
	}
	actions := u.actions()
	sides := make([]Side, len(u.leaves))
	for i, l := range u.leaves {
		sides[i] = Side{Object: l.object, Type: "bundle", Path: l.path, Value: valueText(l.value), Rule: string(l.handling), Action: actions[i], Facts: []string{}}
		if l.object >= 0 {
			sides[i].Type = u.objects[l.object].Type()
		}
	}
	for _, c := range u.claims {
		i, ok := u.at[at(c.object, c.path)]
		told, _ := u.asClass(c.fact)
		if key := told.Key(); ok && released[key] && !slices.Contains(sides[i].Facts, key) {
			sides[i].Facts = append(sides[i].Facts, key)
			sides[i].Prose = sides[i].Prose || c.fact.Source == hub.FromProse
		}
	}
	for i, s := range sides {
		if s.Action == Stated && len(s.Facts) == 0 {
			sides[i].Action = NotReleasable // the gate had the last word
		}
	}
	return sides
}

// valueText is a value as the report writes it.
func valueText(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(data)
}
