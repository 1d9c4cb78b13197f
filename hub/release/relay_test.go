package release_test

import (
	"crypto/ed25519"
	"strings"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/advisory"
	"isac/hub/deliver"
	"isac/hub/gate"
	"isac/hub/release"
	"isac/hub/review"
	"isac/hub/stix"
)

// advisoryOf reads one notice, and has a moderator let it go out.
func (r *room) advisoryOf(t *testing.T, document string, out int) advisory.Passed {
	t.Helper()
	list, err := advisory.Read([]byte(document), advisory.Source{Name: "vendor"}, r.v)
	if err != nil || len(list) != 1 {
		t.Fatal(len(list), err)
	}
	n := advisory.Item{Out: out}
	e, ok := n.Take(r.now, list[0], false)
	if !ok || n.Apply(e) != nil {
		t.Fatal("not taken")
	}
	sign := review.SigningBytes(advisory.ToRelease, n.Digest())
	for by, want := range map[string]hub.ErrorKind{"reporter": hub.Forbidden, "nobody": hub.Forbidden} {
		if _, err := n.Approve(r.now, review.Signed{Person: by, Signature: ed25519.Sign(r.roster.keys["one"], sign)}, r.roster); hub.KindOf(err) != want {
			t.Errorf("by %s: %v", by, err)
		}
	}
	if _, err := n.Approve(r.now, review.Signed{Person: "two", Signature: ed25519.Sign(r.roster.keys["one"], sign)}, r.roster); hub.KindOf(err) != hub.Unsigned {
		t.Errorf("with another's key: %v", err)
	}
	e, err = n.Approve(r.now, review.Signed{Person: "one", Signature: ed25519.Sign(r.roster.keys["one"], sign)}, r.roster)
	if err != nil || n.Apply(e) != nil {
		t.Fatal(err)
	}
	passed, err := n.Pass(r.roster)
	if err != nil {
		t.Fatal(err)
	}
	return passed
}

func csaf(title, version string) string {
	return `{"document":{"csaf_version":"2.0","title":"` + title + `","publisher":{"name":"Example PSIRT","namespace":"https://p.example.com"},"distribution":{"tlp":{"label":"AMBER"}},
"tracking":{"id":"EX-1","status":"final","version":"` + version + `","current_release_date":"2026-09-0` + version + `T00:00:00Z"},"references":[{"url":"https://p.example.com/1"}]},
"product_tree":{"full_product_names":[{"name":"Fortinet FortiOS 7.4","product_id":"a"}]},"vulnerabilities":[{"cve":"CVE-2018-13379","notes":[{"text":"T1190 \" \\ é 日本"}]}]}`
}

// TestAdvisoryGoesOutUnedited: with the publisher's words byte for byte and under its
// label, at its place in the chain; a new version is a correction of the first.
func TestAdvisoryGoesOutUnedited(t *testing.T) {
	r := newRoom(t)
	org := r.orgs[3].NameJA
	document := csaf("Overflow seen at "+org, "1")
	passed := r.advisoryOf(t, document, 0)
	b, err := release.BuildAdvisory(passed, nil, r.params(), r.gate)
	if err != nil {
		t.Fatal(err)
	}
	e := r.storeAdvisory(t, b)
	if e.Stage != hub.Advisory || e.TLP != hub.TLPAmber || e.Severity != hub.Medium || e.Kind != hub.Released {
		t.Errorf("entry %+v", e.Alert)
	}
	a, err := advisory.Of(e.Bundle)
	want := passed.Advisory()
	if err != nil || a.Notice != want.Notice || a.Notice.Text != document || a.ID != want.ID || a.TLP != want.TLP || a.Title != want.Title || a.Publisher != want.Publisher || a.Key != "EX-1" || a.Version != "1" {
		t.Errorf("read back %+v, %v", a, err)
	}
	if strings.Join(a.CVEs, " ") != "CVE-2018-13379" || strings.Join(a.Techniques, " ") != "T1190" || strings.Join(a.Products, " ") != "fortinet-fortios" || a.URLs[0] != "https://p.example.com/1" {
		t.Errorf("read back %+v", a)
	}
	r.now = r.now.Add(time.Hour)
	b, err = release.BuildAdvisory(r.advisoryOf(t, csaf("Overflow", "2"), 1), nil, r.later(1), r.gate)
	if err != nil {
		t.Fatal(err)
	}
	if again := r.storeAdvisory(t, b); again.ID != e.ID || again.Version != 2 || again.Kind != hub.Corrected {
		t.Errorf("entry %+v", again.Alert)
	}
}

// storeAdvisory is store for what has another profile than alerts have.
func (r *room) storeAdvisory(t *testing.T, b release.Bulletin) deliver.Entry {
	t.Helper()
	e := r.entry(t, b)
	if err := deliver.Verify(r.pub, e); err != nil {
		t.Fatal(err)
	}
	chain, err := r.chain.Next(e)
	if err != nil {
		t.Fatal(err)
	}
	r.chain, r.entries = chain, append(r.entries, e)
	ids := map[string]bool{}
	for _, o := range objects(t, e.Bundle) {
		ids[o.ID()] = true
		if release.Lasting(o) {
			r.known[o.ID()] = o
		}
		if o.Type() != "marking-definition" && stix.LabelOf(o) == "" {
			t.Errorf("%s has no label", o.Type())
		}
	}
	for _, o := range objects(t, e.Bundle) {
		for _, ref := range append(o.Strs("object_refs"), o.Strs("object_marking_refs")...) {
			if !ids[ref] {
				t.Errorf("%s refers to what isn't there", o.Type())
			}
		}
	}
	return e
}

// TestTheHubsOwnWordsAreGated: of the two, the publisher may name an organisation, which
// the moderator is told; the hub may not.
func TestTheHubsOwnWordsAreGated(t *testing.T) {
	r := newRoom(t)
	org := r.orgs[3].NameJA
	if b, err := release.BuildAdvisory(advisory.Passed{}, nil, r.params(), r.gate); err == nil || b.Valid() {
		t.Error("a zero value went out")
	}
	p := r.params()
	p.Hub.Name, p.BaseURL = "Hub", "https://hub.example.org"
	list, err := advisory.Read([]byte(csaf("x", "1")), advisory.Source{Name: org}, r.v)
	if err != nil {
		t.Fatal(err)
	}
	named := r.passOf(t, list[0])
	if b, err := release.BuildAdvisory(named, nil, p, r.gate); hub.KindOf(err) != hub.Held || b.Valid() || b.Bytes() != nil {
		t.Errorf("the operator's name of a source names an organisation: %v", err)
	}
	for text, want := range map[string]bool{org: true, "Overflow": false} {
		list, err := advisory.Read([]byte(csaf(text, "1")), advisory.Source{Name: "vendor"}, r.v)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := release.Named(list[0], r.gate.Register); err != nil || got != want {
			t.Errorf("names somebody: %v, %v", got, err)
		}
	}
	if _, err := release.Named(list[0], &gate.Register{}); err == nil {
		t.Error("a gate without a list answers")
	}
}

func (r *room) passOf(t *testing.T, a advisory.Advisory) advisory.Passed {
	t.Helper()
	n := advisory.Item{Advisory: a, State: advisory.Going, Yes: advisory.Event{By: review.Signed{
		Person: "one", Signature: ed25519.Sign(r.roster.keys["one"], review.SigningBytes(advisory.ToRelease, a.Digest())),
	}}}
	p, err := n.Pass(r.roster)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
