package form_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"isac/hub"
	"isac/hub/form"
	"isac/hub/stix"
	"isac/hub/vocab"
)

// What was filled in is read back from its report, for an update to begin there.
func TestReadGivesBackWhatWasFilledIn(t *testing.T) {
	v := vocab.Default(nil)
	first := func(c hub.Class) string { return v.Entries(c)[0].ID }
	for _, a := range []form.Answers{
		{Lang: "ja", Seen: "脅迫文が出た。\n■ 印のある行\n二行目"},
		{
			Lang: "en", Seen: "a note", Stopped: "all", Since: "today", Entry: "VPN", Done: "cut off", Note: "pay\n\n■ now", Extension: ".locked",
			Timeline: "6:40 seen\n7:10 cut off", Breach: form.Breach{Data: "names", Persons: "12", Secondary: "none", Told: "not yet", Published: "no", Prevention: "MFA", Other: "-"}, Contact: "x 03-0000-0000",
			Route: first(hub.Route), Confidence: hub.Likely, Weaknesses: []string{first(hub.Weakness)}, Impacts: []string{first(hub.Impact)},
			Products: []string{first(hub.Product)}, CVEs: "CVE-2018-13379 CVE-2024-3400", Indicators: "203.0.113.9\nhttps://bad.example.net/a'b",
		},
	} {
		report, _, err := form.Build(a, v, hub.Organisation{ID: "x"}, time.Date(2026, 11, 3, 0, 0, 0, 0, time.UTC), bytes.NewReader(make([]byte, 16)))
		if err != nil {
			t.Fatal(err)
		}
		b, err := stix.ParseBundle(report, stix.DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		got, ok := form.Read(b)
		a.Indicators = got.Indicators // pasted in any shape
		if diff := cmp.Diff(a, got); !ok || diff != "" {
			t.Errorf("%v %s", ok, diff)
		}
	}
}

func TestReadLeavesOtherReportsAlone(t *testing.T) {
	for _, objects := range []string{
		`{"type":"incident","id":"incident--1","description":"free text","lang":"ja"}`,
		`{"type":"incident","id":"incident--1","description":"■ What is seen\nx","lang":"en"},{"type":"malware","id":"malware--1"}`,
		`{"type":"incident","id":"incident--1","description":"■ What is seen\nx","lang":"en"},{"type":"indicator","id":"indicator--1","pattern":"[a:b = 'c' OR a:b = 'd']"}`,
		`{"type":"identity","id":"identity--1"}`,
	} {
		b, err := stix.ParseBundle([]byte(`{"type":"bundle","id":"bundle--1","objects":[`+objects+`]}`), stix.DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := form.Read(b); ok {
			t.Errorf("%.60s is read as a form", objects)
		}
	}
}
