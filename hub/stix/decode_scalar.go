package stix

import (
	"encoding/json"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// maxKept is the longest property name that is worth remembering.
const maxKept = 64

// key reads a string and returns one copy for all equal ones.
func (d *decoder) key() (string, error) {
	raw, plain, err := d.scan()
	if err != nil {
		return "", err
	}
	if !plain || len(raw) > maxKept {
		return d.unescape(raw, plain)
	}
	if k, ok := d.keys[string(raw)]; ok {
		return k, nil
	}
	k := string(raw)
	d.keys[k] = k
	return k, nil
}

func (d *decoder) text() (string, error) {
	raw, plain, err := d.scan()
	if err != nil {
		return "", err
	}
	return d.unescape(raw, plain)
}

// scan steps over a string and returns what stands between its quotes, and
// whether that is free of escapes.
func (d *decoder) scan() (raw []byte, plain bool, err error) {
	start, plain := d.pos+1, true
	for i := start; i < len(d.data); i++ {
		switch c := d.data[i]; {
		case c == '"':
			d.pos = i + 1
			return d.data[start:i], plain, nil
		case c == '\\':
			plain = false
			i++
		case c < 0x20:
			d.pos = i
			return nil, false, d.fail("stix.syntax")
		}
	}
	d.pos = len(d.data)
	return nil, false, d.fail("stix.syntax")
}

// unescape returns the text of raw, which ends just before the position's quote.
func (d *decoder) unescape(raw []byte, plain bool) (string, error) {
	if plain {
		return string(raw), nil
	}
	end := d.pos
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); {
		if raw[i] != '\\' {
			out = append(out, raw[i])
			i++
			continue
		}
		r, n, rule := escape(raw[i:])
		if rule != "" {
			d.pos = end - 1 - len(raw) + i
			return "", d.fail(rule)
		}
		out = utf8.AppendRune(out, r)
		i += n
	}
	return string(out), nil
}

// escape reads the escape that b begins with: its rune and length, or the rule
// that it breaks.
func escape(b []byte) (r rune, n int, rule string) {
	switch b[1] {
	case '"', '\\', '/':
		return rune(b[1]), 2, ""
	case 'b':
		return '\b', 2, ""
	case 'f':
		return '\f', 2, ""
	case 'n':
		return '\n', 2, ""
	case 'r':
		return '\r', 2, ""
	case 't':
		return '\t', 2, ""
	case 'u':
		return unicodeEscape(b)
	}
	return 0, 0, "stix.syntax"
}

func unicodeEscape(b []byte) (r rune, n int, rule string) {
	r, ok := hex4(b)
	if !ok {
		return 0, 0, "stix.syntax"
	}
	if !utf16.IsSurrogate(r) {
		return r, 6, ""
	}
	low, ok := hex4(b[6:])
	if !ok {
		return 0, 0, "stix.surrogate"
	}
	r = utf16.DecodeRune(r, low)
	if r == utf8.RuneError {
		return 0, 0, "stix.surrogate"
	}
	return r, 12, ""
}

// hex4 reads a \u escape, four digits, at the start of b.
func hex4(b []byte) (rune, bool) {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return 0, false
	}
	var r rune
	for _, c := range b[2:6] {
		switch {
		case '0' <= c && c <= '9':
			r = r<<4 | rune(c-'0')
		case 'a' <= c && c <= 'f':
			r = r<<4 | rune(c-'a'+10)
		case 'A' <= c && c <= 'F':
			r = r<<4 | rune(c-'A'+10)
		default:
			return 0, false
		}
	}
	return r, true
}

// maxInteger is the largest integer that STIX 2.1 (section 2.9) allows.
const maxInteger = 1<<53 - 1

func (d *decoder) number() (any, error) {
	start := d.pos
	if d.peek() == '-' {
		d.pos++
	}
	digits := d.pos
	if !d.digits() || d.data[digits] == '0' && d.pos > digits+1 {
		return nil, d.fail("stix.syntax")
	}
	integer, exponent := true, false
	if d.peek() == '.' {
		integer = false
		d.pos++
		if !d.digits() {
			return nil, d.fail("stix.syntax")
		}
	}
	if c := d.peek(); c == 'e' || c == 'E' {
		integer, exponent = false, true
		d.pos++
		if c := d.peek(); c == '+' || c == '-' {
			d.pos++
		}
		if !d.digits() {
			return nil, d.fail("stix.syntax")
		}
	}
	s := string(d.data[start:d.pos])
	if integer && !smallInteger(d.data[digits:d.pos]) || !integer && !finite(s, exponent) {
		d.pos = start
		return nil, d.fail("stix.number-range")
	}
	return json.Number(s), nil
}

// digits steps over one or more digits.
func (d *decoder) digits() bool {
	start := d.pos
	for d.pos < len(d.data) && d.data[d.pos]-'0' <= 9 {
		d.pos++
	}
	return d.pos > start
}

func smallInteger(digits []byte) bool {
	if len(digits) < 16 {
		return true
	}
	n, err := strconv.ParseUint(string(digits), 10, 64)
	return err == nil && n <= maxInteger
}

// finite reports whether the number fits a double; without an exponent that needs
// no parsing up to 300 characters.
func finite(s string, exponent bool) bool {
	if !exponent && len(s) < 300 {
		return true
	}
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}
