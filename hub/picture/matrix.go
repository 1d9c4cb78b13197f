package picture

import (
	"strconv"
	"strings"

	"isac/hub"
	"isac/hub/sector"
	"isac/hub/vocab"
)

// mostCells are drawn of one tactic in the matrix.
const mostCells = 12

// column is one tactic of the matrix, drawn as a row: a column would be too narrow to
// read.
type column struct {
	name      string
	seen, all int // techniques, sub-techniques counted with their parents
	rows      []sector.Row
}

// Matrix draws which techniques the sector has seen, in every tactic that ATT&CK has for
// them, the most seen first; and how much of each tactic that is.
func Matrix(p Page, v *vocab.Vocab, view sector.View) string {
	c := canvas{page: p, kind: "matrix"}
	c.page.Note = p.span(view.Quarters)
	if len(ofClass(view.Rows, hub.Technique, 1)) == 0 {
		return c.nothing(p.Words("picture.matrix.title"))
	}
	y := c.legend(1) + gap
	var says []string
	for _, col := range columns(p, v, view.Rows) {
		y = c.tactic(y, v, col) + 2*gap
		says = append(says, p.toldColumn(v, col))
	}
	return c.svg(y-gap, p.Words("picture.matrix.title"), says)
}

// span says from when to when something was counted.
func (p Page) span(quarters []string) string {
	if len(quarters) == 0 {
		return ""
	}
	first, last := quarters[0], quarters[len(quarters)-1]
	return p.Words("picture.span", p.quarter(first), p.quarter(last))
}

// quarter makes "2026-Q3" readable, by months: quarters of years and of business years
// differ in Japan.
func (p Page) quarter(q string) string {
	year, n, _ := strings.Cut(q, "-Q")
	return p.Words("picture.quarter", year, p.Words("picture.months."+n))
}

// columns sorts the techniques seen into the tactics that ATT&CK has for them.
func columns(p Page, v *vocab.Vocab, rows []sector.Row) []column {
	at := map[string]*column{}
	out := make([]column, len(v.Tactics()))
	for i, tactic := range v.Tactics() {
		out[i].name = tactic.Name.In(p.Lang)
		at[tactic.Short] = &out[i]
	}
	for _, t := range v.Techniques() {
		for _, short := range t.Tactics {
			if t.ID == parent(t.ID) {
				at[short].all++
			}
		}
	}
	parents := map[[2]string]bool{}
	for _, row := range rows {
		t, ok := v.Technique(row.Value)
		if row.Class != hub.Technique || !ok {
			continue
		}
		for _, short := range t.Tactics {
			at[short].rows = append(at[short].rows, row)
			if key := [2]string{short, parent(t.ID)}; !parents[key] {
				parents[key] = true
				at[short].seen++
			}
		}
	}
	return out
}

func parent(id string) string {
	top, _, _ := strings.Cut(id, ".")
	return top
}

// tactic draws a column: name and share, then cells.
func (c *canvas) tactic(y int, v *vocab.Vocab, col column) int {
	width := c.page.Layout.width()
	share := c.page.Words("picture.matrix.share", strconv.Itoa(col.seen), strconv.Itoa(col.all))
	if c.page.Layout == Narrow {
		at := c.text(1, y, block{}.add(col.name, plain, true, width-2, 2).add(share, small, false, width-2, 1))
		return c.cells(1, c.bar(1, at+2, width-2, col)+gap-2, width-2, 2, v, col)
	}
	at := c.text(1, y, block{}.add(col.name, plain, true, boxes-2*gap, 2).add(share, small, false, boxes-2*gap, 1))
	at = c.bar(1, at+2, boxes-3*gap, col)
	return max(at, c.cells(boxes, y, width-boxes-1, 3, v, col))
}

// bar draws the share of a tactic, and returns where it ends.
func (c *canvas) bar(x, y, width int, col column) int {
	c.line("M%d %dh%dv6h%dz", x, y, width, -width)
	if col.seen > 0 && col.all > 0 {
		c.area("M%d %dh%dv6h%dz", x, y, max(1, width*col.seen/col.all), -max(1, width*col.seen/col.all))
	}
	return y + 7
}

func (c *canvas) cells(x, y, width, n int, v *vocab.Vocab, col column) int {
	inner := (width-(n-1)*gap)/n - 2*inset
	if len(col.rows) == 0 {
		text := block{}.add(c.page.Words("picture.matrix.none"), small, false, inner, 2)
		c.dotted(x, y, inner+2*inset, text.height()+2*inset)
		return c.text(x+inset, y+inset, text) + inset
	}
	var out []cell
	for i, row := range col.rows {
		if i == mostCells-1 && len(col.rows) > mostCells {
			more := c.page.Words("picture.more", strconv.Itoa(len(col.rows)-i))
			out = append(out, cell{text: block{}.add(more, small, false, inner, 2)})
			break
		}
		one := c.page.item(v, row.Value)
		text := block{}.add(one.id, small, true, inner-meterWidth-4, 1).add(one.name, small, false, inner, 4)
		out = append(out, cell{text, level(row.Total), true})
	}
	return c.grid(x, y, width, n, out)
}

// toldColumn is a column in words.
func (p Page) toldColumn(v *vocab.Vocab, col column) string {
	if len(col.rows) == 0 {
		return p.Words("picture.pair", col.name, p.Words("picture.matrix.none"))
	}
	var list []string
	for _, row := range col.rows[:min(mostCells, len(col.rows))] {
		list = append(list, p.Words("picture.with", p.item(v, row.Value).id, p.band(row.Total)))
	}
	return p.Words("picture.pair", col.name, strings.Join(list, p.Words("picture.comma")))
}
