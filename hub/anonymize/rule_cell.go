package anonymize

import (
	"slices"
	"strings"

	"isac/hub"
)

// cell adds to the facts that go out of which members the victim is one. It names
// none beside a fact that somebody outside could see, and none that the reporter or a
// moderator left out: they do so by its key, or by "cell" alone. A reader of an alert
// without a cell can't tell those reasons from the draw, nor from having none.
func (u *unit) cell(set factSet) factSet {
	f := hub.Fact{Class: hub.Cell, Value: u.in.Cell, Confidence: hub.Confirmed, Source: hub.FromMembers, Confirmed: true}
	if !u.known(f) || slices.ContainsFunc(u.in.Answers.Rejected, isCell) || slices.ContainsFunc(u.in.Refused, isCell) ||
		slices.ContainsFunc(set.released, u.cfg.Profile.IsOutside) || slices.ContainsFunc(set.suggested, u.cfg.Profile.IsOutside) {
		return set
	}
	set.released = append(set.released, f)
	return set
}

// isCell reports whether a key is that of a cell, or stands for whatever cell it is.
func isCell(key string) bool {
	return key == string(hub.Cell) || strings.HasPrefix(key, string(hub.Cell)+":")
}

// checkCell refuses a draft that names a cell where it must not.
func (a *Anonymizer) checkCell(b Body) bool {
	named := 0
	for _, f := range b.Facts {
		if f.Class == hub.Cell {
			named++
		}
	}
	outside := slices.ContainsFunc(slices.Concat(b.Facts, b.Suggested), a.cfg.Profile.IsOutside)
	return named == 0 || named == 1 && b.Stage == hub.Full && !outside
}
