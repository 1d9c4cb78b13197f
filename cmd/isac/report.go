package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"isac/hub"
	"isac/hub/intake"
	"isac/hub/review"
	"isac/hub/stix"
	"isac/internal/console"
	"isac/internal/locale"
	"isac/internal/member"
	"isac/internal/validation"
)

// connection adds the flags of a member's connection; call dial after Parse.
type connection struct {
	creds, url string
}

func connectionFlags(e *console.Env) *connection {
	c := &connection{}
	e.Flags.StringVar(&c.creds, "creds", envOr("ISAC_CREDS", "isac.creds"), "")
	e.Flags.StringVar(&c.url, "nats", "", "")
	return c
}

// missing reports whether there is no credentials file.
func (c *connection) missing() bool {
	_, err := os.Stat(c.creds)
	return errors.Is(err, fs.ErrNotExist)
}

func (c *connection) dial() (*member.Conn, error) {
	creds, err := readCredentials(c.creds)
	if err != nil {
		return nil, err
	}
	return creds.Dial(c.url)
}

// readCredentials reads a credentials file, and what is kept of the hub's keys since.
func readCredentials(file string) (member.Credentials, error) {
	c, err := member.Read(file)
	if err != nil {
		return c, err
	}
	return c, c.KeepKeys(envOr("ISAC_STATE", stateFolder()))
}

// report seals a STIX bundle, sends it and prints the receipt. It tells problems
// of the bundle first; they don't stop it.
func report(ctx context.Context, e *console.Env) error {
	conn := connectionFlags(e)
	plain := e.Flags.Bool("plain", false, "")
	spool := e.Flags.String("spool", "", "")
	f := followFlags(e)
	args, err := e.Parse(1, 1)
	if err != nil {
		return err
	}
	data, err := e.ReadFile(args[0], int64(stix.DefaultLimits().Bytes))
	if err != nil {
		return err
	}
	err = tellProblems(e, data)
	if err != nil {
		return err
	}
	if *spool != "" {
		receipt, sent, err := reportBySpool(ctx, e, conn, *spool, data)
		if err != nil || !sent {
			return err
		}
		return printReceipt(e, receipt)
	}
	c, err := conn.dial()
	if err != nil {
		return err
	}
	defer c.Close()
	receipt, err := send(ctx, c, data, *plain)
	if err != nil {
		return err
	}
	err = printReceipt(e, receipt)
	if err != nil || !*f.on {
		return err
	}
	return f.run(ctx, e, c, receipt.Number, true)
}

func printReceipt(e *console.Env, r intake.Receipt) error {
	return e.Print(r, func() {
		e.Say("isac.report.done", r.Number, r.Hour.Local().Format("2006-01-02 15:00"))
	})
}

func send(ctx context.Context, c *member.Conn, data []byte, plain bool) (intake.Receipt, error) {
	ctx, cancel := context.WithTimeout(ctx, 60*time.Second)
	defer cancel()
	if plain {
		return c.Send(ctx, data)
	}
	receipt, _, err := c.Report(ctx, data)
	return receipt, err
}

// tellProblems prints what breaks STIX rules, and fails on what is no bundle.
func tellProblems(e *console.Env, data []byte) error {
	_, err := stix.ParseBundle(data, stix.DefaultLimits())
	if err != nil {
		return err
	}
	v, err := validation.Embedded()
	if err != nil {
		return err
	}
	problems, err := v.Document(data)
	if err != nil {
		return err
	}
	for i, p := range problems {
		if i == 20 {
			fmt.Fprintln(e.Err, e.Text("isac.report.more", fmt.Sprint(len(problems)-i)))
			break
		}
		fmt.Fprintf(e.Err, "%s: %s\n", p.Path, locale.Problem(e.Lang, p))
	}
	return nil
}

// status prints the state of the case behind a receipt, once or as it changes.
func status(ctx context.Context, e *console.Env) error {
	conn := connectionFlags(e)
	f := followFlags(e)
	args, err := e.Parse(1, 1)
	if err != nil {
		return err
	}
	c, err := conn.dial()
	if err != nil {
		return err
	}
	defer c.Close()
	if *f.on {
		return f.run(ctx, e, c, args[0], false)
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	raw, err := c.Status(ctx, args[0])
	if err != nil {
		return err
	}
	var s review.Status
	err = json.Unmarshal(raw, &s)
	if err != nil {
		return &hub.Error{Kind: hub.Unavailable, Text: "member.no-answer", Err: fmt.Errorf("reading answer: %w", err)}
	}
	return e.Print(raw, func() { showStates(e, s.Stages) })
}
