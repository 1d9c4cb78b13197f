package main

import (
	"context"
	"errors"

	"isac/internal/console"
	"isac/internal/quality"
)

// runQuality measures how well facts are read from the retold public incidents.
func runQuality(_ context.Context, e *console.Env) error {
	name := e.Flags.String("half", "both", "")
	markdown := e.Flags.Bool("markdown", false, "")
	misses := e.Flags.Bool("misses", false, "")
	_, err := e.Parse(0, 0)
	if err != nil {
		return err
	}
	half, ok := quality.ParseHalf(*name)
	if !ok {
		return console.Usage("quality.no-half")
	}
	set, err := quality.Load()
	if err != nil {
		return err
	}
	r, err := quality.Measure(set)
	if err != nil {
		return err
	}
	if half != "" {
		r = r.Only(half)
	}
	table := r.Table
	if *markdown {
		table = r.Markdown
	}
	var failed error
	err = e.Print(r, func() {
		if *misses {
			failed = r.WriteMisses(e.Out)
			return
		}
		failed = table(e.Out, e.Text)
	})
	return errors.Join(err, failed)
}
