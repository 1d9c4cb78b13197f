package roster

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"isac/hub"
)

// tokenPrefix begins the subjects of tokens that people made, "register.token.<id>".
const tokenPrefix = "register.token."

const (
	longestToken = 366 * 24 * time.Hour // life of one
	longestLabel = 60                   // characters of its name
	mostTokens   = 20                   // that are good, of one person
)

// Token is an access token that a person made for a program. The token itself is
// stored nowhere.
type Token struct {
	ID      string      `json:"id"`
	Person  string      `json:"person"`
	Name    string      `json:"name"` // as its owner calls it
	Scopes  []hub.Scope `json:"scopes"`
	Digest  hub.Digest  `json:"digest"` // SHA-256 of the token, or of a client certificate in DER
	Made    time.Time   `json:"made"`
	Ends    time.Time   `json:"ends"`
	Revoked bool        `json:"revoked,omitempty"`
	// Certificate says that there is no token: the certificate opens.
	Certificate bool `json:"certificate,omitempty"`
}

// Good reports whether the token can be used at an instant.
func (t Token) Good(now time.Time) bool { return !t.Revoked && now.Before(t.Ends) }

// MakeToken makes an access token of a person's own and returns it, this once. Its
// scopes are some of those that the person's roles allow.
func (r *Roster) MakeToken(ctx context.Context, person, name string, scopes []hub.Scope, ends, now time.Time) (Token, string, error) {
	p, err := r.present(person)
	if err != nil {
		return Token{}, "", err
	}
	err = r.checkToken(p.Person, name, scopes, ends, now)
	if err != nil {
		return Token{}, "", err
	}
	var raw [32]byte
	rand.Read(raw[:])
	token := "isac_" + base64.RawURLEncoding.EncodeToString(raw[:])
	t := newToken(person, name, hub.Sum([]byte(token)), scopes, ends, now)
	err = r.storeToken(ctx, t)
	if err != nil {
		return Token{}, "", err
	}
	return t, token, nil
}

func newToken(person, name string, digest hub.Digest, scopes []hub.Scope, ends, now time.Time) Token {
	var id [16]byte
	rand.Read(id[:])
	return Token{
		ID: hex.EncodeToString(id[:]), Person: person, Name: name, Scopes: slices.Clone(scopes), Digest: digest,
		Made: now.UTC().Truncate(time.Second), Ends: ends.UTC().Truncate(time.Second),
	}
}

func (r *Roster) checkToken(p hub.Person, name string, scopes []hub.Scope, ends, now time.Time) error {
	if name == "" || utf8.RuneCountInString(name) > longestLabel || strings.ContainsFunc(name, unicode.IsControl) {
		return hub.E(hub.Invalid, "signin.token-name", fmt.Sprint(longestLabel))
	}
	if len(scopes) == 0 {
		return hub.E(hub.Invalid, "signin.token-no-scope")
	}
	for _, s := range scopes {
		if !slices.Contains(p.Scopes(), s) {
			return hub.E(hub.Forbidden, "signin.token-scope")
		}
	}
	if !ends.After(now) || ends.Sub(now) > longestToken {
		return hub.E(hub.Invalid, "signin.token-end")
	}
	good := 0
	for _, t := range r.TokensOf(p.ID) {
		if t.Good(now) {
			good++
		}
	}
	if good >= mostTokens {
		return hub.E(hub.Invalid, "signin.too-many-tokens")
	}
	return nil
}

// RevokeToken ends a token of a person's own, at once.
func (r *Roster) RevokeToken(ctx context.Context, person, id string) error {
	r.mu.RLock()
	t, ok := r.made[id]
	r.mu.RUnlock()
	if !ok || t.Person != person || t.Revoked {
		return hub.E(hub.NotFound, "error.not-found")
	}
	t.Revoked = true
	return r.storeToken(ctx, t)
}

func (r *Roster) storeToken(ctx context.Context, t Token) error {
	return r.storeJSON(ctx, tokenPrefix+t.ID, t)
}

// RevokeTokens ends all tokens and certificates of a person.
func (r *Roster) RevokeTokens(ctx context.Context, person string) error {
	for _, t := range r.TokensOf(person) {
		err := r.RevokeToken(ctx, person, t.ID)
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *Roster) applyToken(t Token) {
	r.made[t.ID] = t
	if _, ok := r.madeBy[t.Digest]; !ok || !t.Revoked { // a certificate may be bound again
		r.madeBy[t.Digest] = t.ID
	}
}

// TokensOf returns the tokens that a person made and hasn't revoked, newest first.
func (r *Roster) TokensOf(person string) []Token {
	r.mu.RLock()
	defer r.mu.RUnlock()
	var out []Token
	for _, t := range r.made {
		if t.Person == person && !t.Revoked {
			out = append(out, t)
		}
	}
	slices.SortFunc(out, func(a, b Token) int { return cmp.Or(b.Made.Compare(a.Made), cmp.Compare(a.ID, b.ID)) })
	return out
}

// ByOwnToken returns the person who made an access token, and the token, while it is
// good.
func (r *Roster) ByOwnToken(token string, now time.Time) (hub.Person, Token, bool) {
	return r.madeOf(hub.Sum([]byte(token)), false, now)
}

// madeOf returns what has a digest: a token or, which is something else though its bytes be
// the same, a certificate.
func (r *Roster) madeOf(d hub.Digest, certificate bool, now time.Time) (hub.Person, Token, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	t, ok := r.made[r.madeBy[d]]
	if !ok || !t.Good(now) || t.Certificate != certificate {
		return hub.Person{}, Token{}, false
	}
	p, ok := r.persons[t.Person]
	if !ok || p.Gone {
		return hub.Person{}, Token{}, false
	}
	return p.Person, t, true
}
