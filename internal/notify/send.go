package notify

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"isac/hub"
	"isac/hub/notice"
	"isac/internal/mail"
	"isac/internal/store"
)

// waits are how long after each failure a message is tried again; after the last one it is
// given up. Together they are more than three days: a weekend without a mail server.
var waits = []time.Duration{
	time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour, 24 * time.Hour,
}

// batch is how many messages are read at a time.
const batch = 200

// whose returns the person of each name, of those who are still on the roster and can be
// told.
func (n *Notifier) whose() map[string]string {
	out := map[string]string{}
	for _, p := range n.people() {
		out[string(n.Ring.NoticesName(p.ID))] = p.ID
	}
	return out
}

// mails sends the mails that are due over one connection.
func (n *Notifier) mails(ctx context.Context) error {
	if n.Server == nil {
		return nil
	}
	var conn *mail.Conn
	defer func() {
		if conn != nil {
			conn.Close()
		}
	}()
	for ctx.Err() == nil {
		due, err := n.Outbox.DueMessages(ctx, true, n.Now(), batch)
		if err != nil || len(due) == 0 {
			return err
		}
		if conn == nil {
			conn, err = n.Server.Dial(ctx)
			if err != nil { // nobody's fault: all wait
				return n.unreachable(ctx, due, err)
			}
		}
		people := n.whose()
		for _, m := range due {
			broken, err := n.mailOne(ctx, conn, people[string(m.Name)], m)
			if err != nil {
				return err
			}
			if broken {
				conn.Close()
				conn = nil
				break
			}
		}
	}
	return nil
}

// unreachable puts off what is due while the server isn't there, without counting that
// against the messages: none was refused.
func (n *Notifier) unreachable(ctx context.Context, due []store.Message, err error) error {
	n.count("server")
	for _, m := range due {
		if again := n.Outbox.PutOff(ctx, m.ID, n.Now().Add(waits[0]), "server"); again != nil {
			return again
		}
	}
	n.Log.Warn("mail server not reached", "class", classOf(err))
	return nil
}

func classOf(err error) string {
	var r *mail.Refusal
	if errors.As(err, &r) {
		return r.Class
	}
	return string(hub.KindOf(err))
}

func (n *Notifier) count(class string) {
	if n.Count == nil {
		return
	}
	kind := map[string]string{"": "ok", "address": string(hub.Gone), "content": string(hub.Invalid)}[class]
	if kind == "" {
		kind = string(hub.Unavailable)
	}
	n.Count("notice", kind)
}

// mailOne sends one mail, and says whether the connection is of no more use.
func (n *Notifier) mailOne(ctx context.Context, conn *mail.Conn, person string, m store.Message) (broken bool, err error) {
	s, err := n.Of(ctx, person)
	if err != nil {
		return false, n.unreadable(ctx, m)
	}
	text, ok, err := n.mailOf(ctx, s, m)
	if err != nil {
		return false, err
	}
	if person == "" || !ok { // nobody wants it any more
		return false, n.Outbox.Sent(ctx, m.ID)
	}
	err = conn.Send(s.Mail.To, text)
	if err == nil {
		n.count("")
		return false, n.Outbox.Sent(ctx, m.ID)
	}
	if ctx.Err() != nil {
		return true, nil
	}
	class := classOf(err)
	n.count(class)
	n.Log.Warn("mail not taken", "class", class)
	var r *mail.Refusal
	switch {
	case errors.As(err, &r) && r.Person:
		err = n.refused(ctx, person, s.Mail.To)
		if err == nil {
			err = n.Outbox.DropChannel(ctx, m.Name, mailChannel)
		}
		return true, err // what else is read for the address is dropped as well
	case class == "content" || m.Tries >= len(waits):
		return false, n.Outbox.GiveUp(ctx, m.ID, class)
	}
	return class == "server", n.Outbox.Again(ctx, m.ID, n.Now().Add(waits[m.Tries]), class)
}

// unreadable puts off a message to somebody whose settings can't be opened: of another key,
// say. It holds up nobody else's.
func (n *Notifier) unreadable(ctx context.Context, m store.Message) error {
	n.Log.Error("settings of notices not read")
	return n.Outbox.PutOff(ctx, m.ID, n.Now().Add(time.Hour), string(hub.Internal))
}

// mailOf writes a mail; ok is false where there is nothing to say any more.
func (n *Notifier) mailOf(ctx context.Context, s Settings, m store.Message) (out notice.Mail, ok bool, err error) {
	kind, of, _ := strings.Cut(m.What, " ")
	a := s.Mail
	if kind == "address" {
		return n.Words.Confirm(a.Code, of, m.Planned, a.Lang), of == a.Nonce && a.Code != "" && a.To != "", nil
	}
	if !a.Working() {
		return notice.Mail{}, false, nil
	}
	if kind == "week" {
		all, err := n.week(ctx, s, of)
		return n.Words.Digest(all, m.Planned, a.Lang), len(all) > 0, err
	}
	if kind == "edition" {
		return n.edition(ctx, of, a.Lang)
	}
	one, ok, err := n.entry(ctx, of)
	if err != nil || !ok {
		return notice.Mail{}, false, err
	}
	return n.Words.Alert(one, a.Lang), true, nil
}

// entry is the notice of an entry; ok is false where it has been taken back since, of which
// another notice tells.
func (n *Notifier) entry(ctx context.Context, number string) (one notice.Notice, ok bool, err error) {
	at, err := strconv.ParseUint(number, 10, 64)
	if err != nil || at == 0 {
		return notice.Notice{}, false, nil
	}
	rows, err := n.Public.Entries(ctx, at-1, 1)
	if err != nil || len(rows) == 0 || rows[0].Number != at || rows[0].Bundle == nil {
		return notice.Notice{}, false, err
	}
	newest, err := n.Public.Alert(ctx, rows[0].ID)
	if err != nil || newest.Kind.Back() && !rows[0].Kind.Back() {
		return notice.Notice{}, false, err
	}
	one, err = notice.Of(n.Library, rows[0].Bundle)
	return one, err == nil, err
}

// longestWait is how long before a digest its oldest alert was released, with room.
const longestWait = 30 * 24 * time.Hour

// week are the notices of the digest of an instant, for who has these settings.
func (n *Notifier) week(ctx context.Context, s Settings, at string) ([]notice.Notice, error) {
	ms, err := strconv.ParseInt(at, 10, 64)
	if err != nil {
		return nil, nil
	}
	when := time.UnixMilli(ms)
	entries, err := n.Public.Log(ctx, when.Add(-longestWait))
	if err != nil {
		return nil, err
	}
	var out []notice.Notice
	for _, a := range entries {
		yours, err := n.yours(ctx, s, a)
		if err != nil {
			return nil, err
		}
		if p := n.Calendar.For(s.Mail.Choice, a, yours); p.Way != notice.Weekly || !p.At.Equal(when) {
			continue
		}
		one, ok, err := n.entry(ctx, strconv.FormatUint(a.Number, 10))
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, one)
		}
	}
	return out, nil
}
