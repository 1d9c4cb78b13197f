package paper

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"strings"
	"unicode/utf16"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// PDF draws a sheet. Its letters are fonts of type 3: the outlines themselves, so that
// every kind of font serves, and no reader needs one.
func PDF(s Sheet, f *Font) ([]byte, error) {
	d := document{pen: f.pen(), at: map[letter]int{}}
	d.sheet(s)
	if d.err != nil {
		return nil, d.err
	}
	return d.file(s)
}

// letter is a rune in one of two weights.
type letter struct {
	r    rune
	bold bool
}

// document is a PDF in the making. The first error stays.
type document struct {
	*pen
	content bytes.Buffer
	letters []letter // in the order in which they come up, 256 to a font
	at      map[letter]int
	err     error
}

// sheet draws everything, from the top.
func (d *document) sheet(s Sheet) {
	y := height - margin - size
	d.text(margin, y, size, true, s.Head)
	d.text(column+margin-d.wide(s.Page, size), y, size, true, s.Page)
	d.rule(y - 4)
	y -= leading
	for _, row := range titleRows(s.Title) {
		y -= big
		d.text(margin, y, big, true, row)
		y -= 4
	}
	y += size - leading + 2 // to the base of a row
	for _, p := range s.Parts {
		y = d.part(y-above, p)
	}
	if s.Rest != "" {
		d.rule(margin + leading - 2)
		d.text(margin, margin, size, false, s.Rest)
	}
}

// part draws a section below y, and returns where it ends.
func (d *document) part(y int, p Part) int {
	for _, row := range headingRows(p.Heading) {
		y -= leading
		d.text(margin, y, size, true, row)
	}
	for i, line := range p.Lines {
		mark := "•"
		if p.Ordered {
			mark = fmt.Sprintf("%d.", i+1)
		}
		for _, row := range rows(line) {
			y -= leading
			d.text(margin, y, size, false, mark)
			d.text(margin+indent, y, size, false, row)
			mark = ""
		}
	}
	if p.More != "" {
		y -= leading
		d.text(margin+indent, y, size, false, p.More)
	}
	return y
}

func (d *document) rule(y int) {
	fmt.Fprintf(&d.content, "%d %d m %d %[2]d l S\n", margin, y, margin+column)
}

// text sets one line from x on.
func (d *document) text(x, y, size int, bold bool, line string) {
	if line == "" {
		return
	}
	fmt.Fprintf(&d.content, "BT 1 0 0 1 %d %d Tm", x, y)
	if wide, fits := d.wide(line, size), margin+column-x; wide > fits { // in a font of wide letters
		fmt.Fprintf(&d.content, " %d Tz", 100*fits/wide)
	}
	last := -1
	for _, r := range line {
		n := d.number(letter{r, bold})
		if n/256 != last {
			if last >= 0 {
				d.content.WriteString("> Tj")
			}
			last = n / 256
			fmt.Fprintf(&d.content, " /F%d %d Tf <", last, size)
		}
		fmt.Fprintf(&d.content, "%02x", n%256)
	}
	d.content.WriteString("> Tj 100 Tz ET\n")
}

// number is the place of a letter in the fonts.
func (d *document) number(l letter) int {
	n, ok := d.at[l]
	if !ok {
		n = len(d.letters)
		d.letters = append(d.letters, l)
		d.at[l] = n
	}
	return n
}

// wide is how wide the font sets a line.
func (d *document) wide(line string, size int) int {
	sum := 0
	for _, r := range line {
		g, err := d.glyph(r)
		if err != nil {
			d.err = err
		}
		sum += g.advance
	}
	return (sum*size + d.em - 1) / d.em
}

// file writes the whole document.
func (d *document) file(s Sheet) ([]byte, error) {
	var w writer
	content := w.stream(d.content.Bytes())
	var fonts strings.Builder
	for i := 0; i*256 < len(d.letters); i++ {
		n, err := d.typeface(&w, d.letters[i*256:min(len(d.letters), (i+1)*256)])
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&fonts, "/F%d %d 0 R", i, n)
	}
	page := w.next() + 1 // the pages come first, and name it
	pages := w.object("<</Type/Pages/Count 1/Kids[%d 0 R]>>", page)
	w.object("<</Type/Page/Parent %d 0 R/MediaBox[0 0 %d %d]/Contents %d 0 R/Resources<</Font<<%s>>>>>>", pages, width, height, content, fonts.String())
	catalog := w.object("<</Type/Catalog/Pages %d 0 R/Lang(%s)/ViewerPreferences<</DisplayDocTitle true>>>>", pages, s.Lang)
	info := w.object("<</Title<feff%s>>>", utf16Hex(s.Title))
	return w.close(catalog, info), nil
}

// typeface writes up to 256 letters as a font, and returns its object.
func (d *document) typeface(w *writer, letters []letter) (int, error) {
	var procs, names, widths, means strings.Builder
	for i, l := range letters {
		g, err := d.glyph(l.r)
		if err != nil {
			return 0, err
		}
		fmt.Fprintf(&procs, "/g%d %d 0 R", i, w.stream(d.strokes(g, l.bold)))
		fmt.Fprintf(&names, "/g%d", i)
		fmt.Fprintf(&widths, "%d ", g.advance)
		if i%100 == 0 { // no more stand in one block
			if i > 0 {
				means.WriteString("endbfchar\n")
			}
			fmt.Fprintf(&means, "%d beginbfchar\n", min(100, len(letters)-i))
		}
		fmt.Fprintf(&means, "<%02x> <%s>\n", i, utf16Hex(string(l.r)))
	}
	unicode := w.stream([]byte("/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n/CMapName /Letters def /CMapType 2 def\n1 begincodespacerange <00> <ff> endcodespacerange\n" +
		means.String() + "endbfchar\nendcmap CMapName currentdict /CMap defineresource pop end end\n"))
	return w.object("<</Type/Font/Subtype/Type3/FontBBox[%d %d %d %d]/FontMatrix[%g 0 0 %[5]g 0 0]/FirstChar 0/LastChar %d/Widths[%s]/CharProcs<<%s>>/Encoding<</Type/Encoding/Differences[0%s]>>/Resources<<>>/ToUnicode %d 0 R>>",
		-d.em, -d.em, 2*d.em, 2*d.em, 1/float64(d.em), len(letters)-1, widths.String(), procs.String(), names.String(), unicode), nil
}

// strokes is a letter as PDF draws it; a bold one has an edge around it.
func (d *document) strokes(g glyph, bold bool) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%d 0 %d %d %d %d d1\n", g.advance, -d.em, -d.em, 2*d.em, 2*d.em)
	paint := "f"
	if bold {
		fmt.Fprintf(&b, "%d w 1 j\n", d.em/edge)
		paint = "B"
	}
	var from fixed.Point26_6
	for i, s := range g.segments {
		if s.Op == sfnt.SegmentOpMoveTo && i > 0 {
			b.WriteString("h\n")
		}
		from = curve(&b, from, s)
	}
	if len(g.segments) > 0 {
		b.WriteString("h " + paint + "\n")
	}
	return b.Bytes()
}

// edge is which part of an em is added to a bold letter.
const edge = 28

// curve writes a segment, and returns where it ends. PDF knows no quadratic curves.
func curve(b *bytes.Buffer, from fixed.Point26_6, s sfnt.Segment) fixed.Point26_6 {
	a := s.Args
	switch s.Op {
	case sfnt.SegmentOpMoveTo:
		fmt.Fprintf(b, "%d %d m\n", a[0].X, -a[0].Y)
		return a[0]
	case sfnt.SegmentOpLineTo:
		fmt.Fprintf(b, "%d %d l\n", a[0].X, -a[0].Y)
		return a[0]
	case sfnt.SegmentOpQuadTo:
		third := func(p, q fixed.Int26_6) fixed.Int26_6 { return (p + 2*q) / 3 }
		fmt.Fprintf(b, "%d %d %d %d %d %d c\n", third(from.X, a[0].X), -third(from.Y, a[0].Y), third(a[1].X, a[0].X), -third(a[1].Y, a[0].Y), a[1].X, -a[1].Y)
		return a[1]
	}
	fmt.Fprintf(b, "%d %d %d %d %d %d c\n", a[0].X, -a[0].Y, a[1].X, -a[1].Y, a[2].X, -a[2].Y)
	return a[2]
}

// utf16Hex writes a text as PDF wants it between angle brackets.
func utf16Hex(text string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(text)) {
		fmt.Fprintf(&b, "%04x", u)
	}
	return b.String()
}

// writer numbers the objects of a PDF from 1 on, and knows where each begins.
type writer struct {
	b      bytes.Buffer
	at     []int
	packer *zlib.Writer
}

// next is the number of the object that comes next.
func (w *writer) next() int { return len(w.at) + 1 }

func (w *writer) object(format string, args ...any) int {
	if len(w.at) == 0 {
		w.b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	}
	w.at = append(w.at, w.b.Len())
	fmt.Fprintf(&w.b, "%d 0 obj\n", len(w.at))
	fmt.Fprintf(&w.b, format, args...)
	w.b.WriteString("\nendobj\n")
	return len(w.at)
}

func (w *writer) stream(data []byte) int {
	var packed bytes.Buffer
	if w.packer == nil {
		w.packer = zlib.NewWriter(&packed)
	}
	w.packer.Reset(&packed)
	_, _ = w.packer.Write(data) // into memory
	_ = w.packer.Close()
	return w.object("<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream", packed.Len(), packed.Bytes())
}

func (w *writer) close(catalog, info int) []byte {
	start := w.b.Len()
	fmt.Fprintf(&w.b, "xref\n0 %d\n0000000000 65535 f \n", w.next())
	for _, at := range w.at {
		fmt.Fprintf(&w.b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&w.b, "trailer\n<</Size %d/Root %d 0 R/Info %d 0 R>>\nstartxref\n%d\n%%%%EOF\n", w.next(), catalog, info, start)
	return w.b.Bytes()
}
