package advisory

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"isac/hub"
	"isac/hub/vocab"
)

// Issue is what a document says of the hub and of the entry of its log.
type Issue struct {
	Hub      string // its name
	Base     string // its address, "https://hub.example.jp"
	Version  int
	Versions []time.Time // when each version went out, the first one first
}

type object = map[string]any

// Document writes a released advisory as a document of CSAF 2.0 (category csaf_base): the
// hub's note, what the notice is about, and the publisher's words. CSAF 2.0 knows TLP 1
// alone, so that CLEAR is WHITE and AMBER+STRICT is RED. A product family is "under
// investigation": the notice names it, and which versions are affected stands there.
func (a Advisory) Document(i Issue, v *vocab.Vocab) ([]byte, error) {
	note := a.Note(i.Version, nil, v)
	self := i.Base + "/api/v1/advisories/" + a.ID + "/csaf"
	history := []object{}
	for n, at := range i.Versions {
		history = append(history, object{"date": at.UTC().Format(time.RFC3339), "number": strconv.Itoa(n + 1), "summary": note.Title.EN})
	}
	first, last := i.Versions[0], i.Versions[len(i.Versions)-1]
	notes := []object{{"category": "summary", "title": i.Hub, "text": note.Text("ja") + "\n\n" + note.Text("en")}}
	if a.Notice.Text != "" {
		notes = append(notes, object{"category": "other", "title": "Original (" + a.Notice.Type + ")", "text": a.Notice.Text})
	}
	references := []object{{"category": "self", "summary": note.Title.EN, "url": self}}
	for _, u := range a.URLs {
		references = append(references, object{"category": "external", "summary": cmp.Or(a.Title, u), "url": u})
	}
	out := object{"document": object{
		"category": "csaf_base", "csaf_version": "2.0", "lang": "ja", "title": note.Title.JA,
		"publisher":    object{"category": "coordinator", "name": i.Hub, "namespace": i.Base},
		"distribution": object{"text": a.labelText(), "tlp": object{"label": tlp1Of[a.TLP]}},
		"tracking": object{
			"id": "ISAC-" + a.ID, "status": "final", "version": strconv.Itoa(len(i.Versions)), "revision_history": history,
			"initial_release_date": first.UTC().Format(time.RFC3339), "current_release_date": last.UTC().Format(time.RFC3339),
		},
		"notes": notes, "references": references,
	}}
	products := []string{}
	names := []object{}
	for _, p := range each(a.Products) {
		if label, ok := v.Label(hub.Product, p); ok {
			products = append(products, p)
			names = append(names, object{"product_id": p, "name": label.EN})
		}
	}
	if len(names) > 0 {
		out["product_tree"] = object{"full_product_names": names}
	}
	if found := a.vulnerabilities(products); len(found) > 0 {
		out["vulnerabilities"] = found
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(out)
	return b.Bytes(), err
}

// each is a list in its order with everything once, as the standard wants it (6.1.2, 6.1.23).
func each(list []string) []string {
	var out []string
	for _, s := range list {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

func (a Advisory) vulnerabilities(products []string) []object {
	var out []object
	for _, cve := range each(a.CVEs) {
		one := object{"cve": cve}
		if len(products) > 0 {
			one["product_status"] = object{"under_investigation": products}
		}
		if a.Exploited {
			one["threats"] = []object{{"category": "exploit_status", "details": said("exploited", hub.Text{}).EN}}
		}
		out = append(out, one)
	}
	return out
}

// tlp1Of are the labels of CSAF 2.0, never weaker than those of TLP 2.
var tlp1Of = map[hub.TLP]string{hub.TLPClear: "WHITE", hub.TLPGreen: "GREEN", hub.TLPAmber: "AMBER", hub.TLPAmberStrict: "RED", hub.TLPRed: "RED"}

// labelText is the label of TLP 2.
func (a Advisory) labelText() string {
	return map[hub.TLP]string{
		hub.TLPClear: "TLP:CLEAR", hub.TLPGreen: "TLP:GREEN", hub.TLPAmber: "TLP:AMBER", hub.TLPAmberStrict: "TLP:AMBER+STRICT", hub.TLPRed: "TLP:RED",
	}[a.TLP]
}
