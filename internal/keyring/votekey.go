package keyring

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"isac/internal/sealing"
)

// Season names the quarter of an instant, "2026q4". Names are in the order of time.
func Season(t time.Time) string {
	t = t.UTC()
	return fmt.Sprintf("%04dq%d", t.Year(), (int(t.Month())+2)/3)
}

// VoteName is a keyed name for what the parts say, good within one quarter: without
// its secret nobody can tell what it says, nor that two quarters' names say the same.
func (r *Ring) VoteName(season string, parts ...string) (string, error) {
	key, err := r.voteKey(season, "name")
	if err != nil {
		return "", err
	}
	h := hmac.New(sha256.New, key)
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// SealVote closes a vote to a quarter.
func (r *Ring) SealVote(season string, data []byte) ([]byte, error) {
	key, err := r.voteKey(season, "seal")
	if err != nil {
		return nil, err
	}
	return sealing.SealWith(key, data)
}

// OpenVote opens a vote of a quarter whose secret is still held.
func (r *Ring) OpenVote(season string, sealed []byte) ([]byte, error) {
	if _, held := r.Secret(votes, season); !held {
		return nil, errors.New("opening vote: its secret has ended")
	}
	key, err := r.voteKey(season, "seal")
	if err != nil {
		return nil, err
	}
	return sealing.OpenWith(key, sealed, maxOpened)
}

// voteKey derives one of the keys of a quarter, making its secret if it is missing.
func (r *Ring) voteKey(season, use string) ([]byte, error) {
	secret, err := r.secret(votes, season)
	if err != nil {
		return nil, err
	}
	key, err := hkdf.Key(sha256.New, secret, nil, "isac votes, "+use+" v1", 32)
	if err != nil {
		return nil, fmt.Errorf("deriving vote key: %w", err)
	}
	return key, nil
}

// EndVotes destroys the secrets of all quarters before a season: whose their votes
// were, and what they say, can't be found out any more, wherever they are kept.
func (r *Ring) EndVotes(before string) error { return r.endSecrets(votes, before) }
