// Package natsbus is the hub's way to NATS: an embedded server or an external
// one, the accounts and credentials of both, and the streams that are the truth.
//
// Members reach the hub by request and subscription only; they have no JetStream
// permission, because consumer options and message headers pass through subject
// permissions. Every store is synced before it is acknowledged, and what the embedded
// server erased only in part when it died is finished before it starts again. The
// package trusts its folders and nothing that a member sends: no header of a member
// is looked at or copied.
//
//	bus, err := natsbus.Start(ctx, natsbus.Options{Dir: dir, Addr: "127.0.0.1:0"})
//	defer bus.Close()
//	user, creds, err := bus.IssueMember(expires)
package natsbus

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nkeys"
)

// Options say where the bus keeps its data and how members reach it.
type Options struct {
	Dir  string         // keys in Dir/nats, streams in Dir/streams
	Addr string         // the embedded server listens here; "127.0.0.1:0" takes any port
	TLS  *tls.Config    // nil is plain TCP
	URL  string         // an external server instead of the embedded one, or "nats://a,nats://b,nats://c": the servers of a cluster
	CA   *x509.CertPool // whom to trust for the external server; nil is the system's roots

	Websocket string // the embedded server listens here too; "" for not
	Leaf      string // and here, for servers of members' own

	// Copying is for a log that is being written from a backup or from another log: no
	// stream is made yet, and the embedded server syncs what it has when it is closed.
	Copying bool
}

// Bus is the hub's connection to NATS, and the server itself where it is embedded.
type Bus struct {
	NC *nats.Conn // as account HUB
	JS jetstream.JetStream

	authority   *Authority
	server      *server.Server // nil when external
	streams     server.JetStreamConfig
	eraseFailed atomic.Bool // the server's streams must be tended
	serving     sync.Mutex  // of served
	served      []*nats.Subscription
	stop        func() // ends tending the server's streams
	ca          *x509.CertPool
	sys         *nats.Conn // as account SYS, for account tokens only
	url         string
}

// Start opens the keys, starts or reaches the server, and makes the streams.
func Start(ctx context.Context, o Options) (*Bus, error) {
	a, err := OpenAuthority(filepath.Join(o.Dir, "nats"))
	if err != nil {
		return nil, err
	}
	b := &Bus{authority: a, url: o.URL, ca: o.CA}
	if o.URL == "" {
		b.server, b.streams, err = startServer(a, ServerOptions{Addr: o.Addr, Dir: filepath.Join(o.Dir, "streams"), TLS: o.TLS, Websocket: o.Websocket, Leaf: o.Leaf, Copying: o.Copying})
		if err != nil {
			return nil, err
		}
		b.url = b.server.ClientURL()
	}
	err = b.connect(ctx)
	if err == nil && !o.Copying {
		err = makeStreams(ctx, b.JS, replicas(b.url))
	}
	if err != nil {
		b.Close()
		return nil, err
	}
	if b.server != nil && !o.Copying {
		b.startTending()
	}
	return b, nil
}

// Websocket is where the embedded server is reached by websocket, "" where it isn't.
func (b *Bus) Websocket() string {
	if b.server == nil {
		return ""
	}
	return b.server.WebsocketURL()
}

func (b *Bus) connect(ctx context.Context) (err error) {
	b.NC, err = b.dial("hub")
	if err != nil {
		return err
	}
	b.sys, err = b.dial("sys")
	if err != nil {
		return err
	}
	if b.server == nil {
		err = b.pushMembers(ctx)
		if err != nil {
			return err
		}
	}
	b.JS, err = jetstream.New(b.NC)
	if err != nil {
		return fmt.Errorf("opening streams: %w", err)
	}
	return nil
}

// pushMembers gives an external server the account of the members as it is now: a
// server set up from an old file would let the revoked in again. What another node of
// the hub has revoked since stays so.
func (b *Bus) pushMembers(ctx context.Context) error {
	err := b.carryServers(ctx)
	if err != nil {
		return err
	}
	accounts, err := b.authority.Accounts()
	if err != nil {
		return err
	}
	return b.push(ctx, accounts[public(b.authority.members)])
}

// carryServers takes over the revocations that an external server goes by.
func (b *Bus) carryServers(ctx context.Context) error {
	if b.server != nil {
		return nil
	}
	reply, err := b.sys.RequestWithContext(ctx, "$SYS.REQ.ACCOUNT."+public(b.authority.members)+".CLAIMS.LOOKUP", nil)
	if err != nil {
		return fmt.Errorf("asking for an account: %w", err)
	}
	if len(reply.Data) == 0 {
		return nil // a new server
	}
	return b.authority.take(string(reply.Data))
}

// push makes an account token the one that servers go by.
func (b *Bus) push(ctx context.Context, token string) error {
	reply, err := b.sys.RequestWithContext(ctx, "$SYS.REQ.CLAIMS.UPDATE", []byte(token))
	if err != nil {
		return fmt.Errorf("pushing account: %w", err)
	}
	return claimsError(reply.Data)
}

func (b *Bus) dial(account string) (*nats.Conn, error) {
	creds, err := b.authority.issueHub(account)
	if err != nil {
		return nil, err
	}
	opts := []nats.Option{credsOption(creds), nats.MaxReconnects(-1), nats.ReconnectWait(500 * time.Millisecond)}
	url := b.url
	switch {
	case b.server != nil:
		url, opts = "", append(opts, nats.InProcessServer(b.server)) // a pipe needs no TLS
	case b.ca != nil:
		opts = append(opts, secure(b.ca))
	}
	nc, err := nats.Connect(url, opts...)
	if err != nil {
		return nil, fmt.Errorf("connecting to nats as %s: %w", account, err)
	}
	return nc, nil
}

func secure(ca *x509.CertPool) nats.Option {
	return nats.Secure(&tls.Config{RootCAs: ca, MinVersion: tls.VersionTLS12})
}

func credsOption(creds []byte) nats.Option { return nats.UserCredentialBytes(creds) }

// URL is where clients connect.
func (b *Bus) URL() string { return b.url }

// Connections counts the clients connected to the embedded server; 0 when external.
func (b *Bus) Connections() int {
	if b.server == nil {
		return 0
	}
	return b.server.NumClients()
}

// IssueMember signs credentials for a new member key that end at expires.
func (b *Bus) IssueMember(expires time.Time) (user string, creds []byte, err error) {
	return b.authority.IssueMember(expires)
}

// Revoke shuts the user key out at once, connected or not, and for good.
func (b *Bus) Revoke(ctx context.Context, user string, now time.Time) error {
	err := b.carryServers(ctx)
	if err != nil {
		return err
	}
	token, err := b.authority.Revoke(user, now)
	if err != nil {
		return err
	}
	return b.push(ctx, token)
}

// Close drains the hub's connections and stops the embedded server.
func (b *Bus) Close() {
	if b.stop != nil {
		b.stop()
	}
	for _, nc := range []*nats.Conn{b.NC, b.sys} {
		if nc != nil {
			nc.Close()
		}
	}
	if b.server != nil {
		b.server.Shutdown()
		b.server.WaitForShutdown()
	}
}

// UserOf returns the public user key inside a credentials file.
func UserOf(creds []byte) (string, error) {
	k, err := jwt.ParseDecoratedUserNKey(creds)
	if err != nil {
		return "", fmt.Errorf("reading credentials: %w", err)
	}
	return k.PublicKey()
}

// DialMember connects with a member's credentials file, as a client does.
func DialMember(url, credsFile string, opts ...nats.Option) (*nats.Conn, string, error) {
	creds, err := os.ReadFile(credsFile)
	if err != nil {
		return nil, "", fmt.Errorf("reading credentials: %w", err)
	}
	user, err := UserOf(creds)
	if err != nil {
		return nil, "", err
	}
	if !nkeys.IsValidPublicUserKey(user) {
		return nil, "", errors.New("reading credentials: not a user's")
	}
	all := append([]nats.Option{credsOption(creds), nats.CustomInboxPrefix("_INBOX_" + user)}, opts...)
	nc, err := nats.Connect(url, all...)
	if err != nil {
		return nil, "", fmt.Errorf("connecting to the hub: %w", err)
	}
	return nc, user, nil
}
