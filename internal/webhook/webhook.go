// Package webhook posts notices to addresses that people gave, signed as Standard Webhooks
// says: webhook-id, webhook-timestamp, and webhook-signature with "v1," and HMAC-SHA-256 in
// base64 over "id.timestamp.body".
//
// It trusts no address: a name is resolved and the address that comes out is looked at
// before a connection is made, each time, so that no name leads into the hub's own network,
// to this machine, or to where clouds keep secrets. No redirect is followed, no proxy of the
// environment asked, and of an answer only the status is read. Errors tell a class, never an
// address.
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
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"isac/hub"
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
	set    Settings
	client *http.Client
}

// patience is how long an answer may take.
const patience = 15 * time.Second

// longestURL is how long an address may be.
const longestURL = 2000

// New returns a sender.
func New(set Settings) *Sender {
	s := &Sender{set: set}
	dialer := &net.Dialer{Timeout: patience, Control: s.control}
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

// control sees the address that a name has led to, and refuses it before anything is sent.
func (s *Sender) control(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || !s.reachable(at.Addr()) {
		return errInside
	}
	return nil
}

var errInside = errors.New("an address inside")

// inside are ranges that are nobody's on the internet, besides those that netip knows.
var inside = prefixes(
	"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
	"64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10",
)

func prefixes(list ...string) []netip.Prefix {
	var out []netip.Prefix
	for _, p := range list {
		out = append(out, netip.MustParsePrefix(p))
	}
	return out
}

// reachable reports whether an address may be called.
func (s *Sender) reachable(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	has := func(p netip.Prefix) bool { return p.Contains(a) }
	if slices.ContainsFunc(s.set.Allow, has) {
		return true
	}
	return a.IsGlobalUnicast() && !a.IsPrivate() && !a.IsLoopback() && !a.IsLinkLocalUnicast() && !slices.ContainsFunc(inside, has)
}

// Check refuses an address that can't be one of a program outside.
func (s *Sender) Check(address string) error {
	u, err := url.Parse(address)
	bad := hub.E(hub.Invalid, "webhook.bad-url")
	if err != nil || len(address) > longestURL || u.Host == "" || u.User != nil || u.Fragment != "" || u.Opaque != "" || strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return bad
	}
	if u.Scheme != "https" && !(s.set.Plain && u.Scheme == "http") {
		return bad
	}
	ip, err := netip.ParseAddr(u.Hostname())
	if err == nil && !s.reachable(ip) {
		return hub.E(hub.Invalid, "webhook.inside")
	}
	return nil
}

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
	if errors.Is(err, errInside) {
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
