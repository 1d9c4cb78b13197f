package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"isac/hub/review"
	"isac/internal/console"
	"isac/internal/locale"
	"isac/internal/member"
)

// follow adds the flags of a command that goes on telling the state of a case.
type follow struct {
	on    *bool
	limit *time.Duration
}

func followFlags(e *console.Env) follow {
	return follow{e.Flags.Bool("follow", false, ""), e.Flags.Duration("for", 0, "")}
}

// run prints every new state until the case has come to its end, --for is over, or
// the person ends it.
func (f follow) run(ctx context.Context, e *console.Env, c *member.Conn, receipt string, fresh bool) error {
	if *f.limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, *f.limit)
		defer cancel()
	}
	return member.Follower{
		Conn: c, Receipt: receipt, Fresh: fresh,
		Each: func(raw json.RawMessage, s review.Status) error {
			return e.Print(raw, func() {
				fmt.Fprintln(e.Out, time.Now().Format("2006-01-02 15:04:05"))
				showStates(e, s.Stages)
			})
		},
		Warn: func(err error) {
			fmt.Fprintln(e.Err, time.Now().Format("15:04:05"), locale.Error(e.Lang, err))
		},
	}.Run(ctx)
}
