package deliver

import (
	"fmt"
	"strconv"
	"strings"

	"isac/hub"
	"isac/hub/stix"
)

// Sources of the external references of a report object in which the chain stands.
const (
	sourceAlert    = "isac-alert"
	SourcePrevious = "isac-previous" // the entry before
	SourceRelated  = "isac-related"  // an alert of which this one was made
)

// Labels returns the report labels that say what the alert is: a closed list of
// ASCII words.
func Labels(a hub.Alert) []string {
	return []string{
		"isac:" + string(a.Kind), "isac:" + string(a.Stage), "severity:" + string(a.Severity),
		"tlp:" + string(a.TLP), "version:" + strconv.Itoa(a.Version),
	}
}

// ExerciseLabel stands behind the other labels of what an exercise released.
const ExerciseLabel = "isac:exercise"

// References returns the report's external references: the alert's page with its
// number, its signed bytes, how it was made, and the previous entry with its digest.
func References(a hub.Alert, proof Proof, baseURL, previousID string) []map[string]any {
	page := baseURL + "/alerts/" + a.ID
	refs := []map[string]any{
		{"source_name": sourceAlert, "external_id": strconv.FormatUint(a.Number, 10), "url": page},
		{"source_name": "isac-bundle", "url": baseURL + "/api/v1/alerts/" + a.ID + "/bundle"},
	}
	refs = append(refs, proof.references()...)
	if a.Number > 1 {
		refs = append(refs, map[string]any{
			"source_name": SourcePrevious,
			"external_id": strconv.FormatUint(a.Number-1, 10),
			"url":         baseURL + "/api/v1/alerts/" + previousID + "/bundle",
			"hashes":      map[string]any{"SHA-256": a.Previous.String()},
		})
	}
	return refs
}

// RelatedTo returns the external references to the alerts of which one was made.
func RelatedTo(ids []string, baseURL string) []map[string]any {
	var refs []map[string]any
	for _, id := range ids {
		refs = append(refs, map[string]any{"source_name": SourceRelated, "external_id": id, "url": baseURL + "/alerts/" + id})
	}
	return refs
}

// RelatedOf returns the ids of the alerts of which a report was made, none where it tells
// of one incident.
func RelatedOf(report stix.Object) []string {
	var ids []string
	for _, ref := range report.Objs("external_references") {
		if ref.Str("source_name") == SourceRelated {
			ids = append(ids, ref.Str("external_id"))
		}
	}
	return ids
}

// insideLimits are far above what a released bundle may be; they bound what a
// client reads of a stranger.
var insideLimits = stix.Limits{Bytes: 64 << 20, Depth: 100, Objects: 10_000}

// Inside reads the metadata that stands inside a bundle's bytes: id, number,
// previous digest, version, kind, stage, TLP, severity and time of its one report.
// What is missing, said twice or not on the closed list is an error.
func Inside(bundle []byte) (hub.Alert, error) {
	report, err := reportOf(bundle)
	if err != nil {
		return hub.Alert{}, err
	}
	a, err := readReport(report)
	if err != nil {
		return hub.Alert{}, err
	}
	a.Digest = hub.Sum(bundle)
	return a, nil
}

// reportOf returns the one report of a bundle.
func reportOf(bundle []byte) (stix.Object, error) {
	b, err := stix.ParseBundle(bundle, insideLimits)
	if err != nil {
		return nil, fmt.Errorf("reading alert: %w", err)
	}
	var report stix.Object
	for _, o := range b.Objects {
		if o.Type() != "report" {
			continue
		}
		if report != nil {
			return nil, hub.E(hub.Invalid, "deliver.no-report")
		}
		report = o
	}
	if report == nil {
		return nil, hub.E(hub.Invalid, "deliver.no-report")
	}
	return report, nil
}

func readReport(report stix.Object) (hub.Alert, error) {
	var a hub.Alert
	bad := hub.E(hub.Invalid, "deliver.no-metadata")
	id, ok := strings.CutPrefix(report.ID(), "report--")
	published, hasTime := report.Time("published")
	if !ok || !hasTime || !readLabels(&a, report.Strs("labels")) {
		return hub.Alert{}, bad
	}
	a.ID, a.Published = id, published.UTC()
	var before uint64
	for _, ref := range report.Objs("external_references") {
		if !readReference(&a, &before, ref) {
			return hub.Alert{}, bad
		}
	}
	if id == "" || a.Number == 0 || before != a.Number-1 {
		return hub.Alert{}, bad
	}
	return a, nil
}

// words are what a label may say, by what it says it of. A label of another form
// is no metadata: the list is closed for what a client acts on.
var words = map[string]func(a *hub.Alert, word string) bool{
	"isac:released":     kind,
	"isac:corrected":    kind,
	"isac:updated":      kind,
	"isac:withdrawn":    kind,
	"isac:recalled":     kind,
	"isac:flash":        stage,
	"isac:full":         stage,
	"isac:advisory":     stage,
	"severity:critical": severity,
	"severity:high":     severity,
	"severity:medium":   severity,
	"severity:low":      severity,
	"tlp:clear":         tlp,
	"tlp:green":         tlp,
	"tlp:amber":         tlp,
	"tlp:amber-strict":  tlp,
	"tlp:red":           tlp,
}

func kind(a *hub.Alert, w string) bool     { return once(&a.Kind, hub.AlertKind(w)) }
func stage(a *hub.Alert, w string) bool    { return once(&a.Stage, hub.Stage(w)) }
func severity(a *hub.Alert, w string) bool { return once(&a.Severity, hub.Severity(w)) }
func tlp(a *hub.Alert, w string) bool      { return once(&a.TLP, hub.TLP(w)) }

// once sets a word that wasn't set before.
func once[T ~string](to *T, word T) bool {
	if *to != "" {
		return false
	}
	*to = word
	return true
}

// readLabels wants each thing said exactly once and nothing else.
func readLabels(a *hub.Alert, labels []string) bool {
	if n := len(labels); n > 0 && labels[n-1] == ExerciseLabel {
		labels = labels[:n-1]
	}
	for _, l := range labels {
		name, word, _ := strings.Cut(l, ":")
		if name == "version" {
			n, err := strconv.Atoi(word)
			if err != nil || n < 1 || strconv.Itoa(n) != word || a.Version != 0 {
				return false
			}
			a.Version = n
			continue
		}
		set, ok := words[l]
		if !ok || !set(a, word) {
			return false
		}
	}
	return a.Version > 0 && a.Kind != "" && a.Stage != "" && a.Severity != "" && a.TLP != ""
}

// readReference reads the two references in which the chain stands; before is the
// number of the previous entry.
func readReference(a *hub.Alert, before *uint64, ref stix.Object) bool {
	switch ref.Str("source_name") {
	case sourceAlert:
		return number(&a.Number, ref)
	case SourcePrevious:
		err := a.Previous.UnmarshalText([]byte(ref.Obj("hashes").Str("SHA-256")))
		return err == nil && !a.Previous.IsZero() && number(before, ref)
	}
	return true
}

// number reads a number from 1, in the only way to write it, that wasn't read before.
func number(to *uint64, ref stix.Object) bool {
	s := ref.Str("external_id")
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil || n == 0 || strconv.FormatUint(n, 10) != s || *to != 0 {
		return false
	}
	*to = n
	return true
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
