package keyring

import (
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"isac/internal/sealing"
)

// SealCall closes a call for help to a desk and the week of now.
func (r *Ring) SealCall(now time.Time, desk string, data []byte) ([]byte, error) {
	secret, err := r.secret(calls, Week(now))
	if err != nil {
		return nil, err
	}
	key, err := deskKey(secret, desk)
	if err != nil {
		return nil, err
	}
	return sealing.SealWith(key, data)
}

// OpenCall opens what was sealed to a desk in any week whose secret is still held.
func (r *Ring) OpenCall(desk string, sealed []byte) ([]byte, error) {
	for _, secret := range r.all(calls) {
		key, err := deskKey(secret, desk)
		if err != nil {
			return nil, err
		}
		data, err := sealing.OpenWith(key, sealed, maxOpened)
		if err == nil {
			return data, nil
		}
	}
	return nil, errors.New("opening call: no secret fits")
}

// EndCalls destroys the secrets of all weeks that were over at an instant.
func (r *Ring) EndCalls(before time.Time) error { return r.endSecrets(calls, Week(before)) }

func deskKey(secret []byte, desk string) ([]byte, error) {
	key, err := hkdf.Key(sha256.New, secret, nil, "isac call, desk v1 "+desk, 32)
	if err != nil {
		return nil, fmt.Errorf("deriving desk key: %w", err)
	}
	return key, nil
}
