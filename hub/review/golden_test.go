package review

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"
)

var addGolden = flag.Bool("add-golden", false, "add events of new kinds, versions or fields to testdata/events.jsonl")

// golden is the file of events as they were stored once, a line each. Lines are only ever
// added: whatever a hub has stored is read for ever.
var golden = filepath.Join("testdata", "events.jsonl")

// TestStoredEventsAreReadForEver reads every line, and loses nothing of it.
func TestStoredEventsAreReadForEver(t *testing.T) {
	seen := map[Kind][]Event{}
	text, err := os.ReadFile(golden)
	if err != nil && !*addGolden {
		t.Fatal(err)
	}
	for line := range bytes.Lines(text) {
		var e Event
		err := json.Unmarshal(line, &e)
		if err != nil {
			t.Fatalf("a line of %s: %v", golden, err)
		}
		seen[e.Kind] = append(seen[e.Kind], e)
		b, err := e.read()
		if err != nil {
			t.Errorf("%s, version %d: %v", e.Kind, e.Version, err)
			continue
		}
		again, err := json.Marshal(b)
		if err != nil || !contains(t, again, e.Data) {
			t.Errorf("%s, version %d: something is lost: %s, %v", e.Kind, e.Version, again, err)
		}
	}
	for kind, empty := range bodies {
		now := filled(t, kind, empty())
		for version := 1; version < newestOf(kind); version++ {
			if !slices.ContainsFunc(seen[kind], func(e Event) bool { return e.Version == version }) {
				t.Errorf("%s has no line of version %d: write one by hand", kind, version)
			}
		}
		known := slices.ContainsFunc(seen[kind], func(e Event) bool { return e.Version == now.Version && contains(t, e.Data, now.Data) })
		switch {
		case known:
		case *addGolden:
			add(t, now)
		default:
			t.Errorf("%s has fields that no line of %s has: go test ./hub/review -run ForEver -add-golden. "+
				"Does an older program that meets them act wrongly? Then raise the version too (newest)", kind, golden)
		}
	}
}

// contains reports whether a document has everything that another has.
func contains(t *testing.T, document, part []byte) bool {
	t.Helper()
	var a, b any
	for data, into := range map[*[]byte]*any{&document: &a, &part: &b} {
		err := json.Unmarshal(*data, into)
		if err != nil {
			t.Fatal(err)
		}
	}
	return within(a, b)
}

func within(a, b any) bool {
	have, isMap := a.(map[string]any)
	want, both := b.(map[string]any)
	if !isMap || !both {
		list, isList := a.([]any)
		other, both := b.([]any)
		if !isList || !both || len(list) != len(other) {
			return reflect.DeepEqual(a, b)
		}
		for i := range list {
			if !within(list[i], other[i]) {
				return false
			}
		}
		return true
	}
	for key, value := range want {
		if !within(have[key], value) {
			return false
		}
	}
	return true
}

func add(t *testing.T, e Event) {
	t.Helper()
	line, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(golden, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	_, err = f.Write(append(line, '\n'))
	if err != nil {
		t.Fatal(err)
	}
}

// filled is an event of a kind with something in every field.
func filled(t *testing.T, kind Kind, b body) Event {
	t.Helper()
	fill(reflect.ValueOf(b).Elem(), 0)
	data, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	return Event{Version: newestOf(kind), Kind: kind, Time: time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC), Stage: "full", Data: data}
}

// fill puts something into every field that is written, three levels of one type deep.
func fill(v reflect.Value, depth int) {
	if depth > 6 || !v.CanSet() {
		return
	}
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC)))
		return
	case json.RawMessage:
		v.Set(reflect.ValueOf(json.RawMessage(`{"a":1}`)))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("a")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(1)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(1)
	case reflect.Float32, reflect.Float64:
		v.SetFloat(0.5)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), depth+1)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), depth+1)
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), depth+1)
		}
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key, depth+1)
		fill(value, depth+1)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), depth+1)
		}
	}
}
