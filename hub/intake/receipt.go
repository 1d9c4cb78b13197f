package intake

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"time"

	"isac/hub"
)

// Receipt says that the hub holds a report on disk. It is signed with a key that
// signs nothing else. It names neither the member nor the report: whoever finds
// one learns nothing without the sealed bytes.
type Receipt struct {
	Number     string     `json:"number"`     // 26 characters of base32, random
	Hour       time.Time  `json:"hour"`       // UTC, truncated to the hour
	Salt       hub.Digest `json:"salt"`       // 256 random bits
	Commitment hub.Digest `json:"commitment"` // SHA-256 over label, salt and sealed bytes
	Signature  []byte     `json:"signature"`  // Ed25519 over SigningBytes
}

const (
	commitLabel = "isac receipt commitment v1\n"
	signLabel   = "isac receipt v1\n"
)

var numbers = base32.StdEncoding.WithPadding(base32.NoPadding)

// NewReceipt draws a receipt that stands for no bytes yet. Random gives 48 bytes.
func NewReceipt(at time.Time, random io.Reader) (Receipt, error) {
	var raw [48]byte
	_, err := io.ReadFull(random, raw[:])
	if err != nil {
		return Receipt{}, fmt.Errorf("drawing receipt number: %w", err)
	}
	r := Receipt{
		Number: strings.ToLower(numbers.EncodeToString(raw[:16])),
		Hour:   at.UTC().Truncate(time.Hour),
	}
	copy(r.Salt[:], raw[16:])
	return r, nil
}

// For returns the receipt for exactly these sealed bytes, signed.
func (r Receipt) For(sealed []byte, sign func([]byte) []byte) Receipt {
	r.Commitment = commit(r.Salt, sealed)
	r.Signature = sign(r.SigningBytes())
	return r
}

// SigningBytes is what the receipts key signs: a label, then number, hour (Unix
// seconds, big endian) and commitment.
func (r Receipt) SigningBytes() []byte {
	var b bytes.Buffer
	b.WriteString(signLabel)
	b.WriteString(r.Number)
	b.WriteByte('\n')
	_ = binary.Write(&b, binary.BigEndian, r.Hour.Unix())
	b.Write(r.Commitment[:])
	return b.Bytes()
}

// Verify checks that the hub's receipts key signed r for exactly these sealed bytes.
func (r Receipt) Verify(key ed25519.PublicKey, sealed []byte) error {
	if commit(r.Salt, sealed) != r.Commitment {
		return hub.E(hub.Invalid, "receipt.other-bytes")
	}
	if len(key) != ed25519.PublicKeySize || !ed25519.Verify(key, r.SigningBytes(), r.Signature) {
		return hub.E(hub.Invalid, "receipt.bad-signature")
	}
	return nil
}

func commit(salt hub.Digest, sealed []byte) hub.Digest {
	h := sha256.New()
	h.Write([]byte(commitLabel))
	h.Write(salt[:])
	h.Write(sealed)
	return hub.Digest(h.Sum(nil))
}

// Answer is the hub's reply to a report: a receipt, or why there is none.
type Answer struct {
	Receipt *Receipt     `json:"receipt,omitempty"`
	Refused *hub.Refusal `json:"refused,omitempty"`
}
