// Package hub holds the nouns of a sector information-sharing hub: organisation,
// person, fact, alert, problem, digest, and the closed set of error kinds.
//
// A member sends a report with a name on it; the hub sends every member an alert
// without one. The way through the code is the way of a report:
//
//	intake → validate → anonymize → review → release → deliver
//
// Each stage is a package of one verb below this one. Its result type can be made
// by that package alone, so that no stage can be skipped.
//
// Everything below hub is pure: no I/O, no clock, no randomness but what the
// caller gives. It trusts its caller for time, randomness and keys, and nothing
// that came from a report.
//
//	f := hub.Fact{Class: hub.Technique, Value: "T1133", Confidence: hub.Likely, Source: hub.FromProse}
//	fmt.Println(f.Key()) // technique:T1133
package hub

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// Digest is a SHA-256 over exact bytes, written as 64 lower-case hex digits.
type Digest [sha256.Size]byte

// Sum returns the digest of data.
func Sum(data []byte) Digest { return sha256.Sum256(data) }

// IsZero reports whether d was never set. A zero digest is refused everywhere.
func (d Digest) IsZero() bool { return d == Digest{} }

// String returns d in lower-case hex.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// MarshalText implements encoding.TextMarshaler.
func (d Digest) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler; it wants 64 hex digits.
func (d *Digest) UnmarshalText(text []byte) error {
	raw, err := hex.DecodeString(string(text))
	if err != nil || len(raw) != len(d) {
		return fmt.Errorf("reading digest: want %d hex digits", 2*len(d))
	}
	copy(d[:], raw)
	return nil
}

// Text is one text for people in the hub's two languages.
type Text struct {
	JA string `json:"ja" toml:"ja"`
	EN string `json:"en" toml:"en"`
}

// In returns the text in the language "ja" or "en"; any other language reads Japanese.
func (t Text) In(lang string) string {
	if lang == "en" {
		return t.EN
	}
	return t.JA
}
