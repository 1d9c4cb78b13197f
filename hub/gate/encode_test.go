package gate

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"mime/quotedprintable"
	"net/url"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/japanese"
	"pgregory.net/rapid"
)

// A coding writes text in another way that a reader may undo.
type coding struct {
	name string
	code func(string) string
}

var codings = []coding{
	{"json", func(s string) string { b, _ := json.Marshal(s); return string(b[1 : len(b)-1]) }},
	{"json-u", func(s string) string {
		var b strings.Builder
		for _, u := range utf16.Encode([]rune(s)) {
			fmt.Fprintf(&b, `\u%04x`, u)
		}
		return b.String()
	}},
	{"percent", func(s string) string { return url.QueryEscape(s) }},
	{"percent-all", func(s string) string {
		var b strings.Builder
		for i := range len(s) {
			fmt.Fprintf(&b, "%%%02x", s[i])
		}
		return b.String()
	}},
	{"entities", func(s string) string {
		var b strings.Builder
		for _, r := range s {
			fmt.Fprintf(&b, "&#x%X;", r)
		}
		return b.String()
	}},
	{"tags", func(s string) string {
		r := []rune(s)
		return string(r[:len(r)/2]) + `<b class="x">` + string(r[len(r)/2:]) + "</b>"
	}},
	{"c-hex", func(s string) string {
		var b strings.Builder
		for i := range len(s) {
			fmt.Fprintf(&b, `\x%02x`, s[i])
		}
		return b.String()
	}},
	{"base64", func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }},
	{"base64url", func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte("x" + s + "y")) }},
	{"base64-inside", func(s string) string { return "Zq" + base64.RawStdEncoding.EncodeToString([]byte("(id) "+s+" .")) }},
	{"hex", func(s string) string { return hex.EncodeToString([]byte(s)) }},
	{"hex-form", func(s string) string {
		return strings.ReplaceAll(strings.TrimSpace(fmt.Sprintf("% x", s)), " ", "%2C+")
	}},
	{"hex-spaced", func(s string) string { return strings.TrimSpace(fmt.Sprintf("% X", s)) }},
	{"quoted", func(s string) string {
		var b strings.Builder
		w := quotedprintable.NewWriter(&b)
		w.Write([]byte(s))
		w.Close()
		return b.String()
	}},
	{"gzip", func(s string) string { return base64.StdEncoding.EncodeToString(gzipped([]byte(s))) }},
	{"zlib", func(s string) string {
		var b bytes.Buffer
		w := zlib.NewWriter(&b)
		w.Write([]byte(s))
		w.Close()
		return base64.StdEncoding.EncodeToString(b.Bytes())
	}},
	{"utf16", func(s string) string {
		var b []byte
		for _, u := range utf16.Encode([]rune(s)) {
			b = append(b, byte(u), byte(u>>8))
		}
		return base64.StdEncoding.EncodeToString(b)
	}},
}

func gzipped(b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	w.Write(b)
	w.Close()
	return out.Bytes()
}

// disguises change how text looks in bytes, not what it says.
var disguises = []coding{
	{"plain", func(s string) string { return s }},
	{"spaced", func(s string) string { return strings.Join(strings.Split(s, ""), " ") }},
	{"zero-width", func(s string) string { return strings.Join(strings.Split(s, ""), "\u200b") }},
	{"direction", func(s string) string { return "\u200f" + strings.Join(strings.Split(s, ""), "\u2066") }},
	{"combining", func(s string) string { return strings.Join(strings.Split(s, ""), "\u0336") }},
	{"joiner", func(s string) string { return strings.Join(strings.Split(s, ""), "\ufe0f\u00ad") }},
	{"wide", func(s string) string {
		return strings.Map(func(r rune) rune {
			if r > ' ' && r < 0x7f {
				return r - '!' + '！'
			}
			return r
		}, s)
	}},
	{"upper", strings.ToUpper},
	{"punctuated", func(s string) string { return strings.Join(strings.Split(s, ""), "・") }},
	{"lines", func(s string) string { r := []rune(s); return string(r[:1]) + "\n" + string(r[1:]) }},
}

// planted returns needles of the own sector that count wherever they stand.
func planted() []string {
	_, rows := ownSector()
	var out []string
	for _, row := range rows {
		out = append(out, row[1], row[2])
		if len(row[4]) >= 16 {
			out = append(out, row[4])
		}
	}
	return out
}

// TestPlantedIsCaught hides a name behind a disguise and up to three encodings inside
// of each other, in a value or key of a document: it must always be found.
func TestPlantedIsCaught(t *testing.T) {
	r := ownRegister(t)
	names := planted()
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(names).Draw(t, "name")
		d := rapid.SampledFrom(disguises).Draw(t, "disguise")
		text := "調査では、" + d.code(name) + " の装置"
		path := d.name
		for range rapid.IntRange(0, 3).Draw(t, "depth") {
			c := rapid.SampledFrom(codings).Draw(t, "coding")
			text, path = c.code(text), path+" "+c.name
		}
		doc := inDocument(t, text)
		p, hits, err := r.Check(doc, nil)
		if err != nil {
			t.Skip("a draw that is held, which is safe; another is drawn, and rapid fails where hardly any is left")
		}
		if len(hits) == 0 || p.Valid() {
			t.Fatalf("%s: not found in %s", path, doc)
		}
	})
}

// inDocument puts text somewhere into a JSON document, or splits it over two values.
func inDocument(t *rapid.T, text string) []byte {
	doc := map[string]any{"type": "report", "id": "report--5d0092c5-5f74-4287-9642-33f4c354e56d", "labels": []string{"ransomware"}}
	switch rapid.IntRange(0, 3).Draw(t, "place") {
	case 0:
		doc["description"] = text
	case 1:
		doc["x_"+text] = 1
	case 2:
		doc["labels"] = []string{"a", text, "b"}
	case 3:
		inner, err := json.Marshal(map[string]string{"inner": text})
		if err != nil {
			t.Fatal(err)
		}
		doc["payload"] = string(inner)
	}
	out, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestSplitNameIsCaught spreads a name over properties.
func TestSplitNameIsCaught(t *testing.T) {
	r := ownRegister(t)
	for _, out := range []string{
		`{"a":"夕凪","b":"総合病院"}`, `["夕","凪","総","合","病","院"]`, `{"夕凪総":"合病院"}`, `{"x":{"a":"夕凪","deep":["総合","病院"]}}`,
		`{"a":"\u5915\u51ea","b":"%E7%B7%8F合病院"}`, `夕凪,"総合病院"`, "<p>夕凪<br/>総合<i>病院</i></p>", "夕凪=\r\n総合病院",
	} {
		if _, hits := mustCheck(t, r, out, nil); len(hits) == 0 {
			t.Errorf("not found in %s", out)
		}
	}
}

func TestOtherCharsets(t *testing.T) {
	r := ownRegister(t)
	for name, enc := range map[string]interface{ Bytes([]byte) ([]byte, error) }{
		"Shift_JIS": japanese.ShiftJIS.NewEncoder(), "EUC-JP": japanese.EUCJP.NewEncoder(), "ISO-2022-JP": japanese.ISO2022JP.NewEncoder(),
	} {
		raw, err := enc.Bytes([]byte("宛先：夕凪総合病院 御中"))
		if err != nil {
			t.Fatal(err)
		}
		for how, out := range map[string]string{
			"raw": string(raw), "percent": url.QueryEscape(string(raw)), "base64": base64.StdEncoding.EncodeToString(raw), "gzip": string(gzipped(raw)),
		} {
			if _, hits := mustCheck(t, r, out, nil); len(hits) == 0 {
				t.Errorf("%s, %s: not found", name, how)
			}
		}
	}
}

func TestPunycode(t *testing.T) {
	r := ownRegister(t)
	if text, n := punycodeLabel([]byte("xn--wgv71a119e.jp")); text != "日本語" || n != 14 {
		t.Errorf("decoded %q, %d", text, n)
	}
	// 夕凪総合病院
	if _, hits := mustCheck(t, r, "http://xn--t8jc8e.jp/", nil); len(hits) > 0 {
		t.Errorf("a stranger's label: %v", hits)
	}
}
