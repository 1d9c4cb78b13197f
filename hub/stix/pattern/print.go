package pattern

import (
	"strconv"
	"strings"
)

func newPattern(root Observation) *Pattern {
	var b strings.Builder
	printObservation(&b, root, 0)
	return &Pattern{Root: root, text: b.String()}
}

// printObservation prints o inside an operator that binds as tightly as given.
func printObservation(b *strings.Builder, o Observation, outer int) {
	switch o := o.(type) {
	case *Test:
		b.WriteByte('[')
		printExpression(b, o.Expr, false)
		b.WriteByte(']')
		printQualifiers(b, o.Qualifiers)
	case *Compound:
		parens := len(o.Qualifiers) > 0 || binding[o.Op] <= outer
		inner := binding[o.Op]
		if parens {
			b.WriteByte('(')
		}
		for i, part := range o.Parts {
			if i > 0 {
				b.WriteString(" " + string(o.Op) + " ")
			}
			printObservation(b, part, inner)
		}
		if parens {
			b.WriteByte(')')
		}
		printQualifiers(b, o.Qualifiers)
	}
}

func printQualifiers(b *strings.Builder, quals []Qualifier) {
	for _, q := range quals {
		b.WriteString(" " + string(q.Op) + " " + q.Value.String())
		switch q.Op {
		case Within:
			b.WriteString(" SECONDS")
		case Repeats:
			b.WriteString(" TIMES")
		case Start:
			b.WriteString(" STOP " + q.Second.String())
		}
	}
}

// printExpression prints e; an Or inside an And needs parentheses.
func printExpression(b *strings.Builder, e Expression, insideAnd bool) {
	switch e := e.(type) {
	case *Comparison:
		b.WriteString(e.String())
	case *Junction:
		if insideAnd {
			b.WriteByte('(')
		}
		for i, part := range e.Parts {
			if i > 0 {
				b.WriteString(" " + string(e.Op) + " ")
			}
			printExpression(b, part, e.Op == And)
		}
		if insideAnd {
			b.WriteByte(')')
		}
	}
}

// String returns the comparison in canonical form, without brackets.
func (c *Comparison) String() string {
	if c.Op == Exists {
		return "EXISTS " + c.Path.String()
	}
	not := ""
	if c.Negated {
		not = "NOT "
	}
	values := make([]string, len(c.Values))
	for i, v := range c.Values {
		values[i] = v.String()
	}
	text := strings.Join(values, ", ")
	if c.Op == In {
		text = "(" + text + ")"
	}
	return c.Path.String() + " " + not + string(c.Op) + " " + text
}

// String returns the path in canonical form, which is the form of hub.Kind:
// file:hashes.'SHA-256'.
func (p Path) String() string {
	var b strings.Builder
	b.WriteString(p.Type + ":")
	for i, s := range p.Steps {
		switch {
		case s.Index && s.At < 0:
			b.WriteString("[*]")
			continue
		case s.Index:
			b.WriteString("[" + strconv.Itoa(s.At) + "]")
			continue
		case i > 0:
			b.WriteByte('.')
		}
		if plain(s.Key) {
			b.WriteString(s.Key)
			continue
		}
		b.WriteString(quote(s.Key))
	}
	return b.String()
}

// String returns the literal in canonical form.
func (v Literal) String() string {
	switch v.Kind {
	case String:
		return quote(v.Text)
	case Timestamp:
		return "t'" + v.Text + "'"
	case Binary:
		return "b'" + v.Text + "'"
	case Hex:
		return "h'" + v.Text + "'"
	}
	return v.Text
}

var escaper = strings.NewReplacer(`\`, `\\`, `'`, `\'`)

func quote(s string) string { return "'" + escaper.Replace(s) + "'" }
