package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"isac/hub"
	"isac/hub/analysis"
	"isac/hub/profile"
	"isac/hub/shelf"
	"isac/internal/console"
)

// shelfOf reads a folder's documents beside the program's; "" is the program's alone.
func shelfOf(dir string, p *profile.Profile, lib *analysis.Library) (*shelf.Shelf, error) {
	if dir == "" {
		return shelf.Default(p), nil
	}
	s, err := shelf.Load(os.DirFS(dir), p, lib)
	if f, ok := shelf.FaultOf(err); ok {
		return nil, &hub.Error{Kind: hub.Invalid, Text: "isacd.bad-shelf", Args: []string{filepath.Join(dir, f.File), f.What}, Err: err}
	}
	return s, err
}

// shelfWrite puts the program's own documents into a new folder, to be edited.
func shelfWrite(_ context.Context, e *console.Env) error {
	args, err := e.Parse(1, 1)
	if err != nil {
		return err
	}
	err = os.Mkdir(args[0], 0o755)
	if err == nil {
		err = os.CopyFS(args[0], shelf.Files())
	}
	if err != nil {
		return &hub.Error{Kind: hub.Invalid, Text: "isacd.folder-exists", Args: []string{args[0]}, Err: fmt.Errorf("writing the shelf: %w", err)}
	}
	files, err := fs.Glob(shelf.Files(), "*")
	if err != nil {
		return fmt.Errorf("writing the shelf: %w", err)
	}
	return e.Print(map[string]int{"files": len(files)}, func() { e.Say("isacd.shelf-written", fmt.Sprint(len(files)), args[0]) })
}
