package main

import (
	"context"

	"isac/internal/console"
	"isac/internal/demo"
)

// runDemo plays one incident from report to alert, and serves what it made when
// told to.
func runDemo(ctx context.Context, e *console.Env) error {
	o := demo.Options{Out: e.Out}
	e.Flags.IntVar(&o.Members, "members", 500, "")
	e.Flags.BoolVar(&o.Serve, "serve", false, "")
	e.Flags.StringVar(&o.Listen, "listen", "", "")
	e.Flags.StringVar(&o.Dir, "data", "", "")
	e.Flags.StringVar(&o.Credentials, "credentials", "", "")
	log := e.Flags.Bool("log", false, "")
	_, err := e.Parse(0, 0)
	if err != nil {
		return err
	}
	o.Font, err = settings{}.font()
	if err != nil {
		return err
	}
	o.JSON = e.JSON
	if *log {
		o.Log = e.Err
	}
	return demo.Run(ctx, o)
}
