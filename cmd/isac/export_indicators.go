package main

import (
	"context"
	"fmt"
	"net/url"

	"isac/hub"
	"isac/hub/export"
	"isac/internal/console"
)

// exportIndicators writes all released indicators in one of the forms that other
// programs read, as the hub streams them.
func exportIndicators(ctx context.Context, e *console.Env) error {
	kind := e.Flags.String("type", "", "")
	confidence := e.Flags.Int("min-confidence", 0, "")
	since := e.Flags.String("since", "", "")
	all := e.Flags.Bool("all", false, "")
	api, rest, err := open(e, accessFlags(e), 1)
	if err != nil {
		return err
	}
	_, ok := export.FormOf(rest[0])
	if !ok {
		return hub.E(hub.NotFound, "export.no-form", export.Names())
	}
	q := url.Values{}
	for name, value := range map[string]string{"type": *kind, "since": *since} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if *confidence != 0 {
		q.Set("min_confidence", fmt.Sprint(*confidence))
	}
	if *all {
		q.Set("all", "true")
	}
	return api.Stream(ctx, "/export/"+rest[0], q, e.Out)
}
