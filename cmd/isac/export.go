package main

import (
	"context"
	"fmt"
	"time"

	"isac/hub/sigma"
	"isac/hub/stix"
	"isac/internal/console"
)

// exportSigma writes Sigma rules of stored alerts, on this computer: nothing is asked
// of the hub, and only an alert with its signature is read.
func exportSigma(_ context.Context, e *console.Env) error {
	creds := e.Flags.String("creds", envOr("ISAC_CREDS", ""), "")
	hubKey := e.Flags.String("hub-key", "", "")
	args, err := e.Parse(1, -1)
	if err != nil {
		return err
	}
	line, err := alertKeys(*creds, *hubKey)
	if err != nil {
		return err
	}
	all := []sigma.Rule{}
	for _, file := range args {
		_, data, err := verifyFile(e, line, file, "")
		if err != nil {
			return err
		}
		b, err := stix.ParseBundle(data, stix.Limits{Bytes: maxBundle, Depth: 100, Objects: 10_000})
		if err != nil {
			return fmt.Errorf("reading alert: %w", err)
		}
		rules, err := sigma.Of(b, time.Now(), e.Lang)
		if err != nil {
			return err
		}
		all = append(all, rules...)
	}
	return e.Print(all, func() { _, _ = e.Out.Write(sigma.YAML(all)) })
}
