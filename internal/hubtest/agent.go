package hubtest

import (
	"crypto/ed25519"
	"net"
	"sync"
	"testing"

	"golang.org/x/crypto/ssh/agent"
)

// Agent is an agent that holds keys.
func Agent(t testing.TB, keys ...ed25519.PrivateKey) agent.Agent {
	t.Helper()
	a := agent.NewKeyring()
	for _, key := range keys {
		if err := a.Add(agent.AddedKey{PrivateKey: key}); err != nil {
			t.Fatal(err)
		}
	}
	return a
}

// ServeAgent answers with an agent at a socket until stop is called, which cuts who is
// asking.
func ServeAgent(t testing.TB, socket string, a agent.Agent) (stop func()) {
	t.Helper()
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	var done sync.WaitGroup
	var asking sync.Map
	done.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			asking.Store(c, true)
			done.Go(func() {
				_ = agent.ServeAgent(a, c)
				_ = c.Close()
			})
		}
	})
	stop = sync.OnceFunc(func() {
		_ = l.Close()
		asking.Range(func(c, _ any) bool { _ = c.(net.Conn).Close(); return true })
		done.Wait()
	})
	t.Cleanup(stop)
	return stop
}
