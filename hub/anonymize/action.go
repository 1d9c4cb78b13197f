package anonymize

import (
	"slices"
	"strconv"

	"isac/hub"
	"isac/hub/warning"
)

// Two actions follow from public lists alone, so that they tell nothing of anybody:
// what is a public service itself is left out, and what lies among what many share
// is told as possible.
const (
	PublicService Action = "public-service"
	Lowered       Action = "fact-possible"
)

// actions tells what was done with each leaf.
func (u *unit) actions() []Action {
	out := make([]Action, len(u.leaves))
	for i, l := range u.leaves {
		out[i] = actionOf(l.handling)
	}
	for _, c := range u.claims {
		i, ok := u.at[at(c.object, c.path)]
		if !ok {
			continue
		}
		switch {
		case c.fact.Source == hub.FromProse:
			// what a sentence gave is the reporter's to confirm; the sentence is left out
		case slices.Contains(u.in.Answers.Rejected, c.fact.Key()):
			// taken back: the property gave nothing
		case u.verdicts[c.fact.Key()] == warning.Public:
			if out[i] != Stated && out[i] != Lowered {
				out[i] = PublicService
			}
		case !u.dropped[c.fact.Key()] && u.verdicts[c.fact.Key()] == warning.Shared:
			if out[i] != Stated {
				out[i] = Lowered
			}
		case !u.dropped[c.fact.Key()]:
			out[i] = Stated
		case out[i] != Stated && out[i] != Lowered:
			out[i] = NotReleasable
		}
	}
	return out
}

// actionOf is the action where no fact came of a property.
func actionOf(h Handling) Action {
	switch h {
	case Keep:
		return Read
	case Remap:
		return Placed
	case Attacker:
		return NotReleasable
	}
	return LeftOut
}

// pointer returns the JSON pointer of a property, for the reporter.
func (u *unit) pointer(object int, path string) string {
	place := object
	if object < len(u.in.Bundle.Index) {
		place = u.in.Bundle.Index[object]
	}
	out := []byte("/objects/" + strconv.Itoa(place) + "/")
	for i := range len(path) {
		switch c := path[i]; c {
		case '.', '[':
			out = append(out, '/')
		case ']':
		case '/':
			out = append(out, '~', '1')
		case '~':
			out = append(out, '~', '0')
		default:
			out = append(out, c)
		}
	}
	return string(out)
}
