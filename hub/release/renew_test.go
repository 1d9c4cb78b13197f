package release_test

import (
	"bytes"
	"testing"
	"time"

	"pgregory.net/rapid"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/feedback"
	"isac/hub/gate"
	"isac/hub/register"
	"isac/hub/register/synthetic"
	"isac/hub/release"
	"isac/hub/review"
	"isac/hub/stix"
)

const week = 7 * 24 * time.Hour

var updates = feedback.Rules{K: 10, Grace: week, Every: week, Step: 20, Slow: map[string]int{"ipv4-addr": 1}}

func address(value string) hub.Fact {
	return hub.Fact{Class: hub.Indicator, Kind: hub.IPv4, Value: value, Confidence: hub.Confirmed, Source: hub.FromObject}
}

func idOf(f hub.Fact) string { return stix.NameID("indicator", release.PatternOf(f)) }

// told puts what is told into params.
func told(p release.Params, all map[string][]feedback.Count) release.Params {
	p.Updates, p.Told = updates, func(id string) []feedback.Count { return all[id] }
	return p
}

func TestUpdateIsANewVersionThatSaysTheSame(t *testing.T) {
	r := newRoom(t)
	facts := append(example(), address("91.219.236.18"))
	first := r.open(t).release(r.draft(t, hub.Full, facts))
	wrong := map[string][]feedback.Count{idOf(address("91.219.236.18")): {{Answer: feedback.FalsePositive, AtLeast: 10, Since: start.Add(5 * 24 * time.Hour)}}}
	renew := func() release.Bulletin {
		t.Helper()
		b, err := release.Renew(r.entries[len(r.entries)-1], told(r.later(1), wrong), r.gate)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	r.now = start.Add(week - time.Millisecond)
	if renew().Valid() {
		t.Error("updated before a week is over")
	}
	r.now = start.Add(week)
	b := renew()
	if !b.Valid() || !bytes.Equal(b.Bytes(), renew().Bytes()) {
		t.Fatal("no update, or two different ones of the same")
	}
	e := r.store(t, b)
	if e.ID != first.ID || e.Version != 2 || e.Kind != hub.Updated || e.Severity != first.Severity || e.TLP != first.TLP || e.Stage != first.Stage {
		t.Errorf("the update is %+v", e.Alert)
	}
	was, changed := map[string]stix.Object{}, 0
	for _, o := range objects(t, first.Bundle) {
		was[o.ID()] = o
	}
	for _, o := range objects(t, e.Bundle) {
		before := was[o.ID()]
		switch {
		case before == nil:
			t.Errorf("a %s is new", o.Type())
		case o.Type() == "report" || o.Type() == "language-content":
			if o.Str("description") != before.Str("description") || o.Str("created") != before.Str("created") || o.Str("modified") <= before.Str("modified") {
				t.Errorf("the %s says something else", o.Type())
			}
		case bytesOf(t, o) == bytesOf(t, before):
		case o.Type() != "indicator":
			t.Errorf("a %s changed", o.Type())
		default:
			changed++
		}
	}
	if len(was) != len(objects(t, e.Bundle)) || changed == 0 {
		t.Errorf("%d indicators changed of %d objects", changed, len(was))
	}
	if renew().Valid() {
		t.Error("updated at once again")
	}
}

// TestUpdateDoesntTellWhoJoined: a list on which an organisation stands that an old
// alert happens to name changes no update of it. What the update adds is still gated.
func TestUpdateDoesntTellWhoJoined(t *testing.T) {
	r := newRoom(t)
	facts := append(example(), hub.Fact{Class: hub.Indicator, Kind: hub.Domain, Value: "kitano-renkei.example", Confidence: hub.Confirmed, Source: hub.FromObject})
	first := r.open(t).release(r.draft(t, hub.Full, facts))
	orgs := synthetic.Register(200, 11)
	orgs[3].Member, orgs[3].Domain = true, "kitano-renkei.example"
	list, err := register.New(orgs)
	if err != nil {
		t.Fatal(err)
	}
	joined, err := gate.Compile(list.Header(), list.Rows())
	if err != nil {
		t.Fatal(err)
	}
	if _, hits, _ := joined.Check(first.Bundle, nil); len(hits) == 0 {
		t.Fatal("the list doesn't hit the alert: the test shows nothing")
	}
	r.now = start.Add(25 * 24 * time.Hour)
	p := told(r.later(1), nil)
	b, err := release.Renew(first, p, release.Gate{Register: r.gate.Register, Own: r.gate.Own})
	if err != nil || !b.Valid() {
		t.Fatalf("no update is due: the test shows nothing: %v", err)
	}
	after, err := release.Renew(first, p, release.Gate{Register: joined, Own: r.gate.Own})
	if err != nil || !bytes.Equal(b.Bytes(), after.Bytes()) {
		t.Errorf("who joined is told by the update: %v", err)
	}
	p.BaseURL = "https://" + orgs[5].Domain
	if b, err := release.Renew(first, p, r.gate); b.Valid() && orgs[5].Domain != "" {
		t.Errorf("a needle that the update added went out: %v", err)
	}
	if b, err := release.Renew(first, p, release.Gate{}); err == nil || b.Valid() {
		t.Error("passed without a register")
	}
}

// TestAnyOrder: updates, corrections, withdrawals and recalls of alerts that share
// indicators may come in any order. Every entry verifies, follows the one before it and
// is the next version of its alert; nothing follows what was taken back; and whatever
// came between, an indicator says what follows from what was stated and told.
func TestAnyOrder(t *testing.T) {
	shared := []hub.Fact{address("91.219.236.18"), address("91.219.236.19"), address("91.219.236.20")}
	kinds := map[hub.AlertKind]int{}
	rapid.Check(t, func(rt *rapid.T) {
		r := newRoom(t)
		var files []*file
		said := map[string][]feedback.Count{}
		newest := map[string]deliver.Entry{}
		note := func(e deliver.Entry) {
			before := newest[e.ID]
			if e.Version != before.Version+1 || before.Kind.Back() && e.Kind != hub.Recalled || before.Kind == hub.Recalled {
				rt.Fatalf("version %d %s came after version %d %s", e.Version, e.Kind, before.Version, before.Kind)
			}
			newest[e.ID] = e
			kinds[e.Kind]++
		}
		pick := func() (*file, deliver.Entry) {
			f := files[rapid.IntRange(0, len(files)-1).Draw(rt, "file")]
			out, _ := f.c.Out(hub.Full)
			return f, newest[out.Alert.ID]
		}
		facts := func() []hub.Fact {
			return append(example(), rapid.SliceOfNDistinct(rapid.SampledFrom(shared), 1, 3, hub.Fact.Key).Draw(rt, "facts")...)
		}
		bring := func(f *file, build func(p release.Params) (release.Bulletin, error), p release.Params) deliver.Entry {
			b, err := build(told(p, said))
			if err != nil {
				rt.Fatal(err)
			}
			e := r.store(t, b)
			note(e)
			f.do(f.c.NoteRelease(f.now, hub.Full, e.Alert))
			return e
		}
		for range rapid.IntRange(2, 7).Draw(rt, "steps") {
			r.now = r.now.Add(time.Duration(rapid.IntRange(1, 30*24).Draw(rt, "hours")) * time.Hour)
			step := rapid.SampledFrom([]string{"new", "told", "update", "update", "update", "correct", "back"}).Draw(rt, "step")
			switch {
			case step == "new" || len(files) == 0:
				f := r.open(t)
				ok := f.approve(r.draft(t, hub.Full, facts()))
				bring(f, func(p release.Params) (release.Bulletin, error) { return release.Build(r.a, ok, p, r.gate) }, r.params())
				files = append(files, f)
			case step == "told":
				id := idOf(rapid.SampledFrom(shared).Draw(rt, "indicator"))
				n := rapid.IntRange(0, 3).Draw(rt, "k")
				said[id] = nil
				if n > 0 {
					said[id] = []feedback.Count{{Answer: rapid.SampledFrom(feedback.Verdicts()).Draw(rt, "answer"), AtLeast: n * 10, Since: r.now.Truncate(24 * time.Hour)}}
				}
			case step == "update":
				f, e := pick()
				p := told(r.later(f.firstOf(e.ID)), said)
				b, err := release.Renew(e, p, r.gate)
				if err != nil {
					rt.Fatal(err)
				}
				if !b.Valid() {
					continue
				}
				u := r.store(t, b)
				note(u)
				f.do(f.c.NoteUpdate(f.now, hub.Full, u.Alert))
				r.follows(t, u, said)
			case step == "correct":
				f, e := pick()
				if e.Kind.Back() {
					continue
				}
				d := r.draft(t, hub.Full, facts())
				if out, _ := f.c.Out(hub.Full); out.Draft == d.Digest() {
					continue
				}
				ok := f.approve(d)
				bring(f, func(p release.Params) (release.Bulletin, error) { return release.Build(r.a, ok, p, r.gate) }, r.later(f.firstOf(e.ID)))
			case step == "back":
				f, e := pick()
				if e.Kind.Back() {
					continue
				}
				if rapid.Bool().Draw(rt, "recall") {
					for _, who := range []string{"one", "two"} {
						f.do(f.c.TakeBack(f.now, hub.Full, hub.Recalled, "leak", f.roster.sign(who, review.ToRecall, e.Digest), f.roster))
					}
				} else {
					f.do(f.c.TakeBack(f.now, hub.Full, hub.Withdrawn, "wrong", f.roster.sign("reporter", review.ToWithdraw, e.Digest), f.roster))
				}
				back, err := f.c.TakenBack(hub.Full, f.roster)
				if err != nil {
					rt.Fatal(err)
				}
				bring(f, func(p release.Params) (release.Bulletin, error) { return release.BuildBack(back, p, r.gate) }, r.later(f.firstOf(e.ID)))
			}
		}
	})
	if kinds[hub.Updated] == 0 || kinds[hub.Corrected] == 0 || kinds[hub.Withdrawn] == 0 || kinds[hub.Recalled] == 0 {
		t.Errorf("the test shows little: %v", kinds)
	}
	t.Logf("%v", kinds)
}

// follows wants every indicator of an update to say what follows from what it was stated
// to be and from what is told, but for what moved by less than a step.
func (r *room) follows(t *testing.T, e deliver.Entry, said map[string][]feedback.Count) {
	t.Helper()
	for _, o := range objects(t, e.Bundle) {
		if o.Type() != "indicator" {
			continue
		}
		if due, moved := updates.Renewed(o, said[o.ID()], e.Published.Add(time.Millisecond)); moved {
			t.Errorf("after the update is still due: %v, said is %v", due, o)
		}
	}
}
