package node_test

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"isac/internal/admin"
	"isac/internal/hubtest"
	"isac/internal/member"
	"isac/internal/natsbus"
	"isac/internal/node"
)

// leafConfig is what the README tells a member to give its own NATS server.
const leafConfig = `
listen: "127.0.0.1:-1"
max_payload: 8MB
leafnodes { remotes: [ { url: "%s://127.0.0.1:%d", credentials: %q, tls: { ca_file: %q } } ] }
`

// poll waits until done says so.
func poll(t *testing.T, what string, done func() bool) {
	t.Helper()
	end := time.Now().Add(30 * time.Second)
	for !done() {
		if time.Now().After(end) {
			t.Fatalf("%s: not within 30 s", what)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// A member's own NATS server stands between: with the member's credentials it connects to
// the hub's as a leaf node. The member's programs report and hear alerts through it, and
// neither they nor the server see or say anything else.
func TestALeafNodeOfAMember(t *testing.T) {
	config, ca := hubtest.Certificate(t)
	files := t.TempDir()
	write := func(name string, data []byte) string {
		t.Helper()
		file := filepath.Join(files, name)
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	key, err := x509.MarshalPKCS8PrivateKey(config.Certificates[0].PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	authority := write("ca.pem", ca)
	keyFile := write("key.pem", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}))
	dir := t.TempDir()
	text, err := natsbus.ServerConfig(dir, natsbus.Listeners{Websocket: "127.0.0.1:-1", Leaf: "127.0.0.1:-1", Certificate: authority, Key: keyFile})
	if err != nil {
		t.Fatal(err)
	}
	of := hubtest.NATSServer(t, text, t.TempDir())
	n, list := start(t, node.Config{Dir: dir, TLS: config, NATSURL: strings.Replace(of.ClientURL(), "nats://", "tls://", 1), CA: ca})
	credentials := func(i int) string {
		t.Helper()
		reply, err := admin.Do(t.Context(), n, admin.Request{Op: "credentials", ID: list.Members()[i].ID})
		if err != nil {
			t.Fatal(err)
		}
		return write(fmt.Sprint(i, ".creds"), reply.Credentials)
	}
	mine, other := credentials(0), credentials(1)
	listens, err := of.Varz(nil)
	if err != nil {
		t.Fatal(err)
	}
	leaf := hubtest.PlainNATSServer(t, fmt.Sprintf(leafConfig, "tls", listens.LeafNode.Port, mine, authority))
	poll(t, "the leaf node's connection", func() bool { return leaf.NumLeafNodes() == 1 })
	web := hubtest.PlainNATSServer(t, fmt.Sprintf(leafConfig, "wss", listens.Websocket.Port, other, authority))
	poll(t, "a leaf node's connection by websocket", func() bool { return web.NumLeafNodes() == 1 })

	// Somebody inside of the member's network, without credentials, listens to everything.
	inside, err := nats.Connect(leaf.ClientURL())
	if err != nil {
		t.Fatal(err)
	}
	defer inside.Close()
	heard, err := inside.SubscribeSync(">")
	if err != nil {
		t.Fatal(err)
	}
	if err := inside.Flush(); err != nil {
		t.Fatal(err)
	}
	through := dial(t, mine, leaf.ClientURL())
	receipt, _, err := through.Report(t.Context(), hubtest.Bundle(list.Members()[0], "one", "1", "198.18.7.7"))
	if err != nil {
		t.Fatalf("reporting through the leaf node: %v", err)
	}
	poll(t, "the report's case", func() bool {
		_, err := through.Status(t.Context(), receipt.Number)
		return err == nil
	})

	// The other member's traffic, and the hub's own, aren't seen.
	direct := dial(t, other, "")
	if _, _, err := direct.Report(t.Context(), hubtest.Bundle(list.Members()[1], "two", "2", "198.18.7.8")); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if m, err := inside.RequestWithContext(ctx, "isac.report."+direct.User, []byte("x")); err == nil {
		t.Errorf("somebody else's subject answers: %q", m.Data)
	}
	if err := n.Bus.NC.Publish("isac.alert.green.high", []byte("an alert")); err != nil {
		t.Fatal(err)
	}
	end := time.Now().Add(30 * time.Second)
	for {
		m, err := heard.NextMsg(time.Until(end))
		if err != nil {
			t.Fatalf("waiting for the alert: %v", err)
		}
		if m.Subject == "isac.alert.green.high" {
			break
		}
		own := strings.Contains(m.Subject, through.User) || strings.HasPrefix(m.Subject, "_INBOX.") || m.Subject == "isac.report."+direct.User // asked for above, in vain
		if !own {
			t.Errorf("inside one hears of %s", m.Subject)
		}
	}
}

func dial(t *testing.T, file, url string) *member.Conn {
	t.Helper()
	c, err := member.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	if url != "" {
		c.CA = ""
	}
	conn, err := c.Dial(url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	return conn
}
