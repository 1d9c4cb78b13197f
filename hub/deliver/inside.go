package deliver

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"isac/hub"
	"isac/hub/stix"
)

// Sources of the external references of a report object in which the chain stands.
const (
	sourceAlert    = "isac-alert"
	sourcePrevious = "isac-previous"
)

// Labels returns the report labels that say what the alert is: a closed list of
// ASCII words.
func Labels(a hub.Alert) []string {
	return []string{
		"isac:" + string(a.Kind), "isac:" + string(a.Stage), "severity:" + string(a.Severity),
		"tlp:" + string(a.TLP), "version:" + strconv.Itoa(a.Version),
	}
}

// References returns the report's external references: the alert's page with its
// number, its signed bytes, and the previous entry with its digest.
func References(a hub.Alert, baseURL, previousID string) []map[string]any {
	page := baseURL + "/alerts/" + a.ID
	refs := []map[string]any{
		{"source_name": sourceAlert, "external_id": strconv.FormatUint(a.Number, 10), "url": page},
		{"source_name": "isac-bundle", "url": baseURL + "/api/v1/alerts/" + a.ID + "/bundle"},
	}
	if a.Number > 1 {
		refs = append(refs, map[string]any{
			"source_name": sourcePrevious,
			"external_id": strconv.FormatUint(a.Number-1, 10),
			"url":         baseURL + "/api/v1/alerts/" + previousID + "/bundle",
			"hashes":      map[string]any{"SHA-256": a.Previous.String()},
		})
	}
	return refs
}

// Inside reads the metadata that stands inside a bundle's bytes.
func Inside(bundle []byte) (hub.Alert, error) {
	b, err := stix.ParseBundle(bundle, stix.Limits{Bytes: 64 << 20, Depth: 100, Objects: 10_000})
	if err != nil {
		return hub.Alert{}, fmt.Errorf("reading alert: %w", err)
	}
	at := slices.IndexFunc(b.Objects, func(o stix.Object) bool { return o.Type() == "report" })
	if at < 0 {
		return hub.Alert{}, hub.E(hub.Invalid, "deliver.no-report")
	}
	a, err := readReport(b.Objects[at])
	if err != nil {
		return hub.Alert{}, err
	}
	a.Digest = hub.Sum(bundle)
	return a, nil
}

func readReport(report stix.Object) (hub.Alert, error) {
	a := hub.Alert{ID: strings.TrimPrefix(report.ID(), "report--")}
	a.Published = mustTime(report)
	for _, l := range report.Strs("labels") {
		readLabel(&a, l)
	}
	for _, ref := range report.Objs("external_references") {
		err := readReference(&a, ref)
		if err != nil {
			return hub.Alert{}, err
		}
	}
	whole := a.Number > 0 && a.Version > 0 && a.Kind != "" && a.Stage != "" && a.Severity != "" && a.TLP != "" && !a.Published.IsZero()
	if !whole || a.Number > 1 == a.Previous.IsZero() {
		return hub.Alert{}, hub.E(hub.Invalid, "deliver.no-metadata")
	}
	return a, nil
}

func mustTime(report stix.Object) time.Time {
	t, ok := report.Time("published")
	if !ok {
		return time.Time{}
	}
	return t.UTC()
}

func readLabel(a *hub.Alert, label string) {
	name, value, _ := strings.Cut(label, ":")
	switch name {
	case "severity":
		a.Severity = hub.Severity(value)
	case "tlp":
		a.TLP = hub.TLP(value)
	case "version":
		a.Version, _ = strconv.Atoi(value)
	case "isac":
		if value == string(hub.Flash) || value == string(hub.Full) {
			a.Stage = hub.Stage(value)
			return
		}
		a.Kind = hub.AlertKind(value)
	}
}

func readReference(a *hub.Alert, ref stix.Object) error {
	switch ref.Str("source_name") {
	case sourceAlert:
		n, err := strconv.ParseUint(ref.Str("external_id"), 10, 64)
		if err != nil {
			return hub.E(hub.Invalid, "deliver.no-metadata")
		}
		a.Number = n
	case sourcePrevious:
		err := a.Previous.UnmarshalText([]byte(ref.Obj("hashes").Str("SHA-256")))
		if err != nil {
			return hub.E(hub.Invalid, "deliver.no-metadata")
		}
	}
	return nil
}

// Tombstone is what the hub signs in place of a recalled bundle: canonical JSON of
// the metadata and the reason's class. Digest is that of the bytes that are gone.
func Tombstone(a hub.Alert, reason string) ([]byte, error) {
	return stix.Marshal(map[string]any{
		"type": "isac-tombstone", "number": int64(a.Number), "previous": a.Previous.String(),
		"id": a.ID, "version": a.Version, "stage": string(a.Stage), "tlp": string(a.TLP),
		"severity": string(a.Severity), "published": stix.FormatTime(a.Published),
		"digest": a.Digest.String(), "reason": reason,
	})
}
