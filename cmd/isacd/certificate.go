package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"time"

	"isac/hub"
)

// tls is how the hub encrypts, nil for plain text.
func (s settings) tls() (*tls.Config, error) {
	if s.Certificate == "" && s.Key == "" {
		return nil, nil
	}
	k := &keyPair{certificate: s.Certificate, key: s.Key}
	err := k.read()
	if err != nil {
		return nil, &hub.Error{Kind: hub.Invalid, Text: "isacd.bad-certificate", Err: err}
	}
	return &tls.Config{GetCertificate: k.current, MinVersion: tls.VersionTLS12}, nil
}

// keyPair is a certificate whose files are read again when they have changed, so that a
// renewed one needs no new start. It is safe for concurrent use.
type keyPair struct {
	certificate, key string // files

	mu    sync.Mutex
	pair  *tls.Certificate
	files [2]stamp
}

// stamp tells whether a file is another than before.
type stamp struct {
	changed time.Time
	size    int64
}

// current is the certificate for a new connection. One that can't be read, perhaps half
// written, leaves the one before in use.
func (k *keyPair) current(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	_ = k.read()
	return k.pair, nil
}

func (k *keyPair) read() error {
	var files [2]stamp
	for i, name := range []string{k.certificate, k.key} {
		info, err := os.Stat(name)
		if err != nil {
			return fmt.Errorf("reading certificate: %w", err)
		}
		files[i] = stamp{info.ModTime(), info.Size()}
	}
	if files == k.files {
		return nil
	}
	pair, err := tls.LoadX509KeyPair(k.certificate, k.key)
	if err != nil {
		return fmt.Errorf("reading certificate: %w", err)
	}
	k.pair, k.files = &pair, files
	return nil
}

// checkPlain refuses to talk in the clear to other machines by oversight, and to ask for
// client certificates where nothing is encrypted.
func (s settings) checkPlain() error {
	if s.Certificate == "" && s.ClientCertificates != "" {
		return hub.E(hub.Invalid, "isacd.certificates-plain")
	}
	if s.Certificate != "" || s.Plain {
		return nil
	}
	addresses := []string{s.Listen}
	if s.external() == "" {
		addresses = append(addresses, s.NATSListen)
		for _, more := range []string{s.NATSWebsocket, s.NATSLeaf} {
			if more != "" {
				addresses = append(addresses, more)
			}
		}
	}
	for _, a := range addresses {
		host, _, err := net.SplitHostPort(a)
		if err == nil && host != "localhost" && !net.ParseIP(host).IsLoopback() {
			return hub.E(hub.Invalid, "isacd.plain-text", a)
		}
	}
	return nil
}

// authority reads the PEM file of the setting ca.
func (s settings) authority() ([]byte, error) {
	if s.CA == "" {
		return nil, nil
	}
	data, err := os.ReadFile(s.CA)
	if err == nil && !x509.NewCertPool().AppendCertsFromPEM(data) {
		err = errors.New("no certificate in it")
	}
	if err != nil {
		return nil, &hub.Error{Kind: hub.Invalid, Text: "isacd.bad-certificate", Err: fmt.Errorf("reading ca: %w", err)}
	}
	return data, nil
}
