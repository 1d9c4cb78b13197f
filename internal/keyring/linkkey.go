package keyring

import (
	"errors"
	"time"

	"isac/internal/sealing"
)

// SealLink closes a link to the week of now.
func (r *Ring) SealLink(now time.Time, data []byte) ([]byte, error) {
	secret, err := r.linkSecret(Week(now))
	if err != nil {
		return nil, err
	}
	return sealing.SealWith(secret, data)
}

// linkSecret returns the secret of a week, making it if it is missing.
func (r *Ring) linkSecret(week string) ([]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if secret, ok := r.links[week]; ok {
		return secret, nil
	}
	secret, err := openSecret(r.linkFile(week))
	if err != nil {
		return nil, err
	}
	r.links[week] = secret
	return secret, nil
}

// OpenLink opens a link of any week whose secret is still held.
func (r *Ring) OpenLink(sealed []byte) ([]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, secret := range r.links {
		data, err := sealing.OpenWith(secret, sealed, maxOpened)
		if err == nil {
			return data, nil
		}
	}
	return nil, errors.New("opening link: no secret fits")
}

// EndLinks destroys the secrets of all weeks that were over at an instant: no link
// of theirs can be opened again, wherever it is kept.
func (r *Ring) EndLinks(before time.Time) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.endSecrets("links", r.links, Week(before))
}

func (r *Ring) linkFile(week string) string { return r.secretFile("links", week) }
