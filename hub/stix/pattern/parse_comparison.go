package pattern

import (
	"strconv"
	"strings"
)

// junction reads comparisons joined by Or, or by And, which binds tighter.
func (p *parser) junction(op Op) (Expression, error) {
	at := p.tok.pos
	var parts []Expression
	for {
		part, err := p.operand(op)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
		more, err := p.accept(string(op))
		if err != nil {
			return nil, err
		}
		if !more {
			break
		}
	}
	joined, satisfiable := newJunction(op, parts)
	if !satisfiable {
		return nil, p.lex.fail(RuleAndTypes, at)
	}
	return joined, nil
}

func (p *parser) operand(op Op) (Expression, error) {
	if op == Or {
		return p.junction(And)
	}
	if !p.tok.is("(") {
		return p.comparison()
	}
	if err := p.enter(p.tok.pos); err != nil {
		return nil, err
	}
	if err := p.next(); err != nil {
		return nil, err
	}
	inner, err := p.junction(Or)
	if err != nil {
		return nil, err
	}
	p.depth--
	return inner, p.expect(")")
}

func (p *parser) comparison() (Expression, error) {
	if err := p.term(); err != nil {
		return nil, err
	}
	c := &Comparison{}
	exists, err := p.accept(string(Exists))
	if err != nil {
		return nil, err
	}
	c.Path, err = p.path()
	if err != nil {
		return nil, err
	}
	if exists {
		c.Op = Exists
		return c, nil
	}
	c.Negated, err = p.accept("NOT")
	if err != nil {
		return nil, err
	}
	c.Op = Op(p.tok.text)
	if p.tok.kind != symbol && p.tok.kind != keyword {
		return nil, p.fail(RuleSyntax)
	}
	c.Values, err = p.values(c.Op)
	return c, err
}

var (
	orderable = []LiteralKind{String, Int, Float, Timestamp, Binary, Hex}
	primitive = append([]LiteralKind{Bool}, orderable...)
)

// values steps over the operator, which is the token, and its literals.
func (p *parser) values(op Op) ([]Literal, error) {
	kinds := []LiteralKind{String}
	switch op {
	case Equals, NotEquals, In:
		kinds = primitive
	case Less, LessEq, Greater, GreaterEq:
		kinds = orderable
	case Like, Matches, IsSubset, IsSuperset:
	default:
		return nil, p.fail(RuleSyntax)
	}
	if err := p.next(); err != nil {
		return nil, err
	}
	if op == In {
		return p.set(kinds)
	}
	at := p.tok.pos
	v, err := p.literal(kinds...)
	if err != nil {
		return nil, err
	}
	if op == Matches && !validRegex(v.Text) {
		return nil, p.lex.fail(RuleRegex, at)
	}
	return []Literal{v}, nil
}

// set reads ( literal, … ), maybe empty.
func (p *parser) set(kinds []LiteralKind) ([]Literal, error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	values := []Literal{}
	if p.tok.is(")") {
		return values, p.next()
	}
	for {
		if err := p.term(); err != nil {
			return nil, err
		}
		v, err := p.literal(kinds...)
		if err != nil {
			return nil, err
		}
		values = append(values, v)
		more, err := p.accept(",")
		if err != nil {
			return nil, err
		}
		if !more {
			return values, p.expect(")")
		}
	}
}

// path reads type:key and further steps. Only the type may have hyphens without
// quotes.
func (p *parser) path() (Path, error) {
	if p.tok.kind != word {
		return Path{}, p.fail(RuleSyntax)
	}
	path := Path{Type: p.tok.text}
	if err := p.next(); err != nil {
		return path, err
	}
	if err := p.expect(":"); err != nil {
		return path, err
	}
	step, err := p.key()
	for err == nil {
		path.Steps = append(path.Steps, step)
		switch {
		case p.tok.is("."):
			if err = p.next(); err == nil {
				step, err = p.key()
			}
		case p.tok.is("["):
			step, err = p.index()
		default:
			return path, nil
		}
	}
	return path, err
}

func (p *parser) key() (Step, error) {
	var key string
	switch {
	case p.tok.kind == word && !strings.Contains(p.tok.text, "-"):
		key = p.tok.text
	case p.tok.kind == literal && p.tok.value.Kind == String:
		key = p.tok.value.Text
	default:
		return Step{}, p.fail(RuleSyntax)
	}
	return Step{Key: key}, p.next()
}

// index reads [n] or [*].
func (p *parser) index() (Step, error) {
	step := Step{Index: true, At: -1}
	if err := p.next(); err != nil {
		return step, err
	}
	star, err := p.accept("*")
	if err != nil {
		return step, err
	}
	if !star {
		at := p.tok.pos
		v, err := p.literal(Int)
		if err != nil {
			return step, err
		}
		step.At, err = strconv.Atoi(v.Text)
		if err != nil || step.At < 0 {
			return step, p.lex.fail(RuleLiteral, at)
		}
	}
	return step, p.expect("]")
}
