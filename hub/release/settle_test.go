package release_test

import (
	"fmt"
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/hub/release"
	"isac/hub/stix"
)

// TestTheRecordSaysWhatTheGateTookOut: a builder that knows no sector list makes a
// fact of an organisation's domain, and the gate takes it out. The record of what is
// left says so, and every draft commits to that record.
func TestTheRecordSaysWhatTheGateTookOut(t *testing.T) {
	s := theSector(t)
	blind := anonymize.New(anonymize.Config{Vocab: s.v})
	in := anonymize.Input{
		Bundle: bundleOf(t, "sync-relay.top", "portal."+s.orgs[3].Domain), Answers: anonymize.Answers{AllConfirmed: true}, Random: seeded(5), Received: start,
	}
	before, err := blind.Draft(in)
	if err != nil {
		t.Fatal(err)
	}
	if got := actionsOf(before.Record); got != "fact 2" {
		t.Fatalf("before the gate: %s, and the case proves nothing", got)
	}
	r := newRoom(t)
	out, err := release.SettleReport(blind, in, func(hub.Stage) release.Params { return r.params() }, r.gate, hub.Flash, hub.Full)
	if err != nil || out.Held != nil || len(out.Alerts) != 2 {
		t.Fatalf("%d alerts, held: %v; %v", len(out.Alerts), out.Held, err)
	}
	if got := actionsOf(out.Record); got != "fact 1, not-releasable 1" {
		t.Errorf("the record says %s", got)
	}
	for _, d := range []anonymize.Draft{out.Flash, out.Full} {
		b := d.Body()
		if b.Record != out.Record.Commitment() || len(b.Facts) != 1 || strings.Contains(string(out.Alerts[b.Stage]), s.orgs[3].Domain) {
			t.Errorf("%s: %d facts, committed to its record: %v", b.Stage, len(b.Facts), b.Record == out.Record.Commitment())
		}
	}
	if !out.Record.Verify(anonymize.DefaultPolicy(), in.Bundle) {
		t.Error("the record isn't of the report")
	}
}

// TestOneStageHeld: what no fact is to blame for holds each stage by itself.
func TestOneStageHeld(t *testing.T) {
	r := newRoom(t)
	in := anonymize.Input{Bundle: bundleOf(t, "sync-relay.top"), Random: seeded(5), Received: start}
	out, err := release.SettleReport(r.a, in, func(s hub.Stage) release.Params {
		p := r.params()
		if s == hub.Full {
			p.Hub.Name = r.orgs[7].NameJA
		}
		return p
	}, r.gate, hub.Flash, hub.Full)
	if err != nil || hub.KindOf(out.Held) != hub.Held || out.Full.Valid() || !out.Flash.Valid() || len(out.Alerts) != 1 {
		t.Errorf("flash %v, full %v, %d alerts, held: %v; %v", out.Flash.Valid(), out.Full.Valid(), len(out.Alerts), out.Held, err)
	}
}

// bundleOf is a report of indicators, each of a domain.
func bundleOf(t *testing.T, domains ...string) stix.Bundle {
	t.Helper()
	var objects []string
	for i, d := range domains {
		objects = append(objects, fmt.Sprintf(`{"type":"indicator","spec_version":"2.1","id":"indicator--00000000-0000-4000-8000-%012d",
			"created":"2026-09-12T01:15:30.250Z","modified":"2026-09-12T01:15:30.250Z","valid_from":"2026-09-12T01:15:30.250Z",
			"pattern_type":"stix","pattern":"[domain-name:value = '%s']"}`, i, d))
	}
	b, err := stix.ParseBundle([]byte(`{"type":"bundle","id":"bundle--00000000-0000-4000-8000-000000000000","objects":[`+strings.Join(objects, ",")+`]}`), stix.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// actionsOf tells what a record says of patterns.
func actionsOf(r anonymize.Record) string {
	var out []string
	for _, c := range r.Classes() {
		if c.Pointer == "/objects/*/pattern" {
			out = append(out, fmt.Sprint(c.Action, " ", c.Count))
		}
	}
	return strings.Join(out, ", ")
}
