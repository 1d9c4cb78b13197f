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

// attackDataUnfixed replaces the list of vulnerabilities that have no fix, or prints it.
func attackDataUnfixed(ctx context.Context, e *console.Env) error {
	dir := dataFlag(e)
	none := e.Flags.Bool("none", false, "")
	args, err := e.Parse(0, 1000)
	if err != nil {
		return err
	}
	if *none {
		args = []string{}
	} else if len(args) == 0 {
		args = nil
	}
	reply, err := ask(ctx, *dir, admin.Request{Op: "unfixed", CVEs: args})
	if err != nil {
		return err
	}
	if reply.CVEs == nil {
		reply.CVEs = []string{}
	}
	return e.Print(map[string][]string{"cves": reply.CVEs}, func() {
		for _, cve := range reply.CVEs {
			fmt.Fprintln(e.Out, cve)
		}
		e.Say("isacd.unfixed", fmt.Sprint(len(reply.CVEs)))
	})
}
