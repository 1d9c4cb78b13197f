// Package deliver is the last stage: what leaves the hub, and what a client checks
// before it believes it.
//
// The alert log is a chain of numbered entries. Each is a bundle in exact bytes, an
// Ed25519 signature over those bytes, and its metadata, which stands inside the
// signed bytes as well: number and previous digest in the report's
// external_references, stage, kind, version and severity in its labels. So nothing
// outside the signature needs to be trusted. The package trusts the hub's public
// keys and nothing else.
//
//	err := deliver.VerifyIn(line, entry)
//	chain, err = chain.Next(entry) // *deliver.Gap, *deliver.Fork or *deliver.RollBack
package deliver

import (
	"crypto/ed25519"

	"isac/hub"
	"isac/hub/succession"
)

// Entry is one numbered entry of the alert log as it travels.
//
// The signature is Ed25519 over the exact bytes of Bundle, with no label before
// them: whoever has the two files can check them with any tool. Nothing else that
// the key signs begins as a bundle does.
//
// A recall is two things: a new entry of the kind "recalled" with a bundle that says
// so, and, in the place of every version that is deleted, an entry of the same
// number and digest without a bundle. The signature of the latter is over Tombstone.
type Entry struct {
	hub.Alert
	Bundle    []byte `json:"bundle,omitempty"`
	Signature []byte `json:"signature"`
	Reason    string `json:"reason,omitempty"` // class, recalled entries only
	// Clear says of a tombstone that everybody could read an edition of what is gone. It is
	// for the hub's own view and nothing that a client acts on.
	Clear bool `json:"-"`
}

// Verify is VerifyIn for a hub that has had one key.
func Verify(key ed25519.PublicKey, e Entry) error { return VerifyIn(succession.Of(key), e) }

// VerifyIn checks the signature, by a key that is good for the entry's number, and that the
// metadata is what the signed bytes say.
func VerifyIn(line succession.Line, e Entry) error {
	if len(line.Newest()) != ed25519.PublicKeySize {
		return hub.E(hub.Invalid, "deliver.no-key")
	}
	if e.Kind == hub.Recalled && len(e.Bundle) == 0 {
		return verifyTombstone(line, e)
	}
	err := Signed(line, e.Number, e.Bundle, e.Signature)
	if err != nil {
		return err
	}
	inside, err := Inside(e.Bundle)
	if err != nil {
		return err
	}
	if !equal(inside, e.Alert) || e.Reason != "" {
		return hub.E(hub.Invalid, "deliver.other-metadata")
	}
	return nil
}

// equal compares metadata; the same instant in two zones is the same.
func equal(a, b hub.Alert) bool {
	if !a.Published.Equal(b.Published) {
		return false
	}
	a.Published = b.Published
	return a == b
}

// Signed checks that data, of the alert of a number, is signed by a key that is good for it.
func Signed(line succession.Line, number uint64, data, signature []byte) error {
	switch {
	case line.Signed(number, data, signature):
		return nil
	case line.Ever(data, signature):
		return hub.E(hub.Invalid, "deliver.old-key")
	}
	return hub.E(hub.Invalid, "deliver.bad-signature")
}

// verifyTombstone checks what stands in the place of a deleted bundle. Its digest
// and previous digest keep the chain whole.
func verifyTombstone(line succession.Line, e Entry) error {
	if e.Number == 0 || e.Digest.IsZero() {
		return hub.E(hub.Invalid, "deliver.no-metadata")
	}
	data, err := Tombstone(e.Alert, e.Reason)
	if err != nil {
		return err
	}
	return Signed(line, e.Number, data, e.Signature)
}
