package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/hub/profile"
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
	members := e.Flags.Int("members", 0, "")
	own := e.Flags.String("own", "", "")
	sector := e.Flags.String("profile", "healthcare-jp", "")
	args, err := e.Parse(1, 1)
	if err != nil {
		return err
	}
	if *list == "" {
		return console.Usage("isac.preview.needs-register")
	}
	p, err := readProfile(e, *sector)
	if err != nil {
		return err
	}
	if *members < 0 {
		return console.Usage("isac.preview.bad-members")
	}
	reg, joined, err := readRegister(e, *list, id, *own)
	if err != nil {
		return err
	}
	if *members == 0 {
		*members = joined
	}
	data, err := e.ReadFile(args[0], int64(stix.DefaultLimits().Bytes))
	if err != nil {
		return err
	}
	bundle, err := stix.ParseBundle(data, stix.DefaultLimits())
	if err != nil {
		return err
	}
	out, err := purepath.Run(purepath.Input{Register: reg, Member: *id, Members: *members, Bundle: bundle, Profile: p, Sides: true, Now: time.Now(), Random: rand.Reader})
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

// readProfile takes a sector profile by its name, or from a file.
func readProfile(e *console.Env, name string) (*profile.Profile, error) {
	p, ok := profile.Named(name)
	if ok {
		return p, nil
	}
	data, err := e.ReadFile(name, 1<<20)
	if err == nil {
		p, err = profile.Load(data)
	}
	if err != nil {
		return nil, &hub.Error{Kind: hub.Invalid, Text: "isac.preview.bad-profile", Err: err}
	}
	return p, nil
}

// readRegister reads the sector list, and how many it says have joined; a member's id
// must stand in it. The file of its own holds the row of one organisation with what no
// public list has: it takes the place of that organisation's row, and names the member.
func readRegister(e *console.Env, file string, id *string, own string) (reg *register.Register, joined int, err error) {
	reg, err = readList(e, file)
	if err != nil {
		return nil, 0, err
	}
	joined = len(reg.Members()) // a public list says of nobody that it has
	if own != "" {
		reg, err = withOwn(e, reg, id, own)
		if err != nil {
			return nil, 0, err
		}
	}
	if _, ok := reg.ByID(*id); *id != "" && !ok {
		return nil, 0, hub.E(hub.Invalid, "member.unknown")
	}
	return reg, joined, nil
}

func readList(e *console.Env, file string) (*register.Register, error) {
	data, err := e.ReadFile(file, 64<<20)
	if err != nil {
		return nil, err
	}
	return register.Read(bytes.NewReader(data))
}

// withOwn puts the member's own row in the place of the public one.
func withOwn(e *console.Env, reg *register.Register, id *string, file string) (*register.Register, error) {
	mine, err := readList(e, file)
	if err != nil {
		return nil, err
	}
	if mine.Len() != 1 || *id != "" && mine.All()[0].ID != *id {
		return nil, hub.E(hub.Invalid, "isac.preview.bad-own")
	}
	o := mine.All()[0]
	*id = o.ID
	all := slices.Clone(reg.All())
	at := slices.IndexFunc(all, func(other hub.Organisation) bool { return other.ID == o.ID })
	if at < 0 {
		return nil, hub.E(hub.Invalid, "member.unknown")
	}
	all[at] = o
	return register.New(all)
}

// previewJSON is what --json prints.
type previewJSON struct {
	Held    bool                  `json:"held"`
	Alert   json.RawMessage       `json:"alert"` // null when held
	LeftOut []anonymize.Class     `json:"left_out"`
	Prose   []anonymize.ProseFact `json:"prose"`
	Hints   []anonymize.ProseFact `json:"hints"`
	Sides   []anonymize.Side      `json:"sides"` // every property beside what comes of it
}

func previewOf(out purepath.Output, held bool) previewJSON {
	p := previewJSON{Held: held, LeftOut: out.Record.Classes(), Prose: out.Prose, Hints: out.Hints, Sides: out.Sides, Alert: json.RawMessage("null")}
	if !held {
		p.Alert = out.Alert
	}
	return p
}

func showPreview(e *console.Env, out purepath.Output, held bool) {
	e.Say("isac.preview.local")
	showSides(e, out)
	head(e, "isac.preview.out")
	if held {
		e.Say("release.held")
	} else {
		body := out.Draft.Body()
		fmt.Fprintln(e.Out, body.Analysis.Text(e.Lang))
		showFacts(e, body.Facts, out.Vocab)
	}
	showProse(e, out.Prose, func(string) string { return "isac.prose.asked" }, out.Vocab)
	showHints(e, out.Hints, out.Vocab)
	showLeftOut(e, out.Record.Classes())
	fmt.Fprintln(e.Out)
	e.Say("isac.preview.more")
}
