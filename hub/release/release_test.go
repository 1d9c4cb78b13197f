package release_test

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/hub/gate"
	"isac/hub/release"
	"isac/hub/review"
	"isac/hub/stix"
)

func TestBuildTakesOnlyWhatReviewApproved(t *testing.T) {
	r := newRoom(t)
	if b, err := release.Build(r.a, review.Approved{}, r.params(), r.gate); err == nil || b.Valid() {
		t.Error("a zero Approved was released")
	}
	if b, err := release.BuildBack(review.TakenBack{}, r.params(), r.gate); err == nil || b.Valid() {
		t.Error("a zero TakenBack was released")
	}
	var b release.Bulletin
	if b.Valid() || b.Bytes() != nil {
		t.Error("a zero Bulletin is valid")
	}
	e, err := b.Entry(func([]byte) ([]byte, error) { t.Error("a zero Bulletin was signed"); return nil, nil })
	if err != nil || e.Number != 0 || e.Bundle != nil {
		t.Error("a zero Bulletin gave an entry")
	}
}

// TestBuildReadsTheDraftAgain: bytes that people signed, and that no anonymizer
// would have made, don't go out.
func TestBuildReadsTheDraftAgain(t *testing.T) {
	r := newRoom(t)
	good := r.draft(t, hub.Flash, example())
	data := bytes.Replace(good.Encode(), []byte(`"LockBit"`), []byte(`"Someone"`), 1)
	f := r.open(t)
	digest := hub.Sum(data)
	f.do(f.c.TakeDraft(f.now, hub.Flash, review.Draft{Bytes: data}, f.roster, f.random))
	f.do(f.c.Consent(f.now, hub.Flash, digest, f.roster.sign("reporter", review.ToConsent, digest), f.roster))
	f.do(f.c.Draw(f.now, hub.Flash, 2, f.roster, f.random))
	for _, seat := range f.c.Seats(hub.Flash) {
		vote := review.Vote{Review: seat.Review, Digest: digest, By: f.roster.sign(seat.Person, review.ToApprove, digest)}
		f.do(f.c.Approve(f.now, vote, f.roster, review.Clocks{}, f.random))
	}
	f.do(f.c.Begin(f.now, hub.Flash, f.roster))
	ok, err := f.c.Approved(hub.Flash, f.roster)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := release.Build(r.a, ok, r.params(), r.gate); hub.KindOf(err) != hub.Held || b.Valid() {
		t.Errorf("a draft that nobody made: %v, want held", err)
	}
}

func TestBuildRefusesABadPlace(t *testing.T) {
	r := newRoom(t)
	ok := r.open(t).approve(r.draft(t, hub.Flash, example()))
	for why, spoil := range map[string]func(*release.Params){
		"no number":             func(p *release.Params) { p.Number = 0 },
		"a later number":        func(p *release.Params) { p.Number, p.FirstNumber = 2, 2 },
		"a past of the first":   func(p *release.Params) { p.Previous = hub.Sum(nil) },
		"another first number":  func(p *release.Params) { p.FirstNumber = 3 },
		"no time":               func(p *release.Params) { p.Published = time.Time{} },
		"another first time":    func(p *release.Params) { p.FirstPublished = start.Add(-time.Hour) },
		"no identity":           func(p *release.Params) { p.Hub.ID = "hub" },
		"an organisation's id":  func(p *release.Params) { p.Hub.ID = stix.NameID("tool", "hub") },
		"no name":               func(p *release.Params) { p.Hub.Name = "" },
		"born after":            func(p *release.Params) { p.Hub.Created = start.Add(time.Hour) },
		"no address":            func(p *release.Params) { p.BaseURL = "" },
		"an address with slash": func(p *release.Params) { p.BaseURL += "/" },
		"no vocabulary":         func(p *release.Params) { p.Vocab = nil },
	} {
		p := r.params()
		spoil(&p)
		if b, err := release.Build(r.a, ok, p, r.gate); err == nil || b.Valid() {
			t.Errorf("%s: released", why)
		}
	}
	if b, err := release.Build(r.a, ok, r.params(), release.Gate{}); err == nil || b.Valid() {
		t.Error("released without a gate")
	}
	if b, err := release.Build(r.a, ok, r.params(), release.Gate{Register: new(gate.Register)}); hub.KindOf(err) != hub.Held || b.Valid() {
		t.Errorf("released with a gate that knows nothing: %v", err)
	}
}

// TestNothingGoesOutThatTheGateHits: a hit at the last moment, against a newer
// register or a value left out, is a Held error and no bytes.
func TestNothingGoesOutThatTheGateHits(t *testing.T) {
	r := newRoom(t)
	facts := append(example(), hub.Fact{Class: hub.Indicator, Kind: hub.Domain, Value: "portal." + r.orgs[3].Domain, Confidence: hub.Likely, Source: hub.FromObject})
	ok := r.open(t).approve(r.draft(t, hub.Full, facts))
	if b, err := release.Build(r.a, ok, r.params(), r.gate); hub.KindOf(err) != hub.Held || b.Valid() || b.Bytes() != nil {
		t.Errorf("an organisation's domain: %v", err)
	}
	ok = r.open(t).approve(r.draft(t, hub.Full, example()))
	g := r.gate
	g.LeftOut = []string{"LockBit"}
	if b, err := release.Build(r.a, ok, r.params(), g); hub.KindOf(err) != hub.Held || b.Valid() {
		t.Errorf("a value left out: %v", err)
	}
}

func TestSameInSameOut(t *testing.T) {
	r := newRoom(t)
	d := r.draft(t, hub.Full, example())
	ok := r.open(t).approve(d)
	first, err := release.Build(r.a, ok, r.params(), r.gate)
	if err != nil {
		t.Fatal(err)
	}
	again, err := release.Build(r.a, ok, r.params(), r.gate)
	if err != nil || !bytes.Equal(first.Bytes(), again.Bytes()) || first.Alert() != again.Alert() {
		t.Errorf("another bundle of the same inputs: %v", err)
	}
}

func TestRepeatedIndicatorIsResentUntilHalfItsLifeIsGone(t *testing.T) {
	r := newRoom(t)
	facts := []hub.Fact{{Class: hub.Indicator, Kind: hub.IPv4, Value: "91.219.236.18", Confidence: hub.Possible, Source: hub.FromObject}}
	find := func(bundle []byte) stix.Object {
		for _, o := range objects(t, bundle) {
			if o.Type() == "indicator" {
				return o
			}
		}
		return nil
	}
	release1 := func(c hub.Confidence) stix.Object {
		facts[0].Confidence = c
		return find(r.open(t).release(r.draft(t, hub.Flash, facts)).Bundle)
	}
	first := release1(hub.Possible)
	r.now = start.AddDate(0, 0, 14)
	if again := release1(hub.Unknown); bytesOf(t, again) != bytesOf(t, first) {
		t.Error("with half of its life left the indicator changed")
	}
	r.now = start.AddDate(0, 0, 16)
	third := release1(hub.Possible)
	if third.Str("valid_from") != first.Str("valid_from") || third.Str("created") != first.Str("created") {
		t.Error("its beginning moved")
	}
	if want := stix.FormatTime(r.now.AddDate(0, 0, 30)); third.Str("valid_until") != want || third.Str("modified") != stix.FormatTime(r.now) {
		t.Errorf("valid until %s, want %s", third.Str("valid_until"), want)
	}
	r.now = start.AddDate(0, 0, 17)
	if surer := release1(hub.Confirmed); surer.Str("modified") != stix.FormatTime(r.now) || surer.Str("valid_until") != third.Str("valid_until") {
		t.Error("a surer word isn't told")
	}
	r.now = start.AddDate(0, 0, 18)
	if n, _ := release1(hub.Possible).Int("confidence"); n != 85 {
		t.Errorf("a less sure word took confidence down to %d", n)
	}
}

// TestOpenStaysOpen: an indicator that was released to many keeps their marking in
// an alert for few.
func TestOpenStaysOpen(t *testing.T) {
	r := newRoom(t)
	id := stix.NameID("tool", "mimikatz")
	clear := stix.TLPMarking(hub.TLPClear).ID()
	r.known[id] = stix.Object{
		"type": "tool", "spec_version": "2.1", "id": id, "name": "Mimikatz", "created": stix.FormatTime(born), "modified": stix.FormatTime(born),
		"created_by_ref": r.params().Hub.ID, "object_marking_refs": []any{clear},
	}
	want := bytesOf(t, r.known[id])
	e := r.open(t).release(r.draft(t, hub.Flash, example()))
	if got := bytesOf(t, r.known[id]); got != want || e.TLP == hub.TLPClear {
		t.Errorf("the tool of an open alert is %s", got)
	}
}

// TestRoom: a draft with more than fits keeps to the limits, and loses names last.
func TestRoom(t *testing.T) {
	r := newRoom(t)
	var facts []hub.Fact
	for i, tech := range r.v.Techniques() {
		if i < 150 {
			facts = append(facts, hub.Fact{Class: hub.Technique, Value: tech.ID, Confidence: hub.Likely, Source: hub.FromObject, Step: i + 1})
		}
	}
	facts = append(facts, hub.Fact{Class: hub.CVE, Value: "CVE-2018-13379", Confidence: hub.Likely, Source: hub.FromObject},
		hub.Fact{Class: hub.Family, Value: "LockBit", Confidence: hub.Likely, Source: hub.FromObject})
	for i := range 2500 {
		facts = append(facts, hub.Fact{Class: hub.Indicator, Kind: hub.SHA256, Value: hub.Sum([]byte{byte(i), byte(i >> 8)}).String(), Confidence: hub.Likely, Source: hub.FromObject})
	}
	e := r.open(t).release(r.draft(t, hub.Full, facts, "ransomware"))
	count := map[string]int{}
	for _, o := range objects(t, e.Bundle) {
		count[o.Type()]++
	}
	if count["indicator"] != 2000 || count["vulnerability"] != 1 || count["malware"] != 1 || count["attack-pattern"] < 70 {
		t.Errorf("%v", count)
	}
}

// TestOwnWordsAreNoHits: whatever the format itself says in an alert isn't a value
// of the report, even where the report has the same word.
func TestOwnWordsAreNoHits(t *testing.T) {
	r := newRoom(t)
	facts := []hub.Fact{}
	for _, f := range example() {
		if f.Class != hub.Family && f.Class != hub.Tool {
			facts = append(facts, f)
		}
	}
	e := r.open(t).release(r.draft(t, hub.Full, facts))
	g := r.gate
	seen := map[string]bool{}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case stix.Object:
			walk(map[string]any(v))
		case map[string]any:
			for name, inner := range v {
				seen[name] = true
				walk(inner)
			}
		case []any:
			for _, inner := range v {
				walk(inner)
			}
		case string:
			seen[v] = true
		}
	}
	for _, o := range objects(t, e.Bundle) {
		if o.Type() != "indicator" && o.Type() != "vulnerability" && o.Type() != "report" && o.Type() != "language-content" {
			walk(o)
		}
	}
	for word := range seen {
		g.LeftOut = append(g.LeftOut, word)
	}
	_, _, err := settle(r, r.draft(t, hub.Full, facts), g)
	if err != nil {
		t.Errorf("the format's own words are held: %v", err)
	}
}

// TestOwnPageIsNoHit: no word or number of the hub's own sentences is a value of the
// report, wherever notes come into them.
func TestOwnPageIsNoHit(t *testing.T) {
	r := newRoom(t)
	var facts []hub.Fact
	of := map[string]bool{}
	for _, f := range example() {
		switch f.Class {
		case hub.Family, hub.Tool, hub.Indicator, hub.CVE, hub.Quarter:
		default:
			facts = append(facts, f)
		}
	}
	d := r.draft(t, hub.Full, facts)
	g := r.gate
	page := d.Body().Analysis
	for _, lang := range []string{"ja", "en"} {
		for _, w := range strings.FieldsFunc(page.Text(lang), func(c rune) bool {
			return !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '\'' && (c != ' ' || lang == "en")
		}) {
			if w = strings.TrimSpace(w); !of[w] && utf8.RuneCountInString(w) > 1 {
				of[w] = true
				g.LeftOut = append(g.LeftOut, w)
			}
		}
	}
	g.LeftOut = append(g.LeftOut, "1台", "2名", "3 か月")
	got, _, err := settle(r, d, g)
	if err != nil {
		t.Fatalf("the hub's own sentences are held: %v", err)
	}
	if have := len(got.Body().Facts); have != len(facts) {
		t.Errorf("%d of %d facts were taken out for a word of the hub's own", len(facts)-have, len(facts))
	}
}

func settle(r *room, d anonymize.Draft, g release.Gate) (anonymize.Draft, []byte, error) {
	p := r.params()
	p.Number, p.FirstNumber, p.Previous, p.PreviousID = 1, 1, hub.Digest{}, ""
	return release.Settle(r.a, d, p, g, r.random)
}

func bytesOf(t testing.TB, o stix.Object) string {
	t.Helper()
	data, err := stix.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
