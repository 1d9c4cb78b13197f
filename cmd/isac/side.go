package main

import (
	"fmt"
	"strings"

	"isac/hub/anonymize"
	"isac/internal/console"
	"isac/internal/purepath"
)

// wide is the width from which on report and outcome stand in two columns.
const wide = 120

// mostLines is how much of a long value is shown.
const mostLines = 4

// showSides prints the report's properties beside what comes of each.
func showSides(e *console.Env, out purepath.Output) {
	head(e, "isac.preview.sides")
	t := table{e: e, width: e.Width()}
	for _, object := range chunks(out.Sides) {
		fmt.Fprintf(e.Out, "\n  %s\n", plain(object[0].Type))
		var minor, routine []string
		for _, s := range object {
			switch s.Weight() {
			case anonymize.Routine:
				routine = append(routine, plain(s.Path))
			case anonymize.Minor:
				minor = append(minor, plain(s.Path))
			default:
				t.row(plain(s.Path)+": "+plain(s.Value), t.outcome(out, s))
			}
		}
		t.summed(minor, "anonymize.action.left-out")
		t.summed(routine, "isac.side.routine")
	}
}

// chunks splits the sides by object.
func chunks(sides []anonymize.Side) [][]anonymize.Side {
	var out [][]anonymize.Side
	for i, s := range sides {
		if i == 0 || s.Object != sides[i-1].Object {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], s)
	}
	return out
}

// table prints two columns on a wide terminal, one below the other on a narrow one.
type table struct {
	e     *console.Env
	width int
}

// outcome tells what comes of one property.
func (t table) outcome(out purepath.Output, s anonymize.Side) []string {
	var lines []string
	for _, key := range s.Facts {
		lines = append(lines, t.e.Text("isac.side.fact", t.e.Text("isac.class."+class(key)), labelOfKey(t.e, key, out.Vocab)))
	}
	switch {
	case s.Prose:
		return append(lines, t.e.Text("isac.side.prose"))
	case len(lines) > 0:
		return lines
	case s.Action == anonymize.LeftOut && (s.Rule == string(anonymize.Generate) || s.Rule == "unknown"):
		return []string{t.e.Text("isac.side." + s.Rule)}
	}
	return []string{t.e.Text("anonymize.action." + string(s.Action))}
}

// summed prints several properties in one row.
func (t table) summed(names []string, outcome string) {
	if len(names) > 0 {
		t.row(strings.Join(names, ", "), []string{t.e.Text(outcome)})
	}
}

// row prints one property. The left side is cut where it is much longer than the
// right: the reporter has the report.
func (t table) row(left string, right []string) {
	if t.width < wide {
		t.below(left, right)
		return
	}
	column := (t.width - 9) / 2
	var b []string
	for _, line := range right {
		b = append(b, console.Wrap(line, column)...)
	}
	a := short(console.Wrap(left, column), max(mostLines, len(b)))
	for i := range max(len(a), len(b)) {
		l, r, mark := "", "", "  "
		if i < len(a) {
			l = a[i]
		}
		if i < len(b) {
			r = b[i]
		}
		if i == 0 {
			mark = "→"
		}
		fmt.Fprintln(t.e.Out, strings.TrimRight("    "+l+strings.Repeat(" ", column-console.Columns(l))+" "+mark+strings.Repeat(" ", 2-console.Columns(mark)+1)+r, " "))
	}
}

func (t table) below(left string, right []string) {
	for _, l := range short(console.Wrap(left, t.width-4), mostLines) {
		fmt.Fprintf(t.e.Out, "    %s\n", l)
	}
	for _, line := range right {
		for i, l := range console.Wrap(line, t.width-9) {
			mark := "→ "
			if i > 0 {
				mark = "  "
			}
			fmt.Fprintf(t.e.Out, "      %s%s\n", mark, l)
		}
	}
}

// short cuts lines to n, and says so.
func short(lines []string, n int) []string {
	if len(lines) <= n {
		return lines
	}
	return append(lines[:n-1:n-1], "…")
}
