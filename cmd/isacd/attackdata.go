package main

import (
	"context"
	"fmt"

	"isac/internal/admin"
	"isac/internal/console"
)

// largestList bounds a published list.
const largestList = 64 << 20

// attackDataImport takes a published list: which vulnerabilities are exploited.
func attackDataImport(ctx context.Context, e *console.Env) error {
	dir := dataFlag(e)
	args, err := e.Parse(1, 1)
	if err != nil {
		return err
	}
	data, err := e.ReadFile(args[0], largestList)
	if err != nil {
		return err
	}
	reply, err := ask(ctx, *dir, admin.Request{Op: "exploited", CSV: data})
	if err != nil {
		return err
	}
	return e.Print(reply, func() { e.Say("isacd.exploited-imported", fmt.Sprint(reply.Count), reply.Version) })
}
