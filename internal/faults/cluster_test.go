package faults_test

import (
	"context"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"isac/hub/deliver"
	"isac/internal/cluster"
)

var natsServer struct {
	once    sync.Once
	program string
	err     error
}

// servers starts three NATS servers that know the hub of the data folder.
func servers(t *testing.T, data string) *cluster.Cluster {
	t.Helper()
	isacd(t) // makes the folder of programs
	natsServer.once.Do(func() { natsServer.program, natsServer.err = cluster.Build(built.folder) })
	if natsServer.err != nil {
		t.Fatal(natsServer.err)
	}
	c, err := cluster.Start(cluster.Options{Program: natsServer.program, Data: data, Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Stop() })
	return c
}

// clustered picks ports and settings of n nodes of a hub whose log three servers keep.
func clustered(t *testing.T, n int) ([]site, *cluster.Cluster) {
	t.Helper()
	all := []site{newSite(t, "")}
	c := servers(t, all[0].data)
	for len(all) < n {
		all = append(all, newSite(t, ""))
	}
	for _, s := range all {
		s.set(t, "nats = %q\nbase_url = \"http://hub.example\"\n", c.URL())
	}
	return all, c
}

// join gives a new node what an operator copies from one that runs.
func (s site) join(t *testing.T, from site) {
	t.Helper()
	for _, name := range []string{"keys", "nats"} {
		if err := os.CopyFS(filepath.Join(s.data, name), os.DirFS(filepath.Join(from.data, name))); err != nil {
			t.Fatal(err)
		}
	}
	about, err := os.ReadFile(filepath.Join(from.data, "hub.json"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(s.data, "hub.json"), string(about))
}

// front takes connections for several nodes and gives each to one that is up, as what
// stands before them does.
func front(t *testing.T, nodes []site) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			go forward(in, nodes)
		}
	}()
	return l.Addr().String()
}

func forward(in net.Conn, nodes []site) {
	defer in.Close()
	for _, i := range rand.Perm(len(nodes)) {
		out, err := net.Dial("tcp", nodes[i].http)
		if err != nil {
			continue
		}
		go func() {
			_, _ = io.Copy(out, in)
			_ = out.Close()
		}()
		_, _ = io.Copy(in, out)
		_ = out.Close()
		return
	}
}

// during lets something go wrong while people and machines are at work, and checks what
// became of all that was sent and decided. It returns the alert log.
func (x *storm) during(weather func()) []deliver.Entry {
	t := x.t
	t.Helper()
	watching, stopWatching := context.WithCancel(t.Context())
	defer stopWatching()
	for _, w := range x.watchers {
		x.work.Go(func() {
			if err := w.follow(watching); err != nil {
				t.Errorf("watching: %v", err)
			}
		})
	}
	deciding, stopDeciding := context.WithCancel(t.Context())
	defer stopDeciding()
	x.decide(deciding)
	reporting, stopReporting := context.WithCancel(t.Context())
	defer stopReporting()
	done := make(chan struct{})
	go func() {
		defer close(done)
		x.reportAll(reporting)
	}()
	weather()
	stopReporting()
	<-done
	x.settle()
	stopDeciding()
	entries := x.checkAlerts()
	x.checkCases(entries)
	stopWatching()
	x.work.Wait()
	x.history.check(t)
	waits := x.waits()
	t.Logf("%d receipts, waited for: median %s, longest %s", len(waits), waits[len(waits)/2], waits[len(waits)-1])
	return entries
}

// Two nodes of a hub share the work, and three NATS servers keep the log. One of the five
// dies, comes back and has caught up; then another. Members' clients try until there is a
// receipt, people come in through whatever stands before the nodes: nobody loses anything.
//
//	ISAC_CLUSTER_KILLS=50 go test -run PartsOfACluster -v -timeout 1h ./internal/faults
//	ISAC_CLUSTER_KILLS=50 ISAC_CLUSTER_OF=servers …    # or nodes: those alone die
func TestPartsOfAClusterDie(t *testing.T) {
	kills := setting(t, "ISAC_CLUSTER_KILLS", 2)
	seed := setting(t, "ISAC_SEED", rand.Uint64())
	t.Logf("ISAC_CLUSTER_KILLS=%d ISAC_SEED=%d", kills, seed)
	moments := rand.New(rand.NewPCG(seed, 3))
	nodes, c := clustered(t, 2)
	running := []*process{nodes[0].start(t), nil}
	nodes[1].join(t, nodes[0])
	running[1] = nodes[1].start(t)
	outside := nodes[0]
	outside.http = front(t, nodes)
	server := func(i int) {
		if err := c.Servers[i].Kill(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(moments.Int64N(int64(5 * time.Second))))
		if err := c.Servers[i].Start(); err != nil {
			t.Fatal(err)
		}
		poll(t, "a whole cluster", c.Healthy)
	}
	node := func(i int) {
		running[i].kill()
		if text := running[i].out.String(); strings.Contains(text, "panic") || strings.Contains(text, "DATA RACE") {
			t.Errorf("the hub said:\n%s", text)
		}
		time.Sleep(time.Duration(moments.Int64N(int64(10 * time.Second))))
		running[i] = nodes[i].start(t)
	}
	only := os.Getenv("ISAC_CLUSTER_OF")
	x := newStorm(t, outside, running[0])
	x.several = true
	entries := x.during(func() {
		for n := range kills {
			time.Sleep(time.Second + time.Duration(moments.Int64N(int64(2*time.Second))))
			if only == "nodes" || only == "" && n%2 == 1 {
				node(moments.IntN(len(nodes)))
			} else {
				server(moments.IntN(cluster.Size))
			}
		}
	})
	for i, p := range running {
		p.stop(t)
		checkReplay(t, nodes[i], len(entries))
	}
}

// waits are how long members waited for each receipt, in order.
func (x *storm) waits() []time.Duration {
	var all []time.Duration
	for _, r := range x.reporters {
		r.mu.Lock()
		all = append(all, r.waited...)
		r.mu.Unlock()
	}
	slices.Sort(all)
	return all
}
