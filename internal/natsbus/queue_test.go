package natsbus_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"isac/internal/natsbus"
)

// lying counts the files below a folder that hold the bytes.
func lying(t *testing.T, dir string, want []byte) (n int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return nil // files come and go while the server runs
		}
		data, err := os.ReadFile(path)
		if err == nil && bytes.Contains(data, want) {
			n++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// A report in INTAKE is sealed to a key that lives for months, so its bytes must not
// outlive their acknowledgement. The server sees to it: when the queue is empty no
// file holds any of them, in whatever order they were taken.
func TestEmptiedQueueKeepsNoBytes(t *testing.T) {
	for name, order := range map[string][]int{"in order": {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, "out of order": {4, 5, 6, 9, 8, 7, 0, 2, 1, 3}} {
		t.Run(name, func(t *testing.T) {
			b, dir := start(t)
			mark := []byte("sealed to a key that lives")
			body := append(bytes.Repeat([]byte{7}, 1<<20), mark...) // several files
			for i := range order {
				if _, err := b.Append(t.Context(), fmt.Sprintf("intake.%d", i), 0, nil, body); err != nil {
					t.Fatal(err)
				}
			}
			if n := lying(t, dir, mark); n < 2 {
				t.Fatalf("%d files hold the messages: the test shows nothing", n)
			}
			c, err := b.JS.CreateOrUpdateConsumer(t.Context(), natsbus.Intake, jetstream.ConsumerConfig{Durable: "draft", AckPolicy: jetstream.AckExplicitPolicy})
			if err != nil {
				t.Fatal(err)
			}
			var all []jetstream.Msg
			for range order {
				m, err := c.Next(jetstream.FetchMaxWait(5 * time.Second))
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, m)
			}
			for _, i := range order {
				if err := all[i].DoubleAck(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			for end := time.Now().Add(10 * time.Second); lying(t, dir, mark) > 0; {
				if time.Now().After(end) {
					t.Fatalf("%d files still hold acknowledged messages", lying(t, dir, mark))
				}
				time.Sleep(10 * time.Millisecond)
			}
		})
	}
}
