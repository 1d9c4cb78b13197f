package main

import (
	"context"

	"isac/internal/console"
	"isac/internal/demo"
)

// runExercise plays a scenario in a hub of its own, whose folder, key and members are
// others than those of any real one.
func runExercise(ctx context.Context, e *console.Env) error {
	p := demo.Play{Options: demo.Options{Out: e.Out}}
	e.Flags.IntVar(&p.Members, "members", 60, "")
	e.Flags.StringVar(&p.Listen, "listen", "", "")
	e.Flags.StringVar(&p.BaseURL, "base-url", "", "")
	e.Flags.StringVar(&p.Dir, "data", "", "")
	e.Flags.StringVar(&p.Options.Credentials, "credentials", "", "")
	e.Flags.StringVar(&p.By, "play", "everybody", "")
	e.Flags.IntVar(&p.Pace, "pace", 1, "")
	log := e.Flags.Bool("log", false, "")
	args, err := e.Parse(1, 1)
	if err != nil {
		return err
	}
	p.Scenario = args[0]
	p.Font, err = settings{}.font()
	if err != nil {
		return err
	}
	if *log {
		p.Log = e.Err
	}
	return demo.Exercise(ctx, p)
}
