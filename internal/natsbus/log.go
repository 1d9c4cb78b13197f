package natsbus

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"isac/hub"
)

// Message is one stored message of a stream.
type Message struct {
	Subject string
	Seq     uint64
	Header  nats.Header
	Data    []byte
}

// AnySeq tells Append not to compare the last sequence of the subject.
const AnySeq = ^uint64(0)

// wrongLastSequence is the server's error code for a stale expectation.
const wrongLastSequence = 10071

// maxData is what fits into a message beside its headers.
const maxData = maxMessage - 16<<10

// Append stores data on the subject, on disk before it returns, if the last
// message of that subject has the sequence last (0: there is none; AnySeq: no
// matter). A stale last is a hub.Conflict.
func (b *Bus) Append(ctx context.Context, subject string, last uint64, header nats.Header, data []byte) (uint64, error) {
	if len(data) > maxData {
		return 0, hub.E(hub.TooLarge, "error.too-large", "8 MiB")
	}
	var opts []jetstream.PublishOpt
	if last != AnySeq {
		opts = append(opts, jetstream.WithExpectLastSequencePerSubject(last))
	}
	return b.store(ctx, &nats.Msg{Subject: subject, Header: header, Data: data}, opts...)
}

// oneStore is how long a cluster may take for an answer before it is asked again: its
// leader may have died with the question.
const oneStore = 3 * time.Second

// store stores a message. A cluster is asked until it answers or ctx ends; where an
// answer was lost and what is expected isn't so any more, the message itself may be why.
func (b *Bus) store(ctx context.Context, m *nats.Msg, opts ...jetstream.PublishOpt) (uint64, error) {
	if !b.Shared() {
		ack, err := b.JS.PublishMsg(ctx, m, opts...)
		if err != nil {
			return 0, appendError(err)
		}
		return ack.Sequence, nil
	}
	opts = append(opts, jetstream.WithRetryAttempts(1000), jetstream.WithRetryWait(250*time.Millisecond)) // while nobody leads the stream nothing is stored
	for unsure := false; ; unsure = true {
		once, cancel := context.WithTimeout(ctx, oneStore)
		ack, err := b.JS.PublishMsg(once, m, opts...)
		late := once.Err() != nil
		cancel()
		if err == nil {
			return ack.Sequence, nil
		}
		if unsure && hub.KindOf(appendError(err)) == hub.Conflict {
			seq, ok := b.stands(ctx, m)
			if ok {
				return seq, nil
			}
		}
		if !late || ctx.Err() != nil {
			return 0, appendError(err)
		}
	}
}

// stands tells whether a message is the last on its subject, and its sequence. What is
// empty can't be told from another's.
func (b *Bus) stands(ctx context.Context, m *nats.Msg) (uint64, bool) {
	name, err := b.JS.StreamNameBySubject(ctx, m.Subject)
	if err != nil || len(m.Data) == 0 {
		return 0, false
	}
	have, err := b.Last(ctx, name, m.Subject)
	return have.Seq, err == nil && bytes.Equal(have.Data, m.Data)
}

// Last returns the newest message on the subject, or a hub.NotFound.
func (b *Bus) Last(ctx context.Context, stream, subject string) (Message, error) {
	s, err := b.JS.Stream(ctx, stream)
	if err != nil {
		return Message{}, fmt.Errorf("opening stream %s: %w", stream, err)
	}
	m, err := s.GetLastMsgForSubject(ctx, subject)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return Message{}, &hub.Error{Kind: hub.NotFound, Text: "error.not-found", Err: err}
	}
	if err != nil {
		return Message{}, fmt.Errorf("reading stream %s: %w", stream, err)
	}
	return Message{m.Subject, m.Sequence, m.Header, m.Data}, nil
}

// Read gives all messages on the subject (wildcards allowed) with a sequence above
// after, in order, to each. It ends at the last message stored when it began.
func (b *Bus) Read(ctx context.Context, stream, subject string, after uint64, each func(Message) error) error {
	s, err := b.JS.Stream(ctx, stream)
	if err != nil {
		return fmt.Errorf("opening stream %s: %w", stream, err)
	}
	end, err := s.GetLastMsgForSubject(ctx, subject)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading stream %s: %w", stream, err)
	}
	if end.Sequence <= after {
		return nil
	}
	return b.readTo(ctx, s, subject, after, end.Sequence, each)
}

func (b *Bus) readTo(ctx context.Context, s jetstream.Stream, subject string, after, end uint64, each func(Message) error) error {
	c, err := s.OrderedConsumer(ctx, jetstream.OrderedConsumerConfig{
		FilterSubjects: []string{subject},
		DeliverPolicy:  jetstream.DeliverByStartSequencePolicy,
		OptStartSeq:    after + 1,
	})
	if err != nil {
		return fmt.Errorf("reading stream: %w", err)
	}
	it, err := c.Messages()
	if err != nil {
		return fmt.Errorf("reading stream: %w", err)
	}
	defer it.Stop()
	for {
		m, err := it.Next(jetstream.NextContext(ctx))
		if err != nil {
			return fmt.Errorf("reading stream: %w", err)
		}
		meta, err := m.Metadata()
		if err != nil {
			return fmt.Errorf("reading stream: %w", err)
		}
		err = each(Message{m.Subject(), meta.Sequence.Stream, m.Headers(), m.Data()})
		if err != nil {
			return err
		}
		if meta.Sequence.Stream >= end {
			return nil
		}
	}
}

// Subject reads the messages on one subject (no wildcard) one by one; for a
// handful of messages it is quicker than Read.
func (b *Bus) Subject(ctx context.Context, stream, subject string) ([]Message, error) {
	s, err := b.JS.Stream(ctx, stream)
	if err != nil {
		return nil, fmt.Errorf("opening stream %s: %w", stream, err)
	}
	var out []Message
	for next := uint64(1); ; {
		m, err := s.GetMsg(ctx, next, jetstream.WithGetMsgSubject(subject))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading stream %s: %w", stream, err)
		}
		out = append(out, Message{m.Subject, m.Sequence, m.Header, m.Data})
		next = m.Sequence + 1
	}
}

// Subjects lists the subjects in the stream that match (wildcards allowed), without
// reading what is stored on them.
func (b *Bus) Subjects(ctx context.Context, stream, match string) ([]string, error) {
	s, err := b.JS.Stream(ctx, stream)
	if err != nil {
		return nil, fmt.Errorf("opening stream %s: %w", stream, err)
	}
	info, err := s.Info(ctx, jetstream.WithSubjectFilter(match))
	if err != nil {
		return nil, fmt.Errorf("reading stream %s: %w", stream, err)
	}
	return slices.Sorted(maps.Keys(info.State.Subjects)), nil
}

// Erase overwrites every message on the subject in the stream's live file and
// deletes it. It returns how many there were.
func (b *Bus) Erase(ctx context.Context, stream, subject string) (int, error) {
	messages, err := b.Subject(ctx, stream, subject)
	if err != nil {
		return 0, err
	}
	for _, m := range messages {
		err := b.EraseOne(ctx, stream, m.Seq)
		if err != nil {
			return 0, err
		}
	}
	return len(messages), nil
}

// EraseOne overwrites and deletes one message by its sequence, unless it is gone. If
// the server can't, it takes nothing more for the stream, and says from then on that
// there is no such message, though its bytes are still there: the streams need tending.
func (b *Bus) EraseOne(ctx context.Context, stream string, seq uint64) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	question, err := json.Marshal(server.JSApiMsgDeleteRequest{Seq: seq})
	if err != nil {
		return err
	}
	reply, err := b.NC.RequestWithContext(ctx, fmt.Sprintf(server.JSApiMsgDeleteT, stream), question)
	if err != nil {
		return fmt.Errorf("erasing from stream %s: %w", stream, err)
	}
	var answer server.JSApiMsgDeleteResponse
	err = json.Unmarshal(reply.Data, &answer)
	if err != nil {
		return fmt.Errorf("erasing from stream %s: %w", stream, err)
	}
	switch e := answer.Error; {
	case answer.Success || server.IsNatsErr(e, server.JSSequenceNotFoundErrF):
		return nil
	case server.IsNatsErr(e, server.JSStreamMsgDeleteFailedF) && e.Description == server.ErrStoreMsgNotFound.Error():
		return nil
	case server.IsNatsErr(e, server.JSStreamMsgDeleteFailedF):
		b.eraseFailed.Store(true)
	}
	return fmt.Errorf("erasing from stream %s: %w", stream, answer.ToError())
}

// AppendLast stores data on the subject if the last message of the whole stream has
// the sequence last. A stale last is a hub.Conflict.
func (b *Bus) AppendLast(ctx context.Context, subject string, last uint64, header nats.Header, data []byte) (uint64, error) {
	if len(data) > maxData {
		return 0, hub.E(hub.TooLarge, "error.too-large", "8 MiB")
	}
	return b.store(ctx, &nats.Msg{Subject: subject, Header: header, Data: data}, jetstream.WithExpectLastSequence(last))
}

func appendError(err error) error {
	api, ok := errors.AsType[*jetstream.APIError](err)
	if ok && api.ErrorCode == wrongLastSequence {
		return &hub.Error{Kind: hub.Conflict, Text: "error.conflict", Err: err}
	}
	return &hub.Error{Kind: hub.Unavailable, Text: "error.storing", Err: fmt.Errorf("storing message: %w", err)}
}

// LastSeq returns the sequence of the last message that a stream ever stored.
func (b *Bus) LastSeq(ctx context.Context, stream string) (uint64, error) {
	s, err := b.JS.Stream(ctx, stream)
	if err != nil {
		return 0, fmt.Errorf("opening stream %s: %w", stream, err)
	}
	info, err := s.Info(ctx)
	if err != nil {
		return 0, fmt.Errorf("reading stream %s: %w", stream, err)
	}
	return info.State.LastSeq, nil
}
