package natsbus

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"isac/hub"
)

// ServerOptions say how the embedded server listens. Addr "127.0.0.1:0" takes any
// free port. TLS nil is plain TCP.
type ServerOptions struct {
	Addr string
	Dir  string // streams
	TLS  *tls.Config

	Websocket string // listens here too, for those who can reach the web alone; "" for not
	Leaf      string // servers of members' own connect here; "" for not
	Copying   bool   // writes are synced at the end, by who copies
}

// startServer runs a NATS server in this process, in operator mode, with a file
// store that syncs every write (an acknowledged message is on disk).
func startServer(a *Authority, o ServerOptions) (*server.Server, server.JetStreamConfig, error) {
	var none server.JetStreamConfig
	opts, err := serverOptions(a, o)
	if err != nil {
		return nil, none, err
	}
	err = finishErasing(streamsFolder(a, o.Dir))
	if err != nil {
		return nil, none, err
	}
	s, err := server.NewServer(opts)
	if err != nil {
		return nil, none, fmt.Errorf("making nats server: %w", err)
	}
	s.Start()
	if !s.ReadyForConnections(20 * time.Second) {
		s.Shutdown()
		return nil, none, errors.New("starting nats server: not ready after 20 s")
	}
	if !s.JetStreamEnabled() {
		s.Shutdown()
		return nil, none, errors.New("starting nats server: streams are off")
	}
	return s, streamsConfig(opts), nil
}

func serverOptions(a *Authority, o ServerOptions) (*server.Options, error) {
	host, port, err := splitAddr(o.Addr)
	if err != nil {
		return nil, err
	}
	operator, err := a.OperatorClaims()
	if err != nil {
		return nil, err
	}
	resolver, err := a.resolver()
	if err != nil {
		return nil, err
	}
	opts := &server.Options{
		ServerName: "isac", Host: host, Port: port,
		NoSigs: true, NoLog: true, NoSystemAccount: false,
		JetStream: true, StoreDir: o.Dir, SyncAlways: !o.Copying,
		MaxPayload: maxMessage, MaxPending: 64 << 20,
		AuthTimeout: 30, TLSTimeout: 30,
		SystemAccount: public(a.sys), AccountResolver: resolver,
		JetStreamMaxMemory: 256 << 20, JetStreamMaxStore: 1 << 50,
		DisableJetStreamBanner: true,
	}
	opts.TrustedOperators = append(opts.TrustedOperators, operator)
	if o.TLS != nil {
		opts.TLSConfig = o.TLS
		opts.TLS = true
	}
	if o.Websocket != "" {
		host, port, err = splitAddr(o.Websocket)
		if err != nil {
			return nil, err
		}
		opts.Websocket = server.WebsocketOpts{Host: host, Port: port, TLSConfig: o.TLS, NoTLS: o.TLS == nil}
	}
	if o.Leaf != "" {
		host, port, err = splitAddr(o.Leaf)
		if err != nil {
			return nil, err
		}
		opts.LeafNode = server.LeafNodeOpts{Host: host, Port: port, TLSConfig: o.TLS, TLSTimeout: 30, AuthTimeout: 30}
	}
	return opts, nil
}

// splitAddr also looks whether the port is free, because the server would only
// say so in its own log.
func splitAddr(addr string) (string, int, error) {
	host, text, err := net.SplitHostPort(addr)
	if err != nil {
		return "", 0, fmt.Errorf("reading nats address: %w", err)
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		return "", 0, fmt.Errorf("reading nats port: %w", err)
	}
	if port == 0 {
		return host, server.RANDOM_PORT, nil
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return "", 0, &hub.Error{Kind: hub.Unavailable, Text: "node.port-in-use", Err: fmt.Errorf("listening for nats: %w", err)}
	}
	return host, port, l.Close()
}

// resolver fills a fresh account folder with the current tokens.
func (a *Authority) resolver() (*server.DirAccResolver, error) {
	dir := filepath.Join(a.dir, "jwt")
	err := os.MkdirAll(dir, 0o700)
	if err != nil {
		return nil, fmt.Errorf("making account folder: %w", err)
	}
	r, err := server.NewDirAccResolver(dir, 0, time.Hour, server.NoDelete)
	if err != nil {
		return nil, fmt.Errorf("opening account folder: %w", err)
	}
	accounts, err := a.Accounts()
	if err != nil {
		return nil, err
	}
	for key, token := range accounts {
		err := r.Store(key, token)
		if err != nil {
			return nil, fmt.Errorf("storing account: %w", err)
		}
	}
	return r, nil
}
