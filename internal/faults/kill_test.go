package faults_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/review"
	"isac/internal/hubtest"
	"isac/internal/natsbus"
)

// setting reads a number from the environment.
func setting(t *testing.T, name string, otherwise uint64) uint64 {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// The hub dies again and again while its members and people work. Afterwards every
// receipt is a case, one for each incident, and the alerts that everybody has seen
// are one whole chain without a double.
func TestKill(t *testing.T) {
	kills := setting(t, "ISAC_KILLS", 20)
	seed := setting(t, "ISAC_SEED", rand.Uint64())
	t.Logf("ISAC_KILLS=%d ISAC_SEED=%d", kills, seed)
	moments := rand.New(rand.NewPCG(seed, 0))
	s := newSite(t, "")
	p := s.start(t)
	x := newStorm(t, s, p)
	entries := x.during(func() {
		for range kills {
			p = s.die(t, p, moments)
		}
		p.ready(t)
	})
	p.stop(t)
	x.checkFolder(s.data, entries)
	checkReplay(t, s, len(entries))
}

// A new hub dies again and again while it makes its keys and streams: it starts all
// the same.
func TestKillOfANewHub(t *testing.T) {
	seed := setting(t, "ISAC_SEED", rand.Uint64())
	t.Logf("ISAC_SEED=%d", seed)
	moments := rand.New(rand.NewPCG(seed, 1))
	begun := time.Now()
	first := newSite(t, "").start(t)
	span := int64(time.Since(begun))
	first.stop(t)
	for range 3 {
		waits := make([]time.Duration, 5)
		for i := range waits {
			waits[i] = time.Duration(moments.Int64N(span))
		}
		t.Run("one", func(t *testing.T) {
			t.Parallel()
			dieYoung(t, waits)
		})
	}
}

// dieYoung starts a new hub and kills it after each of the waits.
func dieYoung(t *testing.T, waits []time.Duration) {
	s := newSite(t, "")
	for _, w := range waits {
		p := launch(t, s.serve(t), s.data)
		time.Sleep(w)
		p.kill()
	}
	p := s.start(t)
	members := p.list(t, 20)
	if _, _, err := p.dial(t, members[0].ID).Report(t.Context(), hubtest.Bundle(members[0], "one", "1", address(1))); err != nil {
		t.Error(err)
	}
	p.stop(t)
}

// The hub dies again and again while cases come to their end: no case key outlives
// its case, not even in the files of the streams.
func TestKillWhileShredding(t *testing.T) {
	kills := setting(t, "ISAC_KILLS", 20) / 2
	seed := setting(t, "ISAC_SEED", rand.Uint64())
	t.Logf("ISAC_KILLS=%d ISAC_SEED=%d", 2*kills, seed)
	moments := rand.New(rand.NewPCG(seed, 2))
	s := newSite(t, "", `retention = "2160h"`, `retention = "1s"`)
	p := s.start(t)
	members := p.list(t, 20)
	conn := p.dial(t, members[0].ID, nats.CustomReconnectDelay(func(int) time.Duration { return 100 * time.Millisecond }))
	n := 0
	for range kills {
		p.ready(t)
		for range 8 {
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
			_, _, _ = conn.Report(ctx, hubtest.Bundle(members[0], fmt.Sprint(n), "1", address(n))) // one that fails leaves nothing to shred
			cancel()
			n++
		}
		time.Sleep(time.Duration(moments.Int64N(int64(1500 * time.Millisecond))))
		p.kill()
		p = launch(t, s.serve(t), s.data)
	}
	p.ready(t)
	poll(t, "the end of all cases", func() bool {
		left := 0
		for path, data := range files(t, filepath.Join(s.data, "streams")) {
			switch filepath.Base(filepath.Dir(filepath.Dir(path))) {
			case natsbus.Keys:
				left += strings.Count(data, `"epoch"`)
			case natsbus.Intake, natsbus.Vault:
				left += strings.Count(data, "age-encryption.org")
			}
		}
		return left == 0
	})
	p.stop(t)
	checkReplay(t, s, 0)
}

// reportAll reports as all reporters until ctx ends.
func (x *storm) reportAll(ctx context.Context) {
	all := make(chan struct{})
	for _, r := range x.reporters {
		go func() {
			x.report(ctx, r)
			all <- struct{}{}
		}()
	}
	for range x.reporters {
		<-all
	}
}

// die kills the hub at a random moment, of its start one time in four and of its
// work else, and starts it anew.
func (s site) die(t *testing.T, p *process, moments *rand.Rand) *process {
	t.Helper()
	if moments.IntN(4) == 0 {
		time.Sleep(time.Duration(moments.Int64N(int64(time.Second))))
	} else {
		p.ready(t)
		time.Sleep(time.Duration(moments.Int64N(int64(2500 * time.Millisecond))))
	}
	select {
	case <-p.done:
		t.Fatalf("the hub ended by itself:\n%s", p.out.String())
	default:
	}
	p.kill()
	if text := p.out.String(); strings.Contains(text, "panic") || strings.Contains(text, "DATA RACE") {
		t.Errorf("the hub said:\n%s", text)
	}
	return launch(t, s.serve(t), s.data)
}

// settle waits until nothing is under way: every receipt is a case, and every case
// that was consented to is out or recalled, as it should be.
func (x *storm) settle() {
	x.t.Helper()
	for _, r := range x.reporters {
		receipts, _ := r.held()
		for _, number := range receipts {
			poll(x.t, "a case of each receipt", func() bool {
				ctx, cancel := context.WithTimeout(x.t.Context(), 5*time.Second)
				defer cancel()
				_, err := r.conn.Status(ctx, number)
				return err == nil
			})
		}
	}
	poll(x.t, "the end of all decisions", func() bool {
		list, err := x.cases(x.t.Context(), x.consenter)
		for _, c := range list {
			for _, s := range c.Stages {
				out := s.State == string(review.Released) && !recalled(*s.Alert)
				if !out && s.State != string(review.Recalled) && s.State != string(review.Closed) {
					return false
				}
			}
		}
		return err == nil
	})
}

// checkAlerts wants the whole log to be one chain of genuine entries without a
// double, and every watcher to have seen each once.
func (x *storm) checkAlerts() []deliver.Entry {
	t := x.t
	t.Helper()
	fresh := &watcher{t: t, conn: x.watchers[0].conn}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	key := fresh.conn.AlertKey
	x.work.Go(func() { _ = fresh.follow(ctx) })
	var entries []deliver.Entry
	poll(t, "the whole log at everybody", func() bool { // one whose question died with a hub waits before it asks again
		entries = fresh.seen()
		for _, w := range x.watchers {
			if len(entries) == 0 || len(w.seen()) != len(entries) {
				return false
			}
		}
		return true
	})
	versions := map[string]bool{}
	var chain deliver.Chain
	for _, e := range entries {
		err := deliver.Verify(key, e)
		if err == nil {
			chain, err = chain.Next(e)
		}
		if err != nil {
			t.Errorf("entry %d: %v", e.Number, err)
		}
		version := e.ID + " " + strconv.Itoa(e.Version)
		if versions[version] {
			t.Errorf("entry %d is a double", e.Number)
		}
		versions[version] = true
	}
	for i, w := range x.watchers {
		got := w.seen()
		if len(got) != len(entries) {
			t.Errorf("watcher %d saw %d entries, want %d", i, len(got), len(entries))
			continue
		}
		for j, e := range got {
			if e.Number != entries[j].Number || e.Digest != entries[j].Digest {
				t.Errorf("watcher %d saw another entry %d", i, e.Number)
			}
		}
	}
	return entries
}

// checkCases wants one case for each incident, and each released stage to be one
// alert of the log.
func (x *storm) checkCases(entries []deliver.Entry) {
	t := x.t
	t.Helper()
	ids := map[string]bool{}
	for _, e := range entries {
		ids[e.ID] = true
	}
	total := 0
	for i, r := range x.reporters {
		_, incidents := r.held()
		cases, err := x.cases(t.Context(), r.person)
		if err != nil {
			t.Fatal(err)
		}
		total += incidents
		if len(cases) != incidents {
			t.Errorf("reporter %d has %d cases for %d incidents", i, len(cases), incidents)
		}
		for _, c := range cases {
			for _, s := range c.Stages {
				if s.Alert == nil {
					continue
				}
				if !ids[s.Alert.ID] {
					t.Errorf("an alert of a case isn't in the log, or twice in cases")
				}
				delete(ids, s.Alert.ID)
			}
		}
	}
	if len(ids) != 0 {
		t.Errorf("%d alerts are of no case", len(ids))
	}
	t.Logf("%d incidents, %d entries of the alert log", total, len(entries))
}

// checkFolder wants no byte of what was recalled for a whole case to lie anywhere.
func (x *storm) checkFolder(dir string, entries []deliver.Entry) {
	t := x.t
	t.Helper()
	out := map[string]bool{} // addresses in alerts that are out
	gone := 0
	var wanted [][]byte
	for _, e := range entries {
		if e.Kind == hub.Recalled {
			gone++
		}
	}
	for n := range 450 {
		for _, e := range entries {
			if bytes.Contains(e.Bundle, []byte(address(n))) {
				out[address(n)] = true
			}
		}
		if !out[address(n)] {
			wanted = append(wanted, []byte(address(n)))
		}
	}
	t.Logf("%d recalls, %d addresses are in alerts that are out", gone, len(out))
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		for _, w := range wanted {
			if bytes.Contains(data, w) {
				t.Errorf("%s was recalled and stands in %s", w, path)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// checkReplay wants the views to be what the log says.
func checkReplay(t *testing.T, s site, alerts int) {
	t.Helper()
	code, out, errs := run(t, "replay", "--config", s.config, "--json")
	var c struct {
		Alerts int  `json:"alerts"`
		Same   bool `json:"same"`
	}
	err := json.Unmarshal([]byte(out), &c)
	if code != 0 || err != nil || !c.Same || c.Alerts != alerts {
		t.Errorf("replay ends with %d, %s%s, want %d alerts and the same view", code, out, errs, alerts)
	}
}
