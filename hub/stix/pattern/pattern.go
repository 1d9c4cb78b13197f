// Package pattern reads, rewrites and writes patterns of the STIX 2.1 patterning
// language (STIX 2.1, section 9): what an indicator looks for.
//
// It trusts nothing that it reads. A pattern is parsed into a typed tree within
// limits of size, depth and number of terms; what is written is always printed
// from the tree in one canonical form, never cut out of the input. Comments,
// spelling and needless parentheses of the input are gone then. Patterns are not
// evaluated here.
//
//	p, err := pattern.Parse("[ipv4-addr:value='198.51.100.1' OR domain-name:value = 'a.example']")
//	p, left := p.Rewrite(func(c *pattern.Comparison) bool { return c.Path.Type == "ipv4-addr" })
//	fmt.Println(left, p) // true [ipv4-addr:value = '198.51.100.1']
package pattern

import "isac/hub"

// Limits of a pattern.
const (
	MaxBytes = 64 << 10 // of the input and of the canonical form
	MaxDepth = 200      // nested parentheses
	MaxTerms = 5000     // comparisons and members of sets
)

// Pattern is a parsed pattern. Its tree is not to be changed.
type Pattern struct {
	Root Observation
	text string
}

// String returns the canonical form, without line breaks but those inside
// strings. Parsing it gives the same tree and the same text.
func (p *Pattern) String() string { return p.text }

// Comparisons returns all comparisons in the order of the text.
func (p *Pattern) Comparisons() []*Comparison { return comparisons(nil, p.Root) }

func comparisons(list []*Comparison, o Observation) []*Comparison {
	switch o := o.(type) {
	case *Test:
		return compared(list, o.Expr)
	case *Compound:
		for _, part := range o.Parts {
			list = comparisons(list, part)
		}
	}
	return list
}

func compared(list []*Comparison, e Expression) []*Comparison {
	switch e := e.(type) {
	case *Comparison:
		return append(list, e)
	case *Junction:
		for _, part := range e.Parts {
			list = compared(list, part)
		}
	}
	return list
}

// Equal writes the pattern of a single indicator, [ipv4-addr:value = '…']. The
// value of autonomous-system:number is written as it stands and must be digits.
func Equal(kind hub.Kind, value string) string {
	literal := Literal{Kind: String, Text: value}
	if kind == hub.AS {
		literal.Kind = Int
	}
	return "[" + string(kind) + " = " + literal.String() + "]"
}
