package pattern

import (
	"strings"
	"unicode/utf8"
)

// Parse reads a pattern. An error is an *Error with the broken rule and its
// place. Refused beside bad syntax: more than the limits, REPEATS and WITHIN that
// are not positive, STOP that is not after START, one kind of qualifier twice on
// one observation, MATCHES with a broken regular expression, and comparisons
// joined by AND that no single object can satisfy.
func Parse(text string) (*Pattern, error) {
	switch {
	case len(text) > MaxBytes:
		return nil, &Error{Rule: RuleTooLarge}
	case !utf8.ValidString(text):
		return nil, &Error{Rule: RuleUTF8}
	case strings.TrimSpace(text) == "":
		return nil, &Error{Rule: RuleEmpty}
	}
	p := parser{lex: lexer{text: text}}
	if err := p.next(); err != nil {
		return nil, err
	}
	root, err := p.compound(0)
	if err != nil {
		return nil, err
	}
	if p.tok.kind != end {
		return nil, p.fail(RuleSyntax)
	}
	pattern := newPattern(root)
	if len(pattern.text) > MaxBytes {
		return nil, &Error{Rule: RuleTooLarge}
	}
	return pattern, nil
}

// parser reads by recursive descent, one token ahead.
type parser struct {
	lex   lexer
	tok   token
	depth int
	terms int
}

func (p *parser) next() error {
	tok, err := p.lex.next()
	p.tok = tok
	return err
}

func (p *parser) fail(rule string) error { return p.lex.fail(rule, p.tok.pos) }

// accept steps over the token if it is that symbol or keyword.
func (p *parser) accept(text string) (bool, error) {
	if !p.tok.is(text) {
		return false, nil
	}
	return true, p.next()
}

func (p *parser) expect(text string) error {
	ok, err := p.accept(text)
	if err != nil {
		return err
	}
	if !ok {
		return p.fail(RuleSyntax)
	}
	return nil
}

// literal steps over a literal of one of the kinds.
func (p *parser) literal(kinds ...LiteralKind) (Literal, error) {
	if p.tok.kind == literal {
		for _, kind := range kinds {
			if v := p.tok.value; v.Kind == kind {
				return v, p.next()
			}
		}
	}
	return Literal{}, p.fail(RuleSyntax)
}

// enter counts the open parenthesis at a place.
func (p *parser) enter(at int) error {
	p.depth++
	if p.depth > MaxDepth {
		return p.lex.fail(RuleTooDeep, at)
	}
	return nil
}

func (p *parser) term() error {
	p.terms++
	if p.terms > MaxTerms {
		return p.fail(RuleTooMany)
	}
	return nil
}

// levels are the operators between observations, the loosest first.
var levels = []Op{FollowedBy, Or, And}

func (p *parser) compound(level int) (Observation, error) {
	if level == len(levels) {
		return p.observation()
	}
	var parts []Observation
	for {
		part, err := p.compound(level + 1)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
		more, err := p.accept(string(levels[level]))
		if err != nil {
			return nil, err
		}
		if !more {
			return join(levels[level], parts), nil
		}
	}
}

// observation reads a bracket or parentheses, and qualifiers.
func (p *parser) observation() (Observation, error) {
	open := p.tok
	if !open.is("[") && !open.is("(") {
		return nil, p.fail(RuleSyntax)
	}
	if err := p.next(); err != nil {
		return nil, err
	}
	inner, err := p.inside(open)
	if err != nil {
		return nil, err
	}
	quals, err := p.qualifiers()
	if err != nil {
		return nil, err
	}
	return qualify(inner, quals), nil
}

// inside reads what the open bracket or parenthesis holds, and its close.
func (p *parser) inside(open token) (Observation, error) {
	if open.text == "[" {
		expr, err := p.junction(Or)
		if err != nil {
			return nil, err
		}
		return &Test{Expr: expr}, p.expect("]")
	}
	if err := p.enter(open.pos); err != nil {
		return nil, err
	}
	inner, err := p.compound(0)
	if err != nil {
		return nil, err
	}
	p.depth--
	return inner, p.expect(")")
}

func (p *parser) qualifiers() ([]Qualifier, error) {
	var quals []Qualifier
	seen := make(map[Op]bool)
	for p.tok.kind == keyword {
		op := Op(p.tok.text)
		if op != Within && op != Repeats && op != Start {
			break
		}
		if seen[op] {
			return nil, p.fail(RuleTwice)
		}
		seen[op] = true
		if err := p.next(); err != nil {
			return nil, err
		}
		q, err := p.qualifier(op)
		if err != nil {
			return nil, err
		}
		quals = append(quals, q)
	}
	return quals, nil
}

func (p *parser) qualifier(op Op) (Qualifier, error) {
	q := Qualifier{Op: op}
	at := p.tok.pos
	var err error
	switch op {
	case Repeats:
		q.Value, err = p.amount(RuleRepeats, "TIMES", Int)
	case Within:
		q.Value, err = p.amount(RuleWithin, "SECONDS", Int, Float)
	default:
		q.Value, q.Second, err = p.window()
		if err != nil {
			return q, err
		}
		start, _ := q.Value.time()
		stop, _ := q.Second.time()
		if !stop.After(start) {
			return q, p.lex.fail(RuleStartStop, at)
		}
	}
	return q, err
}

// amount reads a positive number and its unit.
func (p *parser) amount(rule, unit string, kinds ...LiteralKind) (Literal, error) {
	at := p.tok.pos
	v, err := p.literal(kinds...)
	if err != nil {
		return v, err
	}
	if v.Text[0] == '-' || strings.Trim(v.Text, "0.") == "" {
		return v, p.lex.fail(rule, at)
	}
	return v, p.expect(unit)
}

func (p *parser) window() (start, stop Literal, err error) {
	start, err = p.literal(Timestamp)
	if err != nil {
		return start, stop, err
	}
	if err := p.expect("STOP"); err != nil {
		return start, stop, err
	}
	stop, err = p.literal(Timestamp)
	return start, stop, err
}
