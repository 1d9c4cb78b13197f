package stix

import (
	"errors"
	"reflect"
	"testing"

	"isac/hub"
)

func TestParseBundle(t *testing.T) {
	cases := []struct {
		why, text, rule string
		ids             []string
		index           []int
		skipped         int
	}{
		{"two objects", `{"type":"bundle","id":"b","objects":[{"id":"1"},{"id":"2"}]}`, "", []string{"1", "2"}, []int{0, 1}, 0},
		{"entries that are no objects are counted", `{"type":"bundle","id":"b","objects":[null,{"id":"1"},"x",[{}],{"id":"2"}]}`, "", []string{"1", "2"}, []int{1, 4}, 3},
		{"other lists and spaces", `{"x":[[1],{"id":"0"}], "objects" : [ {"id" : "1", "l":[1,[2]]} , 7, {"id":"2"}] ,"y":[{"id":"3"}],"type":"bundle","id":"b"}`, "", []string{"1", "2"}, []int{0, 2}, 1},
		{"no objects", `{"type":"bundle","id":"b"}`, "", nil, nil, 0},
		{"objects is no list", `{"type":"bundle","id":"b","objects":{"id":"1"}}`, "", nil, nil, 1},
		{"a bundle in it stays an object", `{"type":"bundle","id":"b","objects":[{"type":"bundle","id":"1"}]}`, "", []string{"1"}, []int{0}, 0},
		{"an object that is no bundle", `{"type":"indicator"}`, "stix.not-a-bundle", nil, nil, 0},
		{"a list", `[{"type":"bundle"}]`, "stix.not-a-bundle", nil, nil, 0},
		{"no type", `{"objects":[]}`, "stix.not-a-bundle", nil, nil, 0},
		{"type in capitals", `{"type":"Bundle"}`, "stix.not-a-bundle", nil, nil, 0},
		{"more objects than allowed", `{"type":"bundle","objects":[1,2,3,4,5,6]}`, "stix.too-many-objects", nil, nil, 0},
		{"broken JSON", `{"type":"bundle"`, "stix.syntax", nil, nil, 0},
	}
	for _, c := range cases {
		b, err := ParseBundle([]byte(c.text), Limits{Objects: 5})
		if e, _ := errors.AsType[*hub.Error](err); c.rule != "" {
			if e == nil || e.Text != c.rule {
				t.Errorf("%s: got %v, want %s", c.why, err, c.rule)
			}
			continue
		}
		var ids []string
		for _, o := range b.Objects {
			ids = append(ids, o.ID())
		}
		if err != nil || b.ID != "b" || b.Skipped != c.skipped || !reflect.DeepEqual(ids, c.ids) || !reflect.DeepEqual(b.Index, c.index) {
			t.Errorf("%s: got %+v, %v", c.why, b, err)
		}
		if len(b.Written) != len(b.Objects) {
			t.Fatalf("%s: %d objects as written, %d read", c.why, len(b.Written), len(b.Objects))
		}
		for i, text := range b.Written {
			if o := decodeObject(t, string(text)); !reflect.DeepEqual(o, b.Objects[i]) {
				t.Errorf("%s: object %d was written as %s", c.why, i, text)
			}
		}
	}
}

func TestObjectAccessors(t *testing.T) {
	o := decodeObject(t, `{"type":"note","n":5,"f":1.5,"b":true,"l":["a",1,"b"],"t":"2026-01-01T00:00:00.000Z",
		"o":{"x":"y"},"os":[{"x":"1"},2,{"x":"2"}],"extensions":{"archive-ext":{"comment":"c"}}}`)
	if n, ok := o.Int("n"); n != 5 || !ok {
		t.Error("Int", n, ok)
	}
	if _, ok := o.Int("f"); ok {
		t.Error("1.5 read as an integer")
	}
	if !o.Bool("b") || o.Bool("n") || o.Str("n") != "" || o.Has("z") || !o.Has("b") {
		t.Error("Bool, Str, Has")
	}
	if got := o.Strs("l"); !reflect.DeepEqual(got, []string{"a", "b"}) || o.Strs("b") != nil {
		t.Error("Strs", got)
	}
	if o.Obj("o").Str("x") != "y" || o.Obj("z").Obj("z").Str("z") != "" || len(o.Objs("os")) != 2 || o.Objs("b") != nil {
		t.Error("Obj, Objs")
	}
	if _, ok := o.Time("t"); !ok || o.Extension("archive-ext").Str("comment") != "c" {
		t.Error("Time, Extension")
	}
}
