package faults_test

import (
	"context"
	"fmt"
	"net/http"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"isac/hub"
	"isac/internal/hubtest"
	"isac/internal/member"
)

// The disk of a running hub answers calls with errors, or half a second late. No receipt is
// given that isn't a case when the hub was killed and started on a whole disk, and the hub
// is ready only while it takes reports.
func TestDiskCallsFail(t *testing.T) {
	faults := []callFault{
		{"syncs fail", "fsync,fdatasync:error=EIO", false},
		{"writes fail", "pwrite64:error=EIO", false},
		{"syncs are slow", "fsync,fdatasync:delay_exit=500000", true},
	}
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			f.happen(t)
		})
	}
}

// callFault is a way in which system calls go wrong.
type callFault struct {
	name, inject string
	works        bool // reports go on
}

// happen has the fault befall a hub that works.
func (f callFault) happen(t *testing.T) {
	t.Helper()
	s := newSite(t, "")
	p := s.start(t)
	members := p.list(t, 20)
	conn := p.dial(t, members[0].ID)
	var receipts []string
	n := 0
	report := func() error {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		n++
		r, _, err := conn.Report(ctx, hubtest.Bundle(members[0], fmt.Sprint(n), "1", address(n)))
		if err == nil {
			receipts = append(receipts, r.Number)
		} else if k := hub.KindOf(err); k != hub.Unavailable && k != hub.Internal {
			t.Errorf("reporting: %v", err)
		}
		return err
	}
	for range 2 {
		if err := report(); err != nil {
			t.Fatal(err)
		}
	}
	wantCases(t, conn, receipts) // a report that is under way at a kill is taken up again after 20 s only
	heal := inject(t, p, f.inject)
	ready := func() bool { return status(t, "http://"+s.http+"/readyz") == http.StatusOK }
	begun := time.Now()
	err := report()
	t.Logf("a report was answered with %v after %s", err, time.Since(begun).Round(time.Millisecond))
	if f.works != (err == nil) {
		t.Errorf("reporting: %v", err)
	}
	if f.works {
		if !ready() {
			t.Error("a hub that takes reports isn't ready")
		}
		wantCases(t, conn, receipts)
	}
	if !f.works {
		poll(t, "a hub that says that it isn't ready", func() bool { return !ready() })
		t.Logf("it isn't ready after %s", time.Since(begun).Round(time.Millisecond))
		for range 20 { // and says so as long as the fault lasts
			if rest(t.Context(), 100*time.Millisecond); ready() {
				t.Fatal("the hub takes no report and says that it is ready")
			}
		}
	}
	heal()
	p.kill()
	if text := p.out.String(); strings.Contains(text, "panic") || strings.Contains(text, "DATA RACE") {
		t.Errorf("the hub said:\n%s", text)
	}
	p = s.start(t)
	conn = p.dial(t, members[0].ID)
	wantCases(t, conn, receipts)
	if err := report(); err != nil {
		t.Errorf("a report on the whole disk: %v", err)
	}
	p.stop(t)
	checkReplay(t, s, 0)
}

// wantCases waits until each receipt is of a case.
func wantCases(t *testing.T, conn *member.Conn, receipts []string) {
	t.Helper()
	for _, number := range receipts {
		poll(t, "a case of each receipt", func() bool {
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			defer cancel()
			_, err := conn.Status(ctx, number)
			return err == nil
		})
	}
}

// inject has the system calls of a running hub go wrong from now on; heal ends that.
func inject(t *testing.T, p *process, what string) (heal func()) {
	t.Helper()
	calls, _, _ := strings.Cut(what, ":")
	c := exec.Command("strace", "-f", "-o", "/dev/null", "-e", "signal=none", "-e", "trace="+calls, "-e", "inject="+what, "-p", strconv.Itoa(p.cmd.Process.Pid))
	said := &output{}
	c.Stderr = said
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	heal = func() {
		_ = c.Process.Signal(syscall.SIGINT)
		_ = c.Wait()
	}
	poll(t, "strace", func() bool { return strings.Contains(said.String(), "attached") })
	return heal
}
