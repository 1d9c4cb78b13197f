package natsbus

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Attachment is how another process of the operator's reaches the log of a running
// hub. It is as secret as the hub's keys.
type Attachment struct {
	URL         string `json:"url,omitempty"` // of the external server; "" for the socket in the data folder
	Credentials []byte `json:"credentials"`
}

// socketOf is the file in a data folder by which the embedded server is reached.
func socketOf(dir string) string { return filepath.Join(dir, "log.sock") }

// Attachment issues one.
func (b *Bus) Attachment() (Attachment, error) {
	creds, err := b.authority.issueHub("hub")
	if err != nil {
		return Attachment{}, err
	}
	if b.server != nil {
		return Attachment{Credentials: creds}, nil
	}
	return Attachment{URL: b.url, Credentials: creds}, nil
}

// Offer lets the folder's owner reach the embedded server by a socket in the data
// folder until ctx ends. An external server needs none.
func (b *Bus) Offer(ctx context.Context, dir string) error {
	if b.server == nil {
		return nil
	}
	err := os.Remove(socketOf(dir))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("offering the log: %w", err)
	}
	l, err := net.Listen("unix", socketOf(dir))
	if err != nil {
		return fmt.Errorf("offering the log: %w", err)
	}
	err = os.Chmod(socketOf(dir), 0o600)
	if err != nil {
		return errors.Join(fmt.Errorf("offering the log: %w", err), l.Close())
	}
	go func() {
		<-ctx.Done()
		_ = l.Close()
	}()
	go b.pipe(l)
	return nil
}

// pipe joins each caller to the server until the listener is closed.
func (b *Bus) pipe(l net.Listener) {
	for {
		outer, err := l.Accept()
		if err != nil {
			return
		}
		inner, err := b.server.InProcessConn()
		if err != nil {
			_ = outer.Close()
			continue
		}
		for _, ends := range [][2]net.Conn{{outer, inner}, {inner, outer}} {
			go func() {
				_, _ = io.Copy(ends[0], ends[1]) // ends when either side hangs up
				_ = errors.Join(outer.Close(), inner.Close())
			}()
		}
	}
}

// socket is a nats.InProcessConnProvider: TLS isn't needed on the way.
type socket string

// InProcessConn implements nats.InProcessConnProvider.
func (s socket) InProcessConn() (net.Conn, error) { return net.Dial("unix", string(s)) }

// Attach reaches the log of the hub that runs on the data folder. It makes nothing and
// tends nothing: that is the hub's.
func Attach(dir string, a Attachment, ca *x509.CertPool) (*Bus, error) {
	opts := []nats.Option{credsOption(a.Credentials), nats.MaxReconnects(10)}
	switch {
	case a.URL == "":
		opts = append(opts, nats.InProcessServer(socket(socketOf(dir))))
	case ca != nil:
		opts = append(opts, secure(ca))
	}
	nc, err := nats.Connect(a.URL, opts...)
	if err != nil {
		return nil, fmt.Errorf("reaching the log of the running hub: %w", err)
	}
	js, err := jetstream.New(nc)
	if err != nil {
		nc.Close()
		return nil, fmt.Errorf("reaching the log of the running hub: %w", err)
	}
	return &Bus{NC: nc, JS: js, url: a.URL}, nil
}
