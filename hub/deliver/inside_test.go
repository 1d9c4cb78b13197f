package deliver_test

import (
	"bytes"
	"crypto/ed25519"
	"strings"
	"testing"
	"testing/quick"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/stix"
)

// TestInsideWantsEverythingOnce: signed bytes that say a thing twice, not at all or
// in other words are refused, although the signature is right.
func TestInsideWantsEverythingOnce(t *testing.T) {
	pub, priv := keys(t, 1)
	good := entry(t, priv, 2, hub.Sum([]byte("before")))
	for why, spoil := range map[string][2]string{
		"no stage":                     {`"isac:flash",`, ``},
		"two stages":                   {`"isac:flash"`, `"isac:flash","isac:full"`},
		"one stage twice":              {`"isac:flash"`, `"isac:flash","isac:flash"`},
		"a kind that doesn't exist":    {`"isac:released"`, `"isac:improved"`},
		"a label beside the list":      {`"isac:released"`, `"isac:released","urgent"`},
		"a version written otherwise":  {`"version:1"`, `"version:01"`},
		"version 0":                    {`"version:1"`, `"version:0"`},
		"two versions":                 {`"version:1"`, `"version:1","version:2"`},
		"no report":                    {`"type":"report"`, `"type":"grouping"`},
		"no time":                      {`"published":"2026-05-06T07:08:09.123Z",`, ``},
		"number 0":                     {`"external_id":"2"`, `"external_id":"0"`},
		"a number written otherwise":   {`"external_id":"2"`, `"external_id":"+2"`},
		"another previous number":      {`"external_id":"1"`, `"external_id":"7"`},
		"no previous digest":           {`"hashes":{"SHA-256":"` + good.Previous.String() + `"},`, ``},
		"a zero previous digest":       {good.Previous.String(), strings.Repeat("0", 64)},
		"another id than a report's":   {`"id":"report--`, `"id":"campaign--`},
		"the alert's number twice":     {`{"source_name":"isac-bundle"`, `{"external_id":"2","source_name":"isac-alert"},{"source_name":"isac-bundle"`},
		"a second report":              {`"objects":[`, `"objects":[{"type":"report"},`},
		"something else than a bundle": {`"type":"bundle"`, `"type":"report"`},
	} {
		changed := []byte(strings.Replace(string(good.Bundle), spoil[0], spoil[1], 1))
		if bytes.Equal(changed, good.Bundle) {
			t.Errorf("%s: the bundle isn't changed", why)
			continue
		}
		if a, err := deliver.Inside(changed); err == nil {
			t.Errorf("%s: read as %+v", why, a)
		}
		e := good
		e.Bundle, e.Signature, e.Digest = changed, ed25519.Sign(priv, changed), hub.Sum(changed)
		if deliver.Verify(pub, e) == nil {
			t.Errorf("%s: verified", why)
		}
	}
}

// TestOneSignatureServesForOneThing: the same key signs bundles, tombstones and
// cards; none passes for another.
func TestOneSignatureServesForOneThing(t *testing.T) {
	pub, priv := keys(t, 1)
	e := entry(t, priv, 1, hub.Digest{})
	stone, err := deliver.Tombstone(e.Alert, "leak")
	if err != nil {
		t.Fatal(err)
	}
	card := deliver.Card{Epoch: "2026w19", Recipient: "age1x"}
	for why, signed := range map[string][]byte{"tombstone": stone, "card": card.SigningBytes()} {
		fake := deliver.Entry{Alert: e.Alert, Bundle: signed, Signature: ed25519.Sign(priv, signed)}
		fake.Digest = hub.Sum(signed)
		if deliver.Verify(pub, fake) == nil {
			t.Errorf("a signed %s passes for a bundle", why)
		}
	}
	fake := e
	fake.Kind, fake.Bundle, fake.Reason = hub.Recalled, nil, "leak"
	if deliver.Verify(pub, fake) == nil {
		t.Error("the signature of a bundle passes for a tombstone")
	}
	fake.Bundle = []byte{}
	if deliver.Verify(pub, fake) == nil {
		t.Error("an empty bundle passes for a tombstone")
	}
}

// TestLabelsAndInsideAgree holds writer and reader together over all words.
func TestLabelsAndInsideAgree(t *testing.T) {
	for _, kind := range []hub.AlertKind{hub.Released, hub.Corrected, hub.Updated, hub.Withdrawn, hub.Recalled} {
		for _, stage := range []hub.Stage{hub.Flash, hub.Full} {
			for _, tlp := range []hub.TLP{hub.TLPClear, hub.TLPGreen, hub.TLPAmber, hub.TLPAmberStrict, hub.TLPRed} {
				for _, severity := range []hub.Severity{hub.Critical, hub.High, hub.Medium, hub.Low} {
					want := hub.Alert{Number: 9, Previous: hub.Sum(nil), ID: "x", Version: 12, Kind: kind, Stage: stage, TLP: tlp, Severity: severity, Published: published}
					data := bundleOf(t, want)
					want.Digest = hub.Sum(data)
					got, err := deliver.Inside(data)
					if err != nil || got != want {
						t.Fatalf("wrote %+v, read %+v, %v", want, got, err)
					}
				}
			}
		}
	}
}

func bundleOf(t testing.TB, a hub.Alert) []byte {
	t.Helper()
	var refs, labels []any
	for _, r := range deliver.References(a, proof, "https://hub.test", "p") {
		refs = append(refs, r)
	}
	for _, l := range deliver.Labels(a) {
		labels = append(labels, l)
	}
	data, err := stix.Marshal(stix.Object{"type": "bundle", "objects": []any{stix.Object{
		"type": "report", "id": "report--" + a.ID, "published": stix.FormatTime(a.Published), "labels": labels, "external_references": refs,
	}}})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestTombstonesDiffer: no two entries have the same tombstone.
func TestTombstonesDiffer(t *testing.T) {
	differ := func(n, m uint32, id, reason string, digest [32]byte) bool {
		a := hub.Alert{Number: uint64(n), ID: id, Version: 1, Digest: digest, Published: published}
		b := a
		b.Number = uint64(m)
		x, errX := deliver.Tombstone(a, reason)
		y, errY := deliver.Tombstone(b, reason)
		return errX != nil || errY != nil || bytes.Equal(x, y) == (n == m)
	}
	if err := quick.Check(differ, nil); err != nil {
		t.Error(err)
	}
}

// FuzzInside: a stranger's bytes are answered, and what is read is whole.
func FuzzInside(f *testing.F) {
	f.Add(bundleOf(f, hub.Alert{Number: 2, Previous: hub.Sum(nil), ID: "x", Version: 1, Kind: hub.Released, Stage: hub.Flash, TLP: hub.TLPAmber, Severity: hub.High, Published: published}))
	f.Add([]byte(`{"type":"bundle","objects":[{"type":"report"}]}`))
	f.Add([]byte(`{`))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := deliver.Inside(data)
		if err != nil {
			return
		}
		if a.Number == 0 || a.Version < 1 || a.ID == "" || a.Digest != hub.Sum(data) || a.Number > 1 == a.Previous.IsZero() {
			t.Errorf("read %+v", a)
		}
	})
}

// FuzzFromMessage: headers of a stranger are answered.
func FuzzFromMessage(f *testing.F) {
	_, priv := keys(f, 1)
	e := entry(f, priv, 1, hub.Digest{})
	for name, v := range deliver.Header(e) {
		f.Add(name, v[0])
	}
	f.Fuzz(func(t *testing.T, name, value string) {
		h := deliver.Header(e)
		h[name] = []string{value}
		got, err := deliver.FromMessage(h, e.Bundle)
		if err == nil && deliver.Verify(priv.Public().(ed25519.PublicKey), got) == nil && got.Number != e.Number {
			t.Error("another number was verified")
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	pub, priv := keys(b, 1)
	e := entry(b, priv, 1, hub.Digest{})
	b.SetBytes(int64(len(e.Bundle)))
	for b.Loop() {
		if err := deliver.Verify(pub, e); err != nil {
			b.Fatal(err)
		}
	}
}
