package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/hub/register"
	"isac/hub/stix"
	"isac/internal/console"
	"isac/internal/purepath"
)

// preview shows what would go out of a report and what wouldn't, on this computer
// alone.
func preview(_ context.Context, e *console.Env) error {
	list := e.Flags.String("register", "", "")
	id := e.Flags.String("member", "", "")
	args, err := e.Parse(1, 1)
	if err != nil {
		return err
	}
	if *list == "" {
		return console.Usage("isac.preview.needs-register")
	}
	reg, err := readRegister(e, *list, *id)
	if err != nil {
		return err
	}
	data, err := e.ReadFile(args[0], int64(stix.DefaultLimits().Bytes))
	if err != nil {
		return err
	}
	bundle, err := stix.ParseBundle(data, stix.DefaultLimits())
	if err != nil {
		return err
	}
	out, err := purepath.Run(purepath.Input{Register: reg, Member: *id, Bundle: bundle, Now: time.Now(), Random: rand.Reader})
	held := hub.KindOf(err) == hub.Held
	if err != nil && !held {
		return errors.New("previewing report") // the cause could quote the report
	}
	err = e.Print(previewOf(out, held), func() { showPreview(e, out, held) })
	if err == nil && held {
		return console.ExitError(3)
	}
	return err
}

// readRegister reads the sector list; a member's id must stand in it.
func readRegister(e *console.Env, file, id string) (*register.Register, error) {
	data, err := e.ReadFile(file, 64<<20)
	if err != nil {
		return nil, err
	}
	reg, err := register.Read(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	if _, ok := reg.ByID(id); id != "" && !ok {
		return nil, hub.E(hub.Invalid, "member.unknown")
	}
	return reg, nil
}

// previewJSON is what --json prints.
type previewJSON struct {
	Held    bool                  `json:"held"`
	Alert   json.RawMessage       `json:"alert"` // null when held
	LeftOut []anonymize.Class     `json:"left_out"`
	Prose   []anonymize.ProseFact `json:"prose"`
}

func previewOf(out purepath.Output, held bool) previewJSON {
	p := previewJSON{Held: held, LeftOut: out.Record.Classes(), Prose: out.Prose, Alert: json.RawMessage("null")}
	if !held {
		p.Alert = out.Alert
	}
	return p
}

func showPreview(e *console.Env, out purepath.Output, held bool) {
	e.Say("isac.preview.local")
	if held {
		head(e, "isac.preview.out")
		e.Say("release.held")
	} else {
		head(e, "isac.preview.out")
		body := out.Draft.Body()
		fmt.Fprintln(e.Out, body.Analysis.Text(e.Lang))
		showFacts(e, body.Facts)
	}
	showProse(e, out.Prose, func(string) string { return "isac.prose.asked" })
	showLeftOut(e, out.Record.Classes())
	fmt.Fprintln(e.Out)
	e.Say("isac.preview.more")
}
