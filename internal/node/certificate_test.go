package node_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net/http"
	"testing"
	"time"

	"isac/hub"
	"isac/internal/hubtest"
	"isac/internal/node"
)

// program is what a TAXII client has: a certificate of its own making.
func program(t *testing.T, name string, ends time.Time) (tls.Certificate, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: name}, NotBefore: ends.Add(-365 * 24 * time.Hour), NotAfter: ends}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

// asked is one request by TLS: what is shown, under which name the hub is called.
type asked struct {
	base  string
	roots *x509.CertPool
	name  string
	shown []tls.Certificate
}

func (a asked) get(t *testing.T, path string, change ...func(*http.Request)) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, a.base+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range change {
		f(r)
	}
	transport := &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{Certificates: a.shown, ServerName: a.name, InsecureSkipVerify: true, VerifyConnection: func(s tls.ConnectionState) error {
		_, err := s.PeerCertificates[0].Verify(x509.VerifyOptions{Roots: a.roots}) // for an address, whatever it is called
		return err
	}}}
	w, err := transport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = w.Body.Close()
	return w.StatusCode
}

// A program comes in to TAXII, and to nothing else, by the certificate that its owner bound;
// by no other, at no other name, and no longer than that holds.
func TestClientCertificates(t *testing.T) {
	config, ca := hubtest.Certificate(t)
	pair := config.Certificates[0]
	config = &tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return &pair, nil }, MinVersion: tls.VersionTLS12}
	n, list := start(t, node.Config{TLS: config, ClientCertificates: "taxii.example.jp", NATSTLS: config, CA: ca})
	who, token, err := n.Roster.AddPerson(t.Context(), list.Members()[0].ID, []hub.Role{hub.Analyst}, nil)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca)
	now := time.Now()
	shown, text := program(t, "siem", now.Add(30*24*time.Hour))
	other, _ := program(t, "siem", now.Add(30*24*time.Hour))
	by := func(c ...tls.Certificate) asked { return asked{n.BaseURL, roots, "taxii.example.jp", c} }
	const path = "/taxii2/alerts/collections/all/objects/"
	if got := by(shown).get(t, path); got != http.StatusUnauthorized {
		t.Errorf("a certificate that nobody bound: %d", got)
	}
	bound, err := n.Roster.BindCertificate(t.Context(), who.ID, "siem", text, []hub.Scope{hub.ReadScope}, now.Add(365*24*time.Hour), now)
	if err != nil {
		t.Fatal(err)
	}
	if bound.Ends.After(now.Add(30 * 24 * time.Hour)) {
		t.Errorf("what is bound ends %s, after its certificate", bound.Ends)
	}
	bearer := func(token string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
	}
	for name, c := range map[string]struct{ got, want int }{
		"the certificate":                  {by(shown).get(t, path), http.StatusOK},
		"the certificate, elsewhere":       {by(shown).get(t, "/taxii2/"), http.StatusOK},
		"another":                          {by(other).get(t, path), http.StatusUnauthorized},
		"none":                             {by().get(t, path), http.StatusUnauthorized},
		"none, with a token":               {by().get(t, path, bearer(token)), http.StatusOK},
		"the certificate and a bad token":  {by(shown).get(t, path, bearer("isac_x")), http.StatusUnauthorized},
		"the certificate, at another name": {asked{n.BaseURL, roots, "hub.example.jp", []tls.Certificate{shown}}.get(t, path), http.StatusUnauthorized},
		"the certificate, for the API":     {by(shown).get(t, "/api/v1/alerts"), http.StatusUnauthorized},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d, want %d", name, c.got, c.want)
		}
	}
	if _, _, ok := n.Roster.ByOwnToken(string(shown.Certificate[0]), now); ok {
		t.Error("a certificate's bytes, which anybody may have, are a token")
	}
	if err := n.Office.RevokeTokens(context.WithoutCancel(t.Context()), "secretariat", who.ID); err != nil {
		t.Fatal(err)
	}
	if got := by(shown).get(t, path); got != http.StatusUnauthorized {
		t.Errorf("a certificate that the secretariat revoked: %d", got)
	}
	if _, err := n.Roster.BindCertificate(t.Context(), who.ID, "siem", text, []hub.Scope{hub.ReadScope}, now.Add(time.Hour), now); err != nil {
		t.Errorf("binding it anew: %v", err)
	}
	if got := by(shown).get(t, path); got != http.StatusOK {
		t.Errorf("a certificate that was bound again: %d", got)
	}
	refusals(t, n, who.ID, text)
}

// refusals are certificates that aren't bound, each with its reason.
func refusals(t *testing.T, n *node.Node, who, bound string) {
	t.Helper()
	now := time.Now()
	_, fresh := program(t, "x", now.Add(time.Hour))
	_, ended := program(t, "x", now.Add(-time.Hour))
	for name, c := range map[string]struct {
		text   string
		scopes []hub.Scope
		want   hub.ErrorKind
	}{
		"bound already":       {bound, []hub.Scope{hub.ReadScope}, hub.Conflict},
		"ended":               {ended, []hub.Scope{hub.ReadScope}, hub.Invalid},
		"two":                 {fresh + fresh, []hub.Scope{hub.ReadScope}, hub.Invalid},
		"a key":               {"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", []hub.Scope{hub.ReadScope}, hub.Invalid},
		"no certificate":      {"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", []hub.Scope{hub.ReadScope}, hub.Invalid},
		"nothing":             {"", []hub.Scope{hub.ReadScope}, hub.Invalid},
		"without a scope":     {fresh, nil, hub.Invalid},
		"a scope of others'":  {fresh, []hub.Scope{hub.CaseScope}, hub.Forbidden},
		"what nothing is for": {fresh, []hub.Scope{"everything"}, hub.Forbidden},
	} {
		if _, err := n.Roster.BindCertificate(t.Context(), who, "x", c.text, c.scopes, now.Add(30*time.Minute), now); hub.KindOf(err) != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}
