package natsbus_test

import (
	"crypto/tls"
	"crypto/x509"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"isac/internal/hubtest"
	"isac/internal/natsbus"
)

func TestExternalServerWithTheHubsAccounts(t *testing.T) {
	dir, folder := t.TempDir(), t.TempDir()
	config, err := natsbus.ServerConfig(dir, natsbus.Listeners{})
	if err != nil {
		t.Fatal(err)
	}
	s := hubtest.NATSServer(t, config, folder)
	b, err := natsbus.Start(t.Context(), natsbus.Options{Dir: dir, URL: s.ClientURL()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	_, err = b.Serve("isac.report", 1, func(user string, data []byte) []byte { return []byte(user) })
	if err != nil {
		t.Fatal(err)
	}
	refused := make(chan error, 10)
	nc, user, file := member(t, b, nats.NoReconnect(), nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { refused <- err }))
	m, err := nc.Request("isac.report."+user, []byte("hello"), 5*time.Second)
	if err != nil || string(m.Data) != user {
		t.Fatalf("asking through the external server: %v", err)
	}
	for _, subject := range []string{"isac.alert.green.high", "$JS.API.STREAM.NAMES", "isac.report.other"} {
		expectRefused(t, refused, "publish "+subject, func() error { return nc.Publish(subject, []byte("x")) })
	}
	if _, err := b.Append(t.Context(), "case.a", 0, nil, []byte("one")); err != nil {
		t.Fatal(err)
	}
	if err := b.Revoke(t.Context(), user, time.Now()); err != nil {
		t.Fatal(err)
	}
	if _, _, err := natsbus.DialMember(b.URL(), file); err == nil {
		t.Error("revoked member came back")
	}
	// A second server from the old file, with an empty account folder, lets the
	// revoked in until the hub has told it.
	b.Close()
	s.Shutdown()
	s.WaitForShutdown()
	again := hubtest.NATSServer(t, config, t.TempDir())
	b, err = natsbus.Start(t.Context(), natsbus.Options{Dir: dir, URL: again.ClientURL()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	if _, _, err := natsbus.DialMember(b.URL(), file); err == nil {
		t.Error("revoked member came back through a server set up anew")
	}
}

func TestEncryptedServerTakesNobodyInTheClear(t *testing.T) {
	config, ca := hubtest.Certificate(t)
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(ca)
	b, err := natsbus.Start(t.Context(), natsbus.Options{Dir: t.TempDir(), Addr: "127.0.0.1:0", TLS: config})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	_, err = b.Serve("isac.report", 1, func(user string, data []byte) []byte { return data })
	if err != nil {
		t.Fatal(err)
	}
	nc, user, file := member(t, b, nats.Secure(&tls.Config{RootCAs: pool}))
	if _, err := nc.Request("isac.report."+user, []byte("hello"), 5*time.Second); err != nil {
		t.Errorf("asking over TLS: %v", err)
	}
	if !nc.TLSRequired() {
		t.Error("the server doesn't want TLS")
	}
	if _, _, err := natsbus.DialMember(b.URL(), file); err == nil {
		t.Error("a client that doesn't know the certificate connected")
	}
}
