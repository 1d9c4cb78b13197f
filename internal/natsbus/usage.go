package natsbus

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Usage is how much of what they may the streams take.
type Usage struct {
	Bytes    uint64   // of all streams
	Limit    uint64   // of the account, 0 for none
	Full     []string // streams that take more than four fifths of their own limit
	Replicas []string // streams of which a replica is away or behind, or that have no leader
}

// Usage asks the server.
func (b *Bus) Usage(ctx context.Context) (Usage, error) {
	account, err := b.JS.AccountInfo(ctx)
	if err != nil {
		return Usage{}, fmt.Errorf("asking for limits: %w", err)
	}
	u := Usage{Bytes: account.Store, Limit: uint64(max(0, account.Limits.MaxStore))}
	list := b.JS.ListStreams(ctx)
	for s := range list.Info() {
		if most := s.Config.MaxBytes; most > 0 && s.State.Bytes > uint64(most)/5*4 {
			u.Full = append(u.Full, s.Config.Name)
		}
		if lame(s.Cluster) {
			u.Replicas = append(u.Replicas, s.Config.Name)
		}
	}
	err = list.Err()
	if err != nil {
		return u, fmt.Errorf("asking for streams: %w", err)
	}
	return u, nil
}

func lame(c *jetstream.ClusterInfo) bool {
	if c == nil || c.Name == "" {
		return false
	}
	for _, r := range c.Replicas {
		if r.Offline || !r.Current {
			return true
		}
	}
	return c.Leader == ""
}

// Waiting counts what a stream holds, and how long the first of it has been there.
func (b *Bus) Waiting(ctx context.Context, stream string, now time.Time) (n int, oldest time.Duration, err error) {
	s, err := b.JS.Stream(ctx, stream)
	if err != nil {
		return 0, 0, fmt.Errorf("opening stream %s: %w", stream, err)
	}
	state := s.CachedInfo().State
	if state.Msgs == 0 {
		return 0, 0, nil
	}
	m, err := s.GetMsg(ctx, state.FirstSeq)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return 0, 0, nil // it was done meanwhile
	}
	if err != nil {
		return 0, 0, fmt.Errorf("reading stream %s: %w", stream, err)
	}
	return int(state.Msgs), now.Sub(m.Time), nil
}

// Free is how many bytes are free where a folder lies, 0 where it isn't known.
func Free(dir string) uint64 {
	n, err := room(dir)
	if err != nil {
		return 0
	}
	return n
}
