package main

import (
	"context"
	"fmt"

	"isac/internal/console"
	"isac/internal/natsbus"
)

// natsConfig prints the configuration of an external NATS server that serves this
// hub. A new data folder gets its keys by it.
func natsConfig(_ context.Context, e *console.Env) error {
	dir := dataFlag(e)
	_, err := e.Parse(0, 0)
	if err != nil {
		return err
	}
	config, err := natsbus.ServerConfig(*dir)
	if err != nil {
		return err
	}
	return e.Print(map[string]string{"config": config}, func() { fmt.Fprint(e.Out, config) })
}
