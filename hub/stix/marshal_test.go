package stix

import (
	"encoding/json"
	"math"
	"testing"
)

func TestMarshal(t *testing.T) {
	cases := []struct {
		why  string
		v    any
		want string
	}{
		{"keys by UTF-16 code units (RFC 8785, 3.2.3)", map[string]any{
			"€": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "ö": 7,
		}, "{\"\\r\":2,\"1\":4,\"\u0080\":6,\"ö\":7,\"€\":1,\"\U0001f600\":5,\"\ufb33\":3}"},
		{"escapes", "\x00\x1f\b\t\n\f\r\"\\/<>&\u2028\u007f", "\"\\u0000\\u001f\\b\\t\\n\\f\\r\\\"\\\\/<>&\u2028\u007f\""},
		{"no space", Object{"b": []any{true, nil}, "a": []string{"x"}}, `{"a":["x"],"b":[true,null]}`},
		{"objects in a list", []Object{{"a": 1}, {}}, `[{"a":1},{}]`},
		{"other values", struct {
			B int `json:"b"`
			A any `json:"a"`
		}{1, "<"}, `{"a":"<","b":1}`},
		{"spelling of numbers", []any{
			json.Number("1.0"), json.Number("-0"), json.Number("1E2"), json.Number("0.000001"), json.Number("1e-7"),
			json.Number("1e21"), json.Number("333333333.33333329"), json.Number("4.50"), 2e-3, 1e-27, 123e-20, -5, int64(7),
		}, `[1,0,100,0.000001,1e-7,1e+21,333333333.3333333,4.5,0.002,1e-27,1.23e-18,-5,7]`},
	}
	for _, c := range cases {
		got, err := Marshal(c.v)
		if err != nil || string(got) != c.want {
			t.Errorf("%s:\n got %s %v\nwant %s", c.why, got, err, c.want)
		}
	}
	for _, v := range []any{"\xff", math.NaN(), math.Inf(1), json.Number("1e999"), map[string]any{"\xff": 1}, func() {}} {
		if got, err := Marshal(v); err == nil {
			t.Errorf("%T: got %s, want an error", v, got)
		}
	}
}
