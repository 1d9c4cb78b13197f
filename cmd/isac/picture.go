package main

import (
	"context"
	"os"
	"strings"

	"isac/hub"
	"isac/hub/analysis"
	"isac/hub/paper"
	"isac/hub/picture"
	"isac/hub/stix"
	"isac/hub/vocab"
	"isac/internal/console"
)

// drawPicture draws the attack path of a stored alert, for slides and for paper.
func drawPicture(_ context.Context, e *console.Env) error {
	narrow := e.Flags.Bool("narrow", false, "")
	asPNG := e.Flags.Bool("png", false, "")
	fontFile := e.Flags.String("font", "", "")
	v, bundle, name, err := alertToDraw(e)
	if err != nil {
		return err
	}
	ids, err := techniquesOf(bundle)
	if err != nil {
		return err
	}
	p := picture.Page{
		Lang: e.Lang, Layout: picture.Wide, Words: e.Text,
		Note: e.Text("web.alert.number", decimal(v.Number)) + " · TLP:" + strings.ToUpper(string(v.TLP)),
	}
	if *narrow {
		p.Layout = picture.Narrow
	}
	data := []byte(picture.Path(p, vocab.Default(nil), analysis.Default(), ids))
	if *asPNG {
		err = withFont(*fontFile, func(f *paper.Font) error {
			data, err = paper.PNG(string(data), f)
			return err
		})
		if err != nil {
			return err
		}
	}
	err = os.WriteFile(name, data, 0o600)
	if err != nil {
		return &hub.Error{Kind: hub.Invalid, Text: "isac.picture.cant-write", Err: err}
	}
	return e.Print(map[string]int{"techniques": len(ids)}, func() { e.Say("isac.picture.done", decimal(uint64(len(ids)))) })
}

// alertToDraw reads the arguments FILE and NAME: a stored alert, verified and not taken
// back, and the file that is made of it.
func alertToDraw(e *console.Env) (v verified, bundle []byte, name string, err error) {
	creds := e.Flags.String("creds", envOr("ISAC_CREDS", ""), "")
	hubKey := e.Flags.String("hub-key", "", "")
	sig := e.Flags.String("sig", "", "")
	args, err := e.Parse(2, 2)
	if err != nil {
		return v, nil, "", err
	}
	line, err := alertKeys(*creds, *hubKey)
	if err != nil {
		return v, nil, "", err
	}
	v, bundle, err = verifyFile(e, line, args[0], *sig)
	if err == nil && (v.Kind == hub.Withdrawn || v.Kind == hub.Recalled) {
		err = hub.E(hub.Gone, "isac.picture.withdrawn")
	}
	return v, bundle, args[1], err
}

// techniquesOf reads which techniques an alert names.
func techniquesOf(bundle []byte) ([]string, error) {
	b, err := stix.ParseBundle(bundle, stix.Limits{Bytes: maxBundle, Depth: 100, Objects: 10_000})
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, o := range b.Objects {
		if o.Type() != "attack-pattern" {
			continue
		}
		for _, r := range o.Objs("external_references") {
			if r.Str("source_name") == "mitre-attack" {
				ids = append(ids, r.Str("external_id"))
			}
		}
	}
	return ids, nil
}
