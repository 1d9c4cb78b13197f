// Package stix reads and writes STIX 2.1 as plain JSON trees: a strict reader,
// objects and bundles, identifiers, times, canonical output, TLP markings, and the
// tables of object types and reference targets.
//
// It trusts nothing that it reads. Decode refuses what two readers could
// understand differently (duplicate keys, broken UTF-8, lone surrogates, numbers
// that a double cannot hold, data after the end) and what could exhaust a reader
// (size, depth, number of values). Beyond that it does not judge: whether an
// object follows STIX is the question of hub/validate, and a bundle that breaks
// STIX rules can still be read here.
//
//	b, err := stix.ParseBundle(data, stix.DefaultLimits())
//	for _, o := range b.Objects {
//		fmt.Println(o.Type(), o.ID())
//	}
package stix

// Limits bound what Decode and ParseBundle accept. A field that is zero or less
// stands for its default.
type Limits struct {
	Bytes   int // length of the document
	Depth   int // nesting of lists and objects; {} has depth 1
	Objects int // entries of a bundle's objects
	Values  int // JSON values in the document, whatever their kind
}

// DefaultLimits are 8 MiB, 100 levels, 10,000 objects and 1,000,000 values.
func DefaultLimits() Limits {
	return Limits{Bytes: 8 << 20, Depth: 100, Objects: 10_000, Values: 1_000_000}
}

func (l Limits) orDefault() Limits {
	d := DefaultLimits()
	return Limits{
		Bytes:   positive(l.Bytes, d.Bytes),
		Depth:   positive(l.Depth, d.Depth),
		Objects: positive(l.Objects, d.Objects),
		Values:  positive(l.Values, d.Values),
	}
}

func positive(n, otherwise int) int {
	if n > 0 {
		return n
	}
	return otherwise
}
