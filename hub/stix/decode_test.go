package stix

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"isac/hub"
)

func TestDecodeRefuses(t *testing.T) {
	small := Limits{Bytes: 1000, Depth: 3, Objects: 2, Values: 8}
	cases := []struct{ why, text, rule, at string }{
		{"nothing", "", "stix.syntax", "1 1"},
		{"only space", " \n ", "stix.syntax", "2 2"},
		{"same key twice", `{"a":1,"a":2}`, "stix.duplicate-key", "1 8"},
		{"same key under another spelling", "{\"a\":1,\n \"\\u0061\":2}", "stix.duplicate-key", "2 2"},
		{"same key in an inner object", `[{"b":{"a":1,"c":2,"a":3}}]`, "stix.duplicate-key", "1 20"},
		{"broken UTF-8 in a string", "[\"\xff\"]", "stix.not-utf8", "1 3"},
		{"UTF-8 of a surrogate", "\"\xed\xa0\x80\"", "stix.not-utf8", "1 2"},
		{"byte order mark", "\xef\xbb\xbf{}", "stix.byte-order-mark", "1 1"},
		{"high surrogate alone", `"病\ud83d"`, "stix.surrogate", "1 3"},
		{"low surrogate alone", `"\ude00"`, "stix.surrogate", "1 2"},
		{"surrogates in the wrong order", `"\ude00\ud83d"`, "stix.surrogate", "1 2"},
		{"two high surrogates", `"\ud83d\ud83d"`, "stix.surrogate", "1 2"},
		{"2^53", `9007199254740992`, "stix.number-range", "1 1"},
		{"minus 2^53", `[-9007199254740992]`, "stix.number-range", "1 2"},
		{"beyond any integer", `123456789012345678901234567890`, "stix.number-range", "1 1"},
		{"beyond a double", `1e400`, "stix.number-range", "1 1"},
		{"leading zero", `01`, "stix.syntax", "1 3"},
		{"plus sign", `+1`, "stix.syntax", "1 1"},
		{"no digit after the point", `1.`, "stix.syntax", "1 3"},
		{"no digit before the point", `.5`, "stix.syntax", "1 1"},
		{"no digit in the exponent", `1e+`, "stix.syntax", "1 4"},
		{"not a number", `NaN`, "stix.syntax", "1 1"},
		{"half a literal", `tru`, "stix.syntax", "1 1"},
		{"capital literal", `True`, "stix.syntax", "1 1"},
		{"raw line break in a string", "\"a\nb\"", "stix.syntax", "1 3"},
		{"open string", `"abc`, "stix.syntax", "1 5"},
		{"backslash before the end", `"abc\`, "stix.syntax", "1 6"},
		{"unknown escape", `"a\x"`, "stix.syntax", "1 3"},
		{"short unicode escape", `"\u12"`, "stix.syntax", "1 2"},
		{"comma before the end of a list", `[1,]`, "stix.syntax", "1 4"},
		{"comma before the end of an object", `{"a":1,}`, "stix.syntax", "1 8"},
		{"missing comma", `[1 2]`, "stix.syntax", "1 4"},
		{"missing colon", `{"a" 1}`, "stix.syntax", "1 6"},
		{"key without quotes", `{a:1}`, "stix.syntax", "1 2"},
		{"comment", `{} // x`, "stix.trailing-data", "1 4"},
		{"second document", `{}{}`, "stix.trailing-data", "1 3"},
		{"NUL at the end", "{}\x00", "stix.trailing-data", "1 3"},
		{"one level too many", `[[[[]]]]`, "stix.too-deep", "3"},
		{"too many values", `[1,2,3,4,5,6,7,8]`, "stix.too-many-values", "8"},
		{"too many bytes", strings.Repeat(" ", 1001), "stix.too-large", "1000"},
	}
	for _, c := range cases {
		_, err := Decode([]byte(c.text), small)
		e, ok := errors.AsType[*hub.Error](err)
		if !ok {
			t.Errorf("%s: got %v, want %s", c.why, err, c.rule)
			continue
		}
		if at := strings.Join(e.Args, " "); e.Text != c.rule || at != c.at {
			t.Errorf("%s: got %s at %s, want %s at %s", c.why, e.Text, at, c.rule, c.at)
		}
		want := hub.Invalid
		if strings.HasPrefix(c.rule, "stix.too-") {
			want = hub.TooLarge
		}
		if e.Kind != want {
			t.Errorf("%s: kind %s, want %s", c.why, e.Kind, want)
		}
	}
}

func TestDecodeAccepts(t *testing.T) {
	cases := []struct {
		text string
		want any
	}{
		{`{}`, map[string]any{}},
		{`[]`, []any{}},
		{" null\r\n", nil},
		{`[[[]]]`, []any{[]any{[]any{}}}},
		{`9007199254740991`, json.Number("9007199254740991")},
		{`-9007199254740991`, json.Number("-9007199254740991")},
		{`[-0, 0.10, 1E2]`, []any{json.Number("-0"), json.Number("0.10"), json.Number("1E2")}},
		{`"\ud83d\ude00 \u0000\/\"\\\b\f\n\r\t病"`, "\U0001f600 \x00/\"\\\b\f\n\r\t病"},
		{`{"a":{"a":[{"a":true},{"a":false}]}}`, map[string]any{"a": map[string]any{"a": []any{map[string]any{"a": true}, map[string]any{"a": false}}}}},
	}
	for _, c := range cases {
		got, err := Decode([]byte(c.text), Limits{})
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %#v, %v", c.text, got, err)
		}
	}
}

func TestErrorsHoldNoValue(t *testing.T) {
	for _, text := range []string{`{"secret":1,"secret":2}`, `"secret\ud83d"`, `secret`, `{"x":12345678901234567890}`} {
		_, err := Decode([]byte(text), Limits{})
		if err == nil || strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "1234") {
			t.Errorf("%s: error %q", text, err)
		}
	}
}

// reference is what encoding/json makes of a document.
func reference(data []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	return v, err
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"type":"bundle","objects":[{"a":"\ud83d\ude00"},1.5e3,-0,null,true,[]]}`, `{"a":1,"\u0061":2}`,
		`9007199254740992`, "\"\xff\"", `[1,]`, `{"a":{}} x`, `"\ud83d"`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := Decode(data, Limits{})
		if err != nil {
			return
		}
		if !json.Valid(data) {
			t.Fatal("accepted what is not JSON")
		}
		want, err := reference(data)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("differs from encoding/json: %v", err)
		}
		checkCanonical(t, got)
	})
}

// checkCanonical wants Marshal to be a fixed point that a second reader agrees with.
func checkCanonical(t interface {
	Fatalf(string, ...any)
}, v any,
) {
	once, err := Marshal(v)
	if err != nil {
		t.Fatalf("marshal: %v", err)
	}
	back, err := reference(once)
	if err != nil {
		t.Fatalf("reading back: %v", err)
	}
	twice, err := Marshal(back)
	if err != nil || !bytes.Equal(once, twice) {
		t.Fatalf("not a fixed point: %q then %q, %v", once, twice, err)
	}
}

// tree draws JSON trees.
func tree() *rapid.Generator[any] {
	leaf := rapid.OneOf(
		rapid.Just[any](nil), rapid.Bool().AsAny(), rapid.String().AsAny(),
		rapid.Custom(func(t *rapid.T) any {
			n, _ := json.Marshal(rapid.Int64Range(-maxInteger, maxInteger).Draw(t, "n"))
			return json.Number(n)
		}),
		rapid.Custom(func(t *rapid.T) any {
			n, _ := json.Marshal(rapid.Float64Range(-1e9, 1e9).Draw(t, "f"))
			return json.Number(n)
		}),
	)
	node := leaf
	for range 3 {
		inner := node
		node = rapid.OneOf(leaf, rapid.SliceOfN(inner, 0, 4).AsAny(), rapid.MapOfN(rapid.String(), inner, 0, 4).AsAny())
	}
	return node
}

func TestDecodeReadsWhatMarshalWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, err := json.Marshal(tree().Draw(t, "tree"))
		if err != nil {
			t.Skip("a draw that isn't UTF-8; another is drawn, and rapid fails where hardly any is left")
		}
		v, err := Decode(text, Limits{})
		if err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		checkCanonical(t, v)
	})
}
