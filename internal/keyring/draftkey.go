package keyring

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"time"

	"isac/internal/sealing"
)

// SealDrafts closes an organisation's drafts with the secret of now's week, and gives
// the name under which they are kept: nobody can tell without the secret whose they are.
func (r *Ring) SealDrafts(now time.Time, org string, data []byte) (name, sealed []byte, err error) {
	secret, err := r.secret(drafts, Week(now))
	if err != nil {
		return nil, nil, err
	}
	sealed, err = sealing.SealWith(ofDrafts(secret, "seal", org), data)
	return ofDrafts(secret, "name", org), sealed, err
}

// DraftNames are the names under which drafts of an organisation can be kept, one for
// each week whose secret is still held.
func (r *Ring) DraftNames(org string) [][]byte {
	var out [][]byte
	for _, secret := range r.all(drafts) {
		out = append(out, ofDrafts(secret, "name", org))
	}
	return out
}

// OpenDrafts opens what SealDrafts closed for the same organisation.
func (r *Ring) OpenDrafts(org string, sealed []byte) ([]byte, error) {
	for _, secret := range r.all(drafts) {
		data, err := sealing.OpenWith(ofDrafts(secret, "seal", org), sealed, maxOpened)
		if err == nil {
			return data, nil
		}
	}
	return nil, errors.New("opening drafts: no secret fits")
}

// EndDrafts destroys the secrets of all weeks that were over at an instant.
func (r *Ring) EndDrafts(before time.Time) error { return r.endSecrets(drafts, Week(before)) }

func ofDrafts(secret []byte, use, org string) []byte {
	h := hmac.New(sha256.New, secret)
	h.Write([]byte("drafts " + use + " " + org)) // of a hash, which can't fail
	return h.Sum(nil)
}
