package keyring

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"maps"
	"slices"
	"time"

	"isac/internal/sealing"
)

// SealDrafts closes an organisation's drafts with the secret of now's week, and gives
// the name under which they are kept: nobody can tell without the secret whose they are.
func (r *Ring) SealDrafts(now time.Time, org string, data []byte) (name, sealed []byte, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	week := Week(now)
	secret, ok := r.drafts[week]
	if !ok {
		secret, err = openSecret(r.secretFile("drafts", week))
		if err != nil {
			return nil, nil, err
		}
		r.drafts[week] = secret
	}
	sealed, err = sealing.SealWith(ofDrafts(secret, "seal", org), data)
	return ofDrafts(secret, "name", org), sealed, err
}

// DraftNames are the names under which drafts of an organisation can be kept, one for
// each week whose secret is still held.
func (r *Ring) DraftNames(org string) [][]byte {
	var out [][]byte
	for _, secret := range r.draftSecrets() {
		out = append(out, ofDrafts(secret, "name", org))
	}
	return out
}

// OpenDrafts opens what SealDrafts closed for the same organisation.
func (r *Ring) OpenDrafts(org string, sealed []byte) ([]byte, error) {
	for _, secret := range r.draftSecrets() {
		data, err := sealing.OpenWith(ofDrafts(secret, "seal", org), sealed, maxOpened)
		if err == nil {
			return data, nil
		}
	}
	return nil, errors.New("opening drafts: no secret fits")
}

// EndDrafts destroys the secrets of all weeks that were over at an instant.
func (r *Ring) EndDrafts(before time.Time) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.endSecrets("drafts", r.drafts, Week(before))
}

func (r *Ring) draftSecrets() [][]byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Collect(maps.Values(r.drafts))
}

func ofDrafts(secret []byte, use, org string) []byte {
	h := hmac.New(sha256.New, secret)
	h.Write([]byte("drafts " + use + " " + org)) // of a hash, which can't fail
	return h.Sum(nil)
}
