// Package analysis turns the facts of a case into the attack-method analysis that
// goes out: one page that a lone administrator reads in two minutes, in Japanese
// and English, and the same as techniques, actions and detections for machines.
//
// It is pure and deterministic: the same facts, profile, vocabulary and library
// give the same bytes. Every sentence comes from the data files of a Library; no
// sentence of a report can, since facts are ids and checked values. It trusts its
// library, profile and vocabulary, and nothing in a fact: a value that no
// vocabulary knows is left out, and only kinds of indicators made of one plain
// token are written out, defanged. The code knows no sector; its words come from
// the profile and from data/sectors.toml.
//
//	a := analysis.Write(analysis.Input{
//		Stage:   hub.Full,
//		Facts:   []hub.Fact{{Class: hub.Route, Value: "vpn-appliance", Confidence: hub.Likely}},
//		Profile: p, Vocab: vocab.Default(p),
//	})
//	fmt.Print(a.Text("en"))
package analysis

import (
	"slices"

	"isac/hub"
	"isac/hub/profile"
	"isac/hub/vocab"
)

// Input is all that an analysis is made of.
type Input struct {
	// Stage decides what is told: a flash leaves out order, impact, weaknesses
	// that weren't part of the entry, and everything later than today.
	Stage hub.Stage
	Facts []hub.Fact
	// Profile gives the words of the sector; nil speaks of an organisation.
	Profile *profile.Profile
	// Vocab gives names and labels; nil is the base vocabulary with the profile's.
	Vocab *vocab.Vocab
	// TLP is the label of the alert; "" is the profile's.
	TLP hub.TLP
	// Known is what is known apart from the report.
	Known Known
	// Related are the alerts that the facts are from, where it is the analysis of several
	// that tell the same way: it has no victim, and nothing of what was lost.
	Related []Reference
	// Library gives the sentences; nil is the one that is part of the program.
	Library *Library
}

// Reference is a released alert, by the number under which people know it and its id.
type Reference struct {
	Number uint64 `json:"number"` // of its first version
	ID     string `json:"id"`
}

// Analysis is what goes out, as people and as machines read it.
type Analysis struct {
	Title          hub.Text     `json:"title"`
	Severity       hub.Severity `json:"severity"`
	SeverityReason hub.Text     `json:"severity_reason"`
	Sections       []Section    `json:"sections"`
	Actions        []Action     `json:"actions"`
	Detections     []Detection  `json:"detections"`
	// Techniques are the ATT&CK ids in the order of the attack, known ones only.
	Techniques []string `json:"techniques"`
	// Thin says that the entry route or any action that follows from the facts is
	// missing: reviewers must accept that to release.
	Thin bool `json:"thin"`
	// Missing are the ids of the closed questions that no fact answers; Question
	// gives their texts.
	Missing []string `json:"missing"`
}

// Section is one part of the page. IDs are stable: summary, entry, path, malware,
// weakness, impact, exposed, today, week, quarter, detect, indicators, unknown,
// related (of several alerts, which has no impact), handling. No section is ever empty: what isn't known is said to be so.
type Section struct {
	ID      string     `json:"id"`
	Heading hub.Text   `json:"heading"`
	Ordered bool       `json:"ordered,omitempty"` // the lines follow each other and are numbered
	Lines   []hub.Text `json:"lines"`
}

// Action is one thing to do, doable by one person. ID and Text are the same in
// every alert of a profile, so that they can be one object for ever.
type Action struct {
	ID         string   `json:"id"`
	Text       hub.Text `json:"text"`
	When       string   `json:"when"`                 // "today", "week" or "quarter"
	Mitigation string   `json:"mitigation,omitempty"` // ATT&CK id, "M1032"
	Techniques []string `json:"techniques,omitempty"` // of the case, that it answers
	Checklist  []string `json:"checklist,omitempty"`  // item ids of the sector's checklist
}

// Detection is one thing to look for in a log. ID and Text are the same in every
// alert of a profile.
type Detection struct {
	ID         string   `json:"id"`
	Text       hub.Text `json:"text"`
	Techniques []string `json:"techniques,omitempty"` // of the case, that it shows
}

// Write makes the analysis of a case. It never fails: without facts every section
// says that the matter is under investigation, and the analysis is thin.
func Write(in Input) Analysis {
	r := read(in)
	a := Analysis{Title: r.title()}
	a.Severity, a.SeverityReason = r.severity()
	a.Actions, a.Detections = r.actions(), r.detections()
	for _, f := range r.path {
		if _, known := r.technique(f.Value); known {
			a.Techniques = append(a.Techniques, f.Value)
		}
	}
	a.Missing = r.missing()
	a.Thin = !r.answered("route") || !r.answered("action")
	a.Sections = r.sections(a)
	return a
}

// Clone returns a copy that shares no memory with a.
func (a Analysis) Clone() Analysis {
	a.Techniques, a.Missing = slices.Clone(a.Techniques), slices.Clone(a.Missing)
	a.Sections, a.Actions, a.Detections = slices.Clone(a.Sections), slices.Clone(a.Actions), slices.Clone(a.Detections)
	for i := range a.Sections {
		a.Sections[i].Lines = slices.Clone(a.Sections[i].Lines)
	}
	for i, c := range a.Actions {
		a.Actions[i].Techniques, a.Actions[i].Checklist = slices.Clone(c.Techniques), slices.Clone(c.Checklist)
	}
	for i, d := range a.Detections {
		a.Detections[i].Techniques = slices.Clone(d.Techniques)
	}
	return a
}

// Section returns the section of an id.
func (a Analysis) Section(id string) (Section, bool) {
	for _, s := range a.Sections {
		if s.ID == id {
			return s, true
		}
	}
	return Section{}, false
}
