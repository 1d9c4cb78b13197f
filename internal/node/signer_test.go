package node_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/ledger"
	"isac/internal/hubtest"
)

// flaky is an agent of which half of the signatures fail.
type flaky struct{ agent.Agent }

func (f flaky) Sign(key ssh.PublicKey, data []byte) (*ssh.Signature, error) {
	if rand.IntN(2) == 0 {
		return nil, errors.New("the device is busy")
	}
	return f.Agent.Sign(key, data)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestSignerComesAndGoes releases alerts of a hub whose key an agent holds, which fails
// half of the time and is away when each alert falls due: every alert is out in the end,
// in order and signed, and reports are taken all the while.
func TestSignerComesAndGoes(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "s")
	_, key, err := ed25519.GenerateKey(nil)
	must(t, err)
	holder := flaky{agent.NewKeyring()}
	must(t, holder.Add(agent.AddedKey{PrivateKey: key}))
	stop := hubtest.ServeAgent(t, socket, holder)
	h := hubtest.StartSigned(t, 40, socket)
	reporter := h.Person(0, hub.Reporter)
	var moderators []hubtest.Person
	for _, i := range h.Apart(0, 3) {
		moderators = append(moderators, h.Person(i, hub.Moderator))
	}
	conn := h.Dial(0)
	h.Poll("a first report", func() bool {
		h.Advance(time.Second) // after a failure it isn't asked for a while
		_, _, err := conn.Report(context.Background(), hubtest.Bundle(h.Members[0], "first", "1", "203.0.114.77"))
		return err == nil
	})
	c := h.Consent(reporter, h.Case(reporter, 1))
	for round, stage := range []hub.Stage{hub.Flash, hub.Full} {
		stop()
		failed := func() int { return strings.Count(h.Log.String(), `msg="duty failed"`) }
		before := failed()
		h.Poll("that the hub misses its signer", func() bool {
			h.ApproveOpen(stage, moderators...)
			in, err := h.Health(context.Background())
			return err == nil && in.Unsigned && failed() > before
		})
		if list, _, err := h.Entries(t.Context(), 0, 10); err != nil || len(list) != round {
			t.Fatalf("%d alerts without a signer, want %d: %v", len(list), round, err)
		}
		_, _, err := conn.Report(t.Context(), hubtest.Bundle(h.Members[0], "while away", "1", "203.0.114.78"))
		must(t, err)
		stop = hubtest.ServeAgent(t, socket, holder)
		h.Poll("the alert", func() bool {
			h.Advance(time.Second) // what fails is tried again after half a minute
			h.ApproveOpen(stage, moderators...)
			now, err := h.Desk.Case(context.Background(), reporter.Person, c.Case)
			return err == nil && now.Stages[round].Alert != nil
		})
	}
	var list []deliver.Entry
	h.Poll("both alerts", func() bool {
		list, _, err = h.Entries(context.Background(), 0, 10)
		return err == nil && len(list) == 2
	})
	var chain deliver.Chain
	for _, e := range list {
		must(t, deliver.Verify(key.Public().(ed25519.PublicKey), e))
		chain, err = chain.Next(e)
		must(t, err)
	}
	h.Poll("a checkpoint", func() bool {
		h.Advance(time.Second)
		text, err := h.Desk.Checkpoint(context.Background())
		if err != nil {
			return false
		}
		_, err = ledger.Open(h.Ring.Line(), text)
		return err == nil
	})
	must(t, h.Close())
	stop()
	h.Open() // while the signer is away
	if list, _, err := h.Entries(t.Context(), 0, 10); err != nil || len(list) != 2 {
		t.Errorf("%d alerts after a restart: %v", len(list), err)
	}
}

// hang takes connections at a socket and never answers, until stop is called. It tells of
// each.
func hang(t *testing.T, socket string) (taken <-chan bool, stop func()) {
	t.Helper()
	l, err := net.Listen("unix", socket)
	must(t, err)
	told := make(chan bool, 100)
	var done sync.WaitGroup
	done.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			defer c.Close()
			told <- true
		}
	})
	stop = sync.OnceFunc(func() {
		_ = l.Close()
		done.Wait()
	})
	t.Cleanup(stop)
	return told, stop
}

// TestASignerThatHangsHoldsUpNothingElse asks a hub for a checkpoint whose signer takes the
// question and never answers: clocks turn, the card is given, reports are taken.
func TestASignerThatHangsHoldsUpNothingElse(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "s")
	_, key, err := ed25519.GenerateKey(nil)
	must(t, err)
	holder := agent.NewKeyring()
	must(t, holder.Add(agent.AddedKey{PrivateKey: key}))
	stop := hubtest.ServeAgent(t, socket, holder)
	h := hubtest.StartSigned(t, 40, socket)
	report := func(i int) {
		t.Helper()
		_, _, err := h.Dial(i).Report(t.Context(), hubtest.Bundle(h.Members[i], "while it hangs", "1", "203.0.114.78"))
		must(t, err)
	}
	report(0) // its machine asked for the card
	stop()
	taken, stop := hang(t, socket)
	answer := make(chan error, 1)
	go func() {
		_, err := h.Desk.Checkpoint(context.Background())
		answer <- err
	}()
	<-taken
	asked := h.Now()
	h.Poll("that clocks turn", func() bool { return h.Desk.Health(time.Minute).Turned.After(asked.Add(time.Second)) })
	select {
	case err := <-answer:
		t.Fatalf("the clocks waited for the signer: %v", err)
	default:
	}
	report(1) // another machine: it asks for the card first
	r, err := http.Get(h.BaseURL + "/healthz")
	must(t, err)
	must(t, r.Body.Close())
	if r.StatusCode != http.StatusOK {
		t.Errorf("/healthz says %d", r.StatusCode)
	}
	if err := <-answer; hub.KindOf(err) != hub.Unavailable {
		t.Fatalf("a checkpoint without a signature: %v", err)
	}
	began := time.Now()
	for range 20 {
		if _, err := h.Desk.Checkpoint(t.Context()); hub.KindOf(err) != hub.Unavailable {
			t.Fatalf("a checkpoint without a signature: %v", err)
		}
	}
	if took := time.Since(began); took > 4*time.Second {
		t.Errorf("after it hung %v are waited for it again", took)
	}
	if h.Ring.SignerReady() == nil {
		t.Error("nobody is told that it hangs")
	}
	stop()
	hubtest.ServeAgent(t, socket, holder)
	h.Advance(time.Minute)
	h.Poll("a checkpoint", func() bool {
		_, err := h.Desk.Checkpoint(context.Background())
		return err == nil
	})
}
