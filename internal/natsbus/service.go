package natsbus

import (
	"errors"
	"fmt"
	"strings"

	"github.com/nats-io/nats.go"
)

// Serve answers requests on <prefix>.<member key> with what answer returns; it is
// given the key and the payload only. All nodes of the hub share the work. Work on
// one subscription is done by workers goroutines at once.
func (b *Bus) Serve(prefix string, workers int, answer func(user string, data []byte) []byte) (*nats.Subscription, error) {
	jobs := make(chan *nats.Msg, 4096)
	sub, err := b.NC.QueueSubscribe(prefix+".*", "hub", func(m *nats.Msg) { jobs <- m })
	if err != nil {
		return nil, fmt.Errorf("serving %s: %w", prefix, err)
	}
	sub.SetClosedHandler(func(string) { close(jobs) })
	b.serving.Lock()
	b.served = append(b.served, sub)
	b.serving.Unlock()
	for range workers {
		go func() {
			for m := range jobs {
				reply(m, safely(answer, lastToken(m.Subject), m.Data))
			}
		}()
	}
	return sub, nil
}

// LeaveToOthers leaves all requests to other nodes of the hub from now on, but for those
// that have come. It tells whether there were any to leave.
func (b *Bus) LeaveToOthers() (left bool, err error) {
	b.serving.Lock()
	defer b.serving.Unlock()
	var errs []error
	for _, sub := range b.served {
		errs = append(errs, sub.Drain())
	}
	b.served = nil
	return len(errs) > 0, errors.Join(errs...)
}

// safely keeps a panic of one answer from ending the hub: the member gets no answer
// and asks again. The panic's text may hold a value, so nobody is told it.
func safely(answer func(string, []byte) []byte, user string, data []byte) (out []byte) {
	defer func() {
		if recover() != nil {
			out = nil
		}
	}()
	return answer(user, data)
}

func reply(m *nats.Msg, data []byte) {
	if m.Reply == "" || data == nil {
		return
	}
	// A lost answer is asked for again by the member.
	_ = m.Respond(data)
}

func lastToken(subject string) string {
	return subject[strings.LastIndexByte(subject, '.')+1:]
}

// Publish sends data to subscribers with the header given and no other, and
// flushes it to the server.
func (b *Bus) Publish(subject string, header nats.Header, data []byte) error {
	err := b.NC.PublishMsg(&nats.Msg{Subject: subject, Header: header, Data: data})
	if err != nil {
		return fmt.Errorf("publishing: %w", err)
	}
	err = b.NC.Flush()
	if err != nil {
		return fmt.Errorf("publishing: %w", err)
	}
	return nil
}
