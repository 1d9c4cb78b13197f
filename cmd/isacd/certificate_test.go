package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"isac/hub"
	"isac/internal/hubtest"
)

// A certificate that was renewed is used from the next connection on, without a new start;
// one that is half written isn't.
func TestARenewedCertificateIsUsed(t *testing.T) {
	dir := t.TempDir()
	s := settings{Certificate: filepath.Join(dir, "hub.pem"), Key: filepath.Join(dir, "hub.key")}
	if _, err := s.tls(); hub.KindOf(err) != hub.Invalid {
		t.Errorf("without files: %v", err)
	}
	age := time.Now().Add(-time.Hour)
	write := func(file string, data []byte) {
		t.Helper()
		age = age.Add(time.Minute)
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, age, age); err != nil {
			t.Fatal(err)
		}
	}
	renew := func() []byte {
		t.Helper()
		made, text := hubtest.Certificate(t)
		key, err := x509.MarshalPKCS8PrivateKey(made.Certificates[0].PrivateKey)
		if err != nil {
			t.Fatal(err)
		}
		write(s.Certificate, text)
		write(s.Key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}))
		return made.Certificates[0].Certificate[0]
	}
	first := renew()
	config, err := s.tls()
	if err != nil {
		t.Fatal(err)
	}
	l, err := tls.Listen("tcp", "127.0.0.1:0", config)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_ = c.(*tls.Conn).Handshake()
			_ = c.Close()
		}
	}()
	used := func(version uint16) []byte {
		t.Helper()
		c, err := tls.DialWithDialer(&net.Dialer{Timeout: 10 * time.Second}, "tcp", l.Addr().String(), &tls.Config{InsecureSkipVerify: true, MaxVersion: version})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		return c.ConnectionState().PeerCertificates[0].Raw
	}
	if string(used(tls.VersionTLS12)) != string(first) {
		t.Error("the certificate is another than the one given")
	}
	write(s.Key, []byte("-----BEGIN PRIV"))
	if string(used(tls.VersionTLS13)) != string(first) {
		t.Error("a file that is half written takes the certificate away")
	}
	if second := renew(); string(used(tls.VersionTLS13)) != string(second) {
		t.Error("the renewed certificate isn't used")
	}
	if _, err := tls.Dial("tcp", l.Addr().String(), &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS11}); err == nil {
		t.Error("TLS 1.1 is taken")
	}
}
