package faults_test

import (
	"context"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"isac/hub/deliver"
)

// The power is cut at random moments of a hub's work: what wasn't synced by then is lost,
// wholly or in parts, torn at the bounds of sectors. A hub that starts on what is left
// has a case for every receipt that was given, and every alert that anybody saw, once,
// signed, in one chain.
//
//	ISAC_CUTS=200 go test -run PowerCuts -v -timeout 1h ./internal/faults
func TestPowerCuts(t *testing.T) {
	cuts := int(setting(t, "ISAC_CUTS", 5))
	seed := setting(t, "ISAC_SEED", rand.Uint64())
	t.Logf("ISAC_CUTS=%d ISAC_SEED=%d", cuts, seed)
	dice := rand.New(rand.NewPCG(seed, 4))
	s := newSite(t, "")
	x, r, from := record(t, s, 10+cuts/4)
	first := slices.IndexFunc(r.calls, func(c call) bool { return c.at >= from.UnixNano() })
	at := make([]int, cuts)
	for i := range at {
		span := len(r.calls) - first
		at[i] = first + max(dice.IntN(span), dice.IntN(span)) // later, when there is more to lose
	}
	slices.Sort(at)
	d := newDisk(s.data)
	next, receipts, alerts := 0, 0, 0
	for i, c := range r.calls {
		if err := d.do(c); err != nil {
			t.Fatal(err)
		}
		for ; next < cuts && at[next] == i; next++ {
			left := s
			left.data = filepath.Join(t.TempDir(), "data")
			if err := d.cut(dice, left.data); err != nil {
				t.Fatal(err)
			}
			a, b := x.afterCut(left, time.Unix(0, c.at))
			receipts, alerts = receipts+a, alerts+b
			if t.Failed() {
				t.Fatalf("cut %d, after call %d of %d", next, i, len(r.calls))
			}
			_ = os.RemoveAll(left.data)
		}
	}
	t.Logf("%d cuts over %d calls, %d syncs, %d kB written: %d receipts and %d alerts were there", cuts, len(r.calls), d.syncs, d.whole>>10, receipts, alerts)
	if receipts == 0 || alerts == 0 {
		t.Error("nothing was there to be lost: the test proves nothing")
	}
}

// record has people work with a hub until there are as many receipts, and returns what
// it asked of its disk. From is when the work began.
func record(t *testing.T, s site, receipts int) (*storm, recording, time.Time) {
	t.Helper()
	prefix := filepath.Join(t.TempDir(), "calls")
	hub := s.serve(t)
	args := []string{"-f", "-ff", "-qq", "--seccomp-bpf", "-xx", "-s", "20000000", "-e", "signal=none", "--absolute-timestamps=format:unix,precision:ns", "--syscall-times=ns", "-e", "trace=" + traced, "-o", prefix}
	p := launch(t, exec.Command("strace", append(args, hub.Args...)...), s.data)
	p.ready(t)
	x := newStorm(t, s, p)
	from := time.Now()
	working, stop := context.WithCancel(t.Context())
	defer stop()
	for _, w := range x.watchers {
		x.work.Go(func() { _ = w.follow(working) })
	}
	x.decide(working)
	for _, r := range x.reporters {
		x.work.Go(func() { x.report(working, r) })
	}
	poll(t, "enough receipts and an alert", func() bool {
		n := 0
		for _, r := range x.reporters {
			list, _ := r.held()
			n += len(list)
		}
		return n >= receipts && len(x.watchers[0].seen()) > 2+receipts/8
	})
	stop()
	x.work.Wait()
	child, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(p.cmd.Process.Pid), "task", strconv.Itoa(p.cmd.Process.Pid), "children"))
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.Fields(string(child))[0])
	if err != nil {
		t.Fatal(err)
	}
	_ = syscall.Kill(pid, syscall.SIGTERM)
	<-p.done
	return x, readRecording(t, prefix), from
}

// afterCut starts a hub on what a cut left, and wants all that anybody was told before.
func (x *storm) afterCut(s site, cut time.Time) (receipts, alerts int) {
	t := x.t
	t.Helper()
	s.config = filepath.Join(t.TempDir(), "isac.toml")
	text, err := os.ReadFile(x.site.config)
	if err != nil {
		t.Fatal(err)
	}
	write(t, s.config, strings.Replace(string(text), strconv.Quote(x.site.data), strconv.Quote(s.data), 1))
	p := launch(t, s.serve(t), s.data)
	defer p.kill()
	p.ready(t)
	for _, r := range x.reporters {
		for _, number := range r.before(cut) {
			receipts++
			poll(t, "a case of a receipt that was given before the cut", func() bool {
				ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
				defer cancel()
				_, err := r.conn.Status(ctx, number)
				return err == nil
			})
		}
	}
	told := x.watchers[0].before(cut)
	fresh := &watcher{t: t, conn: x.watchers[0].conn}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- fresh.follow(ctx) }() // which checks signatures and chain
	var entries []deliver.Entry
	poll(t, "the alerts that were seen before the cut", func() bool { entries = fresh.seen(); return len(entries) >= len(told) })
	cancel()
	<-done
	for i, e := range told {
		if entries[i].Digest != e.Digest {
			t.Errorf("entry %d is another than before the cut", e.Number)
		}
	}
	wantOnce(t, entries)
	return receipts, len(told)
}

// wantOnce wants no version of an alert twice.
func wantOnce(t *testing.T, entries []deliver.Entry) {
	t.Helper()
	seen := map[string]bool{}
	for _, e := range entries {
		version := e.ID + " " + strconv.Itoa(e.Version)
		if seen[version] {
			t.Errorf("entry %d is a double", e.Number)
		}
		seen[version] = true
	}
}

// before are the receipts that a member had been given by then.
func (r *reporter) before(then time.Time) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []string
	for number, at := range r.given {
		if at.Before(then) {
			out = append(out, number)
		}
	}
	return out
}

// before are the alerts that a member had seen by then.
func (w *watcher) before(then time.Time) []deliver.Entry {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for n < len(w.at) && w.at[n].Before(then) {
		n++
	}
	return slices.Clone(w.got[:n])
}
