package main

import (
	"context"
	"fmt"
	"strings"

	"isac/hub"
	"isac/internal/console"
	"isac/internal/locale"
	"isac/internal/validation"
)

// maxDocument is the largest file that validate and anonymize read.
const maxDocument = 64 << 20

// validateFiles prints one line a file: FILE, valid or invalid, first problem.
func validateFiles(_ context.Context, e *console.Env) error {
	schemas := e.Flags.String("schemas", "", "")
	files, err := e.Parse(1, -1)
	if err != nil {
		return err
	}
	v, err := validation.From(*schemas)
	if err != nil {
		return &hub.Error{Kind: hub.Invalid, Text: "isacd.bad-schemas", Err: err}
	}
	bad := false
	for _, file := range files {
		first := ""
		data, err := e.ReadFile(file, maxDocument)
		var problems []hub.Problem
		if err == nil {
			problems, err = v.Document(data)
		}
		switch {
		case err != nil:
			first = locale.Error(e.Lang, err)
		case len(problems) > 0:
			first = problems[0].Path + ": " + locale.Problem(e.Lang, problems[0])
		}
		bad = bad || first != ""
		line := verdictLine{File: file, Verdict: verdict(first), Problem: oneLine(first)}
		err = e.Print(line, func() { fmt.Fprintf(e.Out, "%s\t%s\t%s\n", line.File, line.Verdict, line.Problem) })
		if err != nil {
			return err
		}
	}
	if bad {
		return console.ExitError(1)
	}
	return nil
}

// verdictLine is one line of --json.
type verdictLine struct {
	File    string `json:"file"`
	Verdict string `json:"verdict"`
	Problem string `json:"problem,omitempty"` // the first one
}

func verdict(first string) string {
	if first == "" {
		return "valid"
	}
	return "invalid"
}

// oneLine takes tabs and line breaks out.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
