package drafts

import (
	"slices"
	"strings"
	"time"

	"isac/hub"
	"isac/hub/form"
	"isac/hub/prose"
	"isac/hub/stix"
	"isac/hub/stix/pattern"
	"isac/hub/vocab"
)

// Sources are what a field can be answered from: what the report's form asked, by the
// same names, then what structured objects say.
func Sources() []string {
	return []string{
		"organisation", "contact", "seen", "stopped", "since", "entry", "done", "note",
		"route", "weaknesses", "impacts", "products", "cves", "malware", "techniques", "indicators",
	}
}

// Report is what a report says, by source, as far as a form could ask it.
type Report struct {
	// Created is when the report was begun, the latest time at which its organisation
	// can have known of the incident. Zero when the report doesn't say.
	Created   time.Time
	values    map[string][]hub.Text
	sentences []string
}

// Read takes out of a report what a form can ask: of one that the hub's own form wrote,
// each answer; of any other the description of the incident, and in place of answers the
// sentences that tell of a way in or of what stopped.
func Read(b stix.Bundle, v *vocab.Vocab) Report {
	r := Report{values: map[string][]hub.Text{}}
	a, filled := form.Read(b)
	if filled {
		for source, text := range map[string]string{"contact": a.Contact, "seen": a.Seen, "stopped": a.Stopped, "since": a.Since, "entry": a.Entry, "done": a.Done, "note": a.Note} {
			r.add(source, same(text))
		}
	}
	for _, o := range b.Objects {
		r.object(o, filled, v)
		if o.Type() == "incident" || o.Type() == "report" {
			r.labels(o.Strs("labels"), v)
			r.prose(o.Str("description"), o.Str("lang"), v)
		}
	}
	return r
}

// Of puts in the name of the organisation that reports, where the caller knows it better
// than the report does.
func (r Report) Of(name string) Report {
	if name != "" {
		r.values["organisation"] = []hub.Text{same(name)}
	}
	return r
}

func same(text string) hub.Text { return hub.Text{JA: text, EN: text} }

func (r *Report) add(source string, text hub.Text) {
	text.JA, text.EN = strings.TrimSpace(text.JA), strings.TrimSpace(text.EN)
	if text.JA != "" && !slices.Contains(r.values[source], text) {
		r.values[source] = append(r.values[source], text)
	}
}

// object takes what one object says. The organisation is the first that the report
// names, as its own form and tools write it.
func (r *Report) object(o stix.Object, filled bool, v *vocab.Vocab) {
	name := same(o.Str("name"))
	switch o.Type() {
	case "identity":
		if o.Str("identity_class") == "organization" && len(r.values["organisation"]) == 0 {
			r.add("organisation", name)
			r.add("contact", same(o.Str("contact_information")))
		}
	case "incident":
		if created, ok := o.Time("created"); ok && (r.Created.IsZero() || created.Before(r.Created)) {
			r.Created = created
		}
		if !filled {
			r.add("seen", same(o.Str("description")))
		}
	case "vulnerability":
		r.add("cves", name)
	case "malware", "tool", "intrusion-set":
		r.add("malware", name)
	case "attack-pattern":
		if _, known := v.Label(hub.Technique, techniqueID(o)); known {
			r.fact(hub.Technique, techniqueID(o), v)
		} else {
			r.add("techniques", name)
		}
	case "indicator":
		r.add("indicators", same(value(o.Str("pattern"))))
	}
}

func techniqueID(o stix.Object) string {
	list, _ := o["external_references"].([]any)
	for _, x := range list {
		ref, ok := stix.AsObject(x)
		if ok && ref.Str("source_name") == "mitre-attack" {
			return ref.Str("external_id")
		}
	}
	return ""
}

// value is that of a pattern with one comparison, or else the pattern.
func value(text string) string {
	p, err := pattern.Parse(text)
	if err != nil {
		return text
	}
	all := p.Comparisons()
	if len(all) != 1 || all[0].Op != pattern.Equals || all[0].Negated || len(all[0].Values) != 1 {
		return text
	}
	return all[0].Values[0].Text
}

// ofClass is the source that facts of a class answer.
var ofClass = map[hub.Class]string{
	hub.Route: "route", hub.Weakness: "weaknesses", hub.Impact: "impacts", hub.Product: "products",
	hub.CVE: "cves", hub.Family: "malware", hub.Group: "malware", hub.Tool: "malware", hub.Technique: "techniques",
}

// fact takes what a fact says by the source that its class answers.
func (r *Report) fact(class hub.Class, value string, v *vocab.Vocab) {
	source, asked := ofClass[class]
	text, ok := v.Label(class, value)
	if !asked || !ok {
		return
	}
	if class == hub.Technique {
		text = hub.Text{JA: value + " " + text.JA, EN: value + " " + text.EN}
	}
	r.add(source, text)
}

// labels are the choices that the hub's own form wrote: "route:vpn-appliance:likely".
func (r *Report) labels(labels []string, v *vocab.Vocab) {
	for _, label := range labels {
		class, id, _ := strings.Cut(label, ":")
		id, _, _ = strings.Cut(id, ":")
		r.fact(hub.Class(class), id, v)
	}
}

// prose takes from sentences what nobody chose from a list, and the sentences that tell
// of a way in, or of what stopped, where there was no field for it.
func (r *Report) prose(text, lang string, v *vocab.Vocab) {
	r.sentences = append(r.sentences, split(text)...)
	noEntry, noStopped := len(r.values["entry"]) == 0, len(r.values["stopped"]) == 0
	for _, found := range prose.Extract(v, text, lang) {
		sentence := same(strings.TrimSpace(text[found.Start:found.End]))
		switch found.Fact.Class {
		case hub.Route:
			if noEntry {
				r.add("entry", sentence)
			}
		case hub.Impact:
			if noStopped {
				r.add("stopped", sentence)
			}
		}
		r.fact(found.Fact.Class, found.Fact.Value, v)
	}
}

// split are the sentences of a text, without headings.
func split(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "■") {
			continue
		}
		for s := range strings.SplitSeq(strings.NewReplacer("。", "。\n", ". ", ".\n", "! ", "!\n", "? ", "?\n").Replace(line), "\n") {
			if s = strings.TrimSpace(s); s != "" {
				out = append(out, s)
			}
		}
	}
	return out
}

// with are the sentences that hold one of the words.
func (r Report) with(words []string) []string {
	var out []string
	for _, s := range r.sentences {
		low := strings.ToLower(s)
		if slices.ContainsFunc(words, func(w string) bool { return strings.Contains(low, strings.ToLower(w)) }) && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
