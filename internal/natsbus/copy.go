package natsbus

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// State says which messages of a stream there are: those with sequences from First to
// Last, but for the Gone, which were erased, replaced or done. An empty stream has a
// First above its Last.
type State struct {
	First, Last uint64
	Gone        []uint64 // rising
}

// Live counts the messages with sequences from one to another, both included.
func (s State) Live(from, to uint64) int {
	from, to = max(from, s.First), min(to, s.Last)
	if from > to {
		return 0
	}
	low, _ := slices.BinarySearch(s.Gone, from)
	high, _ := slices.BinarySearch(s.Gone, to+1)
	return int(to-from+1) - (high - low)
}

// State asks for the state of a stream.
func (b *Bus) State(ctx context.Context, stream string) (State, error) {
	s, err := b.JS.Stream(ctx, stream)
	if err != nil {
		return State{}, fmt.Errorf("opening stream %s: %w", stream, err)
	}
	info, err := s.Info(ctx, jetstream.WithDeletedDetails(true))
	if err != nil {
		return State{}, fmt.Errorf("reading stream %s: %w", stream, err)
	}
	slices.Sort(info.State.Deleted)
	return State{First: max(1, info.State.FirstSeq), Last: info.State.LastSeq, Gone: info.State.Deleted}, nil
}

// Range gives the messages of a stream with sequences from one to another, both
// included, in order. What is erased meanwhile may be missing. Headers that told the
// server what to expect when they were stored are left out: they are no part of what
// the messages say.
func (b *Bus) Range(ctx context.Context, stream string, from, to uint64, each func(Message) error) error {
	s, err := b.JS.Stream(ctx, stream)
	if err != nil {
		return fmt.Errorf("opening stream %s: %w", stream, err)
	}
	if s.CachedInfo().Config.Retention == jetstream.WorkQueuePolicy {
		return b.oneByOne(ctx, s, from, to, each) // a reader would be one of the workers
	}
	m, err := s.GetMsg(ctx, from, jetstream.WithGetMsgSubject(">"))
	if errors.Is(err, jetstream.ErrMsgNotFound) || err == nil && m.Sequence > to {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading stream %s: %w", stream, err)
	}
	c, err := s.OrderedConsumer(ctx, jetstream.OrderedConsumerConfig{DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: m.Sequence})
	if err != nil {
		return fmt.Errorf("reading stream %s: %w", stream, err)
	}
	it, err := c.Messages()
	if err != nil {
		return fmt.Errorf("reading stream %s: %w", stream, err)
	}
	defer it.Stop()
	for {
		m, err := it.Next(jetstream.NextContext(ctx))
		if err != nil {
			return fmt.Errorf("reading stream %s: %w", stream, err)
		}
		meta, err := m.Metadata()
		if err != nil {
			return fmt.Errorf("reading stream %s: %w", stream, err)
		}
		if meta.Sequence.Stream > to {
			return nil
		}
		err = each(Message{m.Subject(), meta.Sequence.Stream, said(m.Headers()), m.Data()})
		if err != nil || meta.Sequence.Stream == to || meta.NumPending == 0 {
			return err
		}
	}
}

func (b *Bus) oneByOne(ctx context.Context, s jetstream.Stream, from, to uint64, each func(Message) error) error {
	for next := from; next <= to; {
		m, err := s.GetMsg(ctx, next, jetstream.WithGetMsgSubject(">"))
		if errors.Is(err, jetstream.ErrMsgNotFound) || err == nil && m.Sequence > to {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading stream: %w", err)
		}
		err = each(Message{m.Subject, m.Sequence, said(m.Header), m.Data})
		if err != nil {
			return err
		}
		next = m.Sequence + 1
	}
	return nil
}

// said are the headers of a message without those for the server.
func said(all nats.Header) nats.Header {
	var out nats.Header
	for name, values := range all {
		if strings.HasPrefix(name, "Nats-") {
			continue
		}
		if out == nil {
			out = nats.Header{}
		}
		out[name] = values
	}
	return out
}

// Copy writes a stream so that it equals another, sequence by sequence: what was erased
// there is a gap here too.
type Copy struct {
	bus     *Bus
	stream  jetstream.Stream
	config  jetstream.StreamConfig
	next    uint64
	pending []jetstream.PubAckFuture
}

// inFlight is how many messages of a copy wait for their acknowledgement.
const inFlight = 256

// OpenCopy makes the stream, or goes on with one whose copy was cut short: Next is the
// first sequence that it lacks.
func (b *Bus) OpenCopy(ctx context.Context, stream string, of State) (*Copy, error) {
	all := streamConfigs(replicas(b.url))
	at := slices.IndexFunc(all, func(c jetstream.StreamConfig) bool { return c.Name == stream })
	if at < 0 {
		return nil, fmt.Errorf("copying stream %s: no such stream", stream)
	}
	c := &Copy{bus: b, config: all[at]}
	var err error
	c.stream, err = b.JS.Stream(ctx, stream)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		fresh := c.config
		if of.First > 1 {
			fresh.FirstSeq = of.First
		}
		c.stream, err = b.JS.CreateStream(ctx, fresh)
	}
	if err != nil {
		return nil, fmt.Errorf("making stream %s: %w", stream, err)
	}
	have, err := b.State(ctx, stream)
	if err != nil {
		return nil, err
	}
	c.next = max(have.Last+1, of.First)
	return c, nil
}

// Next is the sequence that the next message gets.
func (c *Copy) Next() uint64 { return c.next }

// Put stores a message at its sequence; one that is there already is passed over.
func (c *Copy) Put(ctx context.Context, m Message) error {
	if m.Seq < c.next {
		return nil
	}
	err := c.fill(ctx, m.Seq)
	if err != nil {
		return err
	}
	return c.publish(ctx, &nats.Msg{Subject: m.Subject, Header: m.Header, Data: m.Data})
}

// fill leaves gaps up to a sequence.
func (c *Copy) fill(ctx context.Context, to uint64) error {
	subject := strings.NewReplacer("*", "gap", ">", "gap").Replace(c.config.Subjects[0])
	for c.next < to {
		err := c.publish(ctx, &nats.Msg{Subject: subject})
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *Copy) publish(ctx context.Context, m *nats.Msg) error {
	f, err := c.bus.JS.PublishMsgAsync(m, jetstream.WithExpectLastSequence(c.next-1))
	if err != nil {
		return fmt.Errorf("copying a message: %w", err)
	}
	c.next++
	c.pending = append(c.pending, f)
	if len(c.pending) < inFlight {
		return nil
	}
	return c.settle(ctx)
}

// settle waits until the server has everything.
func (c *Copy) settle(ctx context.Context) error {
	for _, f := range c.pending {
		select {
		case <-f.Ok():
		case err := <-f.Err():
			return fmt.Errorf("copying a message: %w", err)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	c.pending = c.pending[:0]
	return nil
}

// Close ends the copy: gaps at the end are made, and whatever stands in a gap goes.
func (c *Copy) Close(ctx context.Context, of State) error {
	err := c.fill(ctx, of.Last+1)
	if err == nil {
		err = c.settle(ctx)
	}
	if err != nil {
		return err
	}
	have, err := c.bus.State(ctx, c.config.Name)
	if err != nil {
		return err
	}
	for _, seq := range of.Gone {
		if have.Live(seq, seq) == 0 {
			continue
		}
		err := c.stream.DeleteMsg(ctx, seq)
		if err != nil {
			return fmt.Errorf("copying the gap %s: %w", strconv.FormatUint(seq, 10), err)
		}
	}
	return nil
}

// SyncCopied makes an embedded server's files last that were written unsynced. The
// server must be closed.
func SyncCopied(dir string) error {
	err := filepath.WalkDir(filepath.Join(dir, "streams"), func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		return errors.Join(f.Sync(), f.Close())
	})
	if err != nil {
		return fmt.Errorf("syncing the copied log: %w", err)
	}
	return nil
}
