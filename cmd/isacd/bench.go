package main

import (
	"context"
	"errors"
	"os"
	"strings"

	"isac/internal/bench"
	"isac/internal/console"
)

// runBench measures the hub's figures on this machine, each beside a yardstick of
// the same run.
func runBench(ctx context.Context, e *console.Env) error {
	members := e.Flags.Int("members", 2000, "")
	objects := e.Flags.Int("objects", 100_000, "")
	rounds := e.Flags.Int("rounds", 7, "")
	only := e.Flags.String("only", "", "")
	markdown := e.Flags.Bool("markdown", false, "")
	_, err := e.Parse(0, 0)
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	r, err := bench.Run(ctx, bench.Options{
		Members: *members, Objects: *objects, Rounds: *rounds, Only: strings.FieldsFunc(*only, func(r rune) bool { return r == ',' }), Hub: []string{self, os.Args[0]},
		Progress: func(figure string) { e.Progress("bench.measuring", e.Text("bench."+figure)) },
	})
	e.Progress("")
	if errors.Is(err, bench.ErrMembers) {
		return console.Usage("bench.members")
	}
	if errors.Is(err, bench.ErrFigure) {
		return console.Usage("bench.only", strings.Join(bench.Names(), ", "))
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
	return errors.Join(err, failed)
}
