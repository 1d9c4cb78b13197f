package advisory

import (
	"fmt"
	"slices"
	"strings"

	"isac/hub"
	"isac/hub/stix"
)

// The sources of the external references of a released advisory's note.
const (
	sourceNotice = "isac-upstream"      // key, version, digest and address of the notice
	sourceLink   = "isac-upstream-link" // other addresses
)

// exploitedLabel stands at the note of what is known to be exploited.
const exploitedLabel = "isac:exploited"

// Properties are those of the STIX note in which the publisher's words stand in a released
// bundle: the notice as its content, byte for byte, and the publisher as its author.
func (a Advisory) Properties(report string) stix.Object {
	content := a.Notice.Text
	if content == "" {
		content = a.Title
	}
	first := map[string]any{"source_name": sourceNotice, "external_id": a.Key, "description": a.Notice.Type, "hashes": map[string]any{"SHA-256": a.Notice.Digest.String()}}
	refs := []any{first}
	for i, u := range a.URLs {
		if i == 0 {
			first["url"] = u
			continue
		}
		refs = append(refs, map[string]any{"source_name": sourceLink, "url": u})
	}
	labels := []any{"source:" + a.Source, "form:" + string(a.Form)}
	if a.Version != "" {
		labels = append(labels, "version:"+a.Version)
	}
	for _, p := range a.Products {
		labels = append(labels, string(hub.Product)+":"+p)
	}
	if a.Exploited {
		labels = append(labels, exploitedLabel)
	}
	o := stix.Object{"abstract": a.Title, "content": content, "labels": labels, "external_references": refs, "object_refs": []any{report}}
	if a.Publisher != "" {
		o["authors"] = []any{a.Publisher}
	}
	return o
}

// Withheld is the advisory without the publisher's words: what is left is the hub's.
func (a Advisory) Withheld() Advisory {
	a.Title, a.Publisher, a.Key, a.Version, a.URLs, a.Named = "", "", "", "", nil, nil
	a.Notice = Notice{Type: a.Notice.Type, Digest: a.Notice.Digest}
	return a
}

// Of reads a released advisory back from its bundle: all that went out of it.
func Of(bundle []byte) (Advisory, error) {
	b, err := stix.ParseBundle(bundle, stix.Limits{Bytes: 64 << 20, Depth: 100, Objects: 10_000})
	if err != nil {
		return Advisory{}, fmt.Errorf("reading advisory: %w", err)
	}
	a := Advisory{Named: []string{}, Products: []string{}, CVEs: []string{}, Techniques: []string{}, URLs: []string{}}
	found := false
	for _, o := range b.Objects {
		switch o.Type() {
		case "report":
			a.ID = strings.TrimPrefix(o.ID(), "report--")
		case "vulnerability":
			a.CVEs = append(a.CVEs, o.Str("name"))
		case "attack-pattern":
			for _, ref := range o.Objs("external_references") {
				a.Techniques = append(a.Techniques, ref.Str("external_id"))
			}
		case "note":
			found = true
			a.read(o)
		}
	}
	if !found || a.ID == "" {
		return Advisory{}, hub.E(hub.NotFound, "error.not-found")
	}
	slices.Sort(a.CVEs)
	slices.Sort(a.Techniques)
	return a, nil
}

// read takes what stands in the note.
func (a *Advisory) read(o stix.Object) {
	a.Title = o.Str("abstract")
	a.TLP = stix.LabelOf(o)
	if by := o.Strs("authors"); len(by) > 0 {
		a.Publisher = by[0]
	}
	for _, l := range o.Strs("labels") {
		class, value, _ := strings.Cut(l, ":")
		switch class {
		case "source":
			a.Source = value
		case "form":
			a.Form = Form(value)
		case "version":
			a.Version = value
		case string(hub.Product):
			a.Products = append(a.Products, value)
		}
		a.Exploited = a.Exploited || l == exploitedLabel
	}
	for _, ref := range o.Objs("external_references") {
		if ref.Str("source_name") == sourceNotice {
			a.Key, a.Notice.Type = ref.Str("external_id"), ref.Str("description")
			_ = a.Notice.Digest.UnmarshalText([]byte(ref.Obj("hashes").Str("SHA-256"))) // zero where it isn't one
		}
		if u := ref.Str("url"); u != "" {
			a.URLs = append(a.URLs, u)
		}
	}
	if content := o.Str("content"); hub.Sum([]byte(content)) == a.Notice.Digest {
		a.Notice.Text, a.Notice.Size = content, len(content)
	}
}
