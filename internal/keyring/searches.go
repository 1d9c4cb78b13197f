package keyring

import (
	"crypto/hmac"
	"crypto/sha256"

	"isac/internal/sealing"
)

// SearchesName is the name under which a person's saved searches are kept: nobody can
// tell without the key whose it is.
func (r *Ring) SearchesName(person string) []byte { return r.ofSearches("name", person) }

// SealSearches closes a person's saved searches.
func (r *Ring) SealSearches(person string, data []byte) ([]byte, error) {
	return sealing.SealWith(r.ofSearches("seal", person), data)
}

// OpenSearches opens what SealSearches closed for the same person.
func (r *Ring) OpenSearches(person string, sealed []byte) ([]byte, error) {
	return sealing.OpenWith(r.ofSearches("seal", person), sealed, maxOpened)
}

func (r *Ring) ofSearches(use, person string) []byte {
	h := hmac.New(sha256.New, r.searches)
	h.Write([]byte(use + " " + person)) // of a hash, which can't fail
	return h.Sum(nil)
}
