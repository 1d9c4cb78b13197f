package gate

import (
	"bytes"
	"unicode/utf8"
)

// output reads an output in every way.
func (s *search) output(out []byte) error {
	whole := reading{data: out}
	if err := s.notText(out, []segment{{0, 0, len(out)}}, 1); err != nil {
		return err
	}
	if !looksLikeJSON(out) {
		return s.text(whole, 0)
	}
	return s.json(whole, 0)
}

// json reads the strings of a JSON document, and what stands between them, where it is
// the output itself; where it isn't clean JSON, all of it as text.
func (s *search) json(doc reading, depth int) error {
	values, keys, clean := jsonStrings(doc.data)
	if clean && doc.segs == nil {
		if err := s.raw(doc, values.insides(doc.data)...); err != nil {
			return err
		}
	}
	if doc.segs != nil {
		values.inherit(doc.segs)
		keys.inherit(doc.segs)
	}
	for _, r := range []reading{values, keys} {
		if err := s.text(r, depth); err != nil {
			return err
		}
	}
	if clean {
		return nil
	}
	return s.text(doc, depth)
}

// insides returns what lies deeper than near in the strings of a document, which are
// read as values: all that stands around and between them is left.
func (r *reading) insides(doc []byte) []interval {
	var out []interval
	for _, seg := range r.segs {
		from, to := seg.start+near, seg.end-near
		for from < to && !utf8.RuneStart(doc[from]) {
			from++
		}
		for from < to && !utf8.RuneStart(doc[to]) {
			to--
		}
		if to-from > perReading {
			out = append(out, interval{from, to})
		}
	}
	return out
}

// inherit maps segments that point into a reading on to the output.
func (r *reading) inherit(outer []segment) {
	for i := range r.segs {
		r.segs[i].start, r.segs[i].end = locate(outer, r.segs[i].start, r.segs[i].end)
	}
}

// text reads a text, and then whatever is encoded in it.
func (s *search) text(t reading, depth int) error {
	if len(t.data) == 0 {
		return nil
	}
	if err := s.read(t, depth); err != nil {
		return err
	}
	for _, decode := range decoders(t.data) {
		if err := s.pieces(t, depth, decode); err != nil {
			return err
		}
	}
	err := s.blocks(t.data, func(decoded []byte, i, j int) error {
		return s.block(decoded, t, i, j, depth+1)
	})
	if err != nil {
		return err
	}
	return s.others(t, depth)
}

// decoders returns those that may change some piece of data.
func decoders(data []byte) []func(dst, src []byte) ([]byte, bool) {
	var out []func(dst, src []byte) ([]byte, bool)
	if hasEscape(data) {
		out = append(out, unescape)
	}
	if bytes.Contains(data, like) {
		out = append(out, behindWildcards)
	}
	if bytes.Contains(data, []byte(`\\`)) {
		out = append(out, unescapeBehind)
	}
	if hasPunycode(data) {
		out = append(out, unpuny)
	}
	if bytes.IndexByte(data, '<') >= 0 {
		out = append(out, untag)
	}
	if severalKinds(data) {
		out = append(out, unescapeOnly('\\'), unescapeOnly('%'), unescapeOnly('&'))
	}
	if hasQuoted(data) {
		out = append(out, unquote, unquoteHigh)
	}
	return out
}

// deeper reads what was decoded at a depth.
func (s *search) deeper(t reading, depth int) error {
	if len(t.data) == 0 {
		return nil
	}
	if depth > maxDepth {
		return errTooDeep
	}
	for i := range t.count() {
		part, seg := t.segment(i)
		if len(part) > 2 && looksLikeJSON(part) && bytes.IndexByte(part, '"') >= 0 {
			if err := s.json(reading{part, []segment{{0, seg.start, seg.end}}}, depth); err != nil {
				return err
			}
		}
	}
	return s.text(t, depth)
}

// block reads decoded bytes that stand at t.data[i:j] in an encoding.
func (s *search) block(decoded []byte, t reading, i, j, depth int) error {
	start, end := locate(t.segs, i, j)
	return s.bytes(decoded, []segment{{0, start, end}}, depth)
}

// bytes reads b, which may be text or not: what is compressed in it, its text of
// another charset, and what of it is text as it stands.
func (s *search) bytes(b []byte, from []segment, depth int) error {
	if err := s.notText(b, from, depth); err != nil {
		return err
	}
	return s.deeper(reading{stretches(b), from}, depth)
}

// notText is bytes without the last.
func (s *search) notText(b []byte, from []segment, depth int) error {
	if depth > maxDepth && packed(b) {
		return errTooDeep
	}
	err := unpack(b, s.budget, func(out []byte) error { return s.bytes(out, from, depth+1) })
	if err != nil {
		return err
	}
	return otherCharsets(b, func(text []byte) error { return s.deeper(reading{text, from}, depth) })
}

// others reads text as what it shows: written from right to left, digits in kanji.
func (s *search) others(t reading, depth int) error {
	found := func(text []byte) error {
		start, end := locate(t.segs, 0, len(t.data))
		return s.deeper(reading{text, []segment{{0, start, end}}}, depth+1)
	}
	if turned := turnAround(t.data); turned != nil {
		if err := found(turned); err != nil {
			return err
		}
	}
	if digits := kanjiDigits(t.data); digits != nil {
		return found(digits)
	}
	return nil
}

// near is how much of the values beside a decoded one is read with it.
const near = 96

// pieces decodes the segments of t that decode changes, and reads them, each with
// the ends of its neighbours: a name may be split and only half of it encoded.
func (s *search) pieces(t reading, depth int, decode func(dst, src []byte) ([]byte, bool)) error {
	var out reading
	last := -1 // the last segment in out
	for i := range t.count() {
		src, seg := t.segment(i)
		before := out
		if i > 0 && last < i-1 {
			side, from := t.segment(i - 1)
			out.append(side[max(0, len(side)-near):], from)
		}
		out.segs = append(out.segs, segment{len(out.data), seg.start, seg.end})
		data, changed := decode(out.data, src)
		if changed {
			out.data = append(data, valueBreak)
			last = i
			continue
		}
		out.data, out.segs = before.data, before.segs
		if i > 0 && last == i-1 {
			out.append(src[:min(len(src), near)], seg)
		}
	}
	if last < 0 {
		return nil
	}
	if err := s.escapedBytes(out, depth+1); err != nil {
		return err
	}
	return s.deeper(out, depth+1)
}

// escapedBytes reads decoded pieces that are not text as what they may be.
func (s *search) escapedBytes(t reading, depth int) error {
	if utf8.Valid(t.data) && bytes.IndexByte(t.data, 0) < 0 && bytes.IndexByte(t.data, 0x1b) < 0 {
		return nil
	}
	for i := range t.count() {
		src, seg := t.segment(i)
		if err := s.notText(src, []segment{{0, seg.start, seg.end}}, depth); err != nil {
			return err
		}
	}
	return nil
}
