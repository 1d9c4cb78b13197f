package main

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"isac/internal/attack"
	"isac/internal/console"
)

// attackSuite attacks the anonymizer and prints each adversary's success beside its
// bound. Exit code 1: a bound doesn't hold.
func attackSuite(ctx context.Context, e *console.Env) error {
	incidents := e.Flags.Int("incidents", 10_000, "")
	members := e.Flags.String("members", "200,500,1500,8182", "")
	seed := e.Flags.Uint64("seed", 1, "")
	markdown := e.Flags.Bool("markdown", false, "")
	_, err := e.Parse(0, 0)
	if err != nil {
		return err
	}
	sectors, err := numbers(*members)
	if err != nil {
		return console.Usage("attack.options")
	}
	r, err := attack.Run(ctx, attack.Options{
		Incidents: *incidents, Members: sectors, Seed: *seed,
		Progress: func(members, done, of int) {
			if done*100/of != (done-1)*100/of {
				e.Progress("attack.progress", strconv.Itoa(members), strconv.Itoa(done), strconv.Itoa(of))
			}
		},
	})
	e.Progress("")
	if errors.Is(err, attack.ErrOptions) {
		return console.Usage("attack.options")
	}
	if err != nil {
		return err
	}
	table := r.Table
	if *markdown {
		table = r.Markdown
	}
	var failed error
	err = e.Print(r, func() { failed = table(e.Out, e.Text) })
	if err = errors.Join(err, failed); err != nil {
		return err
	}
	if len(r.Failed()) > 0 {
		return console.ExitError(1)
	}
	return nil
}

// numbers reads numbers with commas between.
func numbers(list string) ([]int, error) {
	var out []int
	for part := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, nil
}
