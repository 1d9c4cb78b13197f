package main

import (
	"context"
	"encoding/json"
	"fmt"

	"isac/internal/admin"
	"isac/internal/console"
)

// largestList bounds a published list.
const largestList = 64 << 20

// attackDataImport takes a published list: which vulnerabilities are exploited, or the
// techniques of ATT&CK.
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
	op := kindOfList(data)
	reply, err := ask(ctx, *dir, admin.Request{Op: op, CSV: data})
	if err != nil {
		return err
	}
	return e.Print(reply, func() { e.Say("isacd."+op+"-imported", fmt.Sprint(reply.Count), reply.Version) })
}

// kindOfList is "attack" for a STIX bundle; all else is read as a list of exploited
// vulnerabilities.
func kindOfList(data []byte) string {
	var head struct {
		Type string `json:"type"`
	}
	if json.Unmarshal(data, &head) == nil && head.Type == "bundle" {
		return "attack"
	}
	return "exploited"
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
