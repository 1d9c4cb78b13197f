// Package edition makes of a released flash its edition for everybody, TLP:CLEAR: the
// same facts, sentences and indicators under ids of their own, and nothing of where the
// flash stands among the alerts of members.
//
// Whether a flash has one stood in the draft that people signed; since then the released
// bundle says so itself, in a reference of its report. The edition is a function of that
// bundle alone, so it follows every correction, and there is none of an alert that was
// taken back. A release puts it through the gate with the bundle.
//
// It trusts released bundles, which are the hub's own.
//
//	e, ok, err := edition.Of(row.Bundle)
//	feed := edition.Feed{Name: "ISAC hub", BaseURL: "https://hub.example.jp", Lang: "ja", Editions: []edition.Edition{e}}
//	atom, err := feed.Atom()
package edition

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"isac/hub"
	"isac/hub/stix"
)

// key is what every id of an edition is made with, beside the id in the flash. Its number
// changes with the form of editions, so that no id ever has two contents.
const key = "in TLP:CLEAR, form 1: "

// Source is the reference by which a flash says that it has an edition.
const Source = "isac-clear"

// Path is where the editions are read, below the hub's address.
const Path = "/public"

// Edition is a flash as everybody may read it.
type Edition struct {
	ID        string // UUIDv5
	URL       string // of its page
	Severity  hub.Severity
	Version   int // of the flash
	Published time.Time
	Updated   time.Time
	Title     hub.Text
	Text      hub.Text // that begins with the title
	Bundle    []byte   // STIX 2.1
	Objects   []stix.Object
	// Own are texts in it that the flash doesn't have, and that are the hub's own.
	Own []string
}

// ID is the id of the edition of an alert.
func ID(alert string) string { return strings.TrimPrefix(idOf("report--"+alert), "report--") }

// Reference says in a flash's report that it has an edition, and where.
func Reference(alert, baseURL string) map[string]any {
	return map[string]any{"source_name": Source, "external_id": ID(alert), "url": baseURL + Path + "/" + ID(alert)}
}

// Has reports whether a report says that its flash has an edition.
func Has(report stix.Object) bool {
	_, ok := referenceOf(report)
	return ok
}

func referenceOf(report stix.Object) (stix.Object, bool) {
	for _, ref := range report.Objs("external_references") {
		if ref.Str("source_name") == Source {
			return ref, true
		}
	}
	return nil, false
}

// clear is the line that takes the place of the flash's own label in its last section.
var clear = hub.Text{JA: "TLP:CLEAR：公開してかまいません。", EN: "TLP:CLEAR: may be published."}

// Of returns the edition of a released bundle, or false where it has none.
func Of(bundle []byte) (Edition, bool, error) {
	b, err := stix.ParseBundle(bundle, stix.Limits{Bytes: 64 << 20, Depth: 100, Objects: 10_000})
	if err != nil {
		return Edition{}, false, fmt.Errorf("making edition: %w", err)
	}
	return OfObjects(b.Objects)
}

// OfObjects is Of for a bundle's objects, which stay as they are.
func OfObjects(objects []stix.Object) (Edition, bool, error) {
	at := slices.IndexFunc(objects, func(o stix.Object) bool { return o.Type() == "report" })
	if at < 0 {
		return Edition{}, false, errors.New("making edition: no report")
	}
	report := objects[at]
	ref, ok := referenceOf(report)
	if !ok || report.Bool("revoked") {
		return Edition{}, false, nil
	}
	e := Edition{ID: ref.Str("external_id"), URL: ref.Str("url")}
	if "report--"+e.ID != idOf(report.ID()) || !slices.Contains(report.Strs("labels"), "isac:"+string(hub.Flash)) {
		return Edition{}, false, errors.New("making edition: not of this flash")
	}
	for _, o := range objects {
		err := e.take(o)
		if err != nil {
			return Edition{}, false, fmt.Errorf("making edition: %w", err)
		}
	}
	var err error
	e.Bundle, err = stix.Marshal(stix.Object{"type": "bundle", "id": stix.NameID("bundle", e.ID+" "+report.Str("modified")), "objects": e.Objects})
	if err != nil {
		return Edition{}, false, fmt.Errorf("writing edition: %w", err)
	}
	return e, true, nil
}

// idOf is the id in the edition of what has an id in the flash. The hub itself and the
// label are public already.
func idOf(id string) string {
	typ, _, _ := strings.Cut(id, "--")
	if _, ok := stix.TLPOf(id); ok {
		return stix.TLPMarking(hub.TLPClear).ID()
	}
	if typ == "identity" {
		return id
	}
	return stix.NameID(typ, key+id)
}

// take puts one object in.
func (e *Edition) take(o stix.Object) error {
	label, isLabel := stix.TLPOf(o.ID())
	switch {
	case isLabel && label == hub.TLPClear:
		e.Objects = append(e.Objects, o)
		return nil
	case isLabel && label == hub.TLPGreen:
		return nil // stands as CLEAR, which the hub's identity has with it
	case isLabel, !slices.Contains([]hub.TLP{hub.TLPClear, hub.TLPGreen}, stix.LabelOf(o)):
		return errors.New("not for the whole community")
	}
	out := stix.WithIDs(o, idOf)
	var err error
	switch o.Type() {
	case "report":
		err = e.report(out)
	case "language-content":
		err = e.translation(out)
	case "campaign":
		out["name"] = strings.TrimRight(out.Str("name"), "0123456789") + e.ID[:8]
		e.Own = append(e.Own, out.Str("name"))
	}
	e.Objects = append(e.Objects, out)
	return err
}

// report takes out of the report where its flash stands among the alerts.
func (e *Edition) report(o stix.Object) error {
	o["external_references"] = []any{map[string]any{"source_name": Source, "external_id": e.ID, "url": e.URL}}
	labels := o.Strs("labels")
	for i, l := range labels {
		word, is := strings.CutPrefix(l, "severity:")
		if is {
			e.Severity = hub.Severity(word)
		}
		if strings.HasPrefix(l, "tlp:") {
			labels[i] = "tlp:" + string(hub.TLPClear)
		}
		_, _ = fmt.Sscanf(l, "version:%d", &e.Version)
	}
	o["labels"] = anys(labels)
	o["object_refs"] = anys(slices.Compact(slices.Sorted(slices.Values(o.Strs("object_refs")))))
	e.Title.JA = o.Str("name")
	e.Published, _ = o.Time("created")
	e.Updated, _ = o.Time("modified")
	english := e.Text.EN
	ja, err := labelled(strings.TrimSuffix(o.Str("description"), "\n\n"+english), "\n■ ", "\n・", clear.JA)
	if err != nil {
		return err
	}
	en, err := labelled(english, "\n# ", "\n- ", clear.EN)
	if err != nil {
		return err
	}
	e.Text = hub.Text{JA: ja, EN: en}
	o["description"] = ja + "\n\n" + en
	e.Own = append(e.Own, e.ID, e.URL, clear.JA, clear.EN)
	return nil
}

// translation comes before the report, whose English text it has.
func (e *Edition) translation(o stix.Object) error {
	contents := o.Obj("contents").Obj("en")
	e.Title.EN, e.Text.EN = contents.Str("name"), contents.Str("description")
	en, err := labelled(e.Text.EN, "\n# ", "\n- ", clear.EN)
	if err != nil {
		return err
	}
	o["contents"] = map[string]any{"en": map[string]any{"name": e.Title.EN, "description": en}}
	return nil
}

// labelled puts a line in the place of the label, which stands first in the last section.
func labelled(text, heading, bullet, line string) (string, error) {
	at := strings.LastIndex(text, heading)
	if at < 0 {
		return "", errors.New("no last section")
	}
	from := strings.Index(text[at:], bullet)
	if from < 0 || !strings.HasPrefix(text[at+from+len(bullet):], "TLP:") {
		return "", errors.New("no label in the last section")
	}
	from += at + len(bullet)
	rest := ""
	if end := strings.IndexByte(text[from:], '\n'); end >= 0 {
		rest = text[from+end:]
	}
	return text[:from] + line + rest, nil
}

func anys(list []string) []any {
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = s
	}
	return out
}
