// Package webhook posts notices to addresses that people gave, signed as Standard Webhooks
// says: webhook-id, webhook-timestamp, and webhook-signature with "v1," and HMAC-SHA-256 in
// base64 over "id.timestamp.body".
//
// It trusts no address and calls none inside (internal/outside). No redirect is followed, no
// proxy of the environment asked, and of an answer only the status is read. Errors tell a
// class, never an address.
//
//	s := webhook.New(webhook.Settings{})
//	err := s.Post(ctx, webhook.Call{URL: …, ID: "msg_1", Secret: secret, Body: body, At: now})
package webhook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"isac/internal/outside"
)

// Settings are the operator's.
type Settings struct {
	// Allow are ranges of the hub's own networks in which members' programs may be, which
	// are refused otherwise.
	Allow []netip.Prefix
	// Plain allows http besides https.
	Plain bool
	Roots *x509.CertPool // the system's when nil
}

// Sender posts. It is safe for concurrent use.
type Sender struct {
	rule   outside.Rule
	client *http.Client
}

// patience is how long an answer may take.
const patience = 15 * time.Second

// New returns a sender.
func New(set Settings) *Sender {
	s := &Sender{rule: outside.Rule{Allow: set.Allow, Plain: set.Plain}}
	dialer := &net.Dialer{Timeout: patience, Control: s.rule.Control}
	s.client = &http.Client{
		Timeout:       patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: dialer.DialContext, TLSClientConfig: &tls.Config{RootCAs: set.Roots, MinVersion: tls.VersionTLS12},
			DisableKeepAlives: true, MaxResponseHeaderBytes: 16 << 10, TLSHandshakeTimeout: patience, ResponseHeaderTimeout: patience,
		},
	}
	return s
}

// Check refuses an address that can't be one of a program outside.
func (s *Sender) Check(address string) error { return s.rule.Check(address) }

// Call is one message to one program.
type Call struct {
	URL    string
	ID     string // the same whenever it is sent again
	Secret []byte
	Body   []byte
	At     time.Time // of this try
}

// Refusal says that a message wasn't taken.
type Refusal struct {
	// Gone says that the program wants no more (410).
	Gone bool
	// Class is a word for it: "inside", "unreachable", "refused" (4xx), "failed" (others), "gone".
	Class string
}

func (r *Refusal) Error() string { return "calling a webhook: " + r.Class }

// Post sends one message. Its error is a *Refusal.
func (s *Sender) Post(ctx context.Context, c Call) error {
	if s.Check(c.URL) != nil {
		return &Refusal{Class: "inside"}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL, bytes.NewReader(c.Body))
	if err != nil {
		return &Refusal{Class: "unreachable"} // its text holds the address
	}
	stamp := strconv.FormatInt(c.At.Unix(), 10)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "isac")
	r.Header.Set("webhook-id", c.ID)
	r.Header.Set("webhook-timestamp", stamp)
	r.Header.Set("webhook-signature", Signature(c.Secret, c.ID, stamp, c.Body))
	w, err := s.client.Do(r)
	if errors.Is(err, outside.ErrInside) {
		return &Refusal{Class: "inside"}
	}
	if err != nil {
		return &Refusal{Class: "unreachable"}
	}
	_ = w.Body.Close() // nothing of it is read
	switch {
	case w.StatusCode >= 200 && w.StatusCode < 300:
		return nil
	case w.StatusCode == http.StatusGone:
		return &Refusal{Gone: true, Class: "gone"}
	case w.StatusCode >= 400 && w.StatusCode < 500:
		return &Refusal{Class: "refused"}
	}
	return &Refusal{Class: "failed"}
}

// Signature is the header by which a program knows that a message is the hub's.
func Signature(secret []byte, id, timestamp string, body []byte) string {
	h := hmac.New(sha256.New, secret)
	fmt.Fprintf(h, "%s.%s.", id, timestamp)
	h.Write(body) // of a hash, which can't fail
	return "v1," + base64.StdEncoding.EncodeToString(h.Sum(nil))
}

// SecretBytes is how long a secret is.
const SecretBytes = 32

// Written is a secret as it is shown, once.
func Written(secret []byte) string { return "whsec_" + base64.StdEncoding.EncodeToString(secret) }
