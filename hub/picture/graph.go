package picture

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"isac/hub"
)

// Node is an alert of a relation graph.
type Node struct {
	Label string // "Alert 7"
	Title string
	// Score and Shares are how near a related alert is, and what it has in common, the
	// most telling first.
	Score  int
	Shares []Thing
}

// Thing is something that alerts have in common.
type Thing struct {
	Class hub.Class
	Label string
}

const (
	mostNodes  = 10
	mostThings = 14
)

// Graph draws an alert, the alerts that relate to it, and what ties them.
func Graph(p Page, self Node, related []Node) string {
	c := &canvas{page: p, kind: "graph"}
	title := p.Words("picture.graph.title", clean(self.Label))
	if len(related) == 0 {
		return c.nothing(title)
	}
	related = related[:min(mostNodes, len(related))]
	y := 0
	if p.Layout == Narrow {
		y = c.tree(self, related)
	} else {
		y = c.layers(self, related)
	}
	says := []string{}
	for _, n := range related {
		says = append(says, p.Words("picture.pair", p.near(n), p.shares(n)))
	}
	return c.svg(y, title, says)
}

// near is a related alert in words.
func (p Page) near(n Node) string {
	return p.Words("picture.with", clean(n.Label), p.Words("picture.graph.score", strconv.Itoa(n.Score)))
}

func (p Page) shares(n Node) string {
	var list []string
	for _, t := range n.Shares {
		list = append(list, clean(t.Label))
	}
	return strings.Join(list, p.Words("picture.comma"))
}

// node is the text of an alert's box.
func (c *canvas) node(n Node, width int) block {
	b := block{}.add(n.Label, small, true, width, 2)
	if n.Score > 0 {
		b = b.add(c.page.Words("picture.graph.score", strconv.Itoa(n.Score)), small, false, width, 1)
	}
	return b.add(n.Title, small, false, width, 4)
}

// tree draws the related alerts below the alert, each with what it shares.
func (c *canvas) tree(self Node, related []Node) int {
	width := c.page.Layout.width() - 2
	text := c.node(self, width-2*inset)
	c.box(1, 1, width, text.height()+2*inset, 0)
	y := c.text(1+inset, 1+inset, text) + inset
	const indent = 20
	from := y
	for _, n := range related {
		y += gap + 2
		text := c.node(n, width-indent-2*inset)
		text = text.add(c.page.Words("picture.graph.shares", c.page.shares(n)), small, false, width-indent-2*inset, 6)
		h := text.height() + 2*inset
		c.box(1+indent, y, width-indent, h, 0)
		c.text(1+indent+inset, y+inset, text)
		c.line("M%d %dV%dh%d", 1+indent/2, from, y+h/2, indent/2)
		from, y = y+h/2, y+h
	}
	return y
}

// place is a box of a layer.
type place struct {
	text block
	y, h int
}

// middle is the height at which edges end.
func (p place) middle() int { return p.y + p.h/2 }

// layers draws three columns: the alert, what is shared, the related alerts.
func (c *canvas) layers(self Node, related []Node) int {
	const w, x2, x3 = 188, 266, 531
	things := tying(related)
	left := []place{{text: c.node(self, w-2*inset)}}
	var middle, right []place
	for _, t := range things {
		text := block{}.add(c.page.Words("web.class."+string(t.Class)), small, false, w-2*inset, 1)
		middle = append(middle, place{text: text.add(t.Label, small, true, w-2*inset, 3)})
	}
	for _, n := range related {
		right = append(right, place{text: c.node(n, w-2*inset)})
	}
	end := max(stack(left), stack(middle), stack(right))
	for _, layer := range [][]place{left, middle, right} {
		center(layer, end)
	}
	for i, t := range things {
		c.edge(1+w, left[0].middle(), x2, middle[i].middle())
		for j, n := range related {
			if slices.Contains(n.Shares, t) {
				c.edge(x2+w, middle[i].middle(), x3, right[j].middle())
			}
		}
	}
	c.boxes(1, w, left)
	c.boxes(x2, w, middle)
	c.boxes(x3, w, right)
	return end
}

func (c *canvas) boxes(x, w int, layer []place) {
	for _, p := range layer {
		c.box(x, p.y, w, p.h, 0)
		c.text(x+inset, p.y+inset-1, p.text)
	}
}

// edge draws a curve between two layers.
func (c *canvas) edge(x1, y1, x2, y2 int) {
	half := (x1 + x2) / 2
	c.line("M%d %dC%d %d %d %d %d %d", x1, y1, half, y1, half, y2, x2, y2)
}

// stack puts the boxes of a layer below each other, and returns where they end.
func stack(layer []place) int {
	y := 1
	for i := range layer {
		layer[i].y, layer[i].h = y, layer[i].text.height()+2*inset-2
		y += layer[i].h + gap
	}
	return y - gap
}

// bottom is where a layer ends.
func bottom(layer []place) int {
	if len(layer) == 0 {
		return 0
	}
	last := layer[len(layer)-1]
	return last.y + last.h
}

// center moves a layer to the middle of a height.
func center(layer []place, end int) {
	for i, by := 0, end-bottom(layer); i < len(layer); i++ {
		layer[i].y += by / 2
	}
}

// tying picks what to draw: the most telling thing of every related alert, then what
// ties the most alerts; in an order in which edges cross little.
func tying(related []Node) []Thing {
	count, sum := map[Thing]int{}, map[Thing]int{}
	var all, first []Thing
	for j, n := range related {
		for i, t := range n.Shares {
			if count[t] == 0 {
				all = append(all, t)
			}
			if i == 0 && !slices.Contains(first, t) {
				first = append(first, t)
			}
			count[t]++
			sum[t] += j
		}
	}
	slices.SortStableFunc(all, func(a, b Thing) int { return cmp.Compare(count[b], count[a]) })
	for _, t := range all {
		if len(first) < mostThings && !slices.Contains(first, t) {
			first = append(first, t)
		}
	}
	slices.SortStableFunc(first, func(a, b Thing) int { return cmp.Compare(sum[a]*count[b], sum[b]*count[a]) })
	return first
}
