package validate_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"isac/hub"
	"isac/hub/intake"
	"isac/hub/validate"
	"isac/schemas"
)

func TestDocumentRefuses(t *testing.T) {
	v := validator(t)
	for name, c := range map[string]struct{ text, want string }{
		"not JSON":       {`{"type":`, "stix.syntax"},
		"a key twice":    {`{"type":"mutex","type":"mutex"}`, "stix.duplicate-key"},
		"a list":         {`[]`, "validate.not-an-object"},
		"a text":         {`"bundle"`, "validate.not-an-object"},
		"depth 10,000":   {strings.Repeat(`{"a":`, 10_000) + "1" + strings.Repeat("}", 10_000), "stix.too-deep"},
		"10,001 objects": {`{"type":"bundle","objects":[` + strings.Repeat("1,", 10_000) + `1]}`, "stix.too-many-objects"},
	} {
		_, err := v.Document([]byte(c.text))
		e, ok := err.(*hub.Error)
		if !ok || e.Text != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

func TestCheck(t *testing.T) {
	v := validator(t)
	report := []byte(`{"type":"bundle","id":"bundle--` + u1 + `","objects":[` + v1 + `,{"type":"tool"}]}`)
	received, err := intake.New("SYN00017", "n-1", time.Unix(1, 0), report)
	if err != nil {
		t.Fatal(err)
	}
	checked, err := v.Check(received)
	if err != nil {
		t.Fatal(err)
	}
	if !checked.Valid() || len(checked.Bundle().Objects) != 2 || len(checked.Problems()) != 5 {
		t.Errorf("valid %v, %d objects, problems %v", checked.Valid(), len(checked.Bundle().Objects), checked.Problems())
	}
	if !bytes.Equal(checked.Received().Report(), report) {
		t.Error("the report isn't the one that was received")
	}
	for _, shown := range []string{checked.String(), fmt.Sprintf("%v %+v %#v", checked, checked, checked)} {
		if strings.Contains(shown, "autumn") || strings.Contains(shown, "SYN00017") {
			t.Errorf("printing a checked report shows %q", shown)
		}
	}
}

func TestCheckRefuses(t *testing.T) {
	v := validator(t)
	_, err := v.Check(intake.Received{})
	if hub.KindOf(err) != hub.Invalid {
		t.Errorf("a report that was never received: %v", err)
	}
	received, err := intake.New("SYN00017", "n-1", time.Unix(1, 0), []byte(v1))
	if err != nil {
		t.Fatal(err)
	}
	_, err = v.Check(received)
	if e, ok := err.(*hub.Error); !ok || e.Text != "stix.not-a-bundle" {
		t.Errorf("a report that is no bundle: %v", err)
	}
	if (validate.Checked{}).Valid() {
		t.Error("the zero value says that it was checked")
	}
}

// TestNoValues wants no value of a report in a problem: its texts go to places
// where the report may not.
func TestNoValues(t *testing.T) {
	v := validator(t)
	canary := "kingfisher"
	spoiled := regexp.MustCompile(`"(autumn tide|tide|[a-z-]+|\d{4}-[^"]*)"([,}\]])`)
	for name, text := range bases {
		text = spoiled.ReplaceAllString(text, `"`+canary+`"$2`)
		text = strings.Replace(text, `"type":"`+canary+`"`, `"type":"`+name+`"`, 1)
		problems, err := v.Document([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if said := fmt.Sprint(problems); strings.Contains(said, canary) {
			t.Errorf("%s: %s", name, said)
		}
	}
}

// TestOrder wants the same problems in the same order every time.
func TestOrder(t *testing.T) {
	v := validator(t)
	data := []byte(`{"type":"bundle","objects":[{"type":"tool","a":1,"b":null,"c":[],"labels":[]},{"type":"location","latitude":1,"created":"x"}]}`)
	first, err := v.Document(data)
	if err != nil {
		t.Fatal(err)
	}
	for range 50 {
		again, err := v.Document(data)
		if err != nil || fmt.Sprint(again) != fmt.Sprint(first) {
			t.Fatalf("%v\n%v %v", first, again, err)
		}
	}
}

// TestMany wants a bounded answer to a document that is wrong everywhere.
func TestMany(t *testing.T) {
	v := validator(t)
	problems, err := v.Document([]byte(`{"type":"bundle","id":"bundle--` + u1 + `","objects":[` + strings.Repeat(`{"a":null},`, 4999) + `{}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if len(problems) != 1001 || problems[0].Rule != "more" || problems[0].Args[0] != "4000" {
		t.Errorf("%d problems, the first %v", len(problems), problems[0])
	}
}

// TestNewRefuses wants a set that lacks a schema, or refers outside itself, to be
// refused by name.
func TestNewRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		change func(fstest.MapFS)
		want   string
	}{
		"a type without a schema": {func(m fstest.MapFS) { delete(m, "sdos/tool.json") }, "no schema for the type tool"},
		"a reference to the net": {func(m fstest.MapFS) {
			m["sdos/tool.json"].Data = []byte(`{"$id":"https://x.invalid/t","$ref":"https://tide.example/s"}`)
		}, "is not in the set"},
		"a schema without an id":  {func(m fstest.MapFS) { m["sdos/tool.json"].Data = []byte(`{}`) }, "no $id"},
		"a schema that isn't one": {func(m fstest.MapFS) { m["sdos/tool.json"].Data = []byte(`{"$id":"https://x.invalid/t","type":7}`) }, "sdos/tool.json"},
		"no common folder":        {func(m fstest.MapFS) { clear(m) }, "common"},
	} {
		set := copied(t)
		c.change(set)
		_, err := validate.New(set)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// TestNewTakesOtherSets wants another set of the same layout, with other ids, in a
// folder named schemas and without extensions, to work.
func TestNewTakesOtherSets(t *testing.T) {
	set := fstest.MapFS{}
	for name, f := range copied(t) {
		data := bytes.ReplaceAll(f.Data, []byte("https://isac.invalid/schemas/stix2.1/"), []byte("http://schemas.example/of/others/"))
		set["schemas/"+name] = &fstest.MapFile{Data: data}
	}
	v, err := validate.New(set)
	if err != nil {
		t.Fatal(err)
	}
	problems, err := v.Document([]byte(v1))
	if err != nil || len(problems) > 0 {
		t.Error(problems, err)
	}
}

func copied(t *testing.T) fstest.MapFS {
	t.Helper()
	set := fstest.MapFS{}
	err := fs.WalkDir(schemas.FS, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := fs.ReadFile(schemas.FS, name)
		set[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return set
}
