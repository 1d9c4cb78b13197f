package picture_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"isac/hub"
	"isac/hub/analysis"
	"isac/hub/picture"
	"isac/hub/sector"
	"isac/internal/locale"
)

// rectangle is a box, or what a text covers.
type rectangle struct {
	x, y, w, h float64
	text       string
}

func (r rectangle) in(o rectangle) bool {
	return r.x >= o.x && r.y >= o.y && r.x+r.w <= o.x+o.w && r.y+r.h <= o.y+o.h
}

func (r rectangle) meets(o rectangle) bool {
	return r.x < o.x+o.w && o.x < r.x+r.w && r.y < o.y+o.h && o.y < r.y+r.h
}

// known are the elements and attributes that pictures are made of: no style, script,
// link or address.
var known = map[string]string{
	"svg": "xmlns class lang width height viewBox font-family fill role aria-labelledby aria-describedby", "title": "id", "desc": "id",
	"rect": "x y width height rx class fill fill-opacity stroke stroke-dasharray", "path": "d fill stroke", "circle": "cx cy r fill stroke", "text": "x y font-size font-weight",
}

type testing_ interface {
	Helper()
	Errorf(format string, args ...any)
}

// check wants a picture to be well formed, within its budget, made of known elements
// alone, and to keep every text in its box and apart from others.
func check(t testing_, kind, svg string) {
	t.Helper()
	if len(svg) > 100<<10 {
		t.Errorf("%s has %d bytes", kind, len(svg))
	}
	var all rectangle
	var boxes, texts []rectangle
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Errorf("%s: %v in %s", kind, err, svg)
			return
		}
		if c, ok := token.(xml.CharData); ok && len(texts) > 0 && texts[len(texts)-1].text == "" {
			last := &texts[len(texts)-1]
			last.text, last.w = string(c), width(string(c))*last.h
			last.y, last.h = last.y-last.h*.9, last.h*1.15
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		at := map[string]string{}
		for _, a := range e.Attr {
			at[a.Name.Local] = a.Value
			if !strings.Contains(" "+known[e.Name.Local]+" ", " "+a.Name.Local+" ") {
				t.Errorf("%s: %s of %s", kind, a.Name.Local, e.Name.Local)
			}
		}
		n := func(key string) float64 { f, _ := strconv.ParseFloat(at[key], 64); return f }
		r := rectangle{x: n("x"), y: n("y"), w: n("width"), h: n("height")}
		switch e.Name.Local {
		case "svg":
			all = r
		case "rect":
			boxes = append(boxes, r)
		case "text":
			texts = append(texts, rectangle{x: r.x, y: r.y, h: n("font-size")})
		case "path": // the squares that tell a band are as good as a box
			var x, y, side float64
			if n, _ := fmt.Sscanf(at["d"], "M%f %fh%fv8", &x, &y, &side); n == 3 && side == 8 {
				boxes = append(boxes, rectangle{x: x, y: y, w: 28, h: 8})
			}
		case "title", "desc", "circle":
		default:
			t.Errorf("%s: element %s", kind, e.Name.Local)
		}
	}
	fit(t, kind, all, boxes, texts)
}

func fit(t testing_, kind string, all rectangle, boxes, texts []rectangle) {
	t.Helper()
	if len(texts) == 0 {
		t.Errorf("%s has no text", kind)
	}
	for i, x := range texts {
		if !x.in(all) {
			t.Errorf("%s: %q leaves the picture: %v in %v", kind, x.text, x, all)
		}
		for _, b := range boxes {
			if x.meets(b) && !x.in(b) {
				t.Errorf("%s: %q leaves its box: %v in %v", kind, x.text, x, b)
			}
		}
		for _, o := range texts[:i] {
			if x.meets(o) {
				t.Errorf("%s: %q covers %q", kind, x.text, o.text)
			}
		}
	}
	for _, b := range boxes {
		if !b.in(all) {
			t.Errorf("%s: a box leaves the picture: %v in %v", kind, b, all)
		}
	}
}

// width is that of a text in ems: full-width 1, half-width 0.55, Latin capitals more.
func width(text string) float64 {
	sum := 0.0
	for _, r := range text {
		switch {
		case r >= 'A' && r <= 'Z':
			sum += .72
		case r < 0x80 || r >= 0xff61 && r <= 0xff9f:
			sum += .55
		default:
			sum++
		}
	}
	return sum
}

// Whatever an alert names, pictures keep their texts in their boxes.
func TestTextsStayInTheirBoxes(t *testing.T) {
	all := words.Techniques()
	id := rapid.Custom(func(t *rapid.T) string { return rapid.SampledFrom(all).Draw(t, "technique").ID })
	band := rapid.SampledFrom([]sector.Band{sector.None, sector.Fewer, sector.From10, sector.From20, "unknown"})
	text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[あ-んア-ン一-龠、。ー（）A-Za-z0-9 .:/-]{0,80}`), rapid.StringMatching(`[W@M]{0,120}`))
	class := rapid.SampledFrom(hub.Classes())
	rapid.Check(t, func(t *rapid.T) {
		p := page(rapid.SampledFrom(locale.Languages).Draw(t, "lang"), rapid.SampledFrom(picture.Layouts()).Draw(t, "layout"))
		p.Note = text.Draw(t, "note")
		check(t, "path", picture.Path(p, words, analysis.Default(), rapid.SliceOfN(id, 0, 60).Draw(t, "path")))
		quarters := rapid.IntRange(0, 12).Draw(t, "quarters")
		v := sector.View{Quarters: make([]string, quarters), Alerts: rapid.SliceOfN(band, 0, 12).Draw(t, "alerts")}
		for i := range v.Quarters {
			v.Quarters[i] = []string{"2026-Q4", "1999-Q1", "2026-Q2"}[i%3]
		}
		for range rapid.IntRange(0, 60).Draw(t, "rows") {
			row := sector.Row{Name: sector.Name{Class: class.Draw(t, "class"), Value: text.Draw(t, "value")}, Total: band.Draw(t, "total"), Bands: rapid.SliceOfN(band, 0, 12).Draw(t, "bands")}
			if row.Class == hub.Technique {
				row.Value = id.Draw(t, "id")
			}
			v.Rows = append(v.Rows, row)
		}
		check(t, "matrix", picture.Matrix(p, words, v))
		check(t, "timeline", picture.Timeline(p, words, v))
		node := rapid.Custom(func(t *rapid.T) picture.Node {
			n := picture.Node{Label: text.Draw(t, "label"), Title: text.Draw(t, "title"), Score: rapid.IntRange(0, 100).Draw(t, "score")}
			for range rapid.IntRange(0, 10).Draw(t, "shares") {
				n.Shares = append(n.Shares, picture.Thing{Class: class.Draw(t, "class"), Label: text.Draw(t, "thing")})
			}
			return n
		})
		check(t, "graph", picture.Graph(p, node.Draw(t, "self"), rapid.SliceOfN(node, 0, 12).Draw(t, "related")))
	})
}

// largest are pictures of everything that there is to name.
func largest(p picture.Page) map[string]func() string {
	var ids []string
	v := view()
	for _, t := range words.Techniques() {
		ids = append(ids, t.ID)
		v.Rows = append(v.Rows, sector.Row{Name: sector.Name{Class: hub.Technique, Value: t.ID}, Total: sector.From20, Bands: v.Alerts})
	}
	long := strings.Repeat("長い名前 and longer", 100)
	var related []picture.Node
	for i := range 12 {
		n := picture.Node{Label: long, Title: long, Score: 100 - i}
		for j := range 10 {
			n.Shares = append(n.Shares, picture.Thing{Class: hub.Indicator, Label: strconv.Itoa(i*j) + long})
			v.Rows = append(v.Rows, sector.Row{Name: sector.Name{Class: hub.Classes()[j], Value: long}, Total: sector.From20, Bands: v.Alerts})
		}
		related = append(related, n)
	}
	return map[string]func() string{
		"path": func() string { return picture.Path(p, words, analysis.Default(), ids) }, "matrix": func() string { return picture.Matrix(p, words, v) },
		"timeline": func() string { return picture.Timeline(p, words, v) }, "graph": func() string { return picture.Graph(p, related[0], related) },
	}
}

func TestTheLargestFit(t *testing.T) {
	for _, lang := range locale.Languages {
		for _, l := range picture.Layouts() {
			for kind, draw := range largest(page(lang, l)) {
				check(t, kind+" "+lang+" "+string(l), draw())
			}
		}
	}
}

// The largest are to be made within 5 ms.
func BenchmarkPictures(b *testing.B) {
	for kind, draw := range largest(page("ja", picture.Wide)) {
		b.Run(kind, func(b *testing.B) {
			b.ReportAllocs()
			size := 0
			for b.Loop() {
				size = len(draw())
			}
			b.ReportMetric(float64(size), "bytes")
		})
	}
}
