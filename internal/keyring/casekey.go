package keyring

import (
	"encoding/json"
	"fmt"
	"time"

	"filippo.io/age"

	"isac/internal/sealing"
)

// CaseKey seals everything of one case. It exists in memory and, wrapped with an
// epoch key, in the stream KEYS; nowhere else.
type CaseKey struct{ id *age.X25519Identity }

// Wrapped is a case key closed to an epoch key, as stored.
type Wrapped struct {
	Epoch string `json:"epoch"`
	Key   []byte `json:"key"`
}

// NewCaseKey makes a case key.
func NewCaseKey() (CaseKey, error) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return CaseKey{}, fmt.Errorf("making case key: %w", err)
	}
	return CaseKey{id}, nil
}

// Seal closes data to the case.
func (k CaseKey) Seal(data []byte) ([]byte, error) {
	return sealing.Seal(k.id.Recipient().String(), data)
}

// Open opens what was sealed to the case.
func (k CaseKey) Open(sealed []byte) ([]byte, error) {
	return sealing.Open(sealed, maxOpened, k.id)
}

// Wrap closes the key to the epoch of now and returns its stored form.
func (r *Ring) Wrap(k CaseKey, now time.Time) ([]byte, error) {
	name, recipient, err := r.Epoch(now)
	if err != nil {
		return nil, err
	}
	sealed, err := sealing.Seal(recipient, []byte(k.id.String()))
	if err != nil {
		return nil, err
	}
	return json.Marshal(Wrapped{Epoch: name, Key: sealed})
}

// Unwrap opens a stored case key.
func (r *Ring) Unwrap(stored []byte) (CaseKey, error) {
	var w Wrapped
	err := json.Unmarshal(stored, &w)
	if err != nil {
		return CaseKey{}, fmt.Errorf("reading case key: %w", err)
	}
	text, err := r.OpenReport(w.Key)
	if err != nil {
		return CaseKey{}, fmt.Errorf("unwrapping case key: %w", err)
	}
	id, err := age.ParseX25519Identity(string(text))
	if err != nil {
		return CaseKey{}, fmt.Errorf("unwrapping case key: %w", err)
	}
	return CaseKey{id}, nil
}

// EpochOf names the epoch that a stored case key is wrapped with, "" if unreadable.
func (r *Ring) EpochOf(stored []byte) string {
	var w Wrapped
	if json.Unmarshal(stored, &w) != nil {
		return ""
	}
	return w.Epoch
}
