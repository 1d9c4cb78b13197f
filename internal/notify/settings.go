package notify

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"time"

	"isac/hub"
	"isac/hub/notice"
	"isac/internal/mail"
)

// Settings are a person's: how she wants to be told.
type Settings struct {
	Mail  Address `json:"mail"`
	Hooks []Hook  `json:"hooks,omitempty"`
	// Products are the product families that she says she runs: advisories on them come
	// first. They are for this alone.
	Products []string `json:"products,omitempty"`
}

// Address is where mails go; the zero value is none.
type Address struct {
	To        string `json:"to"`
	Lang      string `json:"lang"`
	Confirmed bool   `json:"confirmed"`
	notice.Choice
	Refused time.Time `json:"refused,omitzero"` // since then its server takes nothing for it

	Code   string      `json:"code,omitempty"` // that confirms it
	Nonce  string      `json:"nonce,omitempty"`
	Wrong  int         `json:"wrong,omitempty"`
	Asked  []time.Time `json:"asked,omitempty"` // when codes were sent
	CodeTo time.Time   `json:"code_to,omitzero"`
}

// Working reports whether mails are sent.
func (a Address) Working() bool { return a.Confirmed && a.Refused.IsZero() }

// Hook is an address of a program that is told of alerts.
type Hook struct {
	ID     string        `json:"id"` // random
	Name   string        `json:"name"`
	URL    string        `json:"url"`
	Format notice.Format `json:"format"`
	Lang   string        `json:"lang"`
	notice.Choice
	Secret []byte    `json:"secret"`
	Made   time.Time `json:"made"`
}

const (
	codeLife   = 24 * time.Hour
	mostCodes  = 3 // a day: nobody floods another's mailbox by the hub
	mostWrong  = 5
	mostHooks  = 5
	codeDigits = 8
)

// Of returns a person's settings.
func (n *Notifier) Of(ctx context.Context, person string) (Settings, error) {
	sealed, err := n.Outbox.Settings(ctx, n.Ring.NoticesName(person))
	if err != nil || sealed == nil {
		return Settings{}, err
	}
	var s Settings
	data, err := n.Ring.OpenNotices(person, sealed)
	if err == nil {
		err = json.Unmarshal(data, &s)
	}
	if err != nil {
		return Settings{}, fmt.Errorf("opening settings of notices: %w", err)
	}
	return s, nil
}

// change reads a person's settings and keeps what do makes of them.
func (n *Notifier) change(ctx context.Context, person string, do func(*Settings) error) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	s, err := n.Of(ctx, person)
	if err != nil {
		return err
	}
	err = do(&s)
	if err != nil {
		return err
	}
	if s.Mail.To == "" && len(s.Mail.Asked) == 0 && len(s.Hooks) == 0 && len(s.Products) == 0 {
		return n.Outbox.KeepSettings(ctx, n.Ring.NoticesName(person), nil)
	}
	data, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("keeping settings of notices: %w", err)
	}
	sealed, err := n.Ring.SealNotices(person, data)
	if err != nil {
		return fmt.Errorf("keeping settings of notices: %w", err)
	}
	return n.Outbox.KeepSettings(ctx, n.Ring.NoticesName(person), sealed)
}

// SetMail changes where and how mails go to a person. A new address is asked first, by a
// mail with a code, whether it wants to.
func (n *Notifier) SetMail(ctx context.Context, person, to, lang string, choice notice.Choice) error {
	if n.Server == nil {
		return hub.E(hub.Unavailable, "mail.none")
	}
	err := choice.Check()
	if err != nil {
		return err
	}
	if !mail.Usable(to) {
		return hub.E(hub.Invalid, "mail.bad-address")
	}
	if lang != "en" {
		lang = "ja"
	}
	var ask string
	err = n.change(ctx, person, func(s *Settings) error {
		a := &s.Mail
		a.Lang, a.Choice = lang, choice
		if a.To == to && a.Working() {
			return nil
		}
		code, err := n.newCode(a)
		if err != nil {
			return err
		}
		a.To, a.Confirmed, a.Refused, a.Code, a.Wrong = to, false, time.Time{}, code, 0
		a.Nonce, a.CodeTo = rand.Text(), n.Now().Add(codeLife)
		ask = "address " + a.Nonce
		return nil
	})
	if err != nil || ask == "" {
		return err
	}
	return n.queue(ctx, person, mailChannel, ask)
}

// newCode makes a code, unless too many were sent today.
func (n *Notifier) newCode(a *Address) (string, error) {
	now := n.Now()
	a.Asked = slices.DeleteFunc(a.Asked, func(t time.Time) bool { return t.Before(now.Add(-codeLife)) })
	if len(a.Asked) >= mostCodes {
		return "", hub.E(hub.Conflict, "mail.too-many-codes")
	}
	a.Asked = append(a.Asked, now)
	most := new(big.Int).Exp(big.NewInt(10), big.NewInt(codeDigits), nil)
	number, err := rand.Int(rand.Reader, most)
	if err != nil {
		return "", fmt.Errorf("making a code: %w", err)
	}
	return fmt.Sprintf("%0*d", codeDigits, number), nil
}

// Confirm takes the code that was sent to a person's address.
func (n *Notifier) Confirm(ctx context.Context, person, code string) error {
	var refused error
	err := n.change(ctx, person, func(s *Settings) error {
		a := &s.Mail
		switch {
		case a.Code == "" || a.Confirmed || n.Now().After(a.CodeTo) || a.Wrong >= mostWrong:
			refused = hub.E(hub.Gone, "mail.code-over")
		case subtle.ConstantTimeCompare([]byte(code), []byte(a.Code)) == 0:
			a.Wrong++
			refused = hub.E(hub.Invalid, "mail.wrong-code")
		default:
			a.Confirmed, a.Code, a.Nonce, a.Wrong, a.CodeTo = true, "", "", 0, time.Time{}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return refused
}

// StopMail forgets a person's address, and what waits for it.
func (n *Notifier) StopMail(ctx context.Context, person string) error {
	err := n.change(ctx, person, func(s *Settings) error {
		s.Mail = Address{Asked: s.Mail.Asked}
		return nil
	})
	if err != nil {
		return err
	}
	return n.Outbox.DropChannel(ctx, n.Ring.NoticesName(person), mailChannel)
}

// refused notes that an address takes nothing any more.
func (n *Notifier) refused(ctx context.Context, person, to string) error {
	return n.change(ctx, person, func(s *Settings) error {
		if s.Mail.To == to {
			s.Mail.Refused = n.Now()
		}
		return nil
	})
}
