package release_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/release"
	"isac/hub/stix"
	"isac/hub/validate"
	"isac/schemas"
)

// alertSchema is schemas/alert, compiled without any network.
var alertSchema = sync.OnceValues(func() (*jsonschema.Schema, error) {
	c := jsonschema.NewCompiler()
	c.Draft, c.AssertFormat = jsonschema.Draft2020, true
	c.LoadURL = func(string) (io.ReadCloser, error) { return nil, fs.ErrNotExist }
	files, err := fs.Glob(schemas.FS, "alert/*.json")
	if err != nil {
		return nil, err
	}
	for _, name := range files {
		data, err := schemas.FS.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if err := c.AddResource("https://isac.invalid/schemas/alert/"+path.Base(name), bytes.NewReader(data)); err != nil {
			return nil, err
		}
	}
	return c.Compile("https://isac.invalid/schemas/alert/bundle.json")
})

var validator = sync.OnceValues(func() (*validate.Validator, error) { return validate.New(schemas.FS) })

// schemaError checks a bundle against schemas/alert.
func schemaError(t testing.TB, bundle []byte) error {
	t.Helper()
	schema, err := alertSchema()
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(bundle, &v); err != nil {
		return err
	}
	return schema.Validate(v)
}

// checkBundle wants a bundle to be valid STIX and within the alert profile.
func checkBundle(t testing.TB, bundle []byte) {
	t.Helper()
	v, err := validator()
	if err != nil {
		t.Fatal(err)
	}
	problems, err := v.Document(bundle)
	if err != nil || len(problems) > 0 {
		t.Errorf("not valid STIX: %v %v", problems, err)
	}
	if err := schemaError(t, bundle); err != nil {
		t.Errorf("not of schemas/alert: %#v", err)
	}
	if problems := release.CheckProfile(bundle); len(problems) > 0 {
		t.Errorf("not within the profile: %v", problems)
	}
}

// checkEntry wants more of an entry: a client believes it, as a message too.
func checkEntry(t testing.TB, key ed25519.PublicKey, e deliver.Entry) {
	t.Helper()
	checkBundle(t, e.Bundle)
	if err := deliver.Verify(key, e); err != nil {
		t.Errorf("a client refuses it: %v", err)
	}
	inside, err := deliver.Inside(e.Bundle)
	if err != nil || inside != e.Alert {
		t.Errorf("inside stands %+v (%v), outside %+v", inside, err, e.Alert)
	}
	again, err := deliver.FromMessage(deliver.Header(e), e.Bundle)
	if err != nil || deliver.Verify(key, again) != nil || again.Alert != e.Alert {
		t.Errorf("as a message it is another entry: %v", err)
	}
	data, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	var page deliver.Entry
	if err := json.Unmarshal(data, &page); err != nil || deliver.Verify(key, page) != nil {
		t.Errorf("on a page of the catch-up it is another entry: %v", err)
	}
}

// edit changes the first object of a type.
func edit(typ string, change func(stix.Object)) func([]stix.Object) []stix.Object {
	return func(list []stix.Object) []stix.Object {
		for _, o := range list {
			if o.Type() == typ {
				change(o)
				return list
			}
		}
		return nil
	}
}

func set(typ, name string, value any) func([]stix.Object) []stix.Object {
	return edit(typ, func(o stix.Object) { o[name] = value })
}

func dropReference(o stix.Object, source string) {
	o["external_references"] = slices.DeleteFunc(o["external_references"].([]any), func(ref any) bool {
		r, _ := stix.AsObject(ref)
		return r.Str("source_name") == source
	})
}

// TestProfileFindsFaults wants each fault to be found by the profile or its schema.
func TestProfileFindsFaults(t *testing.T) {
	r := newRoom(t)
	good := r.open(t).release(r.draft(t, hub.Full, example(), "ransomware")).Bundle
	for why, spoil := range map[string]func([]stix.Object) []stix.Object{
		"no creator":              edit("tool", func(o stix.Object) { delete(o, "created_by_ref") }),
		"another creator":         set("campaign", "created_by_ref", stix.NameID("identity", "other")),
		"a custom property":       set("malware", "x_note", "1"),
		"an empty list":           set("malware", "malware_types", []any{}),
		"a dangling reference":    set("relationship", "target_ref", stix.NameID("tool", "nothing")),
		"an object not held":      edit("report", func(o stix.Object) { refs := o["object_refs"].([]any); o["object_refs"] = refs[1:] }),
		"a label of nobody":       edit("report", func(o stix.Object) { o["labels"].([]any)[0] = "isac:北海道" }),
		"labels elsewhere":        set("indicator", "labels", []any{"ransomware"}),
		"an edited marking":       set("marking-definition", "name", "TLP:RED"),
		"modified before created": set("campaign", "modified", "2020-01-01T00:00:00.000Z"),
		"valid for no time":       edit("indicator", func(o stix.Object) { o["valid_until"] = o["valid_from"] }),
		"no end":                  edit("indicator", func(o stix.Object) { delete(o, "valid_until") }),
		"the incident's time":     set("campaign", "first_seen", "2026-09-01T00:00:00.000Z"),
		"microseconds":            set("campaign", "modified", "2026-09-14T03:20:00.000001Z"),
		"English only":            edit("report", func(o stix.Object) { o["description"] = "An alert.\n\nAn alert." }),
		"a text cut":              edit("report", func(o stix.Object) { o["description"] = o.Str("description")[9:] }),
		"another English text":    edit("language-content", func(o stix.Object) { o.Obj("contents").Obj("en")["description"] = "Other" }),
		"another version":         edit("language-content", func(o stix.Object) { o["object_modified"] = "2026-01-05T00:00:00.000Z" }),
		"an id of its own":        edit("attack-pattern", func(o stix.Object) { o["name"] = "Other"; o.Objs("external_references")[0]["external_id"] = "T1001" }),
		"two of one id":           func(list []stix.Object) []stix.Object { return append(list, list[0]) },
		"another type": func(list []stix.Object) []stix.Object {
			return append(list, stix.Object{"type": "note", "id": "note--1"})
		},
		"no campaign": func(list []stix.Object) []stix.Object {
			return append([]stix.Object{}, list[len(list)-1])
		},
		"a broken pattern":     set("indicator", "pattern", "[ipv4-addr:value = '198.51.100.24'"),
		"a shouted confidence": set("indicator", "confidence", 99),
		"no record":            edit("report", func(o stix.Object) { dropReference(o, "isac-record") }),
		"no policy":            edit("report", func(o stix.Object) { dropReference(o, "isac-policy") }),
		"no proof":             edit("report", func(o stix.Object) { dropReference(o, "isac-record"); dropReference(o, "isac-policy") }),
		"revoked by itself":    set("campaign", "revoked", true),
		"a random name":        set("campaign", "name", "Operation Someone"),
		"an odd relationship":  set("relationship", "relationship_type", "related-to"),
	} {
		list := spoil(objects(t, good))
		if list == nil {
			t.Fatalf("%s: nothing to spoil", why)
		}
		data, err := stix.Marshal(stix.Object{"type": "bundle", "id": stix.NameID("bundle", "x"), "objects": list})
		if err != nil {
			t.Fatal(err)
		}
		if schemaError(t, data) == nil && len(release.CheckProfile(data)) == 0 {
			t.Errorf("%s: not found", why)
		}
	}
	for why, data := range map[string][]byte{
		"white space": append([]byte(" "), good...), "cut": good[:len(good)-1], "nothing": nil,
		"not canonical": bytes.Replace(good, []byte(`"type":"bundle"`), []byte(`"type": "bundle"`), 1),
	} {
		if len(release.CheckProfile(data)) == 0 {
			t.Errorf("%s: not found", why)
		}
	}
}

// TestMarkingsByteForByte compares with the published objects, written here as
// they stand in the standard's repository, in canonical form.
func TestMarkingsByteForByte(t *testing.T) {
	r := newRoom(t)
	bundle := string(r.open(t).release(r.draft(t, hub.Flash, example())).Bundle)
	for _, want := range []string{
		`{"created":"2022-10-01T00:00:00.000Z","extensions":{"extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d":{"extension_type":"property-extension","tlp_2_0":"clear"}},"id":"marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487","name":"TLP:CLEAR","spec_version":"2.1","type":"marking-definition"}`,
		`{"created":"2022-10-01T00:00:00.000Z","extensions":{"extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d":{"extension_type":"property-extension","tlp_2_0":"green"}},"id":"marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb","name":"TLP:GREEN","spec_version":"2.1","type":"marking-definition"}`,
	} {
		if !strings.Contains(bundle, want) {
			t.Errorf("not in the bundle: %s", want)
		}
	}
}
