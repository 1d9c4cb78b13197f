// Package sealing closes bytes to an age X25519 key (filippo.io/age) and opens
// them again. The hub seals reports to the week's epoch key and everything of a
// case to the case's own key; a member's client seals a report before it leaves.
// What one and the same hub closes and opens can be sealed with a secret instead
// (AES-256-GCM), which is a hundred times quicker.
//
// It trusts the age library and the system's randomness. What is sealed tells its
// length to 1,024 bytes and nothing else.
//
//	sealed, err := sealing.Seal(recipient, report)
package sealing

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"filippo.io/age"
)

// magic begins every age file.
var magic = []byte("age-encryption.org/v1\n")

// Pad is the step in bytes to which lengths are rounded up before sealing.
const Pad = 1024

// IsSealed reports whether data looks like a sealed report rather than plain STIX.
func IsSealed(data []byte) bool { return bytes.HasPrefix(data, magic) }

// Seal closes data to the recipient ("age1…").
func Seal(recipient string, data []byte) ([]byte, error) {
	r, err := age.ParseX25519Recipient(recipient)
	if err != nil {
		return nil, fmt.Errorf("reading seal key: %w", err)
	}
	var out bytes.Buffer
	w, err := age.Encrypt(&out, r)
	if err != nil {
		return nil, fmt.Errorf("sealing: %w", err)
	}
	_, err = w.Write(padded(data))
	if err != nil {
		return nil, fmt.Errorf("sealing: %w", err)
	}
	err = w.Close()
	if err != nil {
		return nil, fmt.Errorf("sealing: %w", err)
	}
	return out.Bytes(), nil
}

// Open opens what was sealed to one of the identities, up to limit bytes.
func Open(sealed []byte, limit int64, identities ...age.Identity) ([]byte, error) {
	r, err := age.Decrypt(bytes.NewReader(sealed), identities...)
	if err != nil {
		return nil, fmt.Errorf("opening seal: %w", err)
	}
	data, err := io.ReadAll(io.LimitReader(r, limit+Pad+9))
	if err != nil {
		return nil, fmt.Errorf("opening seal: %w", err)
	}
	return unpadded(data, limit)
}

// SealWith closes data with a secret of 32 bytes.
func SealWith(secret, data []byte) ([]byte, error) {
	box, err := boxOf(secret)
	if err != nil {
		return nil, fmt.Errorf("sealing: %w", err)
	}
	return box.Seal(nil, nil, padded(data), nil), nil
}

// OpenWith opens what was sealed with the secret, up to limit bytes.
func OpenWith(secret, sealed []byte, limit int64) ([]byte, error) {
	box, err := boxOf(secret)
	if err != nil {
		return nil, fmt.Errorf("opening seal: %w", err)
	}
	data, err := box.Open(nil, nil, sealed, nil)
	if err != nil {
		return nil, fmt.Errorf("opening seal: %w", err)
	}
	return unpadded(data, limit)
}

// boxOf draws a nonce for each seal. A week of any sector's reports stays far below
// the 2^32 that one secret allows.
func boxOf(secret []byte) (cipher.AEAD, error) {
	if len(secret) != 32 {
		return nil, errors.New("the secret hasn't 32 bytes")
	}
	block, err := aes.NewCipher(secret)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// padded puts the length before data and zeros behind it.
func padded(data []byte) []byte {
	n := 8 + len(data)
	out := make([]byte, (n+Pad-1)/Pad*Pad)
	binary.BigEndian.PutUint64(out, uint64(len(data)))
	copy(out[8:], data)
	return out
}

func unpadded(data []byte, limit int64) ([]byte, error) {
	if len(data) < 8 {
		return nil, errors.New("opening seal: no length inside")
	}
	n := binary.BigEndian.Uint64(data)
	if n > uint64(limit) || n > uint64(len(data)-8) {
		return nil, errors.New("opening seal: wrong length inside")
	}
	return data[8 : 8+n], nil
}
