package outlet

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"isac/hub"
	"isac/hub/deliver"
	"isac/internal/webhook"
)

// program is called by webhook.
type program struct {
	sender  *webhook.Sender
	address string
	secret  []byte
}

func (s settings) program() (way, error) {
	text, err := s.read("secret_file", s.SecretFile)
	if err != nil {
		return nil, err
	}
	secret, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(strings.TrimSpace(string(text)), "whsec_"))
	if err != nil || len(secret) < 24 || len(secret) > 64 { // as Standard Webhooks says
		return nil, s.bad("secret_file", nil)
	}
	roots, err := s.roots()
	if err != nil {
		return nil, err
	}
	anywhere := []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("::/0")}
	w := program{webhook.New(webhook.Settings{Allow: anywhere, Plain: true, Roots: roots}), s.Webhook, secret}
	err = w.sender.Check(s.Webhook)
	if err != nil {
		return nil, s.bad("webhook", err)
	}
	return w, nil
}

// call is the body of a webhook.
type call struct {
	Type      string    `json:"type"` // "alert." and the kind
	Timestamp time.Time `json:"timestamp"`
	Data      called    `json:"data"`
}

type called struct {
	hub.Alert
	Title  string          `json:"title"`
	Bundle json.RawMessage `json:"bundle"`
}

func (w program) send(ctx context.Context, e deliver.Entry) error {
	body, err := json.Marshal(call{"alert." + string(e.Kind), e.Published, called{e.Alert, nameOf(e.Bundle), e.Bundle}})
	if err != nil {
		return fmt.Errorf("writing alert: %w", err)
	}
	err = w.sender.Post(ctx, webhook.Call{URL: w.address, ID: fmt.Sprintf("msg_isac_%d_%s", e.Number, e.Digest.String()[:16]), Secret: w.secret, Body: body, At: time.Now()})
	if refused, ok := errors.AsType[*webhook.Refusal](err); ok && refused.Gone {
		return errGone
	}
	return err
}

// command is started for each alert.
type command struct {
	argv        []string
	piped       bool // the alert comes on standard input
	out, errors io.Writer
}

// Command is an outlet that starts a command for each alert, by no shell and with the bundle on
// its standard input. What the command prints goes to out and errors.
func Command(name string, argv []string, out, errors io.Writer) *Outlet {
	return &Outlet{Name: name, way: command{argv, true, out, errors}}
}

// send runs the command with the alert.
func (c command) send(ctx context.Context, e deliver.Entry) error {
	if c.piped {
		return c.run(ctx, e, nil)
	}
	return c.withFile(ctx, e)
}

// withFile writes the alert to a file of its own, which is gone when the command has ended.
func (c command) withFile(ctx context.Context, e deliver.Entry) error {
	dir, err := os.MkdirTemp("", "isac-alert-")
	if err != nil {
		return fmt.Errorf("writing alert: %w", err)
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, fmt.Sprintf("%06d.json", e.Number))
	err = os.WriteFile(file, e.Bundle, 0o600)
	if err != nil {
		return fmt.Errorf("writing alert: %w", err)
	}
	return c.run(ctx, e, []string{file})
}

func (c command) run(ctx context.Context, e deliver.Entry, more []string) error {
	run := exec.CommandContext(ctx, c.argv[0], append(c.argv[1:len(c.argv):len(c.argv)], more...)...)
	run.Stdout, run.Stderr = c.out, c.errors
	if c.piped {
		run.Stdin = bytes.NewReader(e.Bundle)
	}
	run.Env = append(os.Environ(), "ISAC_ALERT="+e.ID, "ISAC_NUMBER="+fmt.Sprint(e.Number), "ISAC_KIND="+string(e.Kind), "ISAC_SEVERITY="+string(e.Severity))
	run.WaitDelay = 10 * time.Second
	err := run.Run()
	if err != nil {
		return fmt.Errorf("running the command: %w", err)
	}
	return nil
}
