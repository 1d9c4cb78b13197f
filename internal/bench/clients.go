package bench

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/jwt/v2"
)

// clients are connections that are subscribed to alerts and read their sockets,
// nothing else: what a client library would add is no part of what is measured.
type clients struct {
	conns  []net.Conn
	got    atomic.Int64 // messages since last was called
	all    chan time.Time
	failed chan error
	work   sync.WaitGroup
	ending atomic.Bool
}

// dialing is how many connections are made at once.
const dialing = 16

// subscribe connects n clients; creds gives each its credentials, nil is without.
func subscribe(ctx context.Context, n int, url string, creds func() ([]byte, error)) (*clients, error) {
	c := &clients{conns: make([]net.Conn, n), all: make(chan time.Time, 1), failed: make(chan error, 1)}
	var dial sync.WaitGroup
	address := strings.TrimPrefix(url, "nats://")
	for s := range dialing {
		dial.Go(func() {
			for i := s; i < n && ctx.Err() == nil; i += dialing {
				err := c.connect(i, address, creds)
				if err != nil {
					c.fail(fmt.Errorf("connecting client: %w", err))
					return
				}
			}
		})
	}
	dial.Wait()
	select {
	case err := <-c.failed:
		c.close()
		return nil, err
	case <-ctx.Done():
		c.close()
		return nil, ctx.Err()
	default:
		return c, nil
	}
}

func (c *clients) fail(err error) {
	select {
	case c.failed <- err:
	default:
	}
}

// connect makes client i and returns when the server has its subscription.
func (c *clients) connect(i int, address string, creds func() ([]byte, error)) error {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	c.conns[i] = conn
	in := bufio.NewReaderSize(conn, 16<<10)
	info, err := in.ReadSlice('\n')
	if err != nil {
		return err
	}
	hello, err := helloTo(info, creds)
	if err != nil {
		return err
	}
	_, err = conn.Write(append(hello, "SUB isac.alert.> 1\r\nPING\r\n"...))
	if err != nil {
		return err
	}
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return err
		}
		if bytes.HasPrefix(line, []byte("-ERR")) {
			return errors.New("refused")
		}
		if bytes.HasPrefix(line, []byte("PONG")) {
			break
		}
	}
	c.work.Go(func() {
		err := c.read(conn, in) // returns when the connection ends
		if !c.ending.Load() {
			c.fail(fmt.Errorf("reading at a client: %w", err))
		}
	})
	return nil
}

// helloTo answers the server's first line as nats clients do: with a signature of
// its nonce where there are credentials.
func helloTo(info []byte, creds func() ([]byte, error)) ([]byte, error) {
	hello := map[string]any{"verbose": false, "pedantic": false, "headers": true, "no_responders": true, "protocol": 1, "lang": "go", "version": "1"}
	if creds != nil {
		var server struct{ Nonce string }
		err := json.Unmarshal(bytes.TrimPrefix(info, []byte("INFO ")), &server)
		if err != nil {
			return nil, err
		}
		file, err := creds()
		if err != nil {
			return nil, err
		}
		token, err := jwt.ParseDecoratedJWT(file)
		if err != nil {
			return nil, err
		}
		key, err := jwt.ParseDecoratedUserNKey(file)
		if err != nil {
			return nil, err
		}
		signature, err := key.Sign([]byte(server.Nonce))
		if err != nil {
			return nil, err
		}
		hello["jwt"], hello["sig"] = token, base64.RawURLEncoding.EncodeToString(signature)
	}
	data, err := json.Marshal(hello)
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, "CONNECT %s\r\n", data), nil
}

// read counts messages until the connection ends.
func (c *clients) read(conn net.Conn, in *bufio.Reader) error {
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return err
		}
		kind, _, _ := bytes.Cut(line, []byte(" "))
		switch strings.TrimSpace(string(kind)) {
		case "MSG", "HMSG":
			fields := bytes.Fields(line)
			size, err := strconv.Atoi(string(fields[len(fields)-1]))
			if err != nil {
				return err
			}
			_, err = in.Discard(size + 2)
			if err != nil {
				return err
			}
			if c.got.Add(1) == int64(len(c.conns)) {
				c.all <- time.Now()
			}
		case "PING":
			_, err := conn.Write([]byte("PONG\r\n"))
			if err != nil {
				return err
			}
		case "-ERR":
			return errors.New("refused")
		}
	}
}

// last publishes and returns the milliseconds until every client has the message.
func (c *clients) last(ctx context.Context, publish func() error) (float64, error) {
	c.got.Store(0)
	start := time.Now()
	err := publish()
	if err != nil {
		return 0, err
	}
	select {
	case at := <-c.all:
		return milliseconds(at.Sub(start)), nil
	case err := <-c.failed:
		return 0, err
	case <-ctx.Done():
		return 0, ctx.Err()
	case <-time.After(30 * time.Second):
		return 0, fmt.Errorf("%d of %d clients have the message after 30 s", c.got.Load(), len(c.conns))
	}
}

func (c *clients) close() {
	c.ending.Store(true)
	for _, conn := range c.conns {
		if conn != nil {
			_ = conn.Close()
		}
	}
	c.work.Wait()
}
