package advisory

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"isac/hub"
	"isac/hub/stix"
)

// stixObject is what is read of an object of STIX 2.1.
type stixObject struct {
	Type        string    `json:"type"`
	ID          string    `json:"id"`
	Name        string    `json:"name"`
	Modified    time.Time `json:"modified"`
	Revoked     bool      `json:"revoked"`
	CreatedBy   string    `json:"created_by_ref"`
	Markings    []string  `json:"object_marking_refs"`
	Refs        []string  `json:"object_refs"`
	Definition  string    `json:"definition_type"`
	ReportTypes []string  `json:"report_types"`
	External    []struct {
		Source string `json:"source_name"`
		ID     string `json:"external_id"`
		URL    string `json:"url"`
	} `json:"external_references"`

	raw json.RawMessage
}

// tlp1 are the marking objects of TLP 1, by their ids of STIX 2.1.
var tlp1 = map[string]hub.TLP{
	"marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9": hub.TLPClear,
	"marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da": hub.TLPGreen,
	"marking-definition--f88d31f6-486f-44da-b317-01333bde0b82": hub.TLPAmber,
	"marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed": hub.TLPRed,
}

// readSTIX reads the reports of a bundle or envelope, and the vulnerabilities that no
// report of it names. The notice is the object itself.
func readSTIX(document []byte, s Source) ([]Advisory, error) {
	var b struct {
		Type    string            `json:"type"`
		Objects []json.RawMessage `json:"objects"`
	}
	err := json.Unmarshal(document, &b)
	if err != nil || b.Type != "" && b.Type != "bundle" || len(b.Objects) > mostNotices {
		return nil, malformed()
	}
	byID := map[string]stixObject{}
	var list []stixObject
	for _, raw := range b.Objects {
		var o stixObject
		err := json.Unmarshal(raw, &o)
		if err != nil || o.ID == "" || o.Type == "" {
			continue
		}
		o.raw = raw
		byID[o.ID] = o
		list = append(list, o)
	}
	named := map[string]bool{}
	for _, o := range list {
		if o.Type == "report" {
			for _, id := range o.Refs {
				named[id] = true
			}
		}
	}
	var out []Advisory
	for _, o := range list {
		if o.Type != "report" && (o.Type != "vulnerability" || named[o.ID]) || o.Revoked {
			continue
		}
		out = append(out, o.advisory(byID, s))
	}
	return out, nil
}

// advisory reads a report with what it refers to, or a vulnerability.
func (o stixObject) advisory(byID map[string]stixObject, s Source) Advisory {
	a := Advisory{
		Publisher: s.Name, Key: o.ID, Title: o.Name, Updated: o.Modified, TLP: o.label(byID, s.TLP),
		Notice: notice("application/stix+json;version=2.1", o.raw),
	}
	if by, ok := byID[o.CreatedBy]; ok && by.Name != "" {
		a.Publisher = by.Name
	}
	if !o.Modified.IsZero() {
		a.Version = stix.FormatTime(o.Modified)
	}
	for i, id := range append([]string{o.ID}, o.Refs...) {
		r, ok := byID[id]
		if !ok {
			continue
		}
		switch r.Type {
		case "vulnerability":
			a.CVEs = append(a.CVEs, r.Name)
		case "software", "infrastructure":
			a.Named = append(a.Named, r.Name)
		}
		if label := r.label(byID, a.TLP); strict(label) > strict(a.TLP) {
			a.TLP = label
		}
		for _, e := range r.External {
			if i == 0 {
				a.URLs = append(a.URLs, e.URL)
			}
			switch e.Source {
			case "cve":
				a.CVEs = append(a.CVEs, e.ID)
			case "mitre-attack":
				a.Techniques = append(a.Techniques, e.ID)
			}
		}
	}
	return a
}

// label is the strictest of an object's markings; what isn't labelled has that of the
// source. A marking that can't be read is as strict as any, since it may be a label.
func (o stixObject) label(byID map[string]stixObject, usual hub.TLP) hub.TLP {
	at := -1
	for _, id := range o.Markings {
		t, ok := stix.TLPOf(id)
		if !ok {
			t, ok = tlp1[id]
		}
		if !ok && strings.EqualFold(byID[id].Definition, "statement") {
			continue // of whose it is, and no label
		}
		if !ok {
			t = hub.TLPRed
		}
		at = max(at, strict(t))
	}
	if at < 0 {
		return usual
	}
	return strictness[at]
}

// strictness is the order of labels.
var strictness = []hub.TLP{hub.TLPClear, hub.TLPGreen, hub.TLPAmber, hub.TLPAmberStrict, hub.TLPRed}

func strict(t hub.TLP) int { return slices.Index(strictness, t) }
