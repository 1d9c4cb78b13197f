package node_test

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"isac/hub"
	"isac/internal/admin"
	"isac/internal/hubtest"
	"isac/internal/member"
	"isac/internal/node"
)

// The whole way to a hub whose certificate no system knows: the credentials file
// carries what to trust, the API's client is given it.
func TestEncryptedHubOfAnAuthorityOfItsOwn(t *testing.T) {
	config, ca := hubtest.Certificate(t)
	n, list := start(t, node.Config{TLS: config, NATSTLS: config, CA: ca})
	reply, err := admin.Do(t.Context(), n, admin.Request{Op: "credentials", ID: list.Members()[0].ID})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "member.creds")
	if err := os.WriteFile(file, reply.Credentials, 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := member.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(c.URL, "tls://") {
		t.Errorf("credentials lead to %s, want TLS", c.URL)
	}
	conn, err := c.Dial("")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, _, err := conn.Report(t.Context(), hubtest.Bundle(list.Members()[0], "one", "1", "198.18.7.7")); err != nil {
		t.Errorf("reporting over TLS: %v", err)
	}
	c.CA = ""
	if _, err := c.Dial(""); hub.KindOf(err) != hub.Unavailable {
		t.Errorf("dialling without the authority: %v, want unavailable", err)
	}
	_, token, err := n.Roster.AddPerson(t.Context(), list.Members()[0].ID, []hub.Role{hub.Reader}, nil)
	if err != nil {
		t.Fatal(err)
	}
	api := member.API{URL: n.BaseURL, Token: token, Lang: "en", CA: string(ca)}
	if err := api.Get(t.Context(), "/alerts", nil, new(any)); err != nil {
		t.Errorf("asking the API over TLS: %v", err)
	}
	api.CA = ""
	if err := api.Get(t.Context(), "/alerts", nil, new(any)); hub.KindOf(err) != hub.Unavailable {
		t.Errorf("asking without the authority: %v, want unavailable", err)
	}
}

// A member where nothing but the web goes out: what the credentials name first can't be
// reached, the websocket is taken instead, and a report and its receipt go through it.
func TestReportingOverAWebsocket(t *testing.T) {
	config, ca := hubtest.Certificate(t)
	n, list := start(t, node.Config{TLS: config, NATSTLS: config, CA: ca, NATSPublic: "tls://127.0.0.1:1", NATSWebsocket: "127.0.0.1:0"})
	reply, err := admin.Do(t.Context(), n, admin.Request{Op: "credentials", ID: list.Members()[0].ID})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "member.creds")
	if err := os.WriteFile(file, reply.Credentials, 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := member.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(c.Websocket, "wss://") {
		t.Errorf("credentials lead to %q, want a websocket over TLS", c.Websocket)
	}
	conn, err := c.Dial("")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, _, err := conn.Report(t.Context(), hubtest.Bundle(list.Members()[0], "one", "1", "198.18.7.7")); err != nil {
		t.Errorf("reporting over a websocket: %v", err)
	}
	c.CA = ""
	if _, err := c.Dial(""); hub.KindOf(err) != hub.Unavailable {
		t.Errorf("dialling without the authority: %v, want unavailable", err)
	}
}

// The metric has the end of a certificate that is asked for at each connection.
func TestTheEndOfACertificateIsMeasured(t *testing.T) {
	config, _ := hubtest.Certificate(t)
	made := config.Certificates[0]
	leaf, err := x509.ParseCertificate(made.Certificate[0])
	must(t, err)
	made.Leaf = leaf
	n, _ := start(t, node.Config{TLS: &tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return &made, nil }}})
	want := fmt.Sprintf("isac_certificate_end_timestamp_seconds %v\n", float64(leaf.NotAfter.Unix()))
	poll(t, "the end of the certificate", func() bool {
		rec := httptest.NewRecorder()
		n.Metrics.Handler().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/", nil))
		return strings.Contains(rec.Body.String(), want)
	})
}
