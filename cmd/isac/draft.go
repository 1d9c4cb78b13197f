package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"isac/hub"
	"isac/hub/drafts"
	"isac/hub/profile"
	"isac/hub/stix"
	"isac/hub/vocab"
	"isac/internal/console"
	"isac/internal/workbook"
)

// draft fills in a form of an authority from a report, on this computer alone.
func draft(_ context.Context, e *console.Env) error {
	known := e.Flags.String("known", "", "")
	sector := e.Flags.String("profile", "healthcare-jp", "")
	args, err := e.Parse(2, 3)
	if err != nil {
		return err
	}
	out := ""
	if len(args) == 3 {
		out = args[2]
		if !slices.Contains([]string{".xlsx", ".html", ".txt"}, filepath.Ext(out)) {
			return console.Usage("isac.draft.bad-out")
		}
	}
	f, err := readForm(e, args[0])
	if err != nil {
		return err
	}
	p, err := readProfile(e, *sector)
	if err != nil {
		return err
	}
	data, err := e.ReadFile(args[1], int64(stix.DefaultLimits().Bytes))
	if err != nil {
		return err
	}
	bundle, err := stix.ParseBundle(data, stix.DefaultLimits())
	if err != nil {
		return err
	}
	r, now := drafts.Read(bundle, vocab.Default(p)), time.Now()
	clock, err := clockOf(*known, r, p, now)
	if err != nil {
		return err
	}
	d := drafts.Fill(f, r, clock, e.Lang, p, now)
	if out == "" {
		return e.Print(d, func() { fmt.Fprint(e.Out, d.Text(p.Clocks.Location(), e.Text)) })
	}
	return writeDraft(e, d, p.Clocks.Location(), out)
}

// readForm takes a form by its name, or from a file.
func readForm(e *console.Env, name string) (drafts.Form, error) {
	f, ok := drafts.Named(name)
	if ok {
		return f, nil
	}
	data, err := e.ReadFile(name, 1<<20)
	if err == nil {
		f, err = drafts.Load(data)
	}
	if err != nil {
		return drafts.Form{}, &hub.Error{Kind: hub.Invalid, Text: "isac.draft.bad-form", Err: err}
	}
	return f, nil
}

// clockOf is the day that was said, or else when the report was begun.
func clockOf(known string, r drafts.Report, p *profile.Profile, now time.Time) (drafts.Clock, error) {
	if known == "" {
		if r.Created.IsZero() || r.Created.After(now) {
			return drafts.Clock{Start: now}, nil
		}
		return drafts.Clock{Start: r.Created}, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, known, p.Clocks.Location())
	if err != nil || day.After(now) {
		return drafts.Clock{}, console.Usage("isac.draft.bad-day")
	}
	return drafts.Clock{Start: day, Said: true}, nil
}

func writeDraft(e *console.Env, d drafts.Draft, loc *time.Location, name string) error {
	var data []byte
	var err error
	switch {
	case strings.HasSuffix(name, ".xlsx"):
		data, err = workbook.Write(d.Table(loc, e.Text), drafts.Widths()...)
	case strings.HasSuffix(name, ".html"):
		var text string
		text, err = d.HTML(loc, e.Text)
		data = []byte(text)
	default:
		data = []byte(d.Text(loc, e.Text))
	}
	if err != nil {
		return err
	}
	err = os.WriteFile(name, data, 0o600)
	if err != nil {
		return &hub.Error{Kind: hub.Invalid, Text: "isac.draft.cant-write", Err: err}
	}
	return e.Print(map[string]int{"bytes": len(data), "open": d.Open}, func() { e.Say("isac.draft.done") })
}
