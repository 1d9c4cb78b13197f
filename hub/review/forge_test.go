package review

import (
	"encoding/json"
	"flag"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"isac/hub"
)

// TestMain makes runs of the properties long enough to reach releases; the command
// line overrides it.
func TestMain(m *testing.M) {
	_ = flag.Set("rapid.steps", "100")
	_ = flag.Set("rapid.checks", "100")
	flag.Parse()
	os.Exit(m.Run())
}

// forger writes events that no command gave: whoever could write the log, but has
// nobody's key. Real signatures of one moderator over the draft may be among them.
type forger struct {
	rt *rapid.T
	w  *world
	d  hub.Digest
}

// genuine are the signatures that exist: one moderator's approval, and yeses of
// people whose yes doesn't count or was for something else.
var genuine = map[string]Purpose{
	"mod-a": ToApprove, "mod-sibling": ToApprove, "mod-victim": ToApprove, "mod-b": ToRecall,
	"oncall": ToEmergency, "officer-victim": ToEmergency, "sec-1": ByTelephone, "reader": ToConsent,
}

// signed is the genuine signature of a person where there is one, else somebody's.
func (f *forger) signed(who string) Signed {
	p, ok := genuine[who]
	if !ok {
		return Signed{who, f.w.sign("mod-a", ToApprove, f.d).Signature}
	}
	return f.w.sign(who, p, f.d)
}

func (f *forger) seat(n int, duty hub.Role) Seat {
	who := rapid.SampledFrom(f.w.people).Draw(f.rt, "person")
	org := rapid.SampledFrom([]string{who.Org, who.Org, "a", "b"}).Draw(f.rt, "org")
	return Seat{Review: strings.Repeat(string(rune('a'+n)), 32), Person: who.ID, Org: org, Soft: rapid.Bool().Draw(f.rt, "soft"), Duty: duty, State: Open, Time: start}
}

// consent is genuine every other time.
func (f *forger) consent() Consent {
	terms := f.w.terms["victim"]
	return rapid.SampledFrom([]Consent{
		{Kind: ByPerson, By: []Signed{f.w.sign("reporter", ToConsent, f.d)}},
		{Kind: ByPerson, By: []Signed{f.w.sign("reporter", ToConsent, f.d)}},
		{Kind: ByPerson, By: []Signed{f.signed("reader")}},
		{Kind: ByPhone, By: []Signed{f.signed("sec-1"), f.signed("sec-2")}, With: "reporter"},
		{Kind: Standing, Terms: &terms},
	}).Draw(f.rt, "consent")
}

// bodies writes a whole case to its release.
func (f *forger) bodies() []body {
	list := []body{&consented{f.consent()}}
	var seats []Seat
	for n := range rapid.IntRange(2, 5).Draw(f.rt, "seats") {
		seats = append(seats, f.seat(n, ""))
		list = append(list, &drawn{seats[n]})
	}
	if rapid.Bool().Draw(f.rt, "emergency") {
		pair := [2]Seat{f.seat(10, hub.Moderator), f.seat(11, hub.DutyOfficer)}
		seats = append(seats, pair[0], pair[1])
		list = append(list, &called{"exploited-now", "sec-1", pair})
	}
	for _, s := range seats {
		list = append(list, &approved{Review: s.Review, Digest: f.d, By: f.signed(s.Person)})
	}
	return append(list, &scheduled{start}, &releasing{f.d, 1, hub.Released})
}

// TestForgedEventsGiveNoApproval: the log can be made to say anything, but what it
// says isn't believed.
func TestForgedEventsGiveNoApproval(t *testing.T) {
	reached := 0
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(1)
		f := &forger{rt, w, hub.Sum([]byte("draft"))}
		c := new(Case)
		list, err := c.Receive("victim", Report{"r", hub.Sum(nil), start, nil, nil})
		if err != nil || c.Apply(list...) != nil {
			rt.Fatal("no case")
		}
		list, err = c.TakeDraft(start, hub.Flash, Draft{Bytes: []byte("draft")}, w, w.random)
		if err != nil || c.Apply(list...) != nil {
			rt.Fatal("no draft")
		}
		for _, b := range f.bodies() {
			list, err := events(start, hub.Flash, b)
			if err != nil {
				rt.Fatal(err)
			}
			_ = c.Apply(list...)
		}
		if c.Phase(hub.Flash) == Releasing {
			reached++
		}
		if a, err := c.Approved(hub.Flash, w); err == nil || a.Valid() {
			rt.Fatalf("forged events gave an approval")
		}
	})
	t.Logf("%d runs reached the release by forged events", reached)
	if reached == 0 {
		t.Error("no run reached a release: the test proves nothing")
	}
}

func TestEventsAreReadStrictly(t *testing.T) {
	s := newStory(t)
	s.draft(hub.Flash, "draft")
	good := s.log[1]
	for why, spoil := range map[string]func(*Event){
		"unknown kind":               func(e *Event) { e.Kind = "improved" },
		"unknown version":            func(e *Event) { e.Version = 2 },
		"no version":                 func(e *Event) { e.Version = 0 },
		"no time":                    func(e *Event) { e.Time = time.Time{} },
		"unknown field":              func(e *Event) { e.Data = json.RawMessage(`{"draft":{},"digest":"","alert":"x","more":1}`) },
		"no data":                    func(e *Event) { e.Data = nil },
		"trailing data":              func(e *Event) { e.Data = append(append(json.RawMessage{}, e.Data...), '{', '}') },
		"a stage that doesn't exist": func(e *Event) { e.Stage = "draft" },
		"no stage":                   func(e *Event) { e.Stage = "" },
		"another draft's digest": func(e *Event) {
			e.Data = json.RawMessage(strings.Replace(string(e.Data), good0(good), strings.Repeat("ab", 32), 1))
		},
	} {
		e := good
		spoil(&e)
		c, err := Fold(s.log[:1])
		if err != nil {
			t.Fatal(err)
		}
		if c.Apply(e) == nil {
			t.Errorf("%s: folded", why)
		}
		if c.Phase(hub.Flash) != Empty {
			t.Errorf("%s: the case changed", why)
		}
	}
}

func good0(e Event) string {
	var b drafted
	_ = json.Unmarshal(e.Data, &b)
	return b.Digest.String()
}

func TestApplyFoldsAllOrNothing(t *testing.T) {
	s := newStory(t)
	list, err := s.c.TakeDraft(s.now, hub.Flash, Draft{Bytes: []byte("x")}, s.w, s.w.random)
	if err != nil {
		t.Fatal(err)
	}
	if s.c.Apply(list[0], Event{Kind: "improved", Version: 1, Time: start}) == nil {
		t.Fatal("folded")
	}
	if s.c.Phase(hub.Flash) != Empty || s.c.AlertID(hub.Flash) != "" {
		t.Error("half of it was folded")
	}
}

func TestACopyIsACaseOfItsOwn(t *testing.T) {
	s := newStory(t)
	s.approved(hub.Flash)
	copied := *s.c
	before, err := Fold(s.log)
	if err != nil {
		t.Fatal(err)
	}
	s.draft(hub.Flash, "another")
	s.do(s.c.Done(s.now, Duty{Key: "x"}))
	if !reflect.DeepEqual(&copied, before) {
		t.Error("folding changed a copy")
	}
}

// FuzzApply: whatever stands in the log, folding answers and never lets a draft out.
func FuzzApply(f *testing.F) {
	w := newWorld(1)
	s := &story{t: f, w: w, c: new(Case), now: start}
	s.do(s.c.Receive("victim", Report{"r1", hub.Sum([]byte("report")), s.now, nil, nil}))
	s.draft(hub.Flash, "draft")
	s.consent(hub.Flash)
	s.draw(hub.Flash)
	for _, e := range s.log {
		f.Add(string(e.Kind), string(e.Stage), []byte(e.Data))
	}
	f.Add("released", "flash", []byte(`{"alert":{}}`))
	base := s.log
	f.Fuzz(func(t *testing.T, kind, stage string, data []byte) {
		for n := range base {
			c, err := Fold(base[:n])
			if err != nil {
				t.Fatal(err)
			}
			_ = c.Apply(Event{1, Kind(kind), start, hub.Stage(stage), data})
			if _, err := c.Approved(hub.Flash, w); err == nil {
				t.Fatal("one event let a draft out")
			}
			_ = c.Due(start.Add(time.Hour), clocks)
			_ = c.Status()
		}
	})
}

// TestEveryKindHasABodyAndAPlace holds the two tables together.
func TestEveryKindHasABodyAndAPlace(t *testing.T) {
	for k, make := range bodies {
		if make().kind() != k {
			t.Errorf("the body of %s says it is %s", k, make().kind())
		}
		var o Outline
		_, staged := moves[k]
		o.Received = start
		if !staged && o.Apply(Event{Kind: k, Time: start}) != nil {
			t.Errorf("%s has no place in the machine", k)
		}
	}
	for k := range moves {
		if _, ok := bodies[k]; !ok {
			t.Errorf("%s has no body", k)
		}
	}
}

// TestFinalPhasesAreFinal: nothing brings back what was taken back.
func TestFinalPhasesAreFinal(t *testing.T) {
	for k, m := range moves {
		for _, p := range []Phase{Recalled, Closed} {
			if next, ok := m[p]; ok {
				t.Errorf("%s leads from %s to %s", k, p, next)
			}
		}
		if next, ok := m[Withdrawn]; ok && next != Recalling && next != Withdrawn {
			t.Errorf("%s leads from withdrawn to %s", k, next)
		}
	}
}
