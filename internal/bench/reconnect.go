package bench

import (
	"context"
	"errors"
	"net"
	"path/filepath"
	"time"

	"isac/internal/node"
)

// reconnect measures how long it takes after a cut of all connections at once until the
// last client is back and subscribed, beside the same clients at a NATS server without
// accounts, credentials or permissions. Each has a login of its own and signs at both, as
// nats clients do: signing is their machines' work and no part of what is measured. Only the
// clients of one server are connected at a time: twice as many with the same file handles.
func (r *run) reconnect(ctx context.Context) error {
	r.Progress("reconnect")
	n, err := r.start(ctx, filepath.Join(r.dir, "reconnect"))
	if err != nil {
		return err
	}
	err = r.reconnectTo(ctx, n)
	return errors.Join(err, n.Close())
}

func (r *run) reconnectTo(ctx context.Context, n *node.Node) error {
	plain, err := startPlain("")
	if err != nil {
		return err
	}
	defer plain.close()
	logins := make([]login, r.Members)
	for i := range logins {
		logins[i], err = issue(n.Bus)
		if err != nil {
			return err
		}
	}
	at := func(url string) func() (float64, error) {
		return func() (float64, error) {
			return back(ctx, r.Members, url, func(i int) (login, error) { return logins[i], nil })
		}
	}
	value, yardstick, err := alternate(r.Rounds, at(n.Bus.URL()), at(plain.server.ClientURL()))
	r.took("reconnect", value, yardstick)
	return err
}

// returning is how many clients dial at the same instant. The kernel's queue takes some
// thousands; were it to overflow, its own second until it tries again would be measured.
const returning = 1000

// back connects n clients, cuts them all off, and returns the milliseconds from then until
// the last one is back.
func back(ctx context.Context, n int, url string, logins func(int) (login, error)) (float64, error) {
	c, err := subscribe(ctx, n, url, logins)
	if err != nil {
		return 0, err
	}
	defer c.close()
	start := time.Now()
	c.cut()
	err = c.dial(ctx, min(n, returning))
	return milliseconds(time.Since(start)), err
}

// cut ends all connections without a word, as a network that goes away.
func (c *clients) cut() {
	c.ending.Store(true)
	for _, conn := range c.conns {
		_ = conn.(*net.TCPConn).SetLinger(0) // reset, not closed
		_ = conn.Close()
	}
	c.work.Wait()
	c.ending.Store(false)
}
