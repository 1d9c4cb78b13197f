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
	var l natsbus.Listeners
	e.Flags.StringVar(&l.Websocket, "websocket", "", "")
	e.Flags.StringVar(&l.Leaf, "leaf", "", "")
	e.Flags.StringVar(&l.Certificate, "certificate", "", "")
	e.Flags.StringVar(&l.Key, "tls-key", "", "")
	_, err := e.Parse(0, 0)
	if err != nil {
		return err
	}
	if (l.Certificate == "") != (l.Key == "") {
		return console.Usage("isacd.nats-certificate")
	}
	config, err := natsbus.ServerConfig(*dir, l)
	if err != nil {
		return err
	}
	return e.Print(map[string]string{"config": config}, func() { fmt.Fprint(e.Out, config) })
}
