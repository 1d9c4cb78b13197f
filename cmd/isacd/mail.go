package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"strings"
	"time"

	"isac/hub"
	"isac/hub/notice"
	"isac/internal/console"
	"isac/internal/locale"
	"isac/internal/mail"
	"isac/internal/webhook"
)

// mailSettings is [mail]: by which server notices go out. Without server none do.
type mailSettings struct {
	// Server is host and port, "smtp.example.jp:587".
	Server string `toml:"server"`
	// Security is "starttls", "tls" (from the first byte), or "none" for localhost alone.
	Security string `toml:"security"`
	// User and PasswordFile sign in to the server. Empty doesn't.
	User         string `toml:"user"`
	PasswordFile string `toml:"password_file"`
	// From is the sender, "ISAC <alerts@example.jp>"; Return is where bounces go.
	From   string `toml:"from"`
	Return string `toml:"return"`
	// CA is a PEM file of the server's authority, where it isn't one that every system
	// knows.
	CA string `toml:"ca"`
	// DKIM signs mails: the domain, the selector, and a PEM file of an RSA or Ed25519 key.
	DKIMDomain   string `toml:"dkim_domain"`
	DKIMSelector string `toml:"dkim_selector"`
	DKIMKey      string `toml:"dkim_key"`
}

// webhookSettings is [webhooks].
type webhookSettings struct {
	// Allow are ranges of the hub's own networks in which members' programs may be:
	// "10.20.0.0/16". Others that aren't public are never called.
	Allow []string `toml:"allow"`
	// Plain allows http besides https.
	Plain bool `toml:"plain"`
}

// server reads what the settings name, and is nil where there is no server.
func (s mailSettings) server() (*mail.Server, error) {
	if s.Server == "" && s.From == "" {
		return nil, nil
	}
	out := mail.Settings{
		Server: s.Server, Security: s.Security, User: s.User, From: s.From, Return: s.Return, DKIMDomain: s.DKIMDomain, DKIMSelector: s.DKIMSelector,
	}
	password, err := secretFile(s.PasswordFile)
	if err != nil {
		return nil, err
	}
	out.Password = strings.TrimSpace(string(password))
	out.DKIMKey, err = secretFile(s.DKIMKey)
	if err != nil {
		return nil, err
	}
	ca, err := settings{CA: s.CA}.authority()
	if err != nil {
		return nil, err
	}
	if ca != nil {
		out.Roots = x509.NewCertPool()
		out.Roots.AppendCertsFromPEM(ca)
	}
	return mail.New(out)
}

func secretFile(name string) ([]byte, error) {
	if name == "" {
		return nil, nil
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, &hub.Error{Kind: hub.Invalid, Text: "isacd.mail-file", Args: []string{name}, Err: fmt.Errorf("reading mail settings: %w", err)}
	}
	return data, nil
}

func (s webhookSettings) read() (webhook.Settings, error) {
	out := webhook.Settings{Plain: s.Plain}
	for _, text := range s.Allow {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return webhook.Settings{}, hub.E(hub.Invalid, "isacd.webhook-range", text)
		}
		out.Allow = append(out.Allow, p.Masked())
	}
	return out, nil
}

// mailTest sends one mail with the settings of the hub, which may be running.
func mailTest(ctx context.Context, e *console.Env) error {
	config := e.Flags.String("config", "", "")
	to, err := e.Parse(1, 1)
	if err != nil {
		return err
	}
	s, err := readSettings(*config)
	if err != nil {
		return err
	}
	server, err := s.Mail.server()
	if err != nil {
		return err
	}
	if server == nil {
		return hub.E(hub.Invalid, "mail.none")
	}
	if !mail.Usable(to[0]) {
		return hub.E(hub.Invalid, "mail.bad-address")
	}
	conn, err := server.Dial(ctx)
	if err != nil {
		return &hub.Error{Kind: hub.Unavailable, Text: "isacd.mail-unreached", Err: err}
	}
	defer conn.Close()
	words := notice.Writer{Words: locale.Text, Zone: time.UTC, Base: cmp.Or(s.BaseURL, "https://"+s.Listen), Hub: s.Name}
	err = conn.Send(to[0], words.Test(rand.Text(), time.Now(), e.Lang))
	if err != nil {
		return &hub.Error{Kind: hub.Unavailable, Text: "isacd.mail-refused", Args: []string{e.Text("web.telling.class." + classOf(err))}, Err: err}
	}
	return e.Print(map[string]bool{"sent": true}, func() { e.Say("isacd.mail-sent") })
}

func classOf(err error) string {
	var r *mail.Refusal
	if errors.As(err, &r) {
		return r.Class
	}
	return "server"
}
