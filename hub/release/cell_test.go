package release_test

import (
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/analysis"
	"isac/hub/profile"
	"isac/hub/release"
)

// inCell are facts that nobody outside could see, and a cell.
func inCell(value string) []hub.Fact {
	return []hub.Fact{
		{Class: hub.Route, Value: "phishing-mail", Confidence: hub.Likely, Source: hub.FromObject},
		{Class: hub.Technique, Value: "T1486", Confidence: hub.Confirmed, Source: hub.FromObject},
		{Class: hub.Impact, Value: "files-encrypted", Confidence: hub.Confirmed, Source: hub.FromObject},
		{Class: hub.Indicator, Kind: hub.FileName, Value: "western-japan-readme.txt", Confidence: hub.Confirmed, Source: hub.FromObject},
		{Class: hub.Cell, Value: value, Confidence: hub.Confirmed, Source: hub.FromMembers},
	}
}

// TestEveryGroupPassesTheGate: whatever group of the profile an alert names, its words
// are those of no organisation, but for a place that is one prefecture alone.
func TestEveryGroupPassesTheGate(t *testing.T) {
	r := newRoom(t)
	p := profile.HealthcareJP()
	passed := 0
	for _, a := range p.Attributes {
		for _, level := range a.Levels {
			for _, g := range level.Groups {
				value := p.Describe(map[string]string{a.ID: g.ID})
				d, alert, err := settle(r, r.draft(t, hub.Full, inCell(value)), r.gate)
				if err != nil {
					t.Fatalf("%s: %v", value, err)
				}
				named := strings.Contains(string(alert), "“"+g.Label.EN+"”") && strings.Contains(string(alert), "「"+g.Label.JA+"」")
				if facts := d.Body().Facts; named != (facts[len(facts)-1].Class == hub.Cell) {
					t.Errorf("%s: the bundle and the draft differ", value)
				}
				if named == (g.ID == "hokkaido") {
					t.Errorf("%s: named %v", value, named)
				}
				if named {
					passed++
				}
				if problems := release.CheckProfile(alert); len(problems) > 0 {
					t.Errorf("%s: not of the alert profile: %v", value, problems)
				}
			}
		}
	}
	if passed < 20 {
		t.Errorf("only %d groups", passed)
	}
}

// TestWordsOfACellAreItsOwnThereAlone: a report may hold the words by which the
// profile describes a cell; they explain themselves in the sentence and nowhere else.
func TestWordsOfACellAreItsOwnThereAlone(t *testing.T) {
	r := newRoom(t)
	g := r.gate
	g.LeftOut = []string{"西日本", "western Japan", "200床以上", "200 beds", "一般病院", "general hospitals", "10の病院", "western Japan, 200 beds or more"}
	value := "region=west+size=from-200+kind=general"
	d, alert, err := settle(r, r.draft(t, hub.Full, inCell(value)), g)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		"「西日本」「200 床以上」「一般病院」のすべてに当てはまる、少なくとも 10 の病院のうちの 1 つです",
		"one of at least 10 hospitals to which all of this applies: “western Japan”, “200 beds or more”, “general hospitals”",
	} {
		if !strings.Contains(string(alert), line) {
			t.Errorf("the alert doesn't say %s", line)
		}
	}
	if strings.Contains(string(alert), "western-japan-readme") {
		t.Error("a value with a word that was left out is in the alert, since a cell may have it")
	}
	for _, f := range d.Body().Facts {
		if f.Class == hub.Indicator {
			t.Error("the draft has the value")
		}
	}
}

// TestCellOfAnotherProfileExplainsNothing: words that don't come from the profile hold
// the cell back, and the rest goes out.
func TestCellOfAnotherProfileExplainsNothing(t *testing.T) {
	r := newRoom(t)
	g := r.gate
	g.Own = release.OwnTexts(r.v, profile.LocalGovernmentJP())
	g.LeftOut = []string{"200床以上"}
	d, alert, err := settle(r, r.draft(t, hub.Full, inCell("size=from-200")), g)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(alert), "床") || strings.Contains(d.Body().Analysis.Text("en"), "beds") {
		t.Error("the cell is named")
	}
	if len(analysis.Default().CellTexts(nil)) != 0 {
		t.Error("without a profile there are words of cells")
	}
}
