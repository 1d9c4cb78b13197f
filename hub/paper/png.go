package paper

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/vector"

	"isac/hub"
)

// PNG draws a picture as hub/picture writes it, three times as large in dots as in its
// own measure, or smaller where it would have more than mostDots.
func PNG(svg string, f *Font) ([]byte, error) {
	p, err := readSVG(svg)
	if err != nil {
		return nil, &hub.Error{Kind: hub.Invalid, Text: "paper.bad-picture", Err: err}
	}
	scale := min(3, math.Sqrt(mostDots/(p.width*p.height)))
	d := drawing{pen: f.pen(), scale: scale, ink: image.NewAlpha(image.Rect(0, 0, int(math.Ceil(p.width*scale)), int(math.Ceil(p.height*scale))))}
	for _, m := range p.marks {
		err = d.mark(m)
		if err != nil {
			return nil, err
		}
	}
	return d.file()
}

// mostDots is how many dots a PNG has at most: they take a byte each.
const mostDots = 24 << 20

// drawing is ink on white.
type drawing struct {
	*pen
	scale  float64
	ink    *image.Alpha
	raster vector.Rasterizer
}

// mark draws one element of a picture.
func (d *drawing) mark(m mark) error {
	if m.text != "" {
		return d.text(m)
	}
	if m.fill > 0 {
		d.fill(m.lines, m.fill)
	}
	if m.stroke {
		d.stroke(m.lines, m.dash, 1)
	}
	return nil
}

// text sets a line from its base on.
func (d *drawing) text(m mark) error {
	x, unit := m.at.x, m.size/float64(d.em)
	for _, r := range m.text {
		g, err := d.glyph(r)
		if err != nil {
			return err
		}
		lines := outlines(g.segments, func(px, py float64) point { return point{x + px*unit, m.at.y + py*unit} })
		d.fill(lines, 1)
		if m.bold {
			d.stroke(lines, nil, m.size/edge)
		}
		x += float64(g.advance) * unit
	}
	return nil
}

// outlines are the lines around a letter, closed.
func outlines(segments []sfnt.Segment, place func(x, y float64) point) [][]point {
	var t trace
	for _, s := range segments {
		var a [3]point
		for i, arg := range s.Args {
			a[i] = place(float64(arg.X), float64(arg.Y))
		}
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			t.close()
			t.move(a[0])
		case sfnt.SegmentOpLineTo:
			t.line(a[0])
		case sfnt.SegmentOpQuadTo:
			from := t.last()
			t.curve(from.towards(a[0], 2./3), a[1].towards(a[0], 2./3), a[1])
		case sfnt.SegmentOpCubeTo:
			t.curve(a[0], a[1], a[2])
		}
	}
	t.close()
	return t.lines
}

// fill inks what lines enclose.
func (d *drawing) fill(lines [][]point, dark float64) {
	low, high := point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}
	for _, line := range lines {
		for _, p := range line {
			low = point{min(low.x, p.x), min(low.y, p.y)}
			high = point{max(high.x, p.x), max(high.y, p.y)}
		}
	}
	if !(low.x <= high.x) {
		return
	}
	all := image.Rect(int(math.Floor(low.x*d.scale)), int(math.Floor(low.y*d.scale)), int(math.Ceil(high.x*d.scale))+1, int(math.Ceil(high.y*d.scale))+1)
	all = all.Intersect(d.ink.Bounds())
	if all.Empty() {
		return
	}
	d.raster.Reset(all.Dx(), all.Dy())
	d.raster.DrawOp = draw.Over
	dot := func(p point) (x, y float32) {
		return float32(p.x*d.scale) - float32(all.Min.X), float32(p.y*d.scale) - float32(all.Min.Y)
	}
	for _, line := range lines {
		d.raster.MoveTo(dot(line[0]))
		for _, p := range line[1:] {
			d.raster.LineTo(dot(p))
		}
		d.raster.ClosePath()
	}
	d.raster.Draw(d.ink, all, image.NewUniform(color.Alpha{uint8(math.Round(dark * 255))}), image.Point{})
}

// stroke inks along lines. All pieces turn the same way, so that they add up where they
// meet.
func (d *drawing) stroke(lines [][]point, dash []float64, wide float64) {
	var pieces [][]point
	for _, line := range lines {
		for _, part := range dashed(line, dash) {
			for i := range len(part) - 1 {
				if piece := ribbon(part[i], part[i+1], wide/2); piece != nil {
					pieces = append(pieces, piece)
				}
			}
		}
	}
	d.fill(pieces, 1)
}

// ribbon is the box along a line, and over its ends by a quarter of its width.
func ribbon(a, b point, half float64) []point {
	length := a.from(b)
	if length == 0 {
		return nil
	}
	ux, uy := (b.x-a.x)/length*half, (b.y-a.y)/length*half
	a, b = point{a.x - ux/2, a.y - uy/2}, point{b.x + ux/2, b.y + uy/2}
	return []point{{a.x - uy, a.y + ux}, {b.x - uy, b.y + ux}, {b.x + uy, b.y - ux}, {a.x + uy, a.y - ux}}
}

// file writes the drawing as black on white.
func (d *drawing) file() ([]byte, error) {
	gray := &image.Gray{Pix: d.ink.Pix, Stride: d.ink.Stride, Rect: d.ink.Rect}
	for i, ink := range gray.Pix {
		gray.Pix[i] = 255 - ink
	}
	var b bytes.Buffer
	err := png.Encode(&b, gray)
	return b.Bytes(), err
}
