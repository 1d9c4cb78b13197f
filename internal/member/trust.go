package member

import (
	"crypto/tls"
	"crypto/x509"

	"isac/hub"
)

// trusting is how to connect to a hub whose certificate an authority of its own
// signed; nil without one, which is the system's roots.
func trusting(ca string) (*tls.Config, error) {
	if ca == "" {
		return nil, nil
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM([]byte(ca)) {
		return nil, hub.E(hub.Invalid, "member.bad-ca")
	}
	return &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}, nil
}
