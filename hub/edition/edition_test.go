package edition_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"isac/hub"
	"isac/hub/edition"
	"isac/hub/stix"
)

var update = flag.Bool("update", false, "write what comes out into the case")

const alert = "6f1e5e0a-6d1c-4d5e-9a55-0d9a2c8b0001"

// flash is a released bundle, as small as one can be.
func flash(t *testing.T, change ...func(report stix.Object)) []byte {
	t.Helper()
	ja, en := "題\n\n■ 概要\n・TLP:GREEN：本文の中\n\n■ 取扱い\n・TLP:GREEN：分野の中で。\n・次の行\n", "Title\n\n# Summary\n- TLP:GREEN: in the text\n\n# Handling\n- TLP:GREEN: in the sector.\n- Next line\n"
	green, clear := stix.TLPMarking(hub.TLPGreen), stix.TLPMarking(hub.TLPClear)
	object := func(typ, id string, more stix.Object) stix.Object {
		o := stix.Object{
			"type": typ, "spec_version": "2.1", "id": typ + "--" + id, "created": "2026-11-01T00:00:00.000Z", "modified": "2026-11-02T00:00:00.000Z",
			"created_by_ref": "identity--6f1e5e0a-6d1c-4d5e-9a55-0d9a2c8b0009", "object_marking_refs": []any{green.ID()},
		}
		for k, v := range more {
			o[k] = v
		}
		return o
	}
	report := object("report", alert, stix.Object{
		"name": "題", "description": ja + "\n\n" + en, "published": "2026-11-02T00:00:00.000Z", "lang": "ja", "report_types": []any{"threat-report"},
		"labels": []any{"isac:released", "isac:flash", "severity:high", "tlp:green", "version:2"},
		"external_references": []any{
			map[string]any{"source_name": "isac-alert", "external_id": "42", "url": "https://hub.example.jp/alerts/" + alert},
			map[string]any{"source_name": "isac-previous", "external_id": "41", "url": "https://hub.example.jp/api/v1/alerts/x/bundle", "hashes": map[string]any{"SHA-256": strings.Repeat("ab", 32)}},
			edition.Reference(alert, "https://hub.example.jp"),
		},
		"object_refs": []any{green.ID(), clear.ID(), "identity--6f1e5e0a-6d1c-4d5e-9a55-0d9a2c8b0009", "campaign--6f1e5e0a-6d1c-4d5e-9a55-0d9a2c8b0002"},
	})
	for _, f := range change {
		f(report)
	}
	data, err := stix.Marshal(stix.Object{"type": "bundle", "id": "bundle--6f1e5e0a-6d1c-4d5e-9a55-0d9a2c8b0008", "objects": []any{
		object("identity", "6f1e5e0a-6d1c-4d5e-9a55-0d9a2c8b0009", stix.Object{"name": "ISAC", "object_marking_refs": []any{clear.ID()}}), clear, green,
		object("campaign", "6f1e5e0a-6d1c-4d5e-9a55-0d9a2c8b0002", stix.Object{"name": "ISAC alert 42"}),
		object("attack-pattern", "6f1e5e0a-6d1c-4d5e-9a55-0d9a2c8b0003", stix.Object{"name": "Data Encrypted for Impact"}),
		object("relationship", "6f1e5e0a-6d1c-4d5e-9a55-0d9a2c8b0004", stix.Object{"relationship_type": "uses", "source_ref": "campaign--6f1e5e0a-6d1c-4d5e-9a55-0d9a2c8b0002", "target_ref": "attack-pattern--6f1e5e0a-6d1c-4d5e-9a55-0d9a2c8b0003"}),
		object("language-content", "6f1e5e0a-6d1c-4d5e-9a55-0d9a2c8b0005", stix.Object{"object_ref": report.ID(), "object_modified": "2026-11-02T00:00:00.000Z", "contents": map[string]any{"en": map[string]any{"name": "Title", "description": en}}}),
		report,
	}})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// What stands in an edition may only change with the number in the key of its ids: else an
// id that was given out would get a second content.
func TestGolden(t *testing.T) {
	e, ok, err := edition.Of(flash(t))
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, e.Bundle, "", " "); err != nil {
		t.Fatal(err)
	}
	feed := edition.Feed{Name: "ISAC", Title: "Alerts", BaseURL: "https://hub.example.jp", Lang: "en", Editions: []edition.Edition{e}, Back: []edition.Back{
		{ID: "x", URL: "https://hub.example.jp/public/x", Title: hub.Text{JA: "取消", EN: "Taken back <&"}, At: time.Date(2026, 11, 3, 0, 0, 0, 0, time.UTC)},
	}}
	atom, err := feed.Atom()
	if err != nil {
		t.Fatal(err)
	}
	list, err := feed.JSON()
	if err != nil {
		t.Fatal(err)
	}
	out := txtar.Format(&txtar.Archive{
		Comment: []byte("A flash and its edition; change the key's number with it.\n"),
		Files:   []txtar.File{{Name: "edition.json", Data: append(pretty.Bytes(), '\n')}, {Name: "feed.atom", Data: atom}, {Name: "feed.json", Data: list}},
	})
	if *update {
		if err := os.WriteFile("testdata/edition.txtar", out, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile("testdata/edition.txtar")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(out)); diff != "" {
		t.Error(diff)
	}
	if e.Severity != hub.High || e.Version != 2 || e.Title.EN != "Title" || strings.Contains(string(e.Bundle), alert) || !strings.Contains(e.Text.JA, "TLP:GREEN：本文の中") {
		t.Errorf("%+v", e)
	}
}

// Only a flash for the community that says so itself has an edition.
func TestWhatHasNone(t *testing.T) {
	for name, change := range map[string]func(stix.Object){
		"says nothing":      func(o stix.Object) { o["external_references"] = []any{} },
		"taken back":        func(o stix.Object) { o["revoked"] = true },
		"a full alert":      func(o stix.Object) { o["labels"] = []any{"isac:full", "tlp:green"} },
		"of another":        func(o stix.Object) { o["external_references"] = []any{edition.Reference("x", "https://h")} },
		"for members alone": func(o stix.Object) { o["object_marking_refs"] = []any{stix.TLPMarking(hub.TLPAmber).ID()} },
		"without a label":   func(o stix.Object) { o["object_marking_refs"] = []any{} },
		"without its text":  func(o stix.Object) { o["description"] = "題" },
	} {
		if _, ok, err := edition.Of(flash(t, change)); ok {
			t.Errorf("%s: has an edition, %v", name, err)
		}
	}
	if _, ok, err := edition.Of([]byte("{")); ok || err == nil {
		t.Error("what is no bundle has an edition")
	}
}
