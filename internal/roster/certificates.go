package roster

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"time"

	"isac/hub"
)

// A client certificate stands for a token that its owner made: it is known by its SHA-256
// fingerprint, whoever signed it, and opens what the token would. TLS proves that who shows
// it has its key.

// BindCertificate makes a client certificate, in PEM, good for some of what a person's roles
// allow. It ends when the certificate does, if not before.
func (r *Roster) BindCertificate(ctx context.Context, person, name, text string, scopes []hub.Scope, ends, now time.Time) (Token, error) {
	p, err := r.present(person)
	if err != nil {
		return Token{}, err
	}
	c, err := readCertificate(text)
	if err != nil {
		return Token{}, err
	}
	if !now.Before(c.NotAfter) {
		return Token{}, hub.E(hub.Invalid, "signin.certificate-ended")
	}
	if c.NotAfter.Before(ends) {
		ends = c.NotAfter
	}
	err = r.checkToken(p.Person, name, scopes, ends, now)
	if err != nil {
		return Token{}, err
	}
	t := newToken(person, name, hub.Sum(c.Raw), scopes, ends, now)
	t.Certificate = true
	_, _, bound := r.ByCertificate(c.Raw, now)
	if bound {
		return Token{}, hub.E(hub.Conflict, "signin.certificate-bound")
	}
	return t, r.storeToken(ctx, t)
}

func readCertificate(text string) (*x509.Certificate, error) {
	if strings.Contains(text, "PRIVATE KEY-----") {
		return nil, hub.E(hub.Invalid, "signin.certificate-key")
	}
	bad := hub.E(hub.Invalid, "signin.certificate-bad")
	block, rest := pem.Decode([]byte(text))
	if block == nil || block.Type != "CERTIFICATE" || strings.TrimSpace(string(rest)) != "" {
		return nil, bad
	}
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil { // its text could quote a name
		return nil, bad
	}
	return c, nil
}

// ByCertificate returns the person who bound a client certificate, given in DER, and what
// it is good for, while it is.
func (r *Roster) ByCertificate(der []byte, now time.Time) (hub.Person, Token, bool) {
	return r.madeOf(hub.Sum(der), true, now)
}
