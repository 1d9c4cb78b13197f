package stix

import (
	"bytes"
	"strconv"
	"unicode/utf8"

	"isac/hub"
)

// Decode reads one JSON document (RFC 8259) strictly. The result is made of
// map[string]any, []any, string, json.Number, bool and nil.
//
// The error is a *hub.Error, either TooLarge ("stix.too-large", "stix.too-deep",
// "stix.too-many-values") or Invalid ("stix.not-utf8", "stix.byte-order-mark",
// "stix.syntax", "stix.duplicate-key", "stix.surrogate", "stix.number-range",
// "stix.trailing-data"). Its arguments are the line and the column (in
// characters) of the place, both from 1; for TooLarge the limit. Numbers written
// without fraction and exponent must lie within ±(2^53-1), others must be finite
// doubles. Keys are compared after unescaping.
func Decode(data []byte, lim Limits) (any, error) {
	d := decoder{data: data, lim: lim.orDefault(), keys: make(map[string]string, 64)}
	return d.document()
}

// decoder is a recursive-descent reader. Members and elements are gathered on two
// stacks, so that every map and list is made once, in its final size.
type decoder struct {
	data   []byte
	pos    int
	lim    Limits
	values int
	keys   map[string]string // property names seen, so that each is stored once
	pairs  []pair
	elems  []any
	inTop  [][]byte // elements, as written, of the list that was read last in the top object
	listed [][]byte // those of its property "objects"
}

func (d *decoder) document() (any, error) {
	if len(d.data) > d.lim.Bytes {
		return nil, tooLarge("stix.too-large", d.lim.Bytes)
	}
	if err := d.checkEncoding(); err != nil {
		return nil, err
	}
	d.space()
	v, err := d.value(0)
	if err != nil {
		return nil, err
	}
	d.space()
	if d.pos < len(d.data) {
		return nil, d.fail("stix.trailing-data")
	}
	return v, nil
}

type pair struct {
	key   string
	pos   int
	value any
}

func (d *decoder) checkEncoding() error {
	if bytes.HasPrefix(d.data, []byte("\xef\xbb\xbf")) {
		return d.fail("stix.byte-order-mark")
	}
	if utf8.Valid(d.data) {
		return nil
	}
	for d.pos < len(d.data) {
		r, n := utf8.DecodeRune(d.data[d.pos:])
		if r == utf8.RuneError && n == 1 {
			break
		}
		d.pos += n
	}
	return d.fail("stix.not-utf8")
}

// peek returns the byte at the position, 0 at the end (a NUL is never valid
// outside a string, so the two need no telling apart).
func (d *decoder) peek() byte {
	if d.pos < len(d.data) {
		return d.data[d.pos]
	}
	return 0
}

func (d *decoder) space() {
	for d.pos < len(d.data) {
		switch d.data[d.pos] {
		case ' ', '\t', '\n', '\r':
			d.pos++
		default:
			return
		}
	}
}

// value reads a value that lies inside depth lists and objects.
func (d *decoder) value(depth int) (any, error) {
	d.values++
	if d.values > d.lim.Values {
		return nil, tooLarge("stix.too-many-values", d.lim.Values)
	}
	switch c := d.peek(); c {
	case '{', '[':
		if depth >= d.lim.Depth {
			return nil, tooLarge("stix.too-deep", d.lim.Depth)
		}
		d.pos++
		if c == '{' {
			return d.object(depth + 1)
		}
		return d.list(depth + 1)
	case '"':
		s, err := d.text()
		if err != nil {
			return nil, err
		}
		return s, nil
	case 't':
		return true, d.literal("true")
	case 'f':
		return false, d.literal("false")
	case 'n':
		return nil, d.literal("null")
	}
	return d.number()
}

func (d *decoder) literal(word string) error {
	if !bytes.HasPrefix(d.data[d.pos:], []byte(word)) {
		return d.fail("stix.syntax")
	}
	d.pos += len(word)
	return nil
}

func (d *decoder) list(depth int) (any, error) {
	base := len(d.elems)
	d.space()
	if d.peek() == ']' {
		d.pos++
		return []any{}, nil
	}
	for {
		d.space()
		start := d.pos
		v, err := d.value(depth)
		if err != nil {
			return nil, err
		}
		d.elems = append(d.elems, v)
		if depth == 2 {
			d.inTop = append(d.inTop, d.data[start:d.pos:d.pos])
		}
		d.space()
		c := d.peek()
		if c != ',' && c != ']' {
			return nil, d.fail("stix.syntax")
		}
		d.pos++
		if c == ']' {
			break
		}
	}
	out := make([]any, len(d.elems)-base)
	copy(out, d.elems[base:])
	clear(d.elems[base:])
	d.elems = d.elems[:base]
	return out, nil
}

func (d *decoder) object(depth int) (any, error) {
	base := len(d.pairs)
	d.space()
	if d.peek() == '}' {
		d.pos++
		return map[string]any{}, nil
	}
	for {
		if err := d.member(depth); err != nil {
			return nil, err
		}
		d.space()
		c := d.peek()
		if c != ',' && c != '}' {
			return nil, d.fail("stix.syntax")
		}
		d.pos++
		if c == '}' {
			break
		}
	}
	return d.mapOf(base)
}

// member reads "key": value and pushes it.
func (d *decoder) member(depth int) error {
	d.space()
	start := d.pos
	if d.peek() != '"' {
		return d.fail("stix.syntax")
	}
	key, err := d.key()
	if err != nil {
		return err
	}
	d.space()
	if d.peek() != ':' {
		return d.fail("stix.syntax")
	}
	d.pos++
	d.space()
	if depth == 1 {
		d.inTop = nil
	}
	v, err := d.value(depth)
	if err != nil {
		return err
	}
	if depth == 1 && key == "objects" {
		d.listed = d.inTop
	}
	d.pairs = append(d.pairs, pair{key, start, v})
	return nil
}

// mapOf pops the pairs from base on.
func (d *decoder) mapOf(base int) (any, error) {
	pairs := d.pairs[base:]
	m := make(map[string]any, len(pairs))
	for i := range pairs {
		m[pairs[i].key] = pairs[i].value
		if len(m) <= i {
			d.pos = pairs[i].pos
			return nil, d.fail("stix.duplicate-key")
		}
	}
	clear(pairs)
	d.pairs = d.pairs[:base]
	return m, nil
}

// fail makes an error of the rule at the current position.
func (d *decoder) fail(rule string) error {
	before := d.data[:d.pos]
	line := bytes.Count(before, []byte{'\n'}) + 1
	column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
	return hub.E(hub.Invalid, rule, strconv.Itoa(line), strconv.Itoa(column))
}

func tooLarge(rule string, limit int) error {
	return hub.E(hub.TooLarge, rule, strconv.Itoa(limit))
}
