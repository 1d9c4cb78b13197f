package faults_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"isac/hub"
	"isac/internal/hubtest"
)

// A hub that has no file handle left, since somebody holds more connections than it may
// have, gives no receipt that it can't keep, and works again when they are gone.
func TestOutOfFileHandles(t *testing.T) {
	s := newSite(t, "")
	p := s.start(t)
	members := p.list(t, 20)
	conn := p.dial(t, members[0].ID)
	receipts := map[string]bool{}
	n := 0
	report := func() error {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		r, _, err := conn.Report(ctx, hubtest.Bundle(members[0], fmt.Sprint(n), "1", address(n)))
		n++
		if err == nil {
			receipts[r.Number] = true
		}
		return err
	}
	if err := report(); err != nil {
		t.Fatal(err)
	}
	open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", p.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	few := uint64(len(open) + 8)
	limit := unix.Rlimit{Cur: few, Max: few}
	if err := unix.Prlimit(p.cmd.Process.Pid, unix.RLIMIT_NOFILE, &limit, nil); err != nil {
		t.Fatal(err)
	}
	var held []net.Conn
	for range 40 {
		for _, addr := range []string{s.http, s.nats} {
			c, err := net.Dial("tcp", addr)
			if err != nil {
				t.Fatal(err)
			}
			held = append(held, c)
		}
	}
	poll(t, "no handle left", func() bool {
		used, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", p.cmd.Process.Pid))
		return err == nil && uint64(len(used)) >= few
	})
	refused := 0
	for range 6 {
		if err := report(); err != nil {
			refused++
			if k := hub.KindOf(err); k != hub.Unavailable && k != hub.Internal {
				t.Errorf("reporting without handles: %v", err)
			}
		}
	}
	for _, c := range held {
		_ = c.Close()
	}
	poll(t, "a receipt when there are handles again", func() bool { return report() == nil })
	for number := range receipts {
		poll(t, "a case of each receipt", func() bool {
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			defer cancel()
			_, err := conn.Status(ctx, number)
			return err == nil
		})
	}
	t.Logf("%d handles, %d reports, %d refused without any left, %d receipts", few, n, refused, len(receipts))
	p.stop(t)
	checkReplay(t, s, 0)
}
