package release_test

import (
	"bytes"
	"testing"

	"isac/hub/anonymize"
	"isac/hub/release"
	"isac/hub/stix"
)

// TestMarksGoOutByTheirKeys: a suggestion of the approved draft stands in the alert
// where a key says so; a mark that the gate hits stays inside, and the alert goes out.
func TestMarksGoOutByTheirKeys(t *testing.T) {
	const onion = "http://kuro5nw2wqfzrzv6dqe3xkw4yq7a2nt5jhm6cbl4pdu7s3fgvo2ihxqd.onion/c"
	const key, day = "indicator:url:value:" + onion, "2026-09-12T01:15:30.250Z"
	r := newRoom(t)
	bundle, err := stix.ParseBundle([]byte(`{"type":"bundle","id":"bundle--4f1c0a52-0d0c-4e8e-9d2e-3a9f0c5a7b11","objects":[{"type":"indicator","spec_version":"2.1",
"id":"indicator--11111111-2222-4333-8444-555555555555","created":"`+day+`","modified":"`+day+`","valid_from":"`+day+`","pattern_type":"stix",
"pattern":"[url:value = '`+onion+`' OR ipv4-addr:value = '146.70.87.40']"}]}`), stix.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	pair, err := r.a.Draft(anonymize.Input{Bundle: bundle, Random: r.random})
	if err != nil {
		t.Fatal(err)
	}
	ok := r.open(t).approve(pair.Flash)
	for _, c := range []struct {
		why     string
		marks   []string
		leftOut []string
		want    bool
	}{
		{"nobody else has it", nil, nil, false},
		{"somebody else has it", []string{key}, nil, true},
		{"a key of nothing", []string{"indicator:url:value:http://other.onion/"}, nil, false},
		{"the gate hits it", []string{key}, []string{"kuro5nw2wqfzrzv6dqe3xkw4yq7a2nt5jhm6cbl4pdu7s3fgvo2ihxqd.onion"}, false},
	} {
		p, g := r.params(), r.gate
		p.Marks, g.LeftOut = c.marks, c.leftOut
		b, err := release.Build(r.a, ok, p, g)
		if err != nil {
			t.Fatalf("%s: %v", c.why, err)
		}
		if got := bytes.Contains(b.Bytes(), []byte(onion)); got != c.want || !bytes.Contains(b.Bytes(), []byte("146.70.87.40")) {
			t.Errorf("%s: the mark is out: %t, want %t", c.why, got, c.want)
		}
	}
}
