package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"

	"isac/hub"
	"isac/hub/succession"
	"isac/internal/admin"
	"isac/internal/console"
	"isac/internal/keyring"
)

// keysShow lists the keys with which the hub has signed alerts.
func keysShow(ctx context.Context, e *console.Env) error {
	dir := dataFlag(e)
	_, err := e.Parse(0, 0)
	if err != nil {
		return err
	}
	reply, err := ask(ctx, *dir, admin.Request{Op: "keys"})
	if err != nil {
		return err
	}
	return showLine(e, reply.Line)
}

// keysRotate has another key sign alerts from the next one on.
func keysRotate(ctx context.Context, e *console.Env) error {
	dir := dataFlag(e)
	key := e.Flags.String("in", "", "")
	lost := e.Flags.Bool("lost", false, "")
	_, err := e.Parse(0, 0)
	if err != nil {
		return err
	}
	to := *key
	if to != "" && to != keyring.Folder {
		to, err = settings{Signer: to}.signerSocket()
		if err != nil {
			return err
		}
	}
	reply, err := admin.Ask(ctx, *dir, admin.Request{Op: "rotate", In: to, Lost: *lost})
	if errors.Is(err, admin.ErrNoHub) {
		return hub.E(hub.Unavailable, "isacd.keys.needs-hub")
	}
	if err != nil {
		return err
	}
	err = showLine(e, reply.Line)
	if err != nil || e.JSON {
		return err
	}
	e.Say("isacd.keys.rotated")
	switch {
	case to == keyring.Folder:
		e.Say("isacd.keys.no-signer")
	case to != "":
		e.Say("isacd.keys.signer", *key)
	}
	if *lost {
		e.Say("isacd.keys.lost")
	}
	return nil
}

// showLine prints a line for each key: itself, and the alerts that it is good for.
func showLine(e *console.Env, line *succession.Line) error {
	if line == nil {
		return hub.E(hub.NotFound, "isacd.keys.none")
	}
	return e.Print(line, func() {
		for i, key := range line.Keys() {
			text := base64.StdEncoding.EncodeToString(key)
			if i < len(line.Steps) {
				e.Say("isacd.keys.old", text, fmt.Sprint(line.Steps[i].After))
				continue
			}
			e.Say("isacd.keys.newest", text)
		}
	})
}
