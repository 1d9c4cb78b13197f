package anonymize

import (
	"slices"
	"strings"
	"testing"

	"isac/hub"
)

// TestWithMarks: suggestions become facts by their keys alone, in the order of all
// facts, and the text tells them; what isn't a suggestion adds nothing.
func TestWithMarks(t *testing.T) {
	a := smallAnonymizer(t)
	const onion = "http://kuro5nw2wqfzrzv6dqe3xkw4yq7a2nt5jhm6cbl4pdu7s3fgvo2ihxqd.onion/c"
	d := draft(t, a, Input{Bundle: bundleOf(t, one("indicator", "pattern", "[url:value = '"+onion+"' OR ipv4-addr:value = '146.70.87.40' OR file:hashes.MD5 = '9e107d9d372bb6826bd81d3542a419d6']")...)}).Full
	key := "indicator:url:value:" + onion
	if hasFact(d.Body().Facts, key) || !hasFact(d.Body().Suggested, key) {
		t.Fatal("the mark is no suggestion")
	}
	with, err := a.WithMarks(d, []string{key, "indicator:ipv4-addr:value:10.44.7.1"})
	if err != nil {
		t.Fatal(err)
	}
	if !hasFact(with.Facts, key) || len(with.Suggested) != 0 || len(with.Facts) != 3 {
		t.Errorf("facts with the mark: %s", keysOf(with.Facts))
	}
	if !slices.IsSortedFunc(with.Facts, byKey) {
		t.Error("the facts are out of order")
	}
	if with.Salt != d.Body().Salt || with.Record != d.Body().Record || with.PolicyDigest != d.Body().PolicyDigest {
		t.Error("more than facts has changed")
	}
	without, err := a.WithMarks(d, []string{"indicator:file:name:x"})
	if err != nil || keysOf(without.Facts) != keysOf(d.Body().Facts) || len(without.Suggested) != 1 {
		t.Error("a key that is no suggestion changed the facts")
	}
	if _, err := a.WithMarks(Draft{}, []string{key}); err == nil {
		t.Error("the zero draft has marks")
	}
}

// TestMarksAreSingle: every fact that waits says so, and none that is out does, unless
// somebody let it.
func TestMarksAreSingle(t *testing.T) {
	a := smallAnonymizer(t)
	for _, s := range []string{
		"[url:value = 'https://kx-desk.net/r?v=8812']", "[email-addr:value = 'rec-0f9e8d7c6b5a4f3e2d1c@cock.li']",
		"[mutex:name = 'Global\\\\8f14e45fceea167a5a36dedd4bea2543']", "[file:name = 'invoice_kx.pdf.exe']", "[domain-name:value LIKE '%-kxrelay.com']",
	} {
		body := draft(t, a, Input{Bundle: bundleOf(t, one("indicator", "pattern", s)...)}).Full.Body()
		if len(body.Facts) != 0 || len(body.Suggested) != 1 || !body.Suggested[0].Single {
			t.Errorf("%s: facts %q, suggested %q", s, keysOf(body.Facts), keysOf(body.Suggested))
		}
		for _, f := range body.Suggested {
			if f.Class != hub.Indicator || strings.Contains(mustText(body), f.Value) {
				t.Errorf("%s: the text tells a suggestion", s)
			}
		}
	}
}

func mustText(b Body) string { return b.Analysis.Text("ja") + b.Analysis.Text("en") }
