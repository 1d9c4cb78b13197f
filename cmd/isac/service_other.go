//go:build !windows

package main

import (
	"context"

	"isac/hub"
)

var errNoService = hub.E(hub.Invalid, "isac.service.not-here")

func installService([]string) error { return errNoService }

func removeService() error { return errNoService }

func runService(context.Context, func(context.Context)) error { return errNoService }
