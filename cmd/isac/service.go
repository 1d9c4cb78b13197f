package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"isac/hub"
	"isac/internal/console"
	"isac/internal/locale"
)

// A service of Windows does what isac watch does; on Linux that is a unit of systemd
// (internal/dist).

// serviceName is what the service is called, and, as "NT SERVICE\isac-watch", the account
// that it runs as: one of its own, which Windows makes, without a password.
const serviceName = "isac-watch"

// serviceFlags are those of a watch, and where the service writes what it has to say.
func serviceFlags(e *console.Env) (*watching, *string) {
	w := watchFlags(e)
	return w, e.Flags.String("log", "isac.log", "")
}

// serviceInstall makes the service and starts it.
func serviceInstall(_ context.Context, e *console.Env) error {
	_, _ = serviceFlags(e)
	_, err := e.Parse(0, 0)
	if err != nil {
		return err
	}
	args, err := serviceArguments(e.Flags)
	if err == nil {
		err = installService(args)
	}
	if err != nil {
		return err
	}
	return e.Print(map[string]string{"service": serviceName}, func() { e.Say("isac.service.installed", serviceName) })
}

// serviceArguments are what the service is started with: a service has another folder
// and other rights than who installs it, so every file is named in full.
func serviceArguments(flags *flag.FlagSet) ([]string, error) {
	args := []string{"service", "run"}
	var err error
	flags.VisitAll(func(f *flag.Flag) {
		value := f.Value.String()
		switch f.Name {
		case "creds", "out", "cursor", "spool", "outputs", "log":
			if value != "" && err == nil {
				value, err = filepath.Abs(value)
			}
		case "nats", "exec", "lang":
		default:
			return
		}
		if value != "" {
			args = append(args, "--"+f.Name, value)
		}
	})
	if err != nil {
		return nil, fmt.Errorf("naming files: %w", err)
	}
	return args, nil
}

// serviceRemove stops the service and takes it away; files stay.
func serviceRemove(_ context.Context, e *console.Env) error {
	_, err := e.Parse(0, 0)
	if err == nil {
		err = removeService()
	}
	if err != nil {
		return err
	}
	return e.Print(map[string]string{"service": serviceName}, func() { e.Say("isac.service.removed", serviceName) })
}

// serviceRun is what Windows starts.
func serviceRun(ctx context.Context, e *console.Env) error {
	w, log := serviceFlags(e)
	_, err := e.Parse(0, 0)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(*log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return &hub.Error{Kind: hub.Invalid, Text: "isac.service.no-log", Args: []string{*log}, Err: fmt.Errorf("opening log: %w", err)}
	}
	e.Out, e.Err = io.Discard, file // alerts lie in the folder
	err = runService(ctx, func(ctx context.Context) { w.keep(ctx, againAfter) })
	return joinClose(err, file)
}

// againAfter is how long a service waits when its watch has ended, as where the hub can't
// be reached when the machine starts.
const againAfter = 30 * time.Second

// keep watches until ctx ends, again and again.
func (w *watching) keep(ctx context.Context, pause time.Duration) {
	for ctx.Err() == nil {
		err := w.follow(ctx)
		if err != nil {
			fmt.Fprintln(w.e.Err, time.Now().Format(time.DateTime), locale.Error(w.e.Lang, err))
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
		case <-timer.C:
		}
		timer.Stop()
	}
}

func joinClose(err error, c io.Closer) error {
	closed := c.Close()
	if err == nil && closed != nil {
		return fmt.Errorf("closing log: %w", closed)
	}
	return err
}
