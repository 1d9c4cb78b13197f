package plenty

import (
	"context"
	"fmt"
	"slices"
	"time"

	"isac/hub"
	"isac/hub/stix"
	"isac/hub/stix/pattern"
	"isac/internal/store"
)

// eachHolds is how many objects each alert of Objects has.
const eachHolds = 500

// Objects fills a view with alerts that hold so many indicators of their own, each as long
// as those of alerts are: objects for TAXII to serve, and values to be looked up. The newest
// is of now.
func Objects(ctx context.Context, public *store.Public, objects int, now time.Time) error {
	alerts := objects / eachHolds
	common := []stix.Object{
		stix.TLPMarking(hub.TLPGreen),
		{"type": "identity", "spec_version": "2.1", "id": stix.NameID("identity", "plenty"), "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z", "name": "ISAC", "identity_class": "organization"},
	}
	var shared []store.ObjectRow
	for _, o := range common {
		row, err := objectRow(o)
		if err != nil {
			return err
		}
		shared = append(shared, row)
	}
	var rows []store.AlertRow
	for n := 1; n <= alerts; n++ {
		at := now.Add(-time.Duration(alerts-n) * time.Hour).UTC().Truncate(time.Millisecond)
		row := store.AlertRow{Bundle: []byte("{}"), Signature: make([]byte, 64), Alert: hub.Alert{
			ID: fmt.Sprint("objects ", n), Number: uint64(n), Version: 1, Kind: hub.Released, Stage: hub.Full, TLP: hub.TLPGreen, Severity: hub.High, Published: at,
		}}
		row.Objects = slices.Clone(shared)
		for i := range eachHolds {
			of := n*eachHolds + i
			o, err := objectRow(indicator(of, at))
			if err != nil {
				return err
			}
			row.Objects = append(row.Objects, o)
			row.Indicators = append(row.Indicators, store.IndicatorRow{
				StixID: o.ID, Type: string(hub.Domain), Value: Value(of), Pattern: pattern.Equal(hub.Domain, Value(of)),
				Confidence: 85, ValidFrom: at, ValidUntil: at.Add(lasts), StatedAt: 85, StatedUntil: at.Add(lasts),
			})
		}
		rows = append(rows, row)
		if len(rows) == 40 || n == alerts {
			err := public.Put(ctx, rows)
			if err != nil {
				return err
			}
			rows = nil
		}
	}
	return nil
}

// lasts is how long an indicator is valid.
const lasts = 90 * 24 * time.Hour

// Value is what one of the indicators is about.
func Value(n int) string { return fmt.Sprintf("host-%d.example", n) }

// indicator is one as alerts have them.
func indicator(n int, at time.Time) stix.Object {
	value := Value(n)
	return stix.Object{
		"type": "indicator", "spec_version": "2.1", "id": IndicatorID(n), "created": stix.FormatTime(at), "modified": stix.FormatTime(at),
		"created_by_ref": stix.NameID("identity", "plenty"), "object_marking_refs": []any{stix.TLPMarking(hub.TLPGreen).ID()},
		"name": "攻撃者の通信先", "description": fmt.Sprintf("攻撃者が使ったドメイン名 %s。確認済みの攻撃で使われました。\n\nA domain name that the attacker used: %s. Seen in a confirmed attack.", value, value),
		"pattern": pattern.Equal(hub.Domain, value), "pattern_type": "stix", "pattern_version": "2.1", "indicator_types": []any{"malicious-activity"},
		"valid_from": stix.FormatTime(at), "valid_until": stix.FormatTime(at.Add(lasts)), "confidence": 85,
	}
}

// IndicatorID is the id of one of the objects; they are numbered from 500 on.
func IndicatorID(n int) string { return stix.NameID("indicator", fmt.Sprint("plenty ", n)) }

func objectRow(o stix.Object) (row store.ObjectRow, err error) {
	row = store.ObjectRow{ID: o.ID(), Type: o.Type(), Version: o.Str("modified"), TLP: stix.LabelOf(o)}
	if row.Version == "" {
		row.Version = o.Str("created")
	}
	row.Body, err = stix.Marshal(o)
	if err != nil {
		return row, fmt.Errorf("inventing an object: %w", err)
	}
	twin := stix.Twin(o)
	row.Twin.ID, row.Twin.Version = twin.ID(), row.Version
	row.Twin.Body, err = stix.Marshal(twin)
	if err != nil {
		return row, fmt.Errorf("inventing an object: %w", err)
	}
	return row, nil
}
