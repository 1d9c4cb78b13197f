package pattern

import "slices"

// Observation is an observation expression: *Test or *Compound.
type Observation interface{ isObservation() }

// Test is a comparison expression in brackets: one object must satisfy it.
type Test struct {
	Expr       Expression
	Qualifiers []Qualifier
}

// Compound joins observations with And, Or or FollowedBy. Without an operator it
// has one part, itself qualified: ([…] WITHIN 5 SECONDS) REPEATS 2 TIMES.
type Compound struct {
	Op         Op
	Parts      []Observation
	Qualifiers []Qualifier
}

func (*Test) isObservation()     {}
func (*Compound) isObservation() {}

// Qualifier bounds an observation in time or number.
type Qualifier struct {
	Op     Op      // Within, Repeats or Start
	Value  Literal // seconds, times, or the start
	Second Literal // the stop; Start only
}

// Expression is a comparison expression: *Comparison or *Junction.
type Expression interface {
	// types lists, sorted, the object types that can satisfy the expression.
	types() []string
}

// Junction joins comparison expressions with And or Or.
type Junction struct {
	Op    Op
	Parts []Expression

	able []string
}

// Comparison compares the value at a path. Values holds one literal, any number
// for In, none for Exists.
type Comparison struct {
	Path    Path
	Negated bool
	Op      Op
	Values  []Literal
}

func (j *Junction) types() []string   { return j.able }
func (c *Comparison) types() []string { return []string{c.Path.Type} }

// Op is an operator, in the spelling of the language.
type Op string

// The operators.
const (
	Equals     Op = "="
	NotEquals  Op = "!="
	Less       Op = "<"
	LessEq     Op = "<="
	Greater    Op = ">"
	GreaterEq  Op = ">="
	In         Op = "IN"
	Like       Op = "LIKE"
	Matches    Op = "MATCHES"
	IsSubset   Op = "ISSUBSET"
	IsSuperset Op = "ISSUPERSET"
	Exists     Op = "EXISTS"

	And        Op = "AND"
	Or         Op = "OR"
	FollowedBy Op = "FOLLOWEDBY"

	Within  Op = "WITHIN"
	Repeats Op = "REPEATS"
	Start   Op = "START"
)

// binding says how tightly an operator between observations binds.
var binding = map[Op]int{FollowedBy: 1, Or: 2, And: 3}

// Path is an object path: an object type and at least one step.
type Path struct {
	Type  string
	Steps []Step
}

// Step is a property name, a place in a list, or any place in a list.
type Step struct {
	Key   string // where not Index
	Index bool
	At    int // -1 is any place, [*]
}

// LiteralKind is the type of a literal.
type LiteralKind int

// The kinds of literals and what Literal.Text holds.
const (
	String    LiteralKind = iota // the text, unescaped
	Int                          // decimal, no plus sign, 64 bits
	Float                        // decimal with a point, shortest form
	Bool                         // true, false
	Timestamp                    // RFC 3339 with Z, as written
	Binary                       // base64
	Hex                          // lower-case hex digits
)

// Literal is a constant.
type Literal struct {
	Kind LiteralKind
	Text string
}

// newJunction joins parts; parts with the same operator are taken in. It is false
// where no object can satisfy all parts of an And.
func newJunction(op Op, parts []Expression) (Expression, bool) {
	if len(parts) == 1 {
		return parts[0], true
	}
	j := &Junction{Op: op, able: ableTypes(op, parts)}
	for _, part := range parts {
		if inner, ok := part.(*Junction); ok && inner.Op == op {
			j.Parts = append(j.Parts, inner.Parts...)
			continue
		}
		j.Parts = append(j.Parts, part)
	}
	return j, len(j.able) > 0
}

// ableTypes is the union of the parts' types for Or, the intersection for And.
func ableTypes(op Op, parts []Expression) []string {
	able := parts[0].types()
	if op == And {
		for _, part := range parts[1:] {
			able = intersect(able, part.types())
		}
		return able
	}
	able = slices.Clone(able)
	for _, part := range parts[1:] {
		able = append(able, part.types()...)
	}
	slices.Sort(able)
	return slices.Compact(able)
}

func intersect(a, b []string) []string {
	var common []string
	for _, typ := range a {
		if _, ok := slices.BinarySearch(b, typ); ok {
			common = append(common, typ)
		}
	}
	return common
}

// join joins observations; unqualified parts with the same operator are taken in,
// for FollowedBy the first alone.
func join(op Op, parts []Observation) Observation {
	if len(parts) == 1 {
		return parts[0]
	}
	c := &Compound{Op: op}
	for i, part := range parts {
		inner, ok := part.(*Compound)
		if ok && inner.Op == op && len(inner.Qualifiers) == 0 && (op != FollowedBy || i == 0) {
			c.Parts = append(c.Parts, inner.Parts...)
			continue
		}
		c.Parts = append(c.Parts, part)
	}
	return c
}

// qualify adds qualifiers to a fresh node, or to parentheses around it where it
// has some already.
func qualify(o Observation, quals []Qualifier) Observation {
	if len(quals) == 0 {
		return o
	}
	switch o := o.(type) {
	case *Test:
		if len(o.Qualifiers) == 0 {
			o.Qualifiers = quals
			return o
		}
	case *Compound:
		if len(o.Qualifiers) == 0 {
			o.Qualifiers = quals
			return o
		}
	}
	return &Compound{Parts: []Observation{o}, Qualifiers: quals}
}
