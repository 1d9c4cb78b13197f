package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"isac/hub"
	"isac/hub/ledger"
	"isac/internal/console"
	"isac/internal/member"
)

// ledgerState is what isac ledger prints for machines.
type ledgerState struct {
	Size       int64     `json:"size"`    // entries, one for each slot
	Slot       time.Time `json:"slot"`    // of the newest
	Checked    int64     `json:"checked"` // entries looked at
	Matched    int64     `json:"matched"` // of these, compared with an alert that came here
	Checkpoint string    `json:"checkpoint"`
}

// ledgerOf names the file beside a cursor.
func ledgerOf(cursor string) string { return cursor + ".ledger" }

// forked says what to do about two pasts, for all else the error itself.
func forked(err error, file string) error {
	if errors.As(err, new(*ledger.Fork)) {
		return &hub.Error{Kind: hub.Invalid, Text: "isac.ledger.fork", Args: []string{file + member.ForkSuffix, file}, Err: err}
	}
	return err
}

// lookAtLedger fetches and checks what is new in the hub's ledger and prints its newest
// checkpoint, which others can compare with theirs.
func lookAtLedger(ctx context.Context, e *console.Env) error {
	conn := connectionFlags(e)
	cursor := e.Flags.String("cursor", "isac.cursor", "")
	theirs := e.Flags.String("compare", "", "")
	if _, err := e.Parse(0, 0); err != nil {
		return err
	}
	other := ""
	if *theirs != "" {
		data, err := e.ReadFile(*theirs, 64<<10)
		if err != nil {
			return err
		}
		other = string(data)
	}
	l, err := member.OpenLedger(ledgerOf(*cursor))
	if err != nil {
		return err
	}
	c, err := conn.dial()
	if err != nil {
		return err
	}
	defer c.Close()
	err = l.Look(ctx, c)
	if err == nil && other != "" {
		err = l.Compare(ctx, c, other)
	}
	if err != nil {
		return forked(err, ledgerOf(*cursor))
	}
	v := l.View()
	return e.Print(ledgerState{v.Seen.Size, v.Slot, v.Checked, v.Matched, v.Text}, func() {
		fmt.Fprint(e.Out, v.Text)
		fmt.Fprintln(e.Err, e.Text("isac.ledger.seen", fmt.Sprint(v.Checked), fmt.Sprint(v.Matched)))
		if other != "" {
			fmt.Fprintln(e.Err, e.Text("isac.ledger.same"))
		}
	})
}
