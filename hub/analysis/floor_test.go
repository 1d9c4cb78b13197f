package analysis

import (
	"slices"
	"strings"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/profile"
	"isac/hub/vocab"
)

// slots are the sections that every full alert has, filled or said to be open.
var slots = []string{
	"summary", "entry", "path", "malware", "weakness", "impact", "exposed", "today", "week", "quarter", "detect", "indicators", "unknown", "handling",
}

// TestTheFloorOfEveryTechnique takes each technique that has a sentence as the only
// fact of an alert. Every slot is filled or says that it is under investigation; what an
// attacker does inside gives three things for today and a search of logs.
func TestTheFloorOfEveryTechnique(t *testing.T) {
	p := profile.HealthcareJP()
	v := vocab.Default(p)
	outside := []string{"reconnaissance", "resource-development"} // nothing of it is in a hospital's logs
	for _, c := range Default().techniques.list {
		f := hub.Fact{Class: hub.Technique, Value: c.ID, Confidence: hub.Confirmed}
		a := Write(Input{Stage: hub.Full, Facts: []hub.Fact{f}, Profile: p, Vocab: v})
		k := (&reading{lib: Default(), keys: map[string]hub.Confidence{"technique:" + c.ID: hub.Confirmed}}).kind()
		want := slices.DeleteFunc(slices.Clone(slots), func(id string) bool { // there is nothing that it asks
			return id != "path" && id != "impact" && slices.Contains(k.Beside, id)
		})
		for i, s := range a.Sections {
			if i >= len(want) || s.ID != want[i] || len(s.Lines) == 0 || s.Lines[0].JA == "" || s.Lines[0].EN == "" {
				t.Errorf("%s: section %d is %s with %d lines", c.ID, i, s.ID, len(s.Lines))
			}
		}
		way := c.ID == "T1498" || c.ID == "T1499" || Default().Tactic(v, c.ID) == "initial-access" // nobody gets in, or this way
		thin := !way || slices.Contains(a.Missing, "action")
		if len(a.Sections) != len(want) || a.Thin != thin || slices.Contains(a.Missing, "route") == way {
			t.Errorf("%s: %d sections, thin %v, missing %v", c.ID, len(a.Sections), a.Thin, a.Missing)
		}
		if slices.Contains(outside, Default().Tactic(v, c.ID)) {
			continue
		}
		today := slices.DeleteFunc(slices.Clone(a.Actions), func(x Action) bool { return x.When != "today" })
		if len(today) < leastToday || len(a.Detections) == 0 {
			t.Errorf("%s: %d things for today, %d searches", c.ID, len(today), len(a.Detections))
		}
	}
}

// TestOpenIsSaid: what nobody has told is named, in both languages, and no fact is made
// up for it.
func TestOpenIsSaid(t *testing.T) {
	p := profile.HealthcareJP()
	a := Write(Input{Stage: hub.Full, Profile: p, Facts: []hub.Fact{{Class: hub.Route, Value: "vpn-appliance", Confidence: hub.Likely}}})
	s, _ := a.Section("unknown")
	for _, id := range a.Missing {
		i := slices.IndexFunc(Default().questions, func(q question) bool { return q.ID == id })
		q := Default().questions[i]
		for lang, name := range map[string]string{"ja": q.SlotJA, "en": q.SlotEN} {
			name = strings.ReplaceAll(name, "{name}", Default().sector(p).Services.In(lang))
			if !slices.ContainsFunc(s.Lines, func(l hub.Text) bool { return strings.HasPrefix(l.In(lang), name) }) {
				t.Errorf("%s, %s: isn't said to be open", id, lang)
			}
		}
	}
	if a.Thin || !slices.Contains(a.Missing, "leak") || !slices.Contains(a.Missing, "backups") || slices.Contains(a.Missing, "route") {
		t.Errorf("thin %v, missing %v", a.Thin, a.Missing)
	}
}

// TestWhatFillsUpIsNoAnswer: a precaution for a tactic doesn't answer what stops this
// attack, so the reporter is asked.
func TestWhatFillsUpIsNoAnswer(t *testing.T) {
	a := Write(Input{Stage: hub.Full, Facts: []hub.Fact{{Class: hub.Technique, Value: "T1082", Confidence: hub.Confirmed}}})
	if len(a.Actions) < leastToday || !slices.Contains(a.Missing, "action") || !a.Thin {
		t.Errorf("%d actions, missing %v, thin %v", len(a.Actions), a.Missing, a.Thin)
	}
}

// TestWriteIsQuick wants the page of a rich case within 5 ms: the least of many runs, so
// that a busy machine doesn't count.
func TestWriteIsQuick(t *testing.T) {
	in := Input{Stage: hub.Full, Profile: profile.HealthcareJP(), Vocab: vocab.Default(profile.HealthcareJP())}
	for i, c := range Default().techniques.list[:30] {
		in.Facts = append(in.Facts, hub.Fact{Class: hub.Technique, Value: c.ID, Confidence: hub.Likely, Step: i + 1})
	}
	for _, c := range Default().weaknesses.list {
		in.Facts = append(in.Facts, hub.Fact{Class: hub.Weakness, Value: c.ID, Confidence: hub.Likely})
	}
	least := time.Hour
	for range 20 {
		began := time.Now()
		Write(in)
		least = min(least, time.Since(began))
	}
	if least > 5*time.Millisecond {
		t.Errorf("a page takes %v, want 5 ms at most", least)
	}
}
