// Package form makes a STIX 2.1 report of what a person fills in: the six questions of
// a first report when everything is down, and those that hospitals answer for police,
// ministry and data protection anyway.
//
// It trusts its caller for who the organisation is, the time and the randomness. What
// was filled in is the reporter's own and goes into the report as it is: the report is
// anonymized like any other, on the hub or before on the reporter's own computer.
//
//	report, err := form.Build(form.Answers{Seen: "サーバーに脅迫文"}, organisation, now, random)
package form

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"isac/hub"
	"isac/hub/prose"
	"isac/hub/stix"
	"isac/hub/vocab"
)

// Answers are what a person filled in. Only Seen must be.
type Answers struct {
	Incident string // as Build returned it: the same continues a case; "" is a new one
	Lang     string // "ja" or "en": of the texts

	Seen    string // what is seen: ransom note, strange logins, files that don't open
	Stopped string // what stopped
	Since   string // as people write it
	Entry   string // how they may have got in, in words

	Route      string // id of an entry route, "" when not known
	Confidence hub.Confidence
	Weaknesses []string // ids
	Impacts    []string // ids
	Products   []string // ids
	Note       string   // text of the ransom note
	Extension  string   // of encrypted files
	Timeline   string   // what happened when, and which systems were reached
	Done       string   // what was done so far
	Breach     Breach
	CVEs       string
	Indicators string // pasted in any shape
	Contact    string // name and number to call back
}

// Breach is what a report of a personal-data breach asks beside its outline (Seen) and
// its cause (Entry): items 2, 3 and 5 to 9 of article 8 of the rules of enforcement of
// the Act on the Protection of Personal Information.
type Breach struct {
	Data       string // which items of data
	Persons    string // of how many people
	Secondary  string // what more harm came of it, or may
	Told       string // what was done for these people
	Published  string
	Prevention string // so that it doesn't happen again
	Other      string
}

const (
	longestText = 20_000
	mostChosen  = 50
	mostPasted  = 500
)

// Problems says what can't be sent, by field; nil when all can.
func (a Answers) Problems(v *vocab.Vocab) map[string]string {
	out := map[string]string{}
	if strings.TrimSpace(a.Seen) == "" {
		out["seen"] = "form.needed"
	}
	for _, t := range a.Texts() {
		if utf8.RuneCountInString(*t.Value) > longestText || !utf8.ValidString(*t.Value) {
			out[t.Name] = "form.too-long"
		}
	}
	if _, ok := readOrigin(a.Incident); !ok && a.Incident != "" {
		out["incident"] = "form.bad-choice"
	}
	if strings.TrimSpace(a.CVEs) != "" && len(cves(a.CVEs)) == 0 {
		out["cves"] = "form.no-cve"
	}
	if strings.TrimSpace(a.Indicators) != "" && len(prose.Values(a.Indicators)) == 0 {
		out["indicators"] = "form.no-indicator"
	}
	chosen := map[hub.Class][]string{hub.Weakness: a.Weaknesses, hub.Impact: a.Impacts, hub.Product: a.Products}
	if a.Route != "" {
		chosen[hub.Route] = []string{a.Route}
	}
	for class, ids := range chosen {
		for _, id := range ids {
			if _, known := v.Label(class, id); !known || len(ids) > mostChosen {
				out[string(class)] = "form.bad-choice"
			}
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// Build writes the report. Random gives 16 bytes for a new incident.
func Build(a Answers, v *vocab.Vocab, o hub.Organisation, now time.Time, random io.Reader) (report []byte, incident string, err error) {
	if a.Problems(v) != nil {
		return nil, "", hub.E(hub.Invalid, "form.problems")
	}
	from, err := a.origin(now, random)
	if err != nil {
		return nil, "", err
	}
	w := writer{origin: from, now: now}
	who := stix.Object{"name": nameOf(o), "identity_class": "organization"}
	if a.Contact != "" {
		who["contact_information"] = a.Contact
	}
	victim := w.add("identity", "victim", who)
	w.by = victim
	main := w.add("incident", "incident", a.incident(nameOf(o)))
	w.attack(a, main)
	report, err = stix.Marshal(stix.Object{"type": "bundle", "id": w.id("bundle", stix.FormatTime(now)), "objects": w.objects})
	if err != nil {
		return nil, "", fmt.Errorf("writing report: %w", err)
	}
	return report, from.String(), nil
}

func nameOf(o hub.Organisation) string {
	if o.NameJA != "" {
		return o.NameJA
	}
	return o.ID
}

// incident is the object about the incident itself: the texts, and what was chosen
// from lists as labels "class:id".
func (a Answers) incident(name string) stix.Object {
	lang := "ja"
	if a.Lang == "en" {
		lang = "en"
	}
	var b strings.Builder
	for _, t := range a.Texts() {
		text := strings.TrimSpace(*t.Value)
		if text != "" && t.headings[lang] != "" {
			fmt.Fprintf(&b, "■ %s\n%s\n\n", t.headings[lang], text)
		}
	}
	o := stix.Object{"name": name, "description": strings.TrimSpace(b.String()), "lang": lang}
	if labels := a.labels(); len(labels) > 0 {
		o["labels"] = labels
	}
	return o
}

// labels are the choices: "route:vpn-appliance:likely", "weakness:unpatched-device".
func (a Answers) labels() []any {
	var out []any
	if a.Route != "" {
		label := string(hub.Route) + ":" + a.Route
		if a.Confidence != "" {
			label += ":" + string(a.Confidence)
		}
		out = append(out, label)
	}
	for _, list := range []struct {
		class hub.Class
		ids   []string
	}{{hub.Weakness, a.Weaknesses}, {hub.Impact, a.Impacts}, {hub.Product, a.Products}} {
		for _, id := range list.ids {
			out = append(out, string(list.class)+":"+id)
		}
	}
	return out
}

// attack puts in what structured objects can say: vulnerabilities and indicators.
func (w *writer) attack(a Answers, incident string) {
	for _, cve := range cves(a.CVEs) {
		id := w.add("vulnerability", cve, stix.Object{
			"name": cve, "external_references": []any{map[string]any{"source_name": "cve", "external_id": cve}},
		})
		w.relate(incident, "related-to", id)
	}
	values := prose.Values(a.Indicators)
	for _, p := range values[:min(mostPasted, len(values))] {
		id := w.add("indicator", string(p.Kind)+p.Value, stix.Object{
			"pattern": "[" + string(p.Kind) + " = '" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(p.Value) + "']", "pattern_type": "stix",
			"indicator_types": []any{"malicious-activity"}, "valid_from": stix.FormatTime(w.now),
		})
		w.relate(id, "related-to", incident)
	}
}

// cves are those of a text, each once.
func cves(text string) []string {
	var out []string
	for _, word := range strings.FieldsFunc(strings.ToUpper(text), func(r rune) bool {
		return !(r == '-' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z')
	}) {
		cve, ok := vocab.CVE(word)
		if ok && !slices.Contains(out, cve) {
			out = append(out, cve)
		}
	}
	return out
}
