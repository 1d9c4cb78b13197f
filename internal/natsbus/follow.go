package natsbus

import (
	"context"
	"fmt"
	"time"
)

// Shared reports whether other nodes of the hub may use the same streams.
func (b *Bus) Shared() bool { return b.server == nil }

// Follow gives every message on the subject (wildcards allowed) with a sequence above
// after, in order, to each, as they are stored, until ctx ends. Where the server can't
// be asked it tries again, and goes on behind the last message that each took. What each
// can't take is given again; failed is told why.
func (b *Bus) Follow(ctx context.Context, stream, subject string, after uint64, each func(Message) error, failed func(error)) {
	for ctx.Err() == nil {
		err := b.follow(ctx, stream, subject, after, func(m Message) error {
			err := each(m)
			if err == nil {
				after = m.Seq
			}
			return err
		})
		if ctx.Err() != nil {
			return
		}
		failed(err)
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
}

// follow reads on from after until something fails.
func (b *Bus) follow(ctx context.Context, stream, subject string, after uint64, each func(Message) error) error {
	s, err := b.JS.Stream(ctx, stream)
	if err != nil {
		return fmt.Errorf("opening stream %s: %w", stream, err)
	}
	return b.readTo(ctx, s, subject, after, ^uint64(0), each)
}
