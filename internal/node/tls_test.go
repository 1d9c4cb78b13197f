package node_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/profile"
	"isac/hub/register"
	"isac/hub/register/synthetic"
	"isac/internal/admin"
	"isac/internal/hubtest"
	"isac/internal/member"
	"isac/internal/node"
	"isac/internal/validation"
)

// authority makes a certificate for loopback, signed by itself, and its PEM form.
func authority(t *testing.T) (*tls.Config, []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "hub"}, NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	config := &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}
	return config, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// The whole way to a hub whose certificate no system knows: the credentials file
// carries what to trust, the API's client is given it.
func TestEncryptedHubOfAnAuthorityOfItsOwn(t *testing.T) {
	config, ca := authority(t)
	v, err := validation.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	n, err := node.Start(t.Context(), node.Config{
		Dir: t.TempDir(), Listen: "127.0.0.1:0", TLS: config, NATSTLS: config, CA: ca,
		Profile: profile.HealthcareJP(), Validator: v, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = n.Close() })
	list, err := register.New(synthetic.Register(20, 5))
	if err != nil {
		t.Fatal(err)
	}
	var csv bytes.Buffer
	if err := list.Write(&csv); err != nil {
		t.Fatal(err)
	}
	if err := n.Roster.Import(t.Context(), csv.Bytes()); err != nil {
		t.Fatal(err)
	}
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
