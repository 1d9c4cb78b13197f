package advisory

import (
	"slices"
	"strings"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/analysis"
	"isac/hub/review"
)

var day = time.Date(2026, 11, 20, 1, 0, 0, 0, time.UTC)

func sample() Advisory {
	return Advisory{ID: "8d5dc467-3670-59cc-88b6-ced4717d0c2e", Source: "jvn", Title: "T", Key: "K", Version: "1", TLP: hub.TLPClear, Notice: Notice{Digest: hub.Sum([]byte("one"))}}
}

// TestFold: an advisory goes its way in order and in no other, and comes back only with
// something new.
func TestFold(t *testing.T) {
	a := sample()
	newer := a
	newer.Version, newer.Notice.Digest = "2", hub.Sum([]byte("two"))
	take := func(a Advisory) Event { return Event{Kind: Taken, Advisory: &a} }
	moderator := hub.Person{ID: "m", Roles: []hub.Role{hub.Moderator}}
	for _, c := range []struct {
		name   string
		events []Event
		state  State // "" where the last event must be refused
	}{
		{"taken", []Event{take(a)}, Waits},
		{"replaced while it waits", []Event{take(a), take(newer)}, Waits},
		{"declined, then newer", []Event{take(a), {Kind: Declined}, take(newer)}, Waits},
		{"out", []Event{take(a), {Kind: Approved}, {Kind: Released, Version: 1}}, Sent},
		{"out, then newer", []Event{take(a), {Kind: Approved}, {Kind: Released, Version: 1}, take(newer)}, Waits},
		{"returned", []Event{take(a), {Kind: Approved}, {Kind: Returned}}, Waits},
		{"approved twice", []Event{take(a), {Kind: Approved}, {Kind: Approved}}, ""},
		{"replaced while it goes out", []Event{take(a), {Kind: Approved}, take(newer)}, ""},
		{"out without a word", []Event{take(a), {Kind: Released, Version: 1}}, ""},
		{"out of nothing", []Event{{Kind: Approved}}, ""},
		{"taken without anything", []Event{{Kind: Taken}}, ""},
		{"unknown", []Event{take(a), {Kind: "x"}}, ""},
	} {
		var n Item
		for i, e := range c.events {
			err := n.Apply(e)
			if last := i == len(c.events)-1; (err != nil) != (last && c.state == "") {
				t.Errorf("%s: event %d: %v", c.name, i, err)
			}
		}
		if c.state != "" && n.State != c.state {
			t.Errorf("%s: %s", c.name, n.State)
		}
	}
	n := Item{Advisory: a, State: Waits}
	if _, ok := n.Take(day, a, false); ok {
		t.Error("the same was taken twice")
	}
	if _, ok := n.Take(day, newer, false); !ok {
		t.Error("something new wasn't taken")
	}
	if _, err := n.Decline(day, hub.Person{ID: "x", Roles: []hub.Role{hub.Reader}}); hub.KindOf(err) != hub.Forbidden {
		t.Error(err)
	}
	if _, err := n.Decline(day, moderator); err != nil {
		t.Error(err)
	}
	n.State = Sent
	if _, err := n.Decline(day, moderator); hub.KindOf(err) != hub.Conflict {
		t.Error(err)
	}
	if _, err := n.Pass(nil); hub.KindOf(err) != hub.Conflict {
		t.Error(err)
	}
	if _, err := n.Approve(day, review.Signed{}, nil); hub.KindOf(err) != hub.Conflict {
		t.Error(err)
	}
	if (Passed{}).Valid() {
		t.Error("a zero value is valid")
	}
}

// TestNote: what the hub says has a heading and both languages throughout, and of the
// publisher's words the title alone.
func TestNote(t *testing.T) {
	a := sample()
	a.Publisher, a.Notice.Text, a.URLs, a.Named = "SECRETWORD", "SECRETWORD", []string{"https://secretword.example"}, []string{"SECRETWORD"}
	a.CVEs, a.Products, a.Techniques, a.Exploited = []string{"CVE-2018-13379"}, []string{"fortinet-fortios"}, []string{"T1190"}, true
	for _, exploited := range []bool{true, false} {
		a.Exploited = exploited
		note := a.Note(2, nil, words)
		for _, lang := range []string{"ja", "en"} {
			parts := analysis.ReadText(note.Text(lang))
			if len(parts) != 2 || analysis.Default().SectionID(parts[0].Heading) != "summary" || analysis.Default().SectionID(parts[1].Heading) != "today" {
				t.Errorf("%s: %v", lang, parts)
			}
		}
		if has := contains(note, "SECRETWORD") || contains(note, "secretword"); has || contains(note, "{0}") {
			t.Errorf("the note says what isn't the hub's: %s", note.Text("en"))
		}
		if !contains(note, "Fortinet FortiGate (FortiOS)") || !contains(note, "T1190 Exploit Public-Facing Application") || contains(note, "known to be exploited") != exploited {
			t.Errorf("%s", note.Text("en"))
		}
	}
	if len(OwnTexts()) < 20 || slices.Contains(OwnTexts(), "{0}") {
		t.Error("own texts")
	}
}

func contains(a analysis.Analysis, word string) bool {
	return slices.ContainsFunc(a.Sections, func(s analysis.Section) bool {
		return slices.ContainsFunc(s.Lines, func(l hub.Text) bool { return strings.Contains(l.EN+l.JA, word) })
	})
}
