package paper

import "math"

type point struct{ x, y float64 }

func (p point) from(q point) float64 { return math.Hypot(q.x-p.x, q.y-p.y) }

// towards is the point on the way to q, part of it.
func (p point) towards(q point, part float64) point {
	return point{p.x + (q.x-p.x)*part, p.y + (q.y-p.y)*part}
}

// trace follows a path as lines of points; a curve is several.
type trace struct{ lines [][]point }

func (t *trace) last() point {
	line := t.lines[len(t.lines)-1]
	return line[len(line)-1]
}

func (t *trace) move(p point) { t.lines = append(t.lines, []point{p}) }

func (t *trace) line(p point) {
	i := len(t.lines) - 1
	t.lines[i] = append(t.lines[i], p)
}

// bends are the lines that a curve is made of.
const bends = 10

func (t *trace) curve(a, b, end point) {
	from := t.last()
	for i := 1; i <= bends; i++ {
		at := float64(i) / bends
		ab := a.towards(b, at)
		t.line(from.towards(a, at).towards(ab, at).towards(ab.towards(b.towards(end, at), at), at))
	}
}

// close goes back to where the line began.
func (t *trace) close() {
	if len(t.lines) > 0 {
		t.line(t.lines[len(t.lines)-1][0])
	}
}

// round is a box with round corners.
func round(x, y, w, h, radius float64) [][]point {
	const k = 0.4477 // from a corner to where its curve bends to
	var t trace
	t.move(point{x + radius, y})
	corner := func(cx, cy, dx, dy float64) { // from above or below the corner on, or from beside it
		in, out := point{cx - dx*radius, cy}, point{cx, cy + dy*radius}
		if dx*dy < 0 {
			in, out = point{cx, cy + dy*radius}, point{cx - dx*radius, cy}
		}
		c := point{cx, cy}
		t.line(in)
		t.curve(c.towards(in, k), c.towards(out, k), out)
	}
	corner(x+w, y, 1, 1)
	corner(x+w, y+h, 1, -1)
	corner(x, y+h, -1, -1)
	corner(x, y, -1, 1)
	return t.lines
}

// dashed cuts a line into dashes: so long, so far apart. Without a pattern it stays whole.
func dashed(line []point, dash []float64) [][]point {
	if len(dash) != 2 || dash[0] <= 0 || dash[1] <= 0 {
		return [][]point{line}
	}
	var out [][]point
	on, left := true, dash[0]
	part := []point{line[0]}
	for i := range len(line) - 1 {
		a, b := line[i], line[i+1]
		for length := a.from(b); length > left; length = a.from(b) {
			a = a.towards(b, left/length)
			if on {
				out = append(out, append(part, a))
			}
			part, on = []point{a}, !on
			left = dash[0]
			if !on {
				left = dash[1]
			}
		}
		left -= a.from(b)
		part = append(part, b)
	}
	if on {
		out = append(out, part)
	}
	return out
}
