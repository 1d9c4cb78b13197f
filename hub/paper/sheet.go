package paper

import (
	"math"
	"strings"

	"isac/hub/analysis"
	"isac/hub/picture"
)

// Sheet is one page of A4.
type Sheet struct {
	Lang  string
	Title string
	Head  string // which alert, and who may have it
	Page  string // which page of how many
	Rest  string // where to read what didn't fit
	Parts []Part
}

// Part is a section of an alert, as far as it fits.
type Part struct {
	ID string // as in an analysis, "" when it isn't known
	analysis.Part
	Left int    // lines that didn't fit
	More string // says so
}

// sizes in points; leading is from line to line.
const (
	size    = 11
	big     = 14
	leading = 14
	above   = 5 // a heading
	width   = 595
	height  = 842
	margin  = 40
	column  = width - 2*margin
	indent  = 16
	room    = height - 2*margin - size - 2*leading - 7 // of parts and title, between head and foot
)

// order is what a lone administrator needs first, and how many lines of it before
// anything else has its turn.
var order = []struct {
	id    string
	lines int
}{
	{"summary", 3},
	{"today", 6},
	{"path", 8},
	{"indicators", 4},
	{"detect", 3},
	{"exposed", 3},
	{"handling", 2},
	{"entry", 2},
	{"malware", 2},
	{"weakness", 2},
	{"impact", 2},
	{"unknown", 2},
	{"week", 3},
	{"quarter", 2},
}

// Fit puts as much of parts on a sheet as it holds; more words how many lines were left
// out. How wide letters are doesn't depend on a font, so every form of a sheet has the
// same text on it.
func Fit(s Sheet, parts []Part, more func(lines int) string) Sheet {
	f := fitting{parts: parts, taken: make([]int, len(parts)), left: room - len(titleRows(s.Title))*(big+4)}
	for _, o := range order {
		f.take(o.id, o.lines)
	}
	for _, o := range order {
		f.take(o.id, math.MaxInt)
	}
	f.take("", math.MaxInt)
	left := 0
	for i, p := range parts {
		p.Left = len(p.Lines) - f.taken[i]
		p.Lines = p.Lines[:f.taken[i]]
		left += p.Left
		if p.Left > 0 {
			p.More = more(p.Left)
		}
		if len(p.Lines) > 0 {
			s.Parts = append(s.Parts, p)
		}
	}
	if left == 0 {
		s.Rest = ""
	}
	return s
}

// fitting is how far the parts are taken, and the points that are left.
type fitting struct {
	parts []Part
	taken []int
	left  int
}

// take adds lines to the parts of an id, up to so many.
func (f *fitting) take(id string, most int) {
	for i, p := range f.parts {
		if p.ID != id {
			continue
		}
		for f.taken[i] < min(most, len(p.Lines)) {
			cost := f.cost(p, f.taken[i])
			if cost > f.left {
				break
			}
			f.left -= cost
			f.taken[i]++
		}
	}
}

// cost is what the next line of a part adds: with the first come its heading and the
// line that tells of the rest; the last line needs that no more.
func (f *fitting) cost(p Part, taken int) int {
	cost := len(rows(p.Lines[taken])) * leading
	if taken == 0 {
		cost += above + len(headingRows(p.Heading))*leading + leading
	}
	if taken+1 == len(p.Lines) {
		cost -= leading
	}
	return cost
}

// rows are the lines on paper of one line of text.
func rows(line string) []string { return broken(line, size, column-indent) }

// headingRows and titleRows are bold, which is wider.
func headingRows(heading string) []string { return broken(heading, size, column*9/10) }
func titleRows(title string) []string     { return broken(title, big, column*9/10) }

// broken breaks text for a column. What pictures take for the width of Latin letters is
// that of the widest fonts; on a sheet, which takes any of the others, a fifth more fits.
func broken(text string, size, width int) []string {
	if latin(text) {
		width = width * 6 / 5
	}
	return picture.Lines(text, size, width)
}

// latin reports whether a text is in letters that are narrower than they are high.
func latin(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r >= 0x2e80 })
}
