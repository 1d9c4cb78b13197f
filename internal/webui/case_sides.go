package webui

import (
	"slices"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/internal/conveyor"
)

const (
	mostSides   = 150  // properties with a row of their own
	longestSide = 1500 // signs of a value that are shown
)

// sidesView is the report beside the alert, for the eyes of its reporter alone.
type sidesView struct {
	Objects []sideObject
	More    int // properties that aren't shown, for there are so many
	Flash   []section
	Adds    []section // that the full alert says and the flash doesn't
	Late    bool      // there is no flash, so Adds is the whole full alert
	Title   string
}

// sideObject is one object of the report.
type sideObject struct {
	Type    string
	Rows    []sideRow
	Minor   []string // paths of words that gave nothing
	Routine []string // paths that every object has
}

// sideRow is one property and what comes of it.
type sideRow struct {
	Path, Value string
	Struck      bool
	Facts       []sideFact
	Action      anonymize.Action
	Rule        string
	Prose       bool
	Cut         bool // the value is longer
}

// Why reports whether the rule says more than the action. What isn't releasable has one
// reason for everybody: another would tell whose a value is.
func (r sideRow) Why() bool { return r.Action == anonymize.LeftOut }

type sideFact struct {
	Class, Label string
	Stage        hub.Stage // the first that tells it
}

// sides fills the comparison; nil where the report can't be read or has no draft.
func (v *visit) sides(c conveyor.CaseView, stages []caseStage) (*sidesView, error) {
	sides, err := v.ui.Desk.Sides(v.r.Context(), *v.me, c.Case)
	if err != nil || len(sides) == 0 {
		return nil, err
	}
	out, told := new(sidesView), map[string]hub.Stage{}
	for _, s := range stages {
		if s.View == nil {
			continue
		}
		if s.Stage == hub.Flash {
			out.Flash, out.Title = s.View.Here, s.View.Title
		} else {
			out.Adds, out.Late = added(s.View.Here, out.Flash), out.Flash == nil
		}
		for _, f := range s.View.Facts {
			if _, ok := told[f.Key]; !ok {
				told[f.Key] = s.Stage
			}
		}
	}
	for i, s := range sides {
		if i == 0 || s.Object != sides[i-1].Object {
			out.Objects = append(out.Objects, sideObject{Type: s.Type})
		}
		out.take(&out.Objects[len(out.Objects)-1], s, v, told)
	}
	return out, nil
}

func (w *sidesView) take(o *sideObject, s anonymize.Side, v *visit, told map[string]hub.Stage) {
	switch s.Weight() {
	case anonymize.Routine:
		o.Routine = append(o.Routine, s.Path)
		return
	case anonymize.Minor:
		o.Minor = append(o.Minor, s.Path)
		return
	}
	shown := 0
	for _, x := range w.Objects {
		shown += len(x.Rows)
	}
	if shown >= mostSides {
		w.More++
		return
	}
	row := sideRow{Path: s.Path, Value: s.Value, Action: s.Action, Rule: s.Rule, Prose: s.Prose, Struck: len(s.Facts) == 0 || s.Prose}
	if runes := []rune(s.Value); len(runes) > longestSide {
		row.Value, row.Cut = string(runes[:longestSide]), true
	}
	for _, key := range s.Facts {
		row.Facts = append(row.Facts, sideFact{classOf(key), v.keyLabel(key), told[key]})
	}
	o.Rows = append(o.Rows, row)
}

// added are the sections of a text without the lines that another has.
func added(all, without []section) []section {
	said := map[string]bool{}
	for _, s := range without {
		for _, l := range s.Lines {
			said[l] = true
		}
	}
	var out []section
	for _, s := range all {
		s.Lines = slices.DeleteFunc(slices.Clone(s.Lines), func(l string) bool { return said[l] })
		if len(s.Lines) > 0 {
			out = append(out, s)
		}
	}
	return out
}
