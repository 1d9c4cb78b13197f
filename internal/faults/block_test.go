package faults_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"isac/internal/hubtest"
)

// The disk of one of three servers spoils what it keeps: bytes in the middle of every block
// of every stream. The server comes back, another dies, and the hub works with the spoilt
// one: every receipt is a case still, and the log reads as before.
func TestSpoiltReplica(t *testing.T) {
	nodes, c := clustered(t, 1)
	p := nodes[0].start(t)
	members := p.list(t, 20)
	conn := p.dial(t, members[0].ID)
	var receipts []string
	report := func(n int) error {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		r, _, err := conn.Report(ctx, hubtest.Bundle(members[0], fmt.Sprint(n), "1", address(n)))
		if err == nil {
			receipts = append(receipts, r.Number)
		}
		return err
	}
	for n := range 5 {
		poll(t, "a receipt", func() bool { return report(n) == nil })
	}
	wantCases(t, conn, receipts)
	spoilt, other := c.Servers[1], c.Servers[0]
	if err := spoilt.Kill(); err != nil {
		t.Fatal(err)
	}
	blocks, bytes := spoilBlocks(t, spoilt.Dir)
	begun := time.Now()
	if err := spoilt.Start(); err != nil {
		t.Fatal(err)
	}
	poll(t, "a whole cluster", c.Healthy)
	healed := time.Since(begun)
	if err := other.Kill(); err != nil {
		t.Fatal(err)
	}
	wantCases(t, conn, receipts)
	poll(t, "a receipt with the spoilt replica", func() bool { return report(100) == nil })
	wantCases(t, conn, receipts)
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	poll(t, "a whole cluster", c.Healthy)
	t.Logf("%d blocks with %d bytes were spoilt; the server had all again after %s; %d receipts", blocks, bytes, healed.Round(time.Millisecond), len(receipts))
	p.stop(t)
	checkReplay(t, nodes[0], 0)
}

// spoilBlocks turns over 16 bytes in the middle of each block of a server's streams, not of
// what the servers agree by.
func spoilBlocks(t *testing.T, dir string) (blocks int, bytes int64) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && d.Name() == "_js_" {
			return fs.SkipDir
		}
		if filepath.Ext(path) != ".blk" {
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil || len(data) < 64 {
			return err
		}
		for i := len(data) / 2; i < len(data)/2+16; i++ {
			data[i] ^= 0xff
		}
		blocks++
		bytes += int64(len(data))
		return os.WriteFile(path, data, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	if blocks == 0 {
		t.Fatal("no block was found: the test proves nothing")
	}
	return blocks, bytes
}
