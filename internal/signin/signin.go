// Package signin knows who sits at a web page: by a passkey, made from an invitation,
// by the identity provider of the organisation, or by an access token; and keeps them signed in with a cookie. There are no
// passwords. It knows what a program that brings an access token may do.
//
// Being signed in is for reading. What a person decides needs a signature of its own
// besides (hub/review), by the same passkey or the person's key; what changes who may
// come in needs the passkey too (Confirm, Fresh).
//
// It trusts the roster for who has which passkey and token, and nothing that a browser
// sends before it is checked. A cookie, an invitation and a token are stored as
// digests only.
//
//	s, err := signin.New(signin.Config{Sessions: sessions, Roster: roster, BaseURL: "https://hub.example.jp", Now: time.Now})
//	in, ok, err := s.Who(r)
package signin

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"net/url"
	"sync"
	"time"

	"isac/hub"
	"isac/hub/review"
	"isac/internal/roster"
	"isac/internal/store"
)

// Config is what a Signin needs; every field must be set.
type Config struct {
	Sessions *store.Sessions
	Roster   *roster.Roster
	BaseURL  string // as people's browsers see the hub; passkeys are made for its host
	// Quiet reports whether an organisation is in quiet mode: then only passkeys of its
	// people are good.
	Quiet func(org string) bool
	Now   func() time.Time
}

// Signin is safe for concurrent use.
type Signin struct {
	Config
	origin string // "https://hub.example.jp"
	host   string // "hub.example.jp"

	mu    sync.Mutex
	asked map[string]time.Time // nonces that a browser was asked to sign, and until when
	used  map[string]string    // Mondays of the weeks in which tokens were last used, as far as this process knows

	providers map[string]Provider // by code
	away      map[string]away     // by state
}

// New returns a Signin for the host of the base URL. On this machine passkeys are
// made for localhost, since an address can't have any.
func New(c Config) (*Signin, error) {
	u, err := url.Parse(c.BaseURL)
	if err != nil || u.Host == "" {
		return nil, hub.E(hub.Invalid, "signin.bad-address")
	}
	s := &Signin{Config: c, host: u.Hostname(), asked: map[string]time.Time{}, used: map[string]string{}, providers: map[string]Provider{}, away: map[string]away{}}
	if s.host == "127.0.0.1" || s.host == "::1" {
		s.host = "localhost"
		u.Host = "localhost:" + u.Port()
	}
	s.origin = u.Scheme + "://" + u.Host
	return s, nil
}

// Host is the host for which passkeys are made.
func (s *Signin) Host() string { return s.host }

// Origin is the address of the pages on which passkeys work.
func (s *Signin) Origin() string { return s.origin }

const (
	cookieName = "isac-session"
	askedLasts = 5 * time.Minute
	mostAsked  = 10_000
)

// Proof is how a person came in.
type Proof string

// The proofs.
const (
	ByPasskey    Proof = "passkey"
	ByInvitation Proof = "invitation"
	ByToken      Proof = "token"
	ByProvider   Proof = "provider" // of the organisation
)

// Session is a person who is signed in.
type Session struct {
	hub.Person
	Proof  Proof
	Began  time.Time
	Member bool // the person's organisation is a member
	Quiet  bool // and in quiet mode
}

// fresh is how long after coming in a person may add and remove passkeys.
const fresh = 15 * time.Minute

// Fresh reports whether the person came in by passkey or invitation just now. An access
// token opens pages; who found one must not make it a passkey, which decides.
func (s *Signin) Fresh(in Session) bool {
	return (in.Proof == ByPasskey || in.Proof == ByInvitation) && s.Now().Sub(in.Began) < fresh
}

// Who returns the person who is signed in.
func (s *Signin) Who(r *http.Request) (Session, bool, error) {
	value := SessionOf(r)
	if value == "" {
		return Session{}, false, nil
	}
	return s.Session(r.Context(), value)
}

// Session returns the person whom a browser's cookie signs in.
func (s *Signin) Session(ctx context.Context, value string) (Session, bool, error) {
	found, ok, err := s.Sessions.Get(ctx, hub.Sum([]byte(value)), s.Now())
	if err != nil || !ok {
		return Session{}, false, err
	}
	for _, p := range s.Roster.People() { // who has left the roster is signed out
		if p.ID == found.Person && s.comesIn(p, Proof(found.Proof)) {
			return Session{p, Proof(found.Proof), found.Began, s.member(p), s.Quiet(p.Org)}, true, nil
		}
	}
	return Session{}, false, nil
}

// comesIn reports whether a proof is good for a person now.
func (s *Signin) comesIn(p hub.Person, proof Proof) bool {
	return proof == ByPasskey || proof == ByInvitation || !s.Quiet(p.Org)
}

// Begin signs a person in.
func (s *Signin) Begin(ctx context.Context, w http.ResponseWriter, p hub.Person, proof Proof) error {
	value := nonce()
	err := s.Sessions.Put(ctx, hub.Sum([]byte(value)), p.ID, string(proof), s.Now())
	if err != nil {
		return err
	}
	http.SetCookie(w, &http.Cookie{
		Name: cookieName, Value: value, Path: "/", MaxAge: int(store.SessionLife.Seconds()),
		Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
	return nil
}

// End signs out.
func (s *Signin) End(w http.ResponseWriter, r *http.Request) error {
	http.SetCookie(w, &http.Cookie{Name: cookieName, Path: "/", MaxAge: -1, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	c, err := r.Cookie(cookieName)
	if err != nil {
		return nil // nobody is signed in
	}
	return s.Sessions.End(r.Context(), hub.Sum([]byte(c.Value)))
}

// WithToken returns the person who holds an access token of the secretariat's. Tokens
// that people make are for programs: they open no page.
func (s *Signin) WithToken(token string) (hub.Person, error) {
	p, ok := s.Roster.ByToken(token)
	if ok && !s.comesIn(p, ByToken) {
		return hub.Person{}, hub.E(hub.Unsigned, "signin.bad-token") // who stole it learns nothing
	}
	if !ok {
		_, _, ok = s.Roster.ByOwnToken(token, s.Now())
		if ok {
			return hub.Person{}, hub.E(hub.Forbidden, "signin.token-of-program")
		}
		return hub.Person{}, hub.E(hub.Unsigned, "signin.bad-token")
	}
	return p, nil
}

// Ask returns a nonce for a browser to sign, good for one answer within five minutes.
func (s *Signin) Ask() (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.Now()
	for n, until := range s.asked {
		if !now.Before(until) {
			delete(s.asked, n)
		}
	}
	if len(s.asked) >= mostAsked {
		return "", hub.E(hub.Unavailable, "error.unavailable")
	}
	n := nonce()
	s.asked[n] = now.Add(askedLasts)
	return n, nil
}

// answered takes a nonce back: it is good once.
func (s *Signin) answered(n string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	until, ok := s.asked[n]
	delete(s.asked, n)
	return ok && s.Now().Before(until)
}

// Message is what a passkey signs to sign its person in.
func Message(nonce string) []byte { return []byte("isac signin v1\n" + nonce + "\n") }

// WithPasskey returns the person whose passkey signed a nonce.
func (s *Signin) WithPasskey(nonce string, passkey, assertion []byte) (hub.Person, error) {
	p, ok := s.Roster.ByPasskey(passkey)
	if !s.answered(nonce) || !ok || !review.PasskeySigned(p, Message(nonce), assertion) {
		return hub.Person{}, hub.E(hub.Unsigned, "signin.bad-passkey")
	}
	return p, nil
}

func nonce() string {
	var raw [32]byte
	rand.Read(raw[:])
	return base64.RawURLEncoding.EncodeToString(raw[:])
}
