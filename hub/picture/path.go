package picture

import (
	"strconv"
	"strings"

	"isac/hub/analysis"
	"isac/hub/vocab"
)

// mostTechniques are drawn of one tactic in a path, and told in words.
const mostTechniques = 24

// step is one tactic with what was done under it.
type step struct {
	name  string
	items []item
}

// item is a technique by id and name.
type item struct{ id, name string }

// Path draws the techniques of an alert, in the order of ATT&CK's tactics: each under
// the tactic where the library tells it in the alert's text. A technique whose
// sub-technique is there too isn't drawn.
func Path(p Page, v *vocab.Vocab, lib *analysis.Library, ids []string) string {
	c := canvas{page: p, kind: "path"}
	steps := p.steps(v, lib, ids)
	if len(steps) == 0 {
		return c.nothing(p.Words("picture.path.title"))
	}
	draw, most := c.stepWide, 3
	if p.Layout == Narrow {
		draw, most = c.stepNarrow, 2
	}
	n := 2 // boxes in a row
	for _, s := range steps {
		n = min(most, max(n, len(s.items)))
	}
	y := 1
	var says []string
	for i, s := range steps {
		y = c.spine(y, draw(y, s, n), i+1, i == len(steps)-1)
		says = append(says, p.told(s))
	}
	return c.svg(y, p.Words("picture.path.title"), says)
}

// nothing says that there is nothing to draw.
func (c *canvas) nothing(title string) string {
	text := c.page.Words("picture.nothing")
	y := c.text(1, 1, block{}.add(text, plain, false, c.page.Layout.width()-2, 2))
	return c.svg(y, title, []string{text})
}

// steps groups techniques by tactic, in the order of an attack.
func (p Page) steps(v *vocab.Vocab, lib *analysis.Library, ids []string) []step {
	ids = known(v, ids)
	items := map[string][]item{}
	for i, id := range ids {
		if i+1 < len(ids) && strings.HasPrefix(ids[i+1], id+".") {
			continue // sorted: sub-techniques follow
		}
		tactic := lib.Tactic(v, id)
		items[tactic] = append(items[tactic], p.item(v, id))
	}
	var out []step
	for _, tactic := range v.Tactics() {
		if list := items[tactic.Short]; len(list) > 0 {
			out = append(out, step{tactic.Name.In(p.Lang), list})
		}
	}
	return out
}

func (p Page) item(v *vocab.Vocab, id string) item {
	t, _ := v.Technique(id)
	if p.Lang == "en" {
		return item{t.ID, t.Name}
	}
	return item{t.ID, t.NameJA}
}

// told is a step in words.
func (p Page) told(s step) string {
	var list []string
	for _, i := range s.items[:min(mostTechniques, len(s.items))] {
		list = append(list, i.id+" "+i.name)
	}
	return p.Words("picture.pair", s.name, strings.Join(list, p.Words("picture.comma")))
}

const (
	radius = 12           // of the circle around a step's number
	labels = 2*radius + 8 // where the name of a step starts
	boxes  = 176          // where its boxes start, in a wide picture
)

// stepWide draws a step with its name left of its boxes, n in a row.
func (c *canvas) stepWide(y int, s step, n int) int {
	name := block{}.add(s.name, plain, true, boxes-labels-gap, 3)
	c.text(labels, y+2, name)
	return max(c.grid(boxes, y, c.page.Layout.width()-boxes-1, n, c.techniques(s, n, boxes)), y+2+name.height(), y+2*radius)
}

// stepNarrow draws a step with its name above its boxes.
func (c *canvas) stepNarrow(y int, s step, n int) int {
	at := c.text(labels, y+2, block{}.add(s.name, plain, true, c.page.Layout.width()-labels, 2))
	return c.grid(labels, max(at, y+2*radius)+4, c.page.Layout.width()-labels-1, n, c.techniques(s, n, labels))
}

// techniques are the boxes of a step, n in a row from x on.
func (c *canvas) techniques(s step, n, x int) []cell {
	width := (c.page.Layout.width()-x-1-(n-1)*gap)/n - 2*inset
	var out []cell
	for i, one := range s.items {
		if i == mostTechniques {
			more := c.page.Words("picture.more", strconv.Itoa(len(s.items)-i))
			out = append(out, cell{text: block{}.add(more, plain, false, width, 2)})
			break
		}
		text := block{}.add(one.id, plain, true, width, 1).add(one.name, plain, false, width, 4)
		out = append(out, cell{text: text})
	}
	return out
}

// spine draws the number of a step, and the arrow to the next; it returns where that
// starts.
func (c *canvas) spine(y, end, n int, last bool) int {
	b := block{}.add(strconv.Itoa(n), small, true, 2*radius, 1)
	c.disc(1+radius, y+radius, radius)
	c.text(1+radius-measure(b[0].text, small)/2, y+5, b)
	if last {
		return end
	}
	next := end + 2*gap
	c.line("M%d %dV%d", 1+radius, y+2*radius, next-6)
	c.area("M%d %dl-4 -7h8z", 1+radius, next-1)
	return next
}
