package notify

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"isac/hub/notice"
	"isac/internal/store"
	"isac/internal/webhook"
)

// atOnce is how many programs are called side by side.
const atOnce = 8

// callAll sends what is due to programs.
func (n *Notifier) callAll(ctx context.Context) error {
	for ctx.Err() == nil {
		due, err := n.Outbox.DueMessages(ctx, false, n.Now(), batch)
		if err != nil || len(due) == 0 {
			return err
		}
		people := n.whose()
		var all sync.WaitGroup
		slots, failed := make(chan struct{}, atOnce), make(chan error, len(due))
		for _, m := range due {
			slots <- struct{}{}
			all.Go(func() {
				failed <- n.call(ctx, people[string(m.Name)], m)
				<-slots
			})
		}
		all.Wait()
		close(failed)
		for err := range failed {
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// call sends one message to a program and notes what became of it.
func (n *Notifier) call(ctx context.Context, person string, m store.Message) error {
	s, err := n.Of(ctx, person)
	if err != nil {
		return n.unreadable(ctx, m)
	}
	at := slices.IndexFunc(s.Hooks, func(h Hook) bool { return h.ID == m.Channel })
	if person == "" || at < 0 { // nobody wants it any more
		return n.Outbox.Sent(ctx, m.ID)
	}
	h := s.Hooks[at]
	body, ok, err := n.payload(ctx, h, m)
	if err != nil {
		return err
	}
	if !ok {
		return n.Outbox.Sent(ctx, m.ID)
	}
	err = n.Hooks.Post(ctx, webhook.Call{URL: h.URL, ID: "msg_" + idText(m), Secret: h.Secret, Body: body, At: n.Now()})
	if err == nil {
		n.count("")
		return n.Outbox.Sent(ctx, m.ID)
	}
	if ctx.Err() != nil {
		return nil // it is tried again after the start
	}
	var r *webhook.Refusal
	errors.As(err, &r)
	n.Log.Warn("webhook not called", "class", r.Class)
	if r.Gone || r.Class == "inside" || m.Tries >= len(waits) {
		n.count("address")
		return n.Outbox.GiveUp(ctx, m.ID, r.Class)
	}
	n.count("server")
	return n.Outbox.Again(ctx, m.ID, n.Now().Add(waits[m.Tries]), r.Class)
}

// payload writes a message to a program; ok is false where there is nothing to say any
// more.
func (n *Notifier) payload(ctx context.Context, h Hook, m store.Message) (body []byte, ok bool, err error) {
	kind, of, _ := strings.Cut(m.What, " ")
	switch kind {
	case "test":
		return n.Words.TestPayload(h.Format, h.Lang), true, nil
	case "alert":
		var one notice.Notice
		one, ok, err = n.entry(ctx, of)
		if err != nil || !ok {
			return nil, false, err
		}
		return n.Words.Payload(one, h.Format, h.Lang), true, nil
	}
	return nil, false, nil
}
