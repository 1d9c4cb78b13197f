package main

import (
	"cmp"
	"context"
	"os"

	"isac/hub"
	"isac/hub/analysis"
	"isac/hub/paper"
	"isac/internal/console"
)

// exportSheet writes a stored alert as one sheet of A4, for a wall, a meeting or a fax.
func exportSheet(_ context.Context, e *console.Env) error {
	fontFile := e.Flags.String("font", "", "")
	v, bundle, name, err := alertToDraw(e)
	if err != nil {
		return err
	}
	var data []byte
	err = withFont(*fontFile, func(f *paper.Font) error {
		data, err = paper.PDF(paper.Alert(analysis.Default(), e.Lang, headOf(e, v.Alert), textOf(bundle, e.Lang), v.Number, e.Text), f)
		return err
	})
	if err != nil {
		return err
	}
	err = os.WriteFile(name, data, 0o600)
	if err != nil {
		return &hub.Error{Kind: hub.Invalid, Text: "isac.sheet.cant-write", Err: err}
	}
	return e.Print(map[string]int{"bytes": len(data)}, func() { e.Say("isac.sheet.done") })
}

// withFont reads a font file and uses it.
func withFont(name string, use func(*paper.Font) error) error {
	file, err := os.Open(cmp.Or(name, paper.Noto))
	if err != nil {
		return &hub.Error{Kind: hub.Invalid, Text: "paper.no-font", Err: err}
	}
	defer func() { _ = file.Close() }()
	font, err := paper.Read(file)
	if err != nil {
		return err
	}
	return use(font)
}
