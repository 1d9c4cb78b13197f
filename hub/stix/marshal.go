package stix

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"sync"
	"unicode/utf16"
	"unicode/utf8"
)

// Marshal writes v as canonical JSON (RFC 8785): keys sorted by UTF-16 code
// units, no space, no HTML escaping, numbers as ECMAScript writes them. Equal
// trees give equal bytes. v is a tree of Decode, or one built of Object, maps,
// slices, strings, bools, integers and floats; anything else goes through
// encoding/json first. It fails on strings that are not UTF-8 and on numbers that
// are not finite. A double from 2^53 to 1e21 is written as an integer, which
// Decode refuses.
func Marshal(v any) ([]byte, error) {
	buf := buffers.Get().(*[]byte)
	out, err := appendValue((*buf)[:0], v)
	if err != nil {
		return nil, fmt.Errorf("writing canonical JSON: %w", err)
	}
	data := bytes.Clone(out)
	if len(out) <= keptBuffer {
		clear(out)
		*buf = out[:0]
		buffers.Put(buf)
	}
	return data, nil
}

// buffers are used again, emptied, where they haven't grown beyond keptBuffer.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

const keptBuffer = 1 << 20

func appendValue(b []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...), nil
	case bool:
		return strconv.AppendBool(b, v), nil
	case string:
		return appendString(b, v)
	case json.Number:
		return appendNumber(b, v)
	case int:
		return appendNumber(b, json.Number(strconv.Itoa(v)))
	case int64:
		return appendNumber(b, json.Number(strconv.FormatInt(v, 10)))
	case float64:
		return appendFloat(b, v)
	case map[string]any:
		return appendObject(b, v)
	case Object:
		return appendObject(b, v)
	case []any:
		return appendList(b, v)
	case []Object:
		return appendList(b, v)
	case []string:
		return appendList(b, v)
	}
	return appendOther(b, v)
}

// appendOther takes the way through encoding/json.
func appendOther(b []byte, v any) ([]byte, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var tree any
	if err := d.Decode(&tree); err != nil {
		return nil, err
	}
	return appendValue(b, tree)
}

func appendList[T any](b []byte, list []T) ([]byte, error) {
	b = append(b, '[')
	for i, v := range list {
		if i > 0 {
			b = append(b, ',')
		}
		var err error
		b, err = appendValue(b, v)
		if err != nil {
			return nil, err
		}
	}
	return append(b, ']'), nil
}

func appendObject(b []byte, m map[string]any) ([]byte, error) {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, compareUTF16)
	b = append(b, '{')
	for i, k := range keys {
		if i > 0 {
			b = append(b, ',')
		}
		var err error
		b, err = appendString(b, k)
		if err != nil {
			return nil, err
		}
		b = append(b, ':')
		b, err = appendValue(b, m[k])
		if err != nil {
			return nil, err
		}
	}
	return append(b, '}'), nil
}

// compareUTF16 orders by UTF-16 code units, which differs from the order of bytes
// only where characters above U+FFFF meet those from U+E000 on.
func compareUTF16(x, y string) int {
	for i := 0; i < len(x) && i < len(y); i++ {
		if x[i] == y[i] {
			continue
		}
		if x[i] < utf8.RuneSelf || y[i] < utf8.RuneSelf {
			return int(x[i]) - int(y[i])
		}
		return slices.Compare(utf16.Encode([]rune(x)), utf16.Encode([]rune(y)))
	}
	return len(x) - len(y)
}

var (
	errUTF8   = errors.New("string is not UTF-8")
	errFinite = errors.New("number is not a finite double")
)

func appendString(b []byte, s string) ([]byte, error) {
	if !utf8.ValidString(s) {
		return nil, errUTF8
	}
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[start:i]...)
		b = appendEscape(b, c)
		start = i + 1
	}
	b = append(b, s[start:]...)
	return append(b, '"'), nil
}

func appendEscape(b []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\b':
		return append(b, `\b`...)
	case '\t':
		return append(b, `\t`...)
	case '\n':
		return append(b, `\n`...)
	case '\f':
		return append(b, `\f`...)
	case '\r':
		return append(b, `\r`...)
	}
	const hex = "0123456789abcdef"
	return append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
}

func appendNumber(b []byte, n json.Number) ([]byte, error) {
	f, err := strconv.ParseFloat(string(n), 64)
	if err != nil {
		return nil, errFinite
	}
	return appendFloat(b, f)
}

// appendFloat writes f as ECMAScript's Number::toString does.
func appendFloat(b []byte, f float64) ([]byte, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil, errFinite
	}
	if f == 0 {
		return append(b, '0'), nil
	}
	if abs := math.Abs(f); abs >= 1e-6 && abs < 1e21 {
		return strconv.AppendFloat(b, f, 'f', -1, 64), nil
	}
	start := len(b)
	b = strconv.AppendFloat(b, f, 'e', -1, 64)
	if n := len(b); b[n-2] == '0' && n-start >= 4 && (b[n-3] == '-' || b[n-3] == '+') { // e-07 is e-7
		b[n-2] = b[n-1]
		b = b[:n-1]
	}
	return b, nil
}
