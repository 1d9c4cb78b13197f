package natsbus

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"isac/hub"
)

// spare is how much room on the disk reports may not use up, in bytes: what was
// received must still be drafted, decided and released.
const spare = 64 << 20

// Room refuses, as hub.Unavailable, when the disk of the embedded server is all but
// full. An external server's disk is its operator's to watch.
func (b *Bus) Room() error {
	if b.server == nil {
		return nil
	}
	return Room(b.streams.StoreDir)
}

// Room is the same for the disk that a folder lies on.
func Room(dir string) error {
	n, err := room(dir)
	if err != nil || n >= spare {
		return nil // where it isn't known, the store itself will say
	}
	return hub.E(hub.Unavailable, "error.disk-full")
}

// Ready tells whether the streams take what is stored.
func (b *Bus) Ready() error {
	if !b.NC.IsConnected() {
		return hub.E(hub.Unavailable, "error.unavailable")
	}
	return b.storing()
}

// storing tells whether the embedded server's streams all store.
func (b *Bus) storing() error {
	if b.server == nil {
		return nil
	}
	if b.eraseFailed.Load() {
		return hub.E(hub.Unavailable, "error.storing")
	}
	for _, e := range b.server.Healthz(&server.HealthzOptions{Details: true}).Errors {
		if e.Type == server.HealthzErrorJetStream || e.Type == server.HealthzErrorStream {
			return &hub.Error{Kind: hub.Unavailable, Text: "error.storing", Err: fmt.Errorf("checking streams: %s", e.Error)}
		}
	}
	return nil
}

// startTending tends the streams until Close.
func (b *Bus) startTending() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		b.tend(ctx)
	}()
	b.stop = func() {
		cancel()
		<-done
	}
}

// tend keeps the embedded server's streams going. After a write that failed, such as
// on a full disk, the server takes nothing more for a stream until it has read the
// stream anew: that is done as soon as there is room and the disk keeps what is written.
// Until then the streams are off, so that whoever stores hears it at once and doesn't wait for an answer.
func (b *Bus) tend(ctx context.Context) {
	for tick := time.NewTicker(time.Second); ; {
		select {
		case <-ctx.Done():
			tick.Stop()
			return
		case <-tick.C:
		}
		if b.storing() == nil {
			continue
		}
		_ = b.server.ShutdownJetStream() // without a cluster it can't fail
		b.eraseFailed.Store(false)
		if b.Room() == nil && keeps(b.streams.StoreDir) == nil && finishErasing(streamsFolder(b.authority, b.streams.StoreDir)) == nil {
			c := b.streams
			_ = b.server.EnableJetStream(&c) // if it fails, again at the next tick
		}
	}
}

// keeps tells whether the disk that a folder lies on takes a small file and syncs it.
func keeps(dir string) error {
	f, err := os.CreateTemp(dir, "try-*")
	if err != nil {
		return fmt.Errorf("trying the disk: %w", err)
	}
	_, err = f.WriteAt(make([]byte, 4<<10), 0) // as the server writes
	err = errors.Join(err, f.Sync(), f.Close(), os.Remove(f.Name()))
	if err != nil {
		return fmt.Errorf("trying the disk: %w", err)
	}
	return nil
}

// streamsFolder is where the server keeps the hub's streams, each in a folder.
func streamsFolder(a *Authority, dir string) string {
	return filepath.Join(dir, server.JetStreamStoreDir, public(a.hub), "streams")
}

// streamsConfig is how the server itself starts its streams.
func streamsConfig(o *server.Options) server.JetStreamConfig {
	return server.JetStreamConfig{
		StoreDir: o.StoreDir, SyncInterval: o.SyncInterval, SyncAlways: o.SyncAlways, Strict: !o.NoJetStreamStrict,
		MaxMemory: o.JetStreamMaxMemory, MaxStore: o.JetStreamMaxStore, Domain: o.JetStreamDomain, CompressOK: true,
	}
}
