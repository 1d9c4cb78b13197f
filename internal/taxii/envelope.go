package taxii

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"isac/hub"
	"isac/hub/intake"
	"isac/hub/stix"
)

// largestBody is the largest body that the server takes: what it becomes, a bundle, is
// as large as a report may be.
const largestBody = intake.MaxSealed - 1024

// readBody reads a body that isn't too large. One that says so isn't read at all.
func readBody(r *http.Request) ([]byte, error) {
	tooLarge := hub.E(hub.TooLarge, "error.too-large", fmt.Sprintf("%d bytes", largestBody))
	if r.ContentLength > largestBody {
		return nil, tooLarge
	}
	data, err := io.ReadAll(io.LimitReader(r.Body, largestBody+1))
	if len(data) > largestBody {
		return nil, tooLarge
	}
	if err != nil { // its text could quote a value
		return nil, hub.E(hub.Invalid, "http.bad-body")
	}
	return data, nil
}

// entry is one object of an envelope.
type entry struct {
	id, version string // "" for no version
	raw         json.RawMessage
	good        bool // its id is one, and of its type
}

// readEnvelope reads an envelope (3.7), or a bundle, which has its objects in the same
// place. Each object must be one and have an id, or nothing can be said of it.
func readEnvelope(data []byte) ([]entry, error) {
	v, err := stix.Decode(data, stix.DefaultLimits())
	if err != nil {
		return nil, err
	}
	top, _ := stix.AsObject(v)
	list, _ := top["objects"].([]any)
	if len(list) == 0 {
		return nil, hub.E(hub.Invalid, "taxii.not-an-envelope")
	}
	if most := stix.DefaultLimits().Objects; len(list) > most {
		return nil, hub.E(hub.TooLarge, "stix.too-many-objects", fmt.Sprint(most))
	}
	raw, err := rawObjects(data)
	if err != nil {
		return nil, err
	}
	entries := make([]entry, len(list))
	for i, v := range list {
		o, _ := stix.AsObject(v)
		if o.ID() == "" || len(o.ID()) > 300 {
			return nil, hub.E(hub.Invalid, "taxii.no-id")
		}
		id, err := stix.ParseID(o.ID())
		entries[i] = entry{o.ID(), cmp.Or(o.Str("modified"), o.Str("created")), raw[i], err == nil && id.Type == o.Type()}
	}
	return entries, nil
}

// rawObjects are the objects as they are written. Decode has found the document sound.
func rawObjects(data []byte) (raw []json.RawMessage, err error) {
	var top map[string]json.RawMessage
	err = json.Unmarshal(data, &top)
	if err == nil {
		err = json.Unmarshal(top["objects"], &raw)
	}
	if err != nil {
		return nil, hub.E(hub.Invalid, "http.bad-body")
	}
	return raw, nil
}

// bundle makes a report of the good entries, byte for byte as they were sent; what is
// sent twice in one envelope stands once. The same entries make the same bundle.
func bundle(entries []entry) []byte {
	var list bytes.Buffer
	seen := map[string]bool{}
	for _, e := range entries {
		if !e.good || seen[string(e.raw)] {
			continue
		}
		seen[string(e.raw)] = true
		if list.Len() > 0 {
			list.WriteByte(',')
		}
		list.Write(e.raw)
	}
	if list.Len() == 0 {
		return nil
	}
	sum := hub.Sum(list.Bytes())
	return fmt.Appendf(nil, `{"type":"bundle","id":"%s","objects":[%s]}`, stix.NewID("bundle", [16]byte(sum[:16])), list.Bytes())
}
