// Package projection folds the log into the two databases: ALERTS into public.db,
// CASES into private.db. A view is complete up to the sequence it remembers, so it
// goes on where it stopped; replay builds a new one beside the old and compares.
//
// It trusts the log (the hub alone writes it) and reads released bundles only.
//
//	p := projection.New(bus, public, private)
//	err := p.CatchUp(ctx)
package projection

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/edition"
	"isac/hub/feedback"
	"isac/hub/stix"
	"isac/hub/stix/pattern"
	"isac/internal/natsbus"
	"isac/internal/store"
)

// alertRows reads a message of ALERTS, which gives one row.
func alertRows(m natsbus.Message) ([]store.AlertRow, error) {
	row, err := alertRow(m)
	if err != nil {
		return nil, err
	}
	return []store.AlertRow{row}, nil
}

// alertRow reads a message of ALERTS into what the view stores.
func alertRow(m natsbus.Message) (store.AlertRow, error) {
	e, err := deliver.FromMessage(m.Header, m.Data)
	if err != nil {
		return store.AlertRow{}, fmt.Errorf("reading alert %d of the log: %w", m.Seq, err)
	}
	row := store.AlertRow{Alert: e.Alert, Seq: m.Seq, Bundle: e.Bundle, Signature: e.Signature, Reason: e.Reason}
	if e.Bundle == nil {
		if e.Clear {
			row.Edition = edition.ID(e.ID)
		}
		return row, nil
	}
	err = Derive(&row)
	if err != nil {
		return store.AlertRow{}, fmt.Errorf("reading alert %d of the log: %w", m.Seq, err)
	}
	return row, nil
}

// Derive reads an alert's bundle and adds what the view can be asked for.
func Derive(row *store.AlertRow) error {
	b, err := stix.ParseBundle(row.Bundle, stix.Limits{Bytes: 64 << 20, Depth: 100, Objects: 10_000})
	if err != nil {
		return err
	}
	for i, o := range b.Objects {
		derive(row, o)
		twin, err := twinOf(o)
		if err != nil {
			return err
		}
		row.Objects = append(row.Objects, store.ObjectRow{ID: o.ID(), Type: o.Type(), Version: version(o), Body: b.Written[i], TLP: stix.LabelOf(o), Twin: twin})
	}
	for _, o := range b.Objects {
		if o.Type() == "report" {
			row.Sentences = append(row.Sentences, sentences(*row, o)...)
		}
	}
	slices.SortStableFunc(row.Objects, func(a, b store.ObjectRow) int { return cmp.Compare(served[a.Type], served[b.Type]) })
	return nil
}

func version(o stix.Object) string { return cmp.Or(o.Str("modified"), o.Str("created")) }

func twinOf(o stix.Object) (store.Twin, error) {
	twin := stix.Twin(o)
	body, err := stix.Marshal(twin)
	return store.Twin{ID: twin.ID(), Version: version(twin), Body: body}, err
}

// served are the places of types in the order in which TAXII gives objects, others are
// in the middle: whoever has read up to any place has everything that these refer to.
var served = map[string]int{"marking-definition": -2, "identity": -1, "relationship": 1, "language-content": 2, "report": 3}

// derive adds what the view can be asked for.
func derive(row *store.AlertRow, o stix.Object) {
	switch o.Type() {
	case "report":
		row.Title.JA = o.Str("name")
		if edition.Has(o) {
			row.Edition = edition.ID(row.ID)
		}
		for _, id := range deliver.RelatedOf(o) {
			row.Names = append(row.Names, store.NameRow{Class: store.OfAlerts, Value: id})
		}
	case "language-content":
		row.Title.EN = o.Obj("contents").Obj("en").Str("name")
	case "campaign":
		for _, l := range o.Strs("labels") {
			class, value, _ := strings.Cut(l, ":")
			row.Names = append(row.Names, store.NameRow{Class: class, Value: value})
		}
	case "note": // of an advisory, by what it is about
		for _, l := range o.Strs("labels") {
			if class, value, _ := strings.Cut(l, ":"); class == string(hub.Product) {
				row.Names = append(row.Names, store.NameRow{Class: class, Value: value})
			}
		}
	case "attack-pattern":
		for _, ref := range o.Objs("external_references") {
			row.Names = append(row.Names, store.NameRow{Class: string(hub.Technique), Value: ref.Str("external_id")})
		}
	case "malware":
		row.Names = append(row.Names, store.NameRow{Class: string(hub.Family), Value: o.Str("name")})
	case "tool":
		row.Names = append(row.Names, store.NameRow{Class: string(hub.Tool), Value: o.Str("name")})
	case "intrusion-set":
		row.Names = append(row.Names, store.NameRow{Class: string(hub.Group), Value: o.Str("name")})
	case "vulnerability":
		row.Names = append(row.Names, store.NameRow{Class: string(hub.CVE), Value: o.Str("name")})
	case "indicator":
		row.Indicators = append(row.Indicators, indicatorRows(o)...)
	}
}

// indicatorRows gives one row for each value that is compared in the indicator's pattern.
func indicatorRows(o stix.Object) []store.IndicatorRow {
	p, err := pattern.Parse(o.Str("pattern"))
	if err != nil {
		return nil
	}
	from, _ := o.Time("valid_from")
	until, _ := o.Time("valid_until")
	confidence, _ := o.Int("confidence")
	stated, _ := feedback.Stated(o)
	var rows []store.IndicatorRow
	for _, c := range p.Comparisons() {
		for _, v := range c.Values {
			rows = append(rows, store.IndicatorRow{
				StixID: o.ID(), Type: c.Path.String(), Value: v.Text, Pattern: o.Str("pattern"),
				Confidence: int(confidence), ValidFrom: from, ValidUntil: until,
				StatedAt: stated.Confidence, StatedUntil: stated.Until,
			})
		}
	}
	return rows
}
