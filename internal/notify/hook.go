package notify

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"isac/hub"
	"isac/hub/notice"
	"isac/internal/store"
	"isac/internal/webhook"
)

// longestName is how long the name of a webhook may be, in characters.
const longestName = 60

// AddHook makes a webhook of a person and returns its secret, which is shown this once.
func (n *Notifier) AddHook(ctx context.Context, person string, h Hook) (Hook, string, error) {
	h.Name = strings.TrimSpace(h.Name)
	if h.Name == "" || utf8.RuneCountInString(h.Name) > longestName || strings.ContainsFunc(h.Name, func(r rune) bool { return r < ' ' }) {
		return Hook{}, "", hub.E(hub.Invalid, "webhook.bad-name")
	}
	if !slices.Contains(notice.Formats(), h.Format) {
		return Hook{}, "", hub.E(hub.Invalid, "webhook.bad-format")
	}
	err := h.Check()
	if err == nil {
		err = n.Hooks.Check(h.URL)
	}
	if err != nil {
		return Hook{}, "", err
	}
	if h.Lang != "en" {
		h.Lang = "ja"
	}
	h.ID, h.Secret, h.Made, h.Weekly = rand.Text(), make([]byte, webhook.SecretBytes), n.Now(), false
	rand.Read(h.Secret)
	err = n.change(ctx, person, func(s *Settings) error {
		if len(s.Hooks) >= mostHooks {
			return hub.E(hub.Conflict, "webhook.too-many")
		}
		s.Hooks = append(s.Hooks, h)
		return nil
	})
	return h, webhook.Written(h.Secret), err
}

// DropHook forgets a webhook of a person and what waits for it.
func (n *Notifier) DropHook(ctx context.Context, person, id string) error {
	err := n.change(ctx, person, func(s *Settings) error {
		before := len(s.Hooks)
		s.Hooks = slices.DeleteFunc(s.Hooks, func(h Hook) bool { return h.ID == id })
		if len(s.Hooks) == before {
			return hub.E(hub.NotFound, "error.not-found")
		}
		return nil
	})
	if err != nil {
		return err
	}
	return n.Outbox.DropChannel(ctx, n.Ring.NoticesName(person), id)
}

// TryHook sends a test to a webhook of a person, like any other message.
func (n *Notifier) TryHook(ctx context.Context, person, id string) error {
	s, err := n.Of(ctx, person)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(s.Hooks, func(h Hook) bool { return h.ID == id }) {
		return hub.E(hub.NotFound, "error.not-found")
	}
	return n.queue(ctx, person, id, "test "+n.Now().UTC().Format(time.RFC3339)) // one a second
}

// Dead is a message that was given up.
type Dead struct {
	ID      string    `json:"id"`
	Channel string    `json:"channel"` // "mail" or the id of a webhook
	What    string    `json:"what"`    // "alert 12"
	Planned time.Time `json:"planned"`
	Tries   int       `json:"tries"`
	Class   string    `json:"class"` // of the last failure
}

// Given returns what was given up of a person's messages, the newest first.
func (n *Notifier) Given(ctx context.Context, person string) ([]Dead, error) {
	rows, err := n.Outbox.DeadMessages(ctx, n.Ring.NoticesName(person))
	if err != nil {
		return nil, err
	}
	out := []Dead{}
	for _, m := range rows {
		out = append(out, Dead{idText(m), m.Channel, m.What, m.Planned, m.Tries, m.Class})
	}
	return out, nil
}

func idText(m store.Message) string { return base64.RawURLEncoding.EncodeToString(m.ID) }

// Again tries a message of a person anew that was given up.
func (n *Notifier) Again(ctx context.Context, person, id string) error {
	raw, err := base64.RawURLEncoding.DecodeString(id)
	if err != nil {
		return hub.E(hub.NotFound, "error.not-found")
	}
	err = n.Outbox.Revive(ctx, n.Ring.NoticesName(person), raw, n.Now())
	if err == nil {
		n.Wake()
	}
	return err
}
