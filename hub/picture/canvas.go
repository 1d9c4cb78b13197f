package picture

import (
	"fmt"
	"strings"

	"isac/hub/sector"
)

// canvas collects the elements of one picture.
type canvas struct {
	page Page
	kind string // of picture: part of its ids
	b    strings.Builder
}

// row is one line of text.
type row struct {
	text string
	size int
	bold bool
}

// block is lines of text, one below the other.
type block []row

// add wraps a text into the block. Bold type is wider.
func (b block) add(text string, size int, bold bool, width, most int) block {
	if bold {
		width = width * 9 / 10
	}
	for _, line := range wrap(text, size, width, most) {
		if line != "" {
			b = append(b, row{line, size, bold})
		}
	}
	return b
}

func (r row) height() int { return r.size + (r.size*2+4)/5 }

func (b block) height() int {
	sum := 0
	for _, r := range b {
		sum += r.height()
	}
	return sum
}

// tints are how dark a box is by its level, in hundredths; paper shows none.
var tints = [...]string{"", ".06", ".14", ".24"}

// box draws a frame, darker by its level.
func (c *canvas) box(x, y, w, h, level int) {
	fill := `fill="none"`
	if t := tints[level]; t != "" {
		fill = `class="tint" fill="currentColor" fill-opacity="` + t + `"`
	}
	fmt.Fprintf(&c.b, `<rect x="%d" y="%d" width="%d" height="%d" rx="4" %s stroke="currentColor"/>`, x, y, w, h, fill)
}

// dotted draws a frame around what isn't there.
func (c *canvas) dotted(x, y, w, h int) {
	fmt.Fprintf(&c.b, `<rect x="%d" y="%d" width="%d" height="%d" rx="4" fill="none" stroke="currentColor" stroke-dasharray="2 3"/>`, x, y, w, h)
}

// line draws a path: "M0 0h5".
func (c *canvas) line(format string, args ...any) {
	fmt.Fprintf(&c.b, `<path d="`+format+`" fill="none" stroke="currentColor"/>`, args...)
}

// disc draws a circle.
func (c *canvas) disc(x, y, radius int) {
	fmt.Fprintf(&c.b, `<circle cx="%d" cy="%d" r="%d" fill="none" stroke="currentColor"/>`, x, y, radius)
}

// area fills a path.
func (c *canvas) area(format string, args ...any) {
	fmt.Fprintf(&c.b, `<path d="`+format+`" fill="currentColor"/>`, args...)
}

// text draws the lines of a block from its upper left corner, and returns where it ends.
func (c *canvas) text(x, y int, b block) int {
	for _, r := range b {
		weight := ""
		if r.bold {
			weight = ` font-weight="700"`
		}
		fmt.Fprintf(&c.b, `<text x="%d" y="%d" font-size="%d"%s>%s</text>`, x, y+r.size+1, r.size, weight, escape(r.text))
		y += r.height()
	}
	return y
}

// meterWidth is that of three squares.
const meterWidth = 3*square + 2*2

const square = 8

// meter draws a level as squares that are filled or not, so that it can be read without
// colour.
func (c *canvas) meter(x, y, level int) {
	if level == 0 {
		return
	}
	squares := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "M%d %dh%dv%[3]dh-%[3]dz", x+i*(square+2), y, square)
		}
		return b.String()
	}
	c.line("%s", squares(3))
	c.area("%s", squares(level))
}

// cell is one box of a grid.
type cell struct {
	text   block
	level  int
	banded bool // shows its level as squares, right of its first line
}

const (
	inset = 7 // from a box to its text
	gap   = 8 // between boxes
)

// grid draws cells in rows of n, and returns where it ends.
func (c *canvas) grid(x, y, width, n int, cells []cell) int {
	w := (width - (n-1)*gap) / n
	for len(cells) > 0 {
		line := cells[:min(n, len(cells))]
		cells = cells[len(line):]
		h := 0
		for _, one := range line {
			h = max(h, one.text.height()+2*inset-2)
		}
		for i, one := range line {
			at := x + i*(w+gap)
			c.box(at, y, w, h, one.level)
			c.text(at+inset, y+inset-2, one.text)
			if one.banded {
				c.meter(at+w-inset-meterWidth, y+inset+2, one.level)
			}
		}
		y += h + gap
	}
	return y - gap
}

// legend draws what the squares mean, and returns where it ends.
func (c *canvas) legend(y int) int {
	x := 1
	for i, band := range []sector.Band{sector.Fewer, sector.From10, sector.From20} {
		b := block{}.add(c.page.band(band), small, false, c.page.Layout.width(), 1)
		w := meterWidth + 6 + measure(b[0].text, small)
		if x > 1 && x+w > c.page.Layout.width() {
			x, y = 1, y+b.height()+2
		}
		c.meter(x, y+4, i+1)
		c.text(x+meterWidth+6, y, b)
		x += w + 18
	}
	return y + small + 6
}

// font is that of the pages.
const font = `system-ui, 'Hiragino Sans', 'Yu Gothic UI', Meiryo, 'Noto Sans CJK JP', sans-serif`

// svg closes the picture below y. The title and what the picture says in words are what
// a screen reader reads.
func (c *canvas) svg(y int, title string, says []string) string {
	width := c.page.Layout.width()
	if note := (block{}).add(c.page.Note, small, false, width-2, 2); len(note) > 0 {
		y = c.text(1, y+gap, note)
	}
	id := c.kind + "-" + string(c.page.Layout)
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" class="picture %s" lang="%s" width="%d" height="%d" viewBox="0 0 %[3]d %[4]d" font-family="%s" fill="currentColor" role="img" aria-labelledby="%s-title" aria-describedby="%[6]s-desc"><title id="%[6]s-title">%[7]s</title><desc id="%[6]s-desc">%[8]s</desc>`,
		c.page.Layout, c.page.Lang, width, y+4, font, id, escape(title), escape(strings.Join(says, c.page.Words("picture.stop")))) + c.b.String() + "</svg>\n"
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;")

// escape makes a text part of XML, and of HTML.
func escape(text string) string {
	return escaper.Replace(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0xfffe || r == 0xffff {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "□")))
}
