package deliver

import (
	"crypto/ed25519"
	"encoding/json"

	"isac/hub"
	"isac/hub/ledger"
	"isac/hub/succession"
)

// Card tells a member's client to which key a report is sealed this week.
type Card struct {
	Epoch     string `json:"epoch"`     // "2026w48"
	Recipient string `json:"recipient"` // age recipient, "age1…"
	Signature []byte `json:"signature"` // by the alert key, over SigningBytes
}

// SigningBytes begins with a word that no bundle or tombstone begins with, so a
// card can't pass for either.
func (c Card) SigningBytes() []byte {
	return []byte("isac card v1\n" + c.Epoch + "\n" + c.Recipient)
}

// Verify checks that the hub signed the card.
func (c Card) Verify(key ed25519.PublicKey) error {
	if len(key) != ed25519.PublicKeySize || !ed25519.Verify(key, c.SigningBytes(), c.Signature) {
		return hub.E(hub.Invalid, "deliver.bad-card")
	}
	return nil
}

// CaseRequest is what a machine may ask on isac.case.<own nkey>: the card, the state of
// the case behind one of its receipts, the ledger, or the keys of alerts. None consents nor reads a case.
type CaseRequest struct {
	Ask     string          `json:"ask"` // "card", "status", "ledger" or "keys"
	Receipt string          `json:"receipt,omitempty"`
	Ledger  *ledger.Request `json:"ledger,omitempty"`
}

// CaseAnswer answers a CaseRequest. Status is what hub/review shows a machine.
type CaseAnswer struct {
	Card    *Card             `json:"card,omitempty"`
	Status  json.RawMessage   `json:"status,omitempty"`
	Ledger  *ledger.Answer    `json:"ledger,omitempty"`
	Keys    []succession.Step `json:"keys,omitempty"` // every one, oldest first
	Refused *hub.Refusal      `json:"refused,omitempty"`
}
