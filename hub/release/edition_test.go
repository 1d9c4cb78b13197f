package release_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/hub/deliver"
	"isac/hub/edition"
	"isac/hub/feedback"
	"isac/hub/release"
	"isac/hub/stix"
)

// offered is a draft that is for everybody too.
func (r *room) offered(t *testing.T, d anonymize.Draft) anonymize.Draft {
	t.Helper()
	b := d.Body()
	b.Clear = true
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(b); err != nil {
		t.Fatal(err)
	}
	out, err := r.a.Decode(bytes.TrimSuffix(buf.Bytes(), []byte("\n")))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// The edition follows corrections and updates of its flash, and no object of any of them
// has two contents under one id and version, whichever edition it stands in.
func TestAnEditionFollowsItsFlash(t *testing.T) {
	r := newRoom(t)
	facts := append(example(), address("91.219.236.18"))
	var all []deliver.Entry
	f := r.open(t)
	all = append(all, f.release(r.offered(t, r.draft(t, hub.Flash, facts))))
	r.now = r.now.Add(time.Hour)
	other := r.open(t)
	all = append(all, other.release(r.offered(t, r.draft(t, hub.Flash, append(example(), address("91.219.236.19"))))))
	r.now = start.Add(week)
	wrong := map[string][]feedback.Count{idOf(address("91.219.236.18")): {{Answer: feedback.FalsePositive, AtLeast: 10, Since: start.Add(5 * 24 * time.Hour)}}}
	b, err := release.Renew(all[0], told(r.later(1), wrong), r.gate)
	if err != nil || !b.Valid() {
		t.Fatal(b.Valid(), err)
	}
	all = append(all, r.store(t, b))
	seen, ids := map[string]string{}, map[string]bool{}
	for _, e := range all {
		one, ok, err := edition.Of(e.Bundle)
		if err != nil || !ok || one.ID != edition.ID(e.ID) || one.Version != e.Version || !one.Updated.Equal(e.Published) {
			t.Fatalf("entry %d: %v %v", e.Number, ok, err)
		}
		ids[one.ID] = true
		for _, o := range append(one.Objects, objects(t, e.Bundle)...) {
			data, err := stix.Marshal(o)
			if err != nil {
				t.Fatal(err)
			}
			key := o.ID() + " " + o.Str("modified")
			if before, ok := seen[key]; ok && before != string(data) {
				t.Errorf("%s has two contents", o.Type())
			}
			seen[key] = string(data)
		}
	}
	if len(ids) != 2 {
		t.Errorf("%d editions of two flashes", len(ids))
	}
}

// A draft that isn't a flash for the community is never for everybody.
func TestOnlyAFlashIsForEverybody(t *testing.T) {
	r := newRoom(t)
	b := r.draft(t, hub.Full, example()).Body()
	b.Clear = true
	data, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.a.Decode(data); err == nil {
		t.Error("a full draft is for everybody")
	}
	if _, ok, _ := edition.Of(r.open(t).release(r.draft(t, hub.Flash, example())).Bundle); ok {
		t.Error("a flash that nobody offered is for everybody")
	}
}
