// Package notify tells people of alerts: by mail, and by webhook for their programs. It
// reads the released view, plans a message for each person who wants one and at the
// instant that hub/notice says, and sends what is due from an outbox on disk.
//
// Who wants to be told, where and how is one sealed row a person under a keyed name, as
// with saved searches: a copied database tells neither who nor where. It is no part of the
// log; with several hubs each has its own, and tells those who set it there.
//
// A message is planned once for each person, channel and entry, with the cursor in the log
// moved in the same transaction. It leaves the outbox when the other side has taken it. If
// the hub dies between the two it is sent once more, with the same Message-ID: SMTP knows
// no way to be sure. The text is made when it is sent, of the released entry, which the
// gate let pass in that form too.
//
// The package logs the class of what goes wrong, and never to whom.
//
//	n := notify.New(cfg)
//	go n.Run(ctx)
//	n.Wake() // after a release
package notify

import (
	"context"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"time"

	"isac/hub"
	"isac/hub/analysis"
	"isac/hub/notice"
	"isac/internal/keyring"
	"isac/internal/mail"
	"isac/internal/roster"
	"isac/internal/store"
	"isac/internal/webhook"
)

// Config is what a Notifier needs; every field must be set but where it says otherwise.
type Config struct {
	Outbox   *store.Outbox
	Ring     *keyring.Ring
	Roster   *roster.Roster
	Public   *store.Public
	Calendar notice.Calendar
	Library  *analysis.Library
	Words    notice.Writer
	Server   *mail.Server // nil where no mails are sent
	Hooks    *webhook.Sender
	Now      func() time.Time
	Tick     time.Duration
	Log      *slog.Logger
	// Quiet reports whether nothing live may reach the people of an organisation: an
	// intruder may read their mail. What was meant for them then is on the pages.
	Quiet func(org string) bool
	// Families returns the ids of the product families that there are; nil where none are
	// listed.
	Families func() []string
	// Count is told the class of each message that was tried.
	Count func(kind, class string)
}

// Notifier is safe for concurrent use.
type Notifier struct {
	Config
	mu    sync.Mutex // of settings
	plans sync.Mutex
	moved chan struct{}
	calls chan struct{}
}

// New returns a Notifier.
func New(c Config) *Notifier {
	return &Notifier{Config: c, moved: make(chan struct{}, 1), calls: make(chan struct{}, 1)}
}

// Wake says that there may be something new.
func (n *Notifier) Wake() {
	for _, c := range []chan struct{}{n.moved, n.calls} {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// mailChannel is the channel of mails; others are ids of webhooks.
const mailChannel = "mail"

// Run plans and sends until ctx ends. Programs that answer slowly hold up no mail.
func (n *Notifier) Run(ctx context.Context) {
	var all sync.WaitGroup
	defer all.Wait()
	all.Go(func() { n.loop(ctx, n.moved, n.mails) })
	all.Go(func() { n.loop(ctx, n.calls, n.callAll) })
}

func (n *Notifier) loop(ctx context.Context, wake chan struct{}, send func(context.Context) error) {
	for {
		err := n.Plan(ctx)
		if err == nil {
			err = send(ctx)
		}
		if err != nil && ctx.Err() == nil {
			n.Log.Error("notices not sent", "class", string(hub.KindOf(err)))
		}
		select {
		case <-ctx.Done():
			return
		case <-wake:
		case <-time.After(n.Tick):
		}
	}
}

// Plan plans the messages of entries that weren't planned yet.
func (n *Notifier) Plan(ctx context.Context) error {
	n.plans.Lock()
	defer n.plans.Unlock()
	for {
		after, err := n.Outbox.Planned(ctx)
		if err != nil {
			return err
		}
		rows, err := n.Public.Entries(ctx, after, 50)
		if err != nil || len(rows) == 0 {
			return err
		}
		people, err := n.everybody(ctx)
		if err != nil {
			return err
		}
		var list []store.Message
		last := after
		for _, r := range rows {
			last = r.Number
			if r.Bundle == nil { // recalled before it was told
				continue
			}
			for _, p := range people {
				if p.Clear {
					more, err := n.ofEdition(ctx, p, r.Alert)
					if err != nil {
						return err
					}
					list = append(list, more...)
					continue
				}
				yours, err := n.yours(ctx, p.Settings, r.Alert)
				if err != nil {
					return err
				}
				list = append(list, n.of(p, r.Alert, yours)...)
			}
		}
		err = n.Outbox.Plan(ctx, list, last)
		if err != nil {
			return err
		}
	}
}

// people are those who can be told anything.
func (n *Notifier) people() []hub.Person {
	return slices.DeleteFunc(n.Roster.People(), func(p hub.Person) bool { return n.Quiet(p.Org) })
}

// reader is a person who wants to be told something.
type reader struct {
	ID    string
	Clear bool // is given what everybody may read, and nothing else
	Settings
}

// everybody returns the people of the roster who want to be told, in no order that says
// anything.
func (n *Notifier) everybody(ctx context.Context) ([]reader, error) {
	var out []reader
	for _, p := range n.people() {
		s, err := n.Of(ctx, p.ID)
		if err != nil && ctx.Err() != nil {
			return nil, err
		}
		if err != nil { // those of one person hold up nobody else's
			n.Log.Error("settings of notices not read")
			continue
		}
		if s.Mail.Working() || len(s.Hooks) > 0 {
			out = append(out, reader{p.ID, p.OnlyClear(), s})
		}
	}
	return out, nil
}

// of are the messages to a person of one entry.
func (n *Notifier) of(p reader, a hub.Alert, yours bool) []store.Message {
	var out []store.Message
	add := func(channel string, choice notice.Choice) {
		plan := n.Calendar.For(choice, a, yours)
		switch plan.Way {
		case notice.Everywhere, notice.AtOnce:
			out = append(out, n.message(p.ID, channel, "alert "+strconv.FormatUint(a.Number, 10), plan.At))
		case notice.Weekly:
			out = append(out, n.message(p.ID, channel, "week "+strconv.FormatInt(plan.At.UnixMilli(), 10), plan.At))
		}
	}
	if p.Mail.Working() {
		add(mailChannel, p.Mail.Choice)
	}
	for _, h := range p.Hooks {
		add(h.ID, notice.Choice{AtOnce: h.AtOnce})
	}
	return out
}

func (n *Notifier) message(person, channel, what string, due time.Time) store.Message {
	return store.Message{ID: n.Ring.NoticeID(person, channel, what), Name: n.Ring.NoticesName(person), Channel: channel, What: what, Due: due}
}

// queue plans one message that is no alert's, for now.
func (n *Notifier) queue(ctx context.Context, person, channel, what string) error {
	err := n.Outbox.Plan(ctx, []store.Message{n.message(person, channel, what, n.Now())}, 0)
	if err == nil {
		n.Wake()
	}
	return err
}

// KeepOnly forgets the settings of all but the people of the roster.
func (n *Notifier) KeepOnly(ctx context.Context) error {
	var names [][]byte
	for _, p := range n.Roster.People() {
		names = append(names, n.Ring.NoticesName(p.ID))
	}
	return n.Outbox.KeepOnly(ctx, names)
}
