package stix_test

import (
	"bytes"
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/stix"
)

// No label becomes weaker, and only amber+strict, which TLP 1 doesn't have, stricter.
func TestTwinsAreNeverWeaker(t *testing.T) {
	for label, want := range map[hub.TLP]string{
		hub.TLPClear: "white", hub.TLPGreen: "green", hub.TLPAmber: "amber", hub.TLPAmberStrict: "red", hub.TLPRed: "red",
	} {
		marking := stix.TLPMarking(label)
		twin, err := stix.Marshal(stix.Twin(marking))
		if err != nil {
			t.Fatal(err)
		}
		published, err := stix.Marshal(stix.TLP1Marking(want))
		if err != nil || !bytes.Equal(twin, published) {
			t.Errorf("%s is %s", label, twin)
		}
		o := stix.Twin(stix.Object{"type": "tool", "id": "tool--1", "object_marking_refs": []any{marking.ID()}})
		if got := o.Strs("object_marking_refs"); len(got) != 1 || got[0] != stix.TLP1Marking(want).ID() || stix.TwinID(marking.ID()) != got[0] {
			t.Errorf("what is marked %s is marked %v", label, got)
		}
	}
}

func TestTwinsReferToTwins(t *testing.T) {
	const a, b = "indicator--11111111-1111-4111-8111-111111111111", "malware--22222222-2222-4222-8222-222222222222"
	o := stix.Object{
		"type": "report", "id": "report--33333333-3333-4333-8333-333333333333", "name": a, "created_by_ref": b, "object_refs": []any{a, b},
		"list_refs": []string{a}, "granular_markings": []any{map[string]any{"marking_ref": b, "selectors": []any{a}}},
		"nested": stix.Object{"deep": []stix.Object{{"x_ref": a}}}, "confidence": 5,
	}
	before, err := stix.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	twin := stix.Twin(o)
	text, err := stix.Marshal(twin)
	if err != nil {
		t.Fatal(err)
	}
	if after, _ := stix.Marshal(o); !bytes.Equal(before, after) {
		t.Error("the object itself was changed")
	}
	if n := strings.Count(string(text), a); n != 2 { // its name and the selector are no references
		t.Errorf("%d mentions of the original are left: %s", n, text)
	}
	if n := strings.Count(string(text), stix.TwinID(a)); n != 3 {
		t.Errorf("%d references to a twin: %s", n, text)
	}
	if strings.Contains(string(text), b) || twin.ID() == o.ID() || twin.ID() != stix.TwinID(o.ID()) || !strings.HasPrefix(twin.ID(), "report--") {
		t.Errorf("the twin is %s", text)
	}
	if id, err := stix.ParseID(twin.ID()); err != nil || id.Version() != 5 {
		t.Errorf("its id is %s", twin.ID())
	}
}

func TestLabels(t *testing.T) {
	mark := func(labels ...hub.TLP) stix.Object {
		var refs []any
		for _, l := range labels {
			refs = append(refs, stix.TLPMarking(l).ID())
		}
		return stix.Object{"object_marking_refs": refs}
	}
	if stix.LabelOf(mark()) != "" || stix.LabelOf(mark(hub.TLPGreen)) != hub.TLPGreen || stix.LabelOf(mark(hub.TLPAmberStrict, hub.TLPClear)) != hub.TLPAmberStrict {
		t.Error("not the strictest label")
	}
}
