package keyring

import (
	"errors"
	"time"

	"isac/internal/sealing"
)

// SealLink closes a link to the week of now.
func (r *Ring) SealLink(now time.Time, data []byte) ([]byte, error) {
	secret, err := r.secret(links, Week(now))
	if err != nil {
		return nil, err
	}
	return sealing.SealWith(secret, data)
}

// OpenLink opens a link of any week whose secret is still held.
func (r *Ring) OpenLink(sealed []byte) ([]byte, error) {
	for _, secret := range r.all(links) {
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
	return r.endSecrets(links, Week(before))
}
