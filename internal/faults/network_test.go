package faults_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"isac/hub"
	"isac/internal/hubtest"
	"isac/internal/member"
)

// wire carries connections to a server, and lets nothing through in a direction that is
// cut: what is sent there waits, as it does in a network that loses packets.
type wire struct {
	to        string
	there     atomic.Bool // cut from clients to the server
	back      atomic.Bool // cut from the server to clients
	listening net.Listener
}

func newWire(t *testing.T, to string) *wire {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	w := &wire{to: to, listening: l}
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			go w.carry(in)
		}
	}()
	return w
}

func (w *wire) carry(in net.Conn) {
	defer in.Close()
	out, err := net.Dial("tcp", w.to)
	if err != nil {
		return
	}
	go func() {
		defer out.Close()
		_, _ = io.Copy(out, gated{in, &w.there})
	}()
	_, _ = io.Copy(in, gated{out, &w.back})
}

// gated reads nothing while it is cut.
type gated struct {
	net.Conn
	cut *atomic.Bool
}

func (g gated) Read(p []byte) (int, error) {
	n, err := g.Conn.Read(p)
	for g.cut.Load() && err == nil {
		time.Sleep(5 * time.Millisecond)
	}
	return n, err
}

// A network that carries one way only: reports arrive and their receipts don't, or the
// other way round, and what was held arrives late. The member's client tries until it has
// a receipt; each incident is one case, and another member notices nothing.
func TestNetworkIsCutOneWay(t *testing.T) {
	h := hubtest.Start(t, 20)
	hubURL, err := url.Parse(h.Bus.URL())
	if err != nil {
		t.Fatal(err)
	}
	w := newWire(t, hubURL.Host)
	c, err := member.Read(h.Credentials(0))
	if err != nil {
		t.Fatal(err)
	}
	conn, err := c.Dial("nats://"+w.listening.Addr().String(), nats.CustomReconnectDelay(func(int) time.Duration { return 50 * time.Millisecond }))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	other := h.Dial(1)
	receipts := map[string]bool{}
	tries := 0
	for n, cut := range []*atomic.Bool{&w.there, &w.back, &w.back, &w.there} {
		cut.Store(true)
		if _, _, err := other.Report(t.Context(), hubtest.Bundle(h.Members[1], fmt.Sprint(n), "1", address(n))); err != nil {
			t.Errorf("another member: %v", err)
		}
		for {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			r, _, err := conn.Report(ctx, hubtest.Bundle(h.Members[0], fmt.Sprint(n), "1", address(n)))
			cancel()
			if err == nil {
				receipts[r.Number] = true
				break
			}
			if tries++; hub.KindOf(err) != hub.Unavailable {
				t.Fatalf("reporting: %v", err)
			}
			if tries%2 == 0 {
				cut.Store(false)
			}
		}
	}
	for number := range receipts {
		h.Poll("a case of each receipt", func() bool { _, err := conn.Status(t.Context(), number); return err == nil })
	}
	for i, want := range []int{4, 4} {
		ids, err := h.Desk.Cases(t.Context(), h.Person(i, hub.Reporter).Person)
		if err != nil || len(ids) != want {
			t.Errorf("member %d has %d cases, want %d, %v", i, len(ids), want, err)
		}
	}
	t.Logf("4 cuts, %d reports without an answer, %d receipts", tries, len(receipts))
}
