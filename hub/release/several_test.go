package release_test

import (
	"slices"
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/analysis"
	"isac/hub/anonymize"
	"isac/hub/campaign"
	"isac/hub/deliver"
	"isac/hub/release"
	"isac/hub/review"
)

// several opens a case about released alerts, and approves its draft.
func (r *room) several(t *testing.T, d anonymize.Draft) (*file, review.Approved) {
	f := &file{r, t, new(review.Case)}
	f.do(f.c.Receive(review.Hub, review.Report{Number: "r", Digest: d.Body().Record, Time: r.now, Proposed: &review.Proposed{Person: "p", Org: "proposer"}}))
	thin := d.Body().Analysis.Thin
	f.do(f.c.TakeDraft(f.now, hub.Full, review.Draft{Bytes: d.Encode(), Thin: thin}, f.roster, f.random))
	f.do(f.c.Draw(f.now, hub.Full, 2, f.roster, f.random))
	purpose := review.ToApprove
	if thin {
		purpose = review.ToApproveThin
	}
	for _, seat := range f.c.Seats(hub.Full) {
		vote := review.Vote{Review: seat.Review, Digest: d.Digest(), By: f.roster.sign(seat.Person, purpose, d.Digest()), Thin: thin}
		f.do(f.c.Approve(f.now, vote, f.roster, review.Clocks{}, f.random))
	}
	f.do(f.c.Begin(f.now, hub.Full, f.roster))
	ok, err := f.c.Approved(hub.Full, f.roster)
	if err != nil {
		t.Fatal(err)
	}
	return f, ok
}

func (r *room) draftOf(t *testing.T, entries []deliver.Entry, change func(*anonymize.Several)) anonymize.Draft {
	t.Helper()
	s, err := campaign.Of(entries)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(&s)
	}
	d, err := r.a.DraftOf(s, r.random)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestAnAlertOfAlertsSaysWhatTwoState: and nothing else, and only as long as they state it.
func TestAnAlertOfAlertsSaysWhatTwoState(t *testing.T) {
	r := newRoom(t)
	common := append(example(), address("91.219.236.18"))
	var made []deliver.Entry
	for _, own := range []string{"91.219.236.21", "91.219.236.22"} {
		made = append(made, r.open(t).release(r.draft(t, hub.Full, append(slices.Clone(common), address(own)))))
	}
	d := r.draftOf(t, made, nil)
	facts := d.Body().Facts
	for _, f := range facts {
		if f.Class == hub.Impact || f.Class == hub.Quarter || f.Class == hub.Cell || strings.HasPrefix(f.Value, "91.219.236.2") {
			t.Errorf("a fact of one: %s", f.Key())
		}
	}
	for _, f := range common {
		same := func(g hub.Fact) bool { return g.Key() == f.Key() }
		if f.Class != hub.Impact && f.Class != hub.Quarter && f.Confidence.Score() > 0 && !slices.ContainsFunc(facts, same) {
			t.Errorf("both state %s, and it isn't taken", f.Key())
		}
	}
	again := r.draftOf(t, []deliver.Entry{made[1], made[0]}, nil)
	if !slices.Equal(again.Body().Facts, facts) || again.Body().Record != d.Body().Record {
		t.Error("the order of the alerts changes what is drafted")
	}
	a := d.Body().Analysis
	if _, ok := a.Section("impact"); ok || !strings.Contains(a.Title.EN, "several alerts") || !strings.Contains(a.Title.JA, "複数の警報") {
		t.Errorf("the page is of one victim: %s", a.Title.EN)
	}
	f, ok := r.several(t, d)
	p := r.params()
	for why, related := range map[string][]deliver.Entry{
		"no alert": nil, "one alone": made[:1], "another": append(made[:1:1], r.entries[0]),
	} {
		p.Related = related
		if b, err := release.Build(r.a, ok, p, r.gate); hub.KindOf(err) != hub.Held || b.Valid() {
			t.Errorf("with %s: %v", why, err)
		}
	}
	p.Related = made
	b, err := release.Build(r.a, ok, p, r.gate)
	if err != nil {
		t.Fatal(err)
	}
	e := r.store(t, b)
	f.do(f.c.NoteRelease(f.now, hub.Full, e.Alert))

	// A corrected alert holds the next one back.
	corrected := made[1]
	corrected.Kind = hub.Withdrawn
	p = r.params()
	p.Related = []deliver.Entry{made[0], corrected}
	_, ok = r.several(t, r.draftOf(t, made, nil))
	if _, err := release.Build(r.a, ok, p, r.gate); hub.KindOf(err) != hub.Held {
		t.Errorf("with one that was taken back: %v", err)
	}
}

// TestNothingElseIsReleasedThatWay: a draft with a fact that the alerts don't state, or of
// a report, doesn't pass for one of alerts, nor the other way round.
func TestNothingElseIsReleasedThatWay(t *testing.T) {
	r := newRoom(t)
	var made []deliver.Entry
	for range 2 {
		made = append(made, r.open(t).release(r.draft(t, hub.Full, append(example(), address("91.219.236.18")))))
	}
	p := r.params()
	p.Related = made
	d := r.draftOf(t, made, func(s *anonymize.Several) {
		f := address("198.51.100.9")
		f.Confirmed = true
		s.Facts = append(s.Facts, f)
	})
	_, ok := r.several(t, d)
	if b, err := release.Build(r.a, ok, p, r.gate); hub.KindOf(err) != hub.Held || b.Valid() {
		t.Errorf("a fact of no alert: %v", err)
	}
	_, ok = r.several(t, r.draft(t, hub.Full, example()))
	if b, err := release.Build(r.a, ok, p, r.gate); err == nil || b.Valid() {
		t.Error("what a report tells went out without a reporter")
	}
	if b, err := release.Build(r.a, r.open(t).approve(r.draftOf(t, made, nil)), p, r.gate); err == nil || b.Valid() {
		t.Error("a draft of alerts went out as one of a report")
	}
	for why, change := range map[string]func(*anonymize.Several){
		"one alert": func(s *anonymize.Several) { s.Related = s.Related[:1] },
		"the same twice": func(s *anonymize.Several) {
			s.Related = []analysis.Reference{s.Related[0], s.Related[0]}
		},
		"an impact": func(s *anonymize.Several) {
			s.Facts = append(s.Facts, hub.Fact{Class: hub.Impact, Value: "files-encrypted", Confidence: hub.Likely, Confirmed: true})
		},
	} {
		s, err := campaign.Of(made)
		if err != nil {
			t.Fatal(err)
		}
		change(&s)
		if _, err := r.a.DraftOf(s, r.random); err == nil {
			t.Errorf("drafted with %s", why)
		}
	}
}

func TestWhatCantBePutTogether(t *testing.T) {
	r := newRoom(t)
	one := r.open(t).release(r.draft(t, hub.Full, []hub.Fact{address("91.219.236.18")}))
	other := r.open(t).release(r.draft(t, hub.Full, []hub.Fact{address("91.219.236.19")}))
	flash := r.open(t).release(r.draft(t, hub.Flash, []hub.Fact{address("91.219.236.18")}))
	back := one
	back.Kind = hub.Withdrawn
	for why, c := range map[string]struct {
		list []deliver.Entry
		text string
	}{
		"nothing":           {nil, "campaign.two"},
		"one":               {[]deliver.Entry{one}, "campaign.two"},
		"the same twice":    {[]deliver.Entry{one, one}, "campaign.two"},
		"a flash":           {[]deliver.Entry{one, flash}, "campaign.full"},
		"taken back":        {[]deliver.Entry{back, other}, "campaign.full"},
		"nothing in common": {[]deliver.Entry{one, other}, "campaign.nothing"},
	} {
		_, err := campaign.Of(c.list)
		if r := hub.RefusalOf(err); r == nil || r.Text != c.text {
			t.Errorf("%s: %v", why, err)
		}
	}
}
