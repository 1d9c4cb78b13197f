package main

import (
	"context"
	"errors"

	"isac/hub"
	"isac/internal/console"
	"isac/internal/node"
)

// The parts of a hub that runs as two processes.
const (
	innerPart = "inner"
	outerPart = "outer"
)

// servedSettings reads the flags of serve, and the settings file.
func servedSettings(e *console.Env) (settings, error) {
	listen := e.Flags.String("listen", "", "")
	part := e.Flags.String("part", "", "")
	socket := e.Flags.String("socket", "", "")
	peer := e.Flags.String("peer", "", "")
	s, err := settingsOf(e)
	if err != nil {
		return s, err
	}
	for _, o := range []struct{ flag, setting *string }{{listen, &s.Listen}, {part, &s.Part}, {socket, &s.Socket}, {peer, &s.Peer}} {
		if *o.flag != "" {
			*o.setting = *o.flag
		}
	}
	if s.Part == innerPart {
		s.Listen = ""
	}
	err = s.checkPart()
	if err != nil {
		return s, err
	}
	return s, s.checkPlain()
}

// checkPart refuses settings by which the two parts wouldn't find together.
func (s settings) checkPart() error {
	switch {
	case s.Part != "" && s.Part != innerPart && s.Part != outerPart:
		return hub.E(hub.Invalid, "isacd.no-part", s.Part)
	case (s.Part == "") != (s.Socket == ""):
		return hub.E(hub.Invalid, "isacd.part-and-socket")
	case s.Part == innerPart && s.BaseURL == "":
		return hub.E(hub.Invalid, "isacd.inner-without-address")
	}
	return nil
}

// serveOuter runs the outer part until it is told to stop.
func serveOuter(ctx context.Context, e *console.Env, s settings) error {
	c, err := s.reading()
	if err != nil {
		return err
	}
	o, err := node.StartOuter(ctx, c)
	if err != nil {
		return err
	}
	err = e.Print(map[string]string{"url": o.URL}, func() { e.Say("isacd.serving-outer", o.URL) })
	if err == nil {
		<-ctx.Done()
	}
	return errors.Join(err, o.Close())
}
