package picture

import (
	"strings"

	"isac/hub"
	"isac/hub/sector"
	"isac/hub/vocab"
)

// mostOfClass are shown of each class in the timeline.
const mostOfClass = 4

// timed are the classes that a timeline shows.
var timed = []hub.Class{hub.Route, hub.Weakness, hub.Technique, hub.CVE, hub.Product, hub.Family, hub.Group, hub.Tool, hub.Impact}

// timeline is the frame of the timeline: its quarters are those that fit.
type timeline struct {
	*canvas
	from     int // the first quarter shown
	quarters []string
	x, width int // of the first quarter's box, and of each
}

// Timeline draws what the sector has seen by quarter: all alerts, then what is named
// most of each class.
func Timeline(p Page, v *vocab.Vocab, view sector.View) string {
	c := &canvas{page: p, kind: "timeline"}
	title := p.Words("picture.timeline.title")
	if len(view.Quarters) == 0 || len(view.Rows) == 0 {
		return c.nothing(title)
	}
	t := timeline{canvas: c, x: 204, quarters: view.Quarters}
	fit := 8
	if p.Layout == Narrow {
		t.x, fit = 1, 5 // the same quarter of the year before is in it
	}
	t.from = max(0, len(view.Quarters)-fit)
	t.quarters = view.Quarters[t.from:]
	t.width = (p.Layout.width() - t.x - 1) / len(t.quarters)
	y := t.legend(1) + gap
	y = t.head(y)
	all := p.Words("picture.timeline.alerts")
	y = t.row(y, all, view.Alerts)
	says := []string{t.told(all, view.Alerts)}
	for _, class := range timed {
		rows := ofClass(view.Rows, class, mostOfClass)
		if len(rows) == 0 {
			continue
		}
		y = t.text(1, y+gap, block{}.add(p.Words("web.class."+string(class)), small, true, p.Layout.width()-2, 1)) + 2
		for _, r := range rows {
			label := p.label(v, class, r.Value)
			if class == hub.Technique {
				label = r.Value + " " + label
			}
			y = t.row(y, label, r.Bands)
			says = append(says, t.told(label, r.Bands))
		}
	}
	return c.svg(y, title, says)
}

// ofClass are the first rows of a class.
func ofClass(rows []sector.Row, class hub.Class, most int) []sector.Row {
	var out []sector.Row
	for _, r := range rows {
		if r.Class == class && len(out) < most {
			out = append(out, r)
		}
	}
	return out
}

// head draws years and months above the boxes.
func (t timeline) head(y int) int {
	end := y
	for i, q := range t.quarters {
		year, n, _ := strings.Cut(q, "-Q")
		x := t.x + i*t.width
		b := block{}.add(t.page.Words("picture.year", year), small, true, t.width-4, 1)
		if i > 0 && strings.HasPrefix(t.quarters[i-1], year) {
			b[0].text = "" // said once
		}
		end = max(end, t.text(x+2, y, b.add(t.page.Words("picture.months."+n), small, false, t.width-4, 2)))
	}
	return end + 2
}

// row draws a label and its bands.
func (t timeline) row(y int, label string, bands []sector.Band) int {
	const least = square + 12
	h, at := least, y
	if t.page.Layout == Narrow {
		at = t.text(1, y, block{}.add(label, small, false, t.page.Layout.width()-2, 2)) + 2
	} else {
		b := block{}.add(label, small, false, t.x-gap, 2)
		h = max(least, b.height()+2)
		t.text(1, y+(h-b.height())/2, b)
	}
	for i := range t.quarters {
		x := t.x + i*t.width
		l := 0
		if t.from+i < len(bands) {
			l = level(bands[t.from+i])
		}
		if l == 0 {
			t.line("M%d %dh6", x+t.width/2-3, at+h/2)
			continue
		}
		t.box(x+1, at, t.width-3, h, l)
		t.meter(x+(t.width-1-meterWidth)/2, at+(h-square)/2, l)
	}
	return at + h + 4
}

// told is a row in words: the quarters in which it was seen.
func (t timeline) told(label string, bands []sector.Band) string {
	var list []string
	for i, q := range t.quarters {
		if t.from+i < len(bands) && bands[t.from+i] != sector.None {
			list = append(list, t.page.Words("picture.with", t.page.quarter(q), t.page.band(bands[t.from+i])))
		}
	}
	if len(list) == 0 {
		list = append(list, t.page.band(sector.None))
	}
	return t.page.Words("picture.pair", clean(label), strings.Join(list, t.page.Words("picture.comma")))
}
