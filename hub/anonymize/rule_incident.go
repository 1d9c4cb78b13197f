package anonymize

import (
	_ "embed"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"

	"isac/hub"
	"isac/hub/stix"
)

// Extension keys of the incident suite.
const (
	incidentCore = "extension-definition--ef765651-680c-498d-9894-99799f2fa126"
)

//go:embed data/words.csv
var wordsCSV string

// standardWords maps words of the standard's vocabularies to facts.
var standardWords = readStandardWords()

func readStandardWords() map[string]hub.Fact {
	rows, err := csv.NewReader(strings.NewReader(wordsCSV)).ReadAll()
	if err != nil {
		panic("the built-in table of standard words: " + err.Error()) // a constant, proved by a test
	}
	words := map[string]hub.Fact{}
	for _, r := range rows[1:] {
		words[r[0]+" "+r[1]] = hub.Fact{Class: hub.Class(r[2]), Value: r[3], Confidence: hub.Confidence(r[4])}
	}
	return words
}

// word claims what a word of one of the standard's vocabularies says.
func (u *unit) word(i int, path, vocabulary, word string) {
	f, ok := standardWords[vocabulary+" "+strings.ToLower(word)]
	if !ok {
		return
	}
	if _, known := u.cfg.Vocab.Label(f.Class, f.Value); known {
		u.claim(i, path, f)
	}
}

func (u *unit) wordList(i int, o stix.Object, prefix, name, vocabulary string) {
	for n, w := range o.Strs(name) {
		u.word(i, prefix+name+"["+strconv.Itoa(n)+"]", vocabulary, w)
	}
}

// incident: the types of the incident extension, and impacts and events that its
// older generation keeps inside.
func incident(u *unit, i int, o stix.Object) {
	labels(u, i, o)
	core := o.Extension(incidentCore)
	if core == nil || core.Str("determination") == "false-positive" {
		return
	}
	prefix := "extensions." + incidentCore + "."
	from := len(u.claims)
	u.wordList(i, core, prefix, "incident_types", "event-type")
	for n, imp := range core.Objs("impacts") {
		u.impacts(i, imp, prefix+"impacts["+strconv.Itoa(n)+"].")
	}
	for n, e := range core.Objs("events") {
		if e.Str("status") != "not-occurred" {
			u.wordList(i, e, prefix+"events["+strconv.Itoa(n)+"].", "event_types", "event-type")
		}
	}
	u.determined(from, core.Str("determination"))
}

// What an incident came to where it did no damage.
const (
	blocked = "blocked"
	failed  = "failed-attempt"
)

// wasStopped reports whether every incident that says what it came to was stopped.
func wasStopped(objects []stix.Object) bool {
	stopped := false
	for _, o := range objects {
		if o.Type() != "incident" {
			continue
		}
		switch o.Extension(incidentCore).Str("determination") {
		case "":
		case blocked, failed:
			stopped = true
		default:
			return false
		}
	}
	return stopped
}

// determined weakens what an incident says that is only suspected, and takes back
// the damage of one that was stopped.
func (u *unit) determined(from int, determination string) {
	switch determination {
	case "suspected":
		for i := range u.claims[from:] {
			c := &u.claims[from+i]
			if c.bare {
				c.fact.Confidence = hub.Possible
			}
		}
	case blocked, failed:
		u.claims = append(u.claims[:from], slices.DeleteFunc(u.claims[from:], func(c claim) bool { return u.isDamage(c.fact) })...)
	}
}

// isDamage reports whether a fact is that something was lost.
func (u *unit) isDamage(f hub.Fact) bool {
	if f.Class == hub.Impact {
		return true
	}
	t, _ := u.cfg.Vocab.Technique(f.Value)
	return f.Class == hub.Technique && slices.Contains(t.Tactics, "impact")
}

// event: what happened, by its types.
func event(u *unit, i int, o stix.Object) {
	if o.Str("status") != "not-occurred" {
		u.wordList(i, o, "", "event_types", "event-type")
	}
}

// impact: loss of data, its destruction, a demand; never a count, amount or kind
// of record.
func impact(u *unit, i int, o stix.Object) { u.impacts(i, o, "") }

func (u *unit) impacts(i int, o stix.Object, prefix string) {
	for _, s := range []struct{ ext, name, vocabulary string }{
		{"confidentiality-ext", "loss_type", "loss"},
		{"integrity-ext", "alteration", "alteration"},
		{"monetary-ext", "variety", "monetary-impact-type"},
	} {
		u.word(i, prefix+"extensions."+s.ext+"."+s.name, s.vocabulary, o.Extension(s.ext).Str(s.name))
		u.word(i, prefix+s.name, s.vocabulary, o.Str(s.name))
	}
	u.availability(i, o, prefix)
}

// availability: servers or the network stopped, where at least half is lost and the
// kinds of what was hit are said.
func (u *unit) availability(i int, o stix.Object, prefix string) {
	lost, ok := o.Extension("availability-ext").Int("availability_impact")
	if !ok || lost < 50 {
		return
	}
	path := prefix + "extensions.availability-ext.availability_impact"
	counts := o.Obj("impacted_entity_counts")
	if counts.Has("computers-server") || counts.Has("domain-controller") {
		u.claim(i, path, hub.Fact{Class: hub.Impact, Value: "servers-down"})
	}
	if counts.Has("network-device") {
		u.claim(i, path, hub.Fact{Class: hub.Impact, Value: "network-down"})
	}
}
