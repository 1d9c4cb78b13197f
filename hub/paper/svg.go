package paper

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// svg is a picture, read.
type svg struct {
	width, height float64
	marks         []mark
}

// mark is one thing that is drawn: lines, or a text.
type mark struct {
	lines  [][]point
	fill   float64 // how dark, 0 to 1
	stroke bool
	dash   []float64

	text string
	at   point
	size float64
	bold bool
}

// readSVG knows the elements of hub/picture, and refuses others.
func readSVG(text string) (svg, error) {
	var p svg
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return p, p.check()
		}
		if err != nil {
			return p, err
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		err = p.element(d, start)
		if err != nil {
			return p, fmt.Errorf("element %s: %w", start.Name.Local, err)
		}
	}
}

func (p *svg) check() error {
	if !(p.width >= 1 && p.height >= 1 && p.width <= 1e4 && p.height <= 1e5) {
		return errors.New("a picture of no size")
	}
	return nil
}

func (p *svg) element(d *xml.Decoder, start xml.StartElement) error {
	a := attributes{of: start}
	m := mark{stroke: a.text("stroke") != "", fill: a.dark()}
	switch start.Name.Local {
	case "svg":
		p.width, p.height = a.number("width"), a.number("height")
		return a.err
	case "title", "desc":
		return d.Skip()
	case "rect":
		m.lines = round(a.number("x"), a.number("y"), a.number("width"), a.number("height"), a.number("rx"))
		m.dash = a.numbers("stroke-dasharray")
	case "circle":
		x, y, r := a.number("cx"), a.number("cy"), a.number("r")
		m.lines = round(x-r, y-r, 2*r, 2*r, r)
	case "path":
		m.lines = a.path()
	case "text":
		m.at, m.size, m.bold = point{a.number("x"), a.number("y")}, a.number("font-size"), a.text("font-weight") != ""
		err := d.DecodeElement(&m.text, &start)
		if err != nil {
			return err
		}
	default:
		return errors.New("unknown")
	}
	p.marks = append(p.marks, m)
	return a.err
}

// attributes of an element; the first error stays.
type attributes struct {
	of  xml.StartElement
	err error
}

func (a *attributes) text(name string) string {
	for _, one := range a.of.Attr {
		if one.Name.Local == name {
			return one.Value
		}
	}
	return ""
}

func (a *attributes) dark() float64 {
	if a.text("fill") != "currentColor" {
		return 0
	}
	if a.text("fill-opacity") == "" {
		return 1
	}
	return a.number("fill-opacity")
}

func (a *attributes) number(name string) float64 {
	n, err := strconv.ParseFloat(a.text(name), 64)
	a.fail(err)
	return n
}

func (a *attributes) numbers(name string) []float64 {
	var out []float64
	for _, f := range strings.Fields(a.text(name)) {
		n, err := strconv.ParseFloat(f, 64)
		a.fail(err)
		out = append(out, n)
	}
	return out
}

func (a *attributes) fail(err error) {
	if a.err == nil {
		a.err = err
	}
}

// path follows the commands of an attribute d.
func (a *attributes) path() [][]point {
	var t trace
	data := a.text("d")
	for data != "" {
		n := strings.IndexFunc(data[1:], func(r rune) bool { return r >= 'A' }) + 1
		if n == 0 {
			n = len(data)
		}
		a.fail(t.command(data[0], figures(data[1:n])))
		data = data[n:]
	}
	return t.lines
}

// figures splits "4-7 1" into numbers.
func figures(text string) []float64 {
	var out []float64
	for _, f := range strings.Fields(strings.ReplaceAll(text, "-", " -")) {
		n, err := strconv.ParseFloat(f, 64)
		if err != nil {
			return nil
		}
		out = append(out, n)
	}
	return out
}

// command follows one, which must have the numbers that it takes.
func (t *trace) command(name byte, n []float64) error {
	takes := map[byte]int{'M': 2, 'l': 2, 'h': 1, 'v': 1, 'H': 1, 'V': 1, 'C': 6, 'z': 0}
	if count, ok := takes[name]; !ok || count != len(n) || len(t.lines) == 0 && name != 'M' {
		return fmt.Errorf("path command %q with %d numbers", name, len(n))
	}
	if name == 'M' {
		t.move(point{n[0], n[1]})
		return nil
	}
	at := t.last()
	switch name {
	case 'l':
		t.line(point{at.x + n[0], at.y + n[1]})
	case 'h':
		t.line(point{at.x + n[0], at.y})
	case 'v':
		t.line(point{at.x, at.y + n[0]})
	case 'H':
		t.line(point{n[0], at.y})
	case 'V':
		t.line(point{at.x, n[0]})
	case 'C':
		t.curve(point{n[0], n[1]}, point{n[2], n[3]}, point{n[4], n[5]})
	case 'z':
		t.close()
	}
	return nil
}
