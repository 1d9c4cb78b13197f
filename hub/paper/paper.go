// Package paper puts alerts on one sheet of A4 as PDF, and pictures on slides as PNG.
//
// It is pure and deterministic: the same input gives the same bytes. A sheet is black
// on white, nothing on it is smaller than 11 points, and what doesn't fit is left out
// by its place in Order, and counted. Letters are outlines of a font that the operator
// gives; a PDF carries those that it shows, with what they mean, so that its text can
// be searched and copied. It trusts the font, and that the text was released; of a
// picture it knows what hub/picture writes, and refuses anything else.
//
//	font, err := paper.Read(file)
//	pdf, err := paper.PDF(paper.Fit(sheet, parts), font)
//	png, err := paper.PNG(svg, font)
package paper

import (
	"io"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"isac/hub"
)

// Noto is where Debian's fonts-noto-cjk puts its sans serif, which has Japanese.
const Noto = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"

// Font is a typeface. It can be used by many at once.
type Font struct {
	font *sfnt.Font
	em   int // units of its outlines
}

// Read takes the first font of a file: TrueType or OpenType, alone or a collection. The
// file is read from as long as the font is used.
func Read(file io.ReaderAt) (*Font, error) {
	all, err := sfnt.ParseCollectionReaderAt(file)
	if err != nil {
		return nil, &hub.Error{Kind: hub.Invalid, Text: "paper.bad-font", Err: err}
	}
	f, err := all.Font(0)
	if err != nil {
		return nil, &hub.Error{Kind: hub.Invalid, Text: "paper.bad-font", Err: err}
	}
	return &Font{f, int(f.UnitsPerEm())}, nil
}

// glyph is a letter in the font's units, its y growing downwards.
type glyph struct {
	advance  int
	segments []sfnt.Segment
}

// pen reads glyphs, each once. It serves one drawing.
type pen struct {
	*Font
	buffer sfnt.Buffer
	had    map[rune]glyph
}

func (f *Font) pen() *pen { return &pen{Font: f, had: map[rune]glyph{}} }

// glyph returns a rune's letter; one that the font lacks is the font's own mark for that.
func (p *pen) glyph(r rune) (glyph, error) {
	if g, ok := p.had[r]; ok {
		return g, nil
	}
	g, err := p.read(r)
	if err != nil {
		return glyph{}, &hub.Error{Kind: hub.Invalid, Text: "paper.bad-font", Err: err}
	}
	p.had[r] = g
	return g, nil
}

func (p *pen) read(r rune) (glyph, error) {
	index, err := p.font.GlyphIndex(&p.buffer, r)
	if err != nil {
		return glyph{}, err
	}
	units := fixed.Int26_6(p.em) // one unit is one step of the numbers that come back
	advance, err := p.font.GlyphAdvance(&p.buffer, index, units, font.HintingNone)
	if err != nil {
		return glyph{}, err
	}
	segments, err := p.font.LoadGlyph(&p.buffer, index, units, nil)
	if err != nil {
		return glyph{}, err
	}
	return glyph{int(advance), append([]sfnt.Segment(nil), segments...)}, nil
}
