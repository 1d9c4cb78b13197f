package deliver_test

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"reflect"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/stix"
)

// proof is how the alerts of these tests were made.
var proof = deliver.Proof{PolicyVersion: "policy 7", Policy: hub.Sum([]byte("policy")), Record: hub.Sum([]byte("record"))}

var published = time.Date(2026, 5, 6, 7, 8, 9, 123e6, time.UTC)

func keys(t testing.TB, seed byte) (ed25519.PublicKey, ed25519.PrivateKey) {
	t.Helper()
	priv := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, 32))
	return priv.Public().(ed25519.PublicKey), priv
}

// entry makes the signed entry that follows prev.
func entry(t testing.TB, priv ed25519.PrivateKey, number uint64, prev hub.Digest) deliver.Entry {
	t.Helper()
	a := hub.Alert{Number: number, Previous: prev, ID: "0e7e2a57-7f5e-4d8c-9a6a-2c4f5e6d7a81", Version: 1, Kind: hub.Released, Stage: hub.Flash, TLP: hub.TLPGreen, Severity: hub.High, Published: published}
	var refs, labels []any
	for _, r := range deliver.References(a, proof, "https://hub.example.jp", "previous") {
		refs = append(refs, r)
	}
	for _, l := range deliver.Labels(a) {
		labels = append(labels, l)
	}
	bundle, err := stix.Marshal(stix.Object{"type": "bundle", "id": stix.NameID("bundle", "x"), "objects": []any{
		stix.Object{"type": "report", "id": "report--" + a.ID, "published": stix.FormatTime(a.Published), "labels": labels, "external_references": refs},
	}})
	if err != nil {
		t.Fatal(err)
	}
	a.Digest = hub.Sum(bundle)
	return deliver.Entry{Alert: a, Bundle: bundle, Signature: ed25519.Sign(priv, bundle)}
}

func TestVerifyTrustsOnlyWhatIsSigned(t *testing.T) {
	pub, priv := keys(t, 1)
	otherPub, _ := keys(t, 2)
	good := entry(t, priv, 2, hub.Sum([]byte("before")))
	if err := deliver.Verify(pub, good); err != nil {
		t.Fatalf("genuine entry refused: %v", err)
	}
	if deliver.Verify(otherPub, good) == nil {
		t.Error("accepted under another key")
	}
	for name, spoil := range map[string]func(*deliver.Entry){
		"number":   func(e *deliver.Entry) { e.Number++ },
		"previous": func(e *deliver.Entry) { e.Previous[0] ^= 1 },
		"id":       func(e *deliver.Entry) { e.ID = "other" },
		"version":  func(e *deliver.Entry) { e.Version++ },
		"kind":     func(e *deliver.Entry) { e.Kind = hub.Withdrawn },
		"stage":    func(e *deliver.Entry) { e.Stage = hub.Full },
		"tlp":      func(e *deliver.Entry) { e.TLP = hub.TLPClear },
		"severity": func(e *deliver.Entry) { e.Severity = hub.Low },
		"time":     func(e *deliver.Entry) { e.Published = e.Published.Add(time.Millisecond) },
		"digest":   func(e *deliver.Entry) { e.Digest[0] ^= 1 },
		"bundle":   func(e *deliver.Entry) { e.Bundle = append([]byte(" "), e.Bundle...) },
		"recalled": func(e *deliver.Entry) { e.Kind, e.Bundle = hub.Recalled, nil },
	} {
		e := good
		spoil(&e)
		if deliver.Verify(pub, e) == nil {
			t.Errorf("accepted with another %s", name)
		}
	}
}

func TestHeadersCarryAnEntryUnchanged(t *testing.T) {
	_, priv := keys(t, 1)
	want := entry(t, priv, 1, hub.Digest{})
	got, err := deliver.FromMessage(deliver.Header(want), want.Bundle)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := deliver.FromMessage(nil, want.Bundle); err == nil {
		t.Error("a message without headers was read")
	}
}

func TestChainTellsGapForkAndRollBack(t *testing.T) {
	_, priv := keys(t, 1)
	one := entry(t, priv, 1, hub.Digest{})
	two := entry(t, priv, 2, one.Digest)
	three := entry(t, priv, 3, two.Digest)
	var c deliver.Chain
	c, err := c.Next(one)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Next(three); !errors.As(err, new(*deliver.Gap)) {
		t.Errorf("missing number: %v", err)
	}
	if again, err := c.Next(one); err != nil || again != c {
		t.Errorf("the same entry again: %v", err)
	}
	if _, err := c.Next(entry(t, priv, 2, hub.Sum([]byte("other past")))); !errors.As(err, new(*deliver.Fork)) {
		t.Errorf("other past: %v", err)
	}
	c, err = c.Next(two)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Next(one); !errors.As(err, new(*deliver.RollBack)) {
		t.Errorf("older entry: %v", err)
	}
}

func TestTombstoneIsSignedToo(t *testing.T) {
	pub, priv := keys(t, 1)
	e := entry(t, priv, 1, hub.Digest{})
	e.Kind, e.Bundle, e.Reason = hub.Recalled, nil, "leak"
	data, err := deliver.Tombstone(e.Alert, e.Reason)
	if err != nil {
		t.Fatal(err)
	}
	e.Signature = ed25519.Sign(priv, data)
	if err := deliver.Verify(pub, e); err != nil {
		t.Errorf("genuine tombstone refused: %v", err)
	}
	e.Reason = "other"
	if deliver.Verify(pub, e) == nil {
		t.Error("accepted with another reason")
	}
}

func TestPagesEndAndGoOn(t *testing.T) {
	_, priv := keys(t, 1)
	var all []deliver.Entry
	for n := range uint64(3) {
		e := entry(t, priv, n+1, hub.Sum([]byte("x")))
		e.Bundle = make([]byte, deliver.PageBytes/2+1)
		all = append(all, e)
	}
	p := deliver.Page(all, 3)
	if len(p.Entries) != 1 || !p.More {
		t.Errorf("first page has %d entries, more %v", len(p.Entries), p.More)
	}
	p = deliver.Page(all[2:], 3)
	if len(p.Entries) != 1 || p.More {
		t.Errorf("last page has %d entries, more %v", len(p.Entries), p.More)
	}
}
