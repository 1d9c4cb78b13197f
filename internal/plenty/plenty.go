// Package plenty fills a released view with as many invented alerts as a hub has after
// years, so that pages and searches can be measured. The texts are the hub's own, made
// from facts by lot; values are from ranges reserved for documentation or end in
// ".example". The same options give the same alerts. It trusts its caller to hand it a
// view that nobody reads alerts from.
//
//	err := plenty.Fill(ctx, public, plenty.Options{Alerts: 100_000, Indicators: 10, Now: time.Now()})
package plenty

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"isac/hub"
	"isac/hub/analysis"
	"isac/hub/profile"
	"isac/hub/stix"
	"isac/hub/stix/pattern"
	"isac/hub/vocab"
	"isac/internal/projection"
	"isac/internal/store"
)

// Options say how much.
type Options struct {
	Alerts     int
	Indicators int       // of each alert
	Now        time.Time // the newest alert is of this instant, the others of ten years before
}

const (
	batch     = 200
	different = 400 // texts
)

// Fill puts alerts 1 to Alerts into a view.
func Fill(ctx context.Context, public *store.Public, o Options) error {
	g := &generator{Options: o, dice: rand.New(rand.NewPCG(7, 11)), vocab: vocab.Default(profile.HealthcareJP())}
	for range different {
		g.texts = append(g.texts, g.text())
	}
	for first := 1; first <= o.Alerts; first += batch {
		var rows []store.AlertRow
		for n := first; n < min(first+batch, o.Alerts+1); n++ {
			row, err := g.alert(n)
			if err != nil {
				return err
			}
			rows = append(rows, row)
		}
		err := public.Put(ctx, rows)
		if err != nil {
			return err
		}
	}
	return nil
}

type generator struct {
	Options
	dice  *rand.Rand
	vocab *vocab.Vocab
	texts []text
}

// text is what alerts of one kind say.
type text struct {
	analysis.Analysis
	objects []stix.Object // without indicators
}

// text makes the analysis of facts by lot, common ones more often than others.
func (g *generator) text() text {
	var facts []hub.Fact
	add := func(class hub.Class, values ...string) {
		for _, v := range values {
			facts = append(facts, hub.Fact{Class: class, Value: v, Confidence: []hub.Confidence{hub.Confirmed, hub.Likely, hub.Possible}[g.dice.IntN(3)]})
		}
	}
	for _, class := range []hub.Class{hub.Route, hub.Weakness, hub.Weakness, hub.Weakness, hub.Product, hub.Product, hub.Impact, hub.Impact, hub.Impact} {
		entries := g.vocab.Entries(class)
		add(class, entries[g.rare(len(entries))].ID)
	}
	var families []string
	for _, n := range g.vocab.Names() {
		if n.Class == hub.Family {
			families = append(families, n.Canonical)
		}
	}
	families = slices.Compact(families)
	add(hub.Family, families[g.rare(len(families))])
	add(hub.CVE, fmt.Sprintf("CVE-%d-%d", 2018+g.dice.IntN(8), 10000+g.rare(800)))
	for range 8 {
		add(hub.Technique, techniques[g.rare(len(techniques))])
	}
	a := analysis.Write(analysis.Input{Stage: hub.Full, Facts: facts, Profile: profile.HealthcareJP(), Vocab: g.vocab})
	return text{a, g.objects(a, facts)}
}

var techniques = []string{
	"T1133", "T1190", "T1486", "T1078", "T1021.001", "T1003", "T1562.001", "T1490", "T1059.001", "T1566.001", "T1199", "T1047", "T1055", "T1105", "T1110",
	"T1136", "T1018", "T1046", "T1053.005", "T1070.001", "T1082", "T1083", "T1087", "T1112", "T1204.002", "T1219", "T1482", "T1484.001", "T1489", "T1543.003",
	"T1547.001", "T1548.002", "T1552.001", "T1555", "T1560.001", "T1567.002", "T1569.002", "T1570", "T1573", "T1657",
}

// rare is a number below n, small ones much more often.
func (g *generator) rare(n int) int { return min(n-1, int(g.dice.ExpFloat64()*float64(n)/6)) }

func (g *generator) objects(a analysis.Analysis, facts []hub.Fact) []stix.Object {
	pages := a.Pages()
	out := []stix.Object{
		{"type": "report", "name": a.Title.JA, "description": pages.JA + "\n\n" + pages.EN},
		{"type": "language-content", "contents": stix.Object{"en": stix.Object{"name": a.Title.EN, "description": pages.EN}}},
	}
	for _, f := range facts {
		switch f.Class {
		case hub.Technique:
			out = append(out, stix.Object{"type": "attack-pattern", "external_references": []any{stix.Object{"source_name": "mitre-attack", "external_id": f.Value}}})
		case hub.Family:
			out = append(out, stix.Object{"type": "malware", "name": f.Value})
		case hub.CVE:
			out = append(out, stix.Object{"type": "vulnerability", "name": f.Value})
		}
	}
	for _, action := range a.Actions {
		out = append(out, stix.Object{"type": "course-of-action", "name": action.ID, "description": action.Text.JA + "\n\n" + action.Text.EN})
	}
	return out
}

// alert is one alert, read as the view reads those of the log.
func (g *generator) alert(number int) (store.AlertRow, error) {
	kind := g.texts[g.rare(len(g.texts))]
	at := g.Now.Add(-time.Duration(g.Alerts-number) * (10 * 365 * 24 * time.Hour / time.Duration(g.Alerts))).UTC().Truncate(time.Millisecond)
	objects := slices.Clone(kind.objects)
	for range g.Indicators {
		kind, value := g.value()
		objects = append(objects, stix.Object{
			"type": "indicator", "id": stix.NameID("indicator", string(kind)+" "+value), "pattern": pattern.Equal(kind, value), "confidence": 60,
			"valid_from": stix.FormatTime(at), "valid_until": stix.FormatTime(at.Add(90 * 24 * time.Hour)),
		})
	}
	var list []any
	for i, o := range objects {
		o["id"] = stix.NameID(o.Type(), fmt.Sprint(number, " ", i))
		list = append(list, o)
	}
	bundle, err := stix.Marshal(stix.Object{"type": "bundle", "id": stix.NameID("bundle", fmt.Sprint(number)), "objects": list})
	if err != nil {
		return store.AlertRow{}, fmt.Errorf("inventing an alert: %w", err)
	}
	row := store.AlertRow{Bundle: bundle, Signature: make([]byte, 64), Alert: hub.Alert{
		ID: stix.NameID("report", fmt.Sprint(number)), Number: uint64(number), Version: 1, Kind: hub.Released, Stage: []hub.Stage{hub.Flash, hub.Full}[number%2],
		TLP: hub.TLPGreen, Severity: kind.Severity, Published: at, Digest: hub.Sum(bundle),
	}}
	err = projection.Derive(&row)
	if err != nil {
		return row, fmt.Errorf("inventing an alert: %w", err)
	}
	row.Objects = nil // what TAXII serves is measured elsewhere
	return row, nil
}

// value is an attacker's value; one in five comes again and again.
func (g *generator) value() (hub.Kind, string) {
	n := uint64(g.dice.IntN(5_000_000))
	if g.dice.IntN(5) == 0 {
		n = uint64(g.rare(20_000))
	}
	var raw [8]byte
	binary.BigEndian.PutUint64(raw[:], n)
	sum := hub.Sum(raw[:])
	switch n % 4 {
	case 0:
		return hub.IPv6, fmt.Sprintf("2001:db8:%x:%x::%x", n>>16+1, n&0xffff+1, n%13+1)
	case 1:
		return hub.Domain, fmt.Sprintf("host-%d.zone%d.example", n, n%97)
	case 2:
		return hub.SHA256, hex.EncodeToString(sum[:])
	}
	return hub.URL, fmt.Sprintf("https://host-%d.example/%s", n%50_000, hex.EncodeToString(sum[:6]))
}
