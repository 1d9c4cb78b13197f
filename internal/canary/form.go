package canary

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf16"
)

// form is one way to write a value. Where exact is false the case of ASCII letters
// tells nothing.
type form struct {
	name, text string
	exact      bool
}

// formsOf writes a value in every form that is looked for without unpacking.
func formsOf(v string) []form {
	var percent, escaped, allEscaped strings.Builder
	for _, b := range []byte(v) {
		fmt.Fprintf(&percent, "%%%02x", b)
	}
	for _, u := range utf16.Encode([]rune(v)) {
		fmt.Fprintf(&allEscaped, `\u%04x`, u)
		switch {
		case u == '"' || u == '\\':
			escaped.WriteString(`\` + string(rune(u)))
		case u < 0x80:
			escaped.WriteByte(byte(u))
		default:
			fmt.Fprintf(&escaped, `\u%04x`, u)
		}
	}
	list := []form{
		{"plain", v, false},
		{"UTF-16, little end first", utf16Bytes(v, binary.LittleEndian), false},
		{"UTF-16, big end first", utf16Bytes(v, binary.BigEndian), false},
		{"hex", hex.EncodeToString([]byte(v)), false},
		{"percent", percent.String(), false},
		{"percent", url.PathEscape(v), false},
		{"percent", url.QueryEscape(v), false},
		{"JSON escapes", strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(v), false},
		{"JSON escapes", escaped.String(), false},
		{"JSON escapes", allEscaped.String(), false},
	}
	for _, spelling := range []string{v, strings.ToLower(v), strings.ToUpper(v)} {
		for offset := range 3 {
			inner := base64Inner(spelling, offset)
			list = append(list, form{"base64", inner, true}, form{"base64", strings.NewReplacer("+", "-", "/", "_").Replace(inner), true})
		}
	}
	return distinct(list)
}

// distinct leaves out forms that are the value as it is, or another form.
func distinct(list []form) []form {
	seen := map[string]bool{}
	var out []form
	for _, f := range list {
		if !seen[f.text] {
			seen[f.text] = true
			out = append(out, f)
		}
	}
	return out
}

func utf16Bytes(v string, order binary.ByteOrder) string {
	units := utf16.Encode([]rune(v))
	out := make([]byte, 2*len(units))
	for i, u := range units {
		order.PutUint16(out[2*i:], u)
	}
	return string(out)
}

// base64Inner is what base64 of a text has in the place of v when offset bytes (of
// each three) stand before it: the digits that v alone decides.
func base64Inner(v string, offset int) string {
	text := base64.RawStdEncoding.EncodeToString(append(make([]byte, offset), v...))
	return text[(offset*8+5)/6 : (offset+len(v))*8/6]
}
