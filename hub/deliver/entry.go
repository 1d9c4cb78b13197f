// Package deliver is the last stage: what leaves the hub, and what a client checks
// before it believes it.
//
// The alert log is a chain of numbered entries. Each is a bundle in exact bytes, an
// Ed25519 signature over those bytes, and its metadata, which stands inside the
// signed bytes as well: number and previous digest in the report's
// external_references, stage, kind, version and severity in its labels. So nothing
// outside the signature needs to be trusted. The package trusts the hub's public
// key and nothing else.
//
//	err := deliver.Verify(key, entry)
//	chain, err = chain.Next(entry) // *deliver.Gap, *deliver.Fork or *deliver.RollBack
package deliver

import (
	"crypto/ed25519"

	"isac/hub"
)

// Entry is one numbered entry of the alert log as it travels. A recalled entry has
// no bundle; its signature is over Tombstone.
type Entry struct {
	hub.Alert
	Bundle    []byte `json:"bundle,omitempty"`
	Signature []byte `json:"signature"`
	Reason    string `json:"reason,omitempty"` // class, recalled entries only
}

// Verify checks the signature, and that the metadata is what the signed bytes say.
func Verify(key ed25519.PublicKey, e Entry) error {
	if len(key) != ed25519.PublicKeySize {
		return hub.E(hub.Invalid, "deliver.no-key")
	}
	if e.Kind == hub.Recalled && e.Bundle == nil {
		return verifyTombstone(key, e)
	}
	if !ed25519.Verify(key, e.Bundle, e.Signature) {
		return hub.E(hub.Invalid, "deliver.bad-signature")
	}
	inside, err := Inside(e.Bundle)
	if err != nil {
		return err
	}
	if inside != e.Alert {
		return hub.E(hub.Invalid, "deliver.other-metadata")
	}
	return nil
}

func verifyTombstone(key ed25519.PublicKey, e Entry) error {
	data, err := Tombstone(e.Alert, e.Reason)
	if err != nil {
		return err
	}
	if !ed25519.Verify(key, data, e.Signature) {
		return hub.E(hub.Invalid, "deliver.bad-signature")
	}
	return nil
}
