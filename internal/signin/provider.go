package signin

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"isac/hub"
	"isac/internal/roster"
)

// Provider is the identity provider (OpenID Connect) of one organisation. Its word opens
// pages for people of that organisation whom the secretariat invited, and nothing else:
// what they decide is signed by passkey all the same, since whoever is in an
// organisation's network may be in its provider too.
type Provider struct {
	Organisation string
	Issuer       string
	ClientID     string
	Secret       string
}

// code is the end of the address at which people of the organisation come in. Nobody can
// guess it, so that nobody learns who is a member by trying.
func (p Provider) code() string {
	m := hmac.New(sha256.New, []byte(p.Secret))
	fmt.Fprintf(m, "isac provider address v1\n%s\n%s\n%s\n", p.Organisation, p.Issuer, p.ClientID)
	return hex.EncodeToString(m.Sum(nil)[:16])
}

// Trust takes a provider. It is asked for its keys only when somebody comes by it.
func (s *Signin) Trust(p Provider) error {
	u, err := url.Parse(p.Issuer)
	if err != nil || p.Organisation == "" || p.ClientID == "" || p.Secret == "" || u.Scheme != "https" && !(u.Scheme == "http" && loopback(u.Hostname())) {
		return hub.E(hub.Invalid, "signin.bad-provider", p.Organisation)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.providers[p.code()] = p
	return nil
}

func loopback(host string) bool { return host == "localhost" || net.ParseIP(host).IsLoopback() }

// ProviderOf is the code of an organisation's provider, "" where it has none.
func (s *Signin) ProviderOf(org string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for code, p := range s.providers {
		if p.Organisation == org {
			return code
		}
	}
	return ""
}

// Provides reports whether a code is a provider's.
func (s *Signin) Provides(code string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.providers[code]
	return ok
}

// away is a browser that was sent to a provider and hasn't come back.
type away struct {
	code       string // of the provider
	browser    hub.Digest
	nonce      string
	verifier   string
	invitation string
	back       string
	until      time.Time
}

const (
	awayCookie = "isac-away"
	awayLasts  = 10 * time.Minute
	providerIn = 10 * time.Second // for a provider to answer
)

// CameBack is what a browser that comes from a provider is good for.
type CameBack struct {
	Person hub.Person
	Proof  Proof
	Back   string
	Code   string
}

// Away returns the address to which a browser goes for a provider's word. With an
// invitation the word is bound to who was invited.
func (s *Signin) Away(ctx context.Context, w http.ResponseWriter, code, invitation, back string) (string, error) {
	config, _, err := s.provider(ctx, code)
	if err != nil {
		return "", err
	}
	browser, state := nonce(), nonce()
	a := away{code, hub.Sum([]byte(browser)), nonce(), oauth2.GenerateVerifier(), invitation, back, s.Now().Add(awayLasts)}
	s.mu.Lock()
	for key, old := range s.away {
		if !s.Now().Before(old.until) {
			delete(s.away, key)
		}
	}
	full := len(s.away) >= mostAsked
	if !full {
		s.away[state] = a
	}
	s.mu.Unlock()
	if full {
		return "", hub.E(hub.Unavailable, "error.unavailable")
	}
	http.SetCookie(w, &http.Cookie{Name: awayCookie, Value: browser, Path: "/", MaxAge: int(awayLasts.Seconds()), Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	return config.AuthCodeURL(state, oidc.Nonce(a.nonce), oauth2.S256ChallengeOption(a.verifier)), nil
}

// provider asks a provider how it is reached.
func (s *Signin) provider(ctx context.Context, code string) (oauth2.Config, *oidc.IDTokenVerifier, error) {
	s.mu.Lock()
	p, ok := s.providers[code]
	s.mu.Unlock()
	if !ok {
		return oauth2.Config{}, nil, hub.E(hub.NotFound, "error.not-found")
	}
	found, err := oidc.NewProvider(oidc.ClientContext(ctx, asking), p.Issuer)
	if err != nil { // its text could quote an answer
		return oauth2.Config{}, nil, providerFailed("finding provider")
	}
	return oauth2.Config{
		ClientID: p.ClientID, ClientSecret: p.Secret, Endpoint: found.Endpoint(), RedirectURL: s.origin + "/signin/back", Scopes: []string{oidc.ScopeOpenID},
	}, found.Verifier(&oidc.Config{ClientID: p.ClientID, Now: s.Now}), nil
}

// asking is the client that asks providers.
var asking = &http.Client{Timeout: providerIn}

func providerFailed(what string) error {
	return &hub.Error{Kind: hub.Unavailable, Text: "signin.provider-failed", Err: errors.New(what)}
}

// Back takes a browser that comes from a provider, once.
func (s *Signin) Back(w http.ResponseWriter, r *http.Request) (CameBack, error) {
	http.SetCookie(w, &http.Cookie{Name: awayCookie, Path: "/", MaxAge: -1, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	state := r.URL.Query().Get("state")
	s.mu.Lock()
	a, ok := s.away[state]
	delete(s.away, state)
	s.mu.Unlock()
	c, err := r.Cookie(awayCookie)
	if !ok || err != nil || hub.Sum([]byte(c.Value)) != a.browser || !s.Now().Before(a.until) {
		return CameBack{}, hub.E(hub.Unsigned, "signin.not-away")
	}
	subject, err := s.subject(r.Context(), a, r.URL.Query().Get("code"))
	if err != nil {
		return CameBack{}, err
	}
	s.mu.Lock()
	org := s.providers[a.code].Organisation
	s.mu.Unlock()
	if a.invitation != "" {
		p, err := s.Roster.BindSubject(r.Context(), a.invitation, org, subject, s.Now())
		return CameBack{p, ByInvitation, "/me", a.code}, err
	}
	p, ok := s.Roster.BySubject(subject)
	if !ok || p.Org != org {
		return CameBack{}, hub.E(hub.Forbidden, "signin.not-invited")
	}
	return CameBack{p, ByProvider, a.back, a.code}, nil
}

// subject has the provider's word for who came back.
func (s *Signin) subject(ctx context.Context, a away, code string) (roster.Subject, error) {
	config, verifier, err := s.provider(ctx, a.code)
	if err != nil {
		return roster.Subject{}, err
	}
	token, err := config.Exchange(oidc.ClientContext(ctx, asking), code, oauth2.VerifierOption(a.verifier))
	if err != nil {
		return roster.Subject{}, providerFailed("asking provider")
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := verifier.Verify(oidc.ClientContext(ctx, asking), raw)
	if err != nil || id.Nonce != a.nonce {
		return roster.Subject{}, providerFailed("checking provider's word")
	}
	return roster.Subject{Issuer: id.Issuer, ID: id.Subject}, nil
}
