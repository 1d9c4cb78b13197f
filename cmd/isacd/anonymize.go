package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"time"

	"isac/hub"
	"isac/hub/register"
	"isac/hub/stix"
	"isac/internal/console"
	"isac/internal/purepath"
)

// anonymizeReport runs the whole pure path over a report on standard input, as a
// full alert without a cell, and prints the alert. On standard error it tells
// classes only.
func anonymizeReport(_ context.Context, e *console.Env) error {
	list := e.Flags.String("register", "", "")
	member := e.Flags.String("member", "", "")
	members := e.Flags.Int("members", 0, "")
	record := e.Flags.String("record", "", "")
	sector := e.Flags.String("profile", "healthcare-jp", "")
	_, err := e.Parse(0, 0)
	if err != nil {
		return err
	}
	if *list == "" {
		return console.Usage("isacd.needs-register")
	}
	if *members < 0 {
		return console.Usage("isacd.anonymize.bad-members")
	}
	p, err := profileOf(*sector)
	if err != nil {
		return err
	}
	reg, err := readRegister(e, *list)
	if err != nil {
		return err
	}
	if *members == 0 {
		*members = len(reg.Members())
	}
	report, err := e.ReadFile("-", maxDocument)
	if err != nil {
		return err
	}
	bundle, err := stix.ParseBundle(report, stix.Limits{Bytes: maxDocument})
	if err != nil {
		return err
	}
	out, err := purepath.Run(purepath.Input{Register: reg, Member: *member, Members: *members, Bundle: bundle, Profile: p, Now: time.Now(), Random: rand.Reader})
	if err != nil && hub.KindOf(err) != hub.Held {
		return errors.New("anonymizing report") // the cause could quote the report
	}
	if *record != "" {
		err := writeRecord(*record, out)
		if err != nil {
			return err
		}
	}
	for _, c := range out.Record.Classes() {
		fmt.Fprintf(e.Err, "%s\t%s\t%d\n", c.Action, c.Type, c.Count)
	}
	if hub.KindOf(err) == hub.Held {
		fmt.Fprintln(e.Err, e.Text("release.held"))
		return console.ExitError(3)
	}
	_, err = e.Out.Write(append(out.Alert, '\n'))
	return err
}

func readRegister(e *console.Env, file string) (*register.Register, error) {
	data, err := e.ReadFile(file, maxDocument)
	if err != nil {
		return nil, err
	}
	return register.Read(bytes.NewReader(data))
}

func writeRecord(file string, out purepath.Output) error {
	var b bytes.Buffer
	err := out.Record.WriteClasses(&b)
	if err != nil {
		return fmt.Errorf("writing record: %w", err)
	}
	err = os.WriteFile(file, b.Bytes(), 0o600)
	if err != nil {
		return fmt.Errorf("writing record: %w", err)
	}
	return nil
}
