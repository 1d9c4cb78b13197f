package main

import (
	"context"
	"encoding/base64"
	"fmt"

	"isac/hub"
	"isac/internal/console"
	"isac/internal/locale"
)

// followKeys asks the hub which keys have followed the one of the credentials file, checks
// them, keeps them, and prints all.
func followKeys(ctx context.Context, e *console.Env) error {
	conn := connectionFlags(e)
	if _, err := e.Parse(0, 0); err != nil {
		return err
	}
	c, err := conn.dial()
	if err != nil {
		return err
	}
	defer c.Close()
	moved, err := c.FollowKeys(ctx)
	if moved && hub.KindOf(err) == hub.Unavailable { // believed, and not kept
		fmt.Fprintln(e.Err, locale.Error(e.Lang, err))
		err = nil
	}
	if err != nil {
		return err
	}
	line := c.Keys.Line()
	return e.Print(line, func() {
		for i, key := range line.Keys() {
			text := base64.StdEncoding.EncodeToString(key)
			if i < len(line.Steps) {
				e.Say("isac.keys.old", text, decimal(line.Steps[i].After))
				continue
			}
			e.Say("isac.keys.newest", text)
		}
	})
}
