package stix

import (
	"encoding/json"
	"time"
)

// Object is one STIX object, or any JSON object inside one. Its accessors never
// fail: what is absent or of another JSON type reads as the zero value.
type Object map[string]any

// Type returns the object's type, "indicator".
func (o Object) Type() string { return o.Str("type") }

// ID returns the object's identifier, "indicator--…".
func (o Object) ID() string { return o.Str("id") }

// Has reports whether the property is present, whatever it holds.
func (o Object) Has(name string) bool {
	_, ok := o[name]
	return ok
}

// Str returns a string property.
func (o Object) Str(name string) string {
	s, _ := o[name].(string)
	return s
}

// Strs returns the strings of a list property, in order; other entries are left out.
func (o Object) Strs(name string) []string {
	switch l := o[name].(type) {
	case []string:
		return l
	case []any:
		out := make([]string, 0, len(l))
		for _, v := range l {
			if s, ok := v.(string); ok {
				out = append(out, s)
			}
		}
		return out
	}
	return nil
}

// Bool returns a boolean property.
func (o Object) Bool(name string) bool {
	b, _ := o[name].(bool)
	return b
}

// Int returns a number property that is written as an integer.
func (o Object) Int(name string) (int64, bool) {
	switch n := o[name].(type) {
	case json.Number:
		i, err := n.Int64()
		return i, err == nil
	case int:
		return int64(n), true
	case int64:
		return n, true
	}
	return 0, false
}

// Obj returns an object property, nil where there is none.
func (o Object) Obj(name string) Object {
	m, _ := AsObject(o[name])
	return m
}

// Objs returns the objects of a list property, in order; other entries are left out.
func (o Object) Objs(name string) []Object {
	switch l := o[name].(type) {
	case []Object:
		return l
	case []any:
		out := make([]Object, 0, len(l))
		for _, v := range l {
			if m, ok := AsObject(v); ok {
				out = append(out, m)
			}
		}
		return out
	}
	return nil
}

// Time returns a timestamp property.
func (o Object) Time(name string) (time.Time, bool) {
	t, err := ParseTime(o.Str(name))
	return t, err == nil
}

// Extension returns the extension of that key (an extension-definition id or the
// name of a predefined extension), nil where there is none.
func (o Object) Extension(key string) Object { return o.Obj("extensions").Obj(key) }

// AsObject returns v as an Object if it is a JSON object.
func AsObject(v any) (Object, bool) {
	switch m := v.(type) {
	case map[string]any:
		return m, true
	case Object:
		return m, true
	}
	return nil, false
}
