// Package campaign says what several released alerts have in common, as facts for an
// alert of its own.
//
// It reads released bundles and nothing else, so that any reader could make the same: a
// fact is taken only where two alerts state it. It tells nothing of victims, and never
// whether two alerts are of one. It trusts that the entries it is given were verified.
//
//	several, err := campaign.Of(entries)
//	draft, err := anonymizer.DraftOf(several, random)
package campaign

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"isac/hub"
	"isac/hub/analysis"
	"isac/hub/anonymize"
	"isac/hub/deliver"
	"isac/hub/feedback"
	"isac/hub/stix"
	"isac/hub/stix/pattern"
)

// Of returns what the newest versions of alerts have in common. They must be full alerts
// of incidents, two at least, and none of them taken back.
func Of(entries []deliver.Entry) (anonymize.Several, error) {
	var out anonymize.Several
	stated := map[string]*fact{}
	types := map[string]int{}
	for _, e := range entries {
		one, err := read(e)
		if err != nil {
			return out, err
		}
		out.Related = append(out.Related, one.ref)
		for _, f := range one.facts {
			if have, ok := stated[f.Key()]; ok {
				have.times++
				have.Confidence = surer(have.Confidence, f.Confidence)
			} else {
				stated[f.Key()] = &fact{f, 1}
			}
		}
		for _, t := range one.types {
			if t != "unknown" { // which says that no alert stated any
				types[t]++
			}
		}
	}
	slices.SortFunc(out.Related, func(a, b analysis.Reference) int { return cmp.Compare(a.Number, b.Number) })
	if len(slices.CompactFunc(slices.Clone(out.Related), func(a, b analysis.Reference) bool { return a.ID == b.ID })) != len(entries) || len(entries) < 2 {
		return out, hub.E(hub.Invalid, "campaign.two")
	}
	out.Facts, out.MalwareTypes = common(stated), []string{}
	for t, n := range types {
		if n > 1 {
			out.MalwareTypes = append(out.MalwareTypes, t)
		}
	}
	slices.Sort(out.MalwareTypes)
	if len(out.Facts) == 0 {
		return out, hub.E(hub.Invalid, "campaign.nothing")
	}
	list, err := json.Marshal(out.Related)
	if err != nil {
		return out, fmt.Errorf("reading alerts: %w", err)
	}
	out.Digest = hub.Sum(append([]byte("isac alerts v1\n"), list...))
	return out, nil
}

// fact is a fact and how many alerts state it.
type fact struct {
	hub.Fact
	times int
}

// common are the facts that two alerts state, in one order.
func common(stated map[string]*fact) []hub.Fact {
	var out []hub.Fact
	for _, f := range stated {
		if f.times > 1 {
			out = append(out, f.Fact)
		}
	}
	slices.SortFunc(out, func(a, b hub.Fact) int { return cmp.Compare(a.Key(), b.Key()) })
	return out
}

func surer(a, b hub.Confidence) hub.Confidence {
	if b.Score() > a.Score() {
		return b
	}
	return a
}

// one is what is read of one alert.
type one struct {
	ref   analysis.Reference
	facts []hub.Fact
	types []string
}

func read(e deliver.Entry) (out one, err error) {
	if e.Stage != hub.Full || e.Kind.Back() || len(e.Bundle) == 0 {
		return out, hub.E(hub.Invalid, "campaign.full")
	}
	b, err := stix.ParseBundle(e.Bundle, stix.Limits{Bytes: 64 << 20, Depth: 100, Objects: 10_000})
	if err != nil {
		return out, fmt.Errorf("reading alert: %w", err)
	}
	out.ref.ID = e.ID
	for _, o := range b.Objects {
		if o.Type() == "report" && len(deliver.RelatedOf(o)) > 0 {
			return out, hub.E(hub.Invalid, "campaign.full")
		}
		out.object(o)
	}
	if out.ref.Number == 0 {
		return out, fmt.Errorf("reading alert: no number")
	}
	return out, nil
}

// object takes what an object states.
func (one *one) object(o stix.Object) {
	switch o.Type() {
	case "campaign":
		name := o.Str("name")
		number := name[strings.LastIndexByte(name, ' ')+1:]
		one.ref.Number, _ = strconv.ParseUint(number, 10, 64)
		for _, l := range o.Strs("labels") {
			class, value, _ := strings.Cut(l, ":")
			one.add(hub.Class(class), value)
		}
	case "attack-pattern":
		for _, ref := range o.Objs("external_references") {
			one.add(hub.Technique, ref.Str("external_id"))
		}
	case "malware":
		one.add(hub.Family, o.Str("name"))
		one.types = append(one.types, o.Strs("malware_types")...)
	case "tool":
		one.add(hub.Tool, o.Str("name"))
	case "intrusion-set":
		one.add(hub.Group, o.Str("name"))
	case "vulnerability":
		one.add(hub.CVE, o.Str("name"))
	case "indicator":
		one.indicator(o)
	}
}

// add takes a name. Alerts state no confidence of it but in their text.
func (one *one) add(class hub.Class, value string) {
	f := hub.Fact{Class: class, Value: value, Confidence: hub.Likely, Source: hub.FromObject, Confirmed: true}
	if value != "" && !slices.Contains(one.facts, f) {
		one.facts = append(one.facts, f)
	}
}

// indicator takes an indicator as it was stated, whatever was answered of it since.
func (one *one) indicator(o stix.Object) {
	i, ok := feedback.Stated(o)
	if !ok {
		return
	}
	f := hub.Fact{
		Class: hub.Indicator, Kind: hub.Pattern, Value: o.Str("pattern"),
		Confidence: confidence(i.Confidence), Source: hub.FromPattern, Confirmed: true,
	}
	p, err := pattern.Parse(o.Str("pattern"))
	if err == nil && len(p.Comparisons()) == 1 && len(p.Comparisons()[0].Values) == 1 {
		c := p.Comparisons()[0]
		kind, value := hub.Kind(c.Path.String()), c.Values[0].Text
		equal := pattern.Equal(kind, value)
		if text := o.Str("pattern"); text == equal || strings.Contains(value, "/") && text == strings.Replace(equal, " = ", " ISSUBSET ", 1) {
			f.Kind, f.Value, f.Source = kind, value, hub.FromObject
		}
	}
	one.facts = append(one.facts, f)
}

func confidence(score int) hub.Confidence {
	for _, c := range []hub.Confidence{hub.Confirmed, hub.Likely, hub.Possible} {
		if score >= c.Score() {
			return c
		}
	}
	return hub.Unknown
}
