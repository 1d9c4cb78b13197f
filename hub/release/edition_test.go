package release_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/analysis"
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

// TestTheMailsOfAnEditionPassTheGate: what a partner is mailed of an edition, also when it is
// taken back, is gated with the flash; its own words are no hit, and a value that would stand
// in it alone holds the flash.
func TestTheMailsOfAnEditionPassTheGate(t *testing.T) {
	r := newRoom(t)
	ok := r.open(t).approve(r.offered(t, r.draft(t, hub.Flash, example())))
	p, g := r.params(), r.gate
	var forms [][]byte
	p.Forms = func(bundle []byte) (_ [][]byte, own []string, err error) {
		forms, own, err = formsOf(bundle)
		return forms, own, err
	}
	g.LeftOut = []string{"2026-09-14", "2026年9月14日", "1", "警報", "edition", "back", "clear", "title", "Sector", "40床"}
	b, err := release.Build(r.a, ok, p, g)
	if err != nil || !b.Valid() {
		t.Fatal(err)
	}
	e, has, err := edition.Of(b.Bytes())
	if err != nil || !has {
		t.Fatal(has, err)
	}
	for _, lang := range []string{"ja", "en"} {
		m, err := writer.Edition(analysis.Default(), e, lang)
		if err != nil {
			t.Fatal(err)
		}
		back := writer.EditionBack(e.ID, e.Updated, lang)
		for _, text := range []string{m.ID, m.Subject, m.Text, m.HTML, back.ID, back.Subject, back.Text, back.HTML} {
			if !slices.ContainsFunc(forms, func(f []byte) bool { return string(f) == text }) {
				t.Errorf("%s: not put through the gate:\n%s", lang, text)
			}
		}
	}
	p.Forms = func(bundle []byte) ([][]byte, []string, error) {
		forms, own, err := formsOf(bundle)
		for i, f := range forms {
			forms[i] = bytes.ReplaceAll(f, []byte(e.URL), []byte(e.URL+" "+r.orgs[0].NameJA))
		}
		return forms, own, err
	}
	if b, err := release.Build(r.a, ok, p, r.gate); hub.KindOf(err) != hub.Held || b.Valid() {
		t.Errorf("a name in an edition's mail alone: %v, want held", err)
	}
}
