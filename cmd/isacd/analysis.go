package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"isac/hub"
	"isac/hub/analysis"
	"isac/hub/profile"
	"isac/hub/vocab"
	"isac/internal/console"
)

// analysisOf reads the sentences of alerts with a folder's files in place of the
// program's; "" is the program's alone. What no page could tell is an error too: a
// line that silently never comes helps nobody.
func analysisOf(dir string, p *profile.Profile) (*analysis.Library, error) {
	if dir == "" {
		return analysis.Default(), nil
	}
	lib, err := analysis.Overlay(os.DirFS(dir))
	if err == nil {
		err = lib.Verify(vocab.Default(p))
	}
	if f, ok := errors.AsType[*analysis.Fault](err); ok {
		where := filepath.Join(dir, f.File)
		if f.Line > 0 {
			where += fmt.Sprintf(":%d", f.Line)
		}
		return nil, &hub.Error{Kind: hub.Invalid, Text: "isacd.bad-analysis", Args: []string{where, f.What}, Err: err}
	}
	if err != nil {
		return nil, &hub.Error{Kind: hub.Invalid, Text: "isacd.no-analysis", Args: []string{dir}, Err: err}
	}
	return lib, nil
}

// analysisCheck reads a folder as a start would.
func analysisCheck(_ context.Context, e *console.Env) error {
	name := e.Flags.String("profile", "healthcare-jp", "")
	args, err := e.Parse(1, 1)
	if err != nil {
		return err
	}
	p, err := profileOf(*name)
	if err != nil {
		return err
	}
	lib, err := analysisOf(args[0], p)
	if err != nil {
		return err
	}
	n := lib.Size()
	return e.Print(map[string]int{"texts": n}, func() { e.Say("isacd.analysis-checked", fmt.Sprint(n)) })
}

// analysisWrite puts the program's own files into a new folder, to be edited.
func analysisWrite(_ context.Context, e *console.Env) error {
	args, err := e.Parse(1, 1)
	if err != nil {
		return err
	}
	dir := args[0]
	err = os.Mkdir(dir, 0o755)
	if err == nil {
		err = os.CopyFS(dir, analysis.Files())
	}
	if err != nil {
		return &hub.Error{Kind: hub.Invalid, Text: "isacd.folder-exists", Args: []string{dir}, Err: fmt.Errorf("writing the sentences: %w", err)}
	}
	files, err := fs.Glob(analysis.Files(), "*")
	if err != nil {
		return fmt.Errorf("writing the sentences: %w", err)
	}
	return e.Print(map[string]int{"files": len(files)}, func() { e.Say("isacd.analysis-written", fmt.Sprint(len(files)), dir) })
}
