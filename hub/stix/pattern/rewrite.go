package pattern

// Rewrite returns the pattern without the comparisons for which keep is false. It
// is false where nothing is left. What stood around a dropped comparison stays:
//
//   - an Or keeps its other parts: it matches less;
//   - an And or FollowedBy keeps its other parts and goes only when none is left:
//     it matches more;
//   - an And whose rest no single object can satisfy any longer goes as well;
//   - brackets without a comparison go, with their qualifiers.
//
// A caller that must not widen a pattern has to drop all comparisons of an And.
func (p *Pattern) Rewrite(keep func(*Comparison) bool) (*Pattern, bool) {
	return p.rewrite(keep, func(Qualifier) bool { return true })
}

// WithoutWindows returns the pattern without its START … STOP qualifiers, which
// tell when something happened.
func (p *Pattern) WithoutWindows() *Pattern {
	out, _ := p.rewrite(func(*Comparison) bool { return true }, func(q Qualifier) bool { return q.Op != Start })
	return out
}

func (p *Pattern) rewrite(keep func(*Comparison) bool, keepQualifier func(Qualifier) bool) (*Pattern, bool) {
	r := rewriter{keep, keepQualifier}
	root := r.observation(p.Root)
	if root == nil {
		return nil, false
	}
	return newPattern(root), true
}

type rewriter struct {
	keep          func(*Comparison) bool
	keepQualifier func(Qualifier) bool
}

// observation returns a fresh tree, nil where nothing is left.
func (r rewriter) observation(o Observation) Observation {
	switch o := o.(type) {
	case *Test:
		expr := r.expression(o.Expr)
		if expr == nil {
			return nil
		}
		return qualify(&Test{Expr: expr}, r.qualifiers(o.Qualifiers))
	case *Compound:
		var parts []Observation
		for _, part := range o.Parts {
			if left := r.observation(part); left != nil {
				parts = append(parts, left)
			}
		}
		if len(parts) == 0 {
			return nil
		}
		return qualify(join(o.Op, parts), r.qualifiers(o.Qualifiers))
	}
	return nil
}

func (r rewriter) qualifiers(quals []Qualifier) []Qualifier {
	var left []Qualifier
	for _, q := range quals {
		if r.keepQualifier(q) {
			left = append(left, q)
		}
	}
	return left
}

func (r rewriter) expression(e Expression) Expression {
	switch e := e.(type) {
	case *Comparison:
		if r.keep(e) {
			return e
		}
	case *Junction:
		var parts []Expression
		for _, part := range e.Parts {
			if left := r.expression(part); left != nil {
				parts = append(parts, left)
			}
		}
		if len(parts) == 0 {
			return nil
		}
		if joined, satisfiable := newJunction(e.Op, parts); satisfiable {
			return joined
		}
	}
	return nil
}
