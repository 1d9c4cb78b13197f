package keyring

import (
	"crypto/hmac"
	"crypto/sha256"

	"isac/internal/sealing"
)

// NoticesName is the name under which a person's settings of notices are kept: nobody can
// tell without the key whose it is.
func (r *Ring) NoticesName(person string) []byte { return r.ofNotices("name", person) }

// NoticeID is the id of one message to a person by a channel: the same whenever it is
// planned again.
func (r *Ring) NoticeID(person, channel, what string) []byte {
	return r.ofNotices("message", person+" "+channel+" "+what)
}

// SealNotices closes a person's settings, which hold addresses and secrets.
func (r *Ring) SealNotices(person string, data []byte) ([]byte, error) {
	return sealing.SealWith(r.ofNotices("seal", person), data)
}

// OpenNotices opens what SealNotices closed for the same person.
func (r *Ring) OpenNotices(person string, sealed []byte) ([]byte, error) {
	return sealing.OpenWith(r.ofNotices("seal", person), sealed, maxOpened)
}

func (r *Ring) ofNotices(use, person string) []byte {
	h := hmac.New(sha256.New, r.notices)
	h.Write([]byte(use + " " + person)) // of a hash, which can't fail
	return h.Sum(nil)
}
