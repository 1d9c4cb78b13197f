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
	"github.com/nats-io/nkeys"

	"isac/internal/natsbus"
)

// clients are connections that are subscribed to alerts and read their sockets,
// nothing else: what a client library would add is no part of what is measured.
type clients struct {
	address string
	login   func(i int) (login, error)
	conns   []net.Conn
	got     atomic.Int64 // messages since last was called
	all     chan time.Time
	failed  chan error
	work    sync.WaitGroup
	ending  atomic.Bool
}

// dialing is how many connections are made at once where nobody waits for them.
const dialing = 16

// login is what a credentials file holds: a token, and the key that signs.
type login struct {
	token string
	key   nkeys.KeyPair
}

// issue makes a login of a member's machine.
func issue(bus *natsbus.Bus) (login, error) {
	_, file, err := bus.IssueMember(time.Now().Add(time.Hour))
	if err != nil {
		return login{}, err
	}
	token, err := jwt.ParseDecoratedJWT(file)
	if err != nil {
		return login{}, err
	}
	key, err := jwt.ParseDecoratedUserNKey(file)
	return login{token, key}, err
}

// subscribe connects n clients; logins gives each its own, nil is without.
func subscribe(ctx context.Context, n int, url string, logins func(i int) (login, error)) (*clients, error) {
	c := &clients{
		address: strings.TrimPrefix(url, "nats://"), login: logins,
		conns: make([]net.Conn, n), all: make(chan time.Time, 1), failed: make(chan error, 1),
	}
	err := c.dial(ctx, dialing)
	if err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

// dial connects every client, so many at once.
func (c *clients) dial(ctx context.Context, atOnce int) error {
	var dials sync.WaitGroup
	for s := range atOnce {
		dials.Go(func() {
			for i := s; i < len(c.conns) && ctx.Err() == nil; i += atOnce {
				err := c.connect(i)
				if err != nil {
					c.fail(fmt.Errorf("connecting client: %w", err))
					return
				}
			}
		})
	}
	dials.Wait()
	select {
	case err := <-c.failed:
		return err
	default:
		return ctx.Err()
	}
}

func (c *clients) fail(err error) {
	select {
	case c.failed <- err:
	default:
	}
}

// connect makes client i and returns when the server has its subscription.
func (c *clients) connect(i int) error {
	conn, err := net.Dial("tcp", c.address)
	if err != nil {
		return err
	}
	c.conns[i] = conn
	in := bufio.NewReaderSize(conn, 16<<10)
	info, err := in.ReadSlice('\n')
	if err != nil {
		return err
	}
	hello, err := c.helloTo(info, i)
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

// helloTo answers the server's first line to client i as nats clients do: with a
// signature of its nonce where there is a login.
func (c *clients) helloTo(info []byte, i int) ([]byte, error) {
	hello := map[string]any{"verbose": false, "pedantic": false, "headers": true, "no_responders": true, "protocol": 1, "lang": "go", "version": "1"}
	if c.login != nil {
		var server struct{ Nonce string }
		err := json.Unmarshal(bytes.TrimPrefix(info, []byte("INFO ")), &server)
		if err != nil {
			return nil, err
		}
		l, err := c.login(i)
		if err != nil {
			return nil, err
		}
		signature, err := l.key.Sign([]byte(server.Nonce))
		if err != nil {
			return nil, err
		}
		hello["jwt"], hello["sig"] = l.token, base64.RawURLEncoding.EncodeToString(signature)
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
			_ = conn.(*net.TCPConn).SetLinger(0) // no port waits for what might still come
			_ = conn.Close()
		}
	}
	c.work.Wait()
}
