package main

import (
	"context"
	"fmt"

	"isac/internal/admin"
	"isac/internal/console"
)

// pulseExport prints what is told of the questions of all alerts, as CSV.
func pulseExport(ctx context.Context, e *console.Env) error {
	dir := dataFlag(e)
	_, err := e.Parse(0, 0)
	if err != nil {
		return err
	}
	reply, err := ask(ctx, *dir, admin.Request{Op: "pulse"})
	if err != nil {
		return err
	}
	return e.Print(map[string]string{"csv": string(reply.CSV)}, func() { fmt.Fprint(e.Out, string(reply.CSV)) })
}
