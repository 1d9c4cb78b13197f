// Package sigma derives Sigma rules from a released alert: what its indicators look
// like in logs, and rules for its techniques, as YAML for a SIEM.
//
// It is pure, and a function of the released bundle and the time alone: it adds
// nothing to what the gate has passed but its own fixed rules (data). It trusts the
// bundle to be one that was verified, and none of its values: each is written as a
// quoted string with the wildcards of Sigma escaped.
//
//	b, _ := stix.ParseBundle(alert, stix.DefaultLimits())
//	rules, err := sigma.Of(b, time.Now(), "ja")
//	os.Stdout.Write(sigma.YAML(rules))
package sigma

import (
	"slices"
	"strings"
	"time"

	"isac/hub"
	"isac/hub/stix"
)

// Rule is one Sigma rule.
type Rule struct {
	ID          string   `json:"id"` // the same for the same rule of the same alert
	Title       string   `json:"title"`
	Description string   `json:"description"`
	References  []string `json:"references"`
	Date        string   `json:"date"`
	Tags        []string `json:"tags"`
	Level       string   `json:"level"`
	// Logsource and Detection are lines of YAML.
	Logsource []string `json:"logsource"`
	Detection []string `json:"detection"`
}

// alert is what is read from a bundle.
type alert struct {
	id, page, date string
	techniques     []string
	values         map[hub.Kind][]string
	until          time.Time // when the last of the values expires
}

// Of returns the rules of an alert in the language "ja" or "en": those of indicators
// that are valid at the time, then those of techniques. An alert that was taken back
// has none, which is a hub.Gone error.
func Of(b stix.Bundle, now time.Time, lang string) ([]Rule, error) {
	a, err := read(b, now)
	if err != nil {
		return nil, err
	}
	return append(a.indicatorRules(lang), a.behaviourRules(lang)...), nil
}

func read(b stix.Bundle, now time.Time) (alert, error) {
	a := alert{values: map[hub.Kind][]string{}}
	for _, o := range b.Objects {
		switch o.Type() {
		case "report":
			if o.Bool("revoked") {
				return alert{}, hub.E(hub.Gone, "isac.sigma.withdrawn")
			}
			_, a.id, _ = strings.Cut(o.ID(), "--")
			if t, ok := o.Time("published"); ok {
				a.date = t.UTC().Format(time.DateOnly)
			}
			a.page = reference(o, "isac-alert", "url")
		case "attack-pattern":
			a.techniques = append(a.techniques, reference(o, "mitre-attack", "external_id"))
		case "indicator":
			a.indicator(o, now)
		}
	}
	if a.id == "" {
		return alert{}, hub.E(hub.Invalid, "isac.sigma.no-alert")
	}
	for kind, list := range a.values {
		slices.Sort(list)
		a.values[kind] = slices.Compact(list)
	}
	slices.Sort(a.techniques)
	return a, nil
}

// reference is a property of an object's external reference of a source.
func reference(o stix.Object, source, name string) string {
	for _, ref := range o.Objs("external_references") {
		if ref.Str("source_name") == source {
			return ref.Str(name)
		}
	}
	return ""
}

func (a alert) rule(key, level string) Rule {
	_, id, _ := strings.Cut(stix.NameID("x-sigma-rule", a.id+" "+key), "--")
	r := Rule{ID: id, Date: a.date, Level: level, References: []string{}, Tags: []string{}}
	if a.page != "" {
		r.References = append(r.References, a.page)
	}
	return r
}

// tag is a technique as Sigma tags it.
func tag(technique string) string { return "attack." + strings.ToLower(technique) }
