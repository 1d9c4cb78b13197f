package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/svc"
	"golang.org/x/sys/windows/svc/mgr"

	"isac/hub"
)

// serviceError tells people what to do about an error of the service manager.
func serviceError(err error) error {
	text := "isac.service.failed"
	switch {
	case errors.Is(err, windows.ERROR_ACCESS_DENIED):
		text = "isac.service.no-rights"
	case errors.Is(err, windows.ERROR_SERVICE_EXISTS):
		text = "isac.service.exists"
	case errors.Is(err, windows.ERROR_SERVICE_DOES_NOT_EXIST):
		text = "isac.service.none"
	}
	return &hub.Error{Kind: hub.Invalid, Text: text, Err: fmt.Errorf("asking the service manager: %w", err)}
}

// installService makes a service that starts with the machine, runs as an account of its
// own, and is started again when it dies.
func installService(args []string) error {
	program, err := os.Executable()
	if err != nil {
		return serviceError(err)
	}
	m, err := mgr.Connect()
	if err != nil {
		return serviceError(err)
	}
	defer func() { _ = m.Disconnect() }()
	s, err := m.CreateService(serviceName, program, mgr.Config{
		StartType: mgr.StartAutomatic, DelayedAutoStart: true, ServiceStartName: `NT SERVICE\` + serviceName,
		DisplayName: "ISAC member agent", Description: "Receives alerts of the ISAC hub and sends reports that wait.",
	}, args...)
	if err != nil {
		return serviceError(err)
	}
	defer s.Close()
	again := mgr.RecoveryAction{Type: mgr.ServiceRestart, Delay: againAfter}
	err = s.SetRecoveryActions([]mgr.RecoveryAction{again, again, again}, 24*60*60)
	if err != nil {
		return serviceError(err)
	}
	return nil
}

// removeService stops the service and takes it away.
func removeService() error {
	m, err := mgr.Connect()
	if err != nil {
		return serviceError(err)
	}
	defer func() { _ = m.Disconnect() }()
	s, err := m.OpenService(serviceName)
	if err != nil {
		return serviceError(err)
	}
	defer s.Close()
	_, err = s.Control(svc.Stop)
	if err != nil && !errors.Is(err, windows.ERROR_SERVICE_NOT_ACTIVE) {
		return serviceError(err)
	}
	err = s.Delete()
	if err != nil {
		return serviceError(err)
	}
	return nil
}

// runService runs until the service manager says stop, or ctx ends.
func runService(ctx context.Context, run func(context.Context)) error {
	err := svc.Run(serviceName, handler{ctx, run})
	if err != nil {
		return serviceError(err)
	}
	return nil
}

// handler answers the service manager.
type handler struct {
	ctx context.Context
	run func(context.Context)
}

// patience is how long the end may take.
const patience = 20 * time.Second

// Execute implements svc.Handler.
func (h handler) Execute(_ []string, requests <-chan svc.ChangeRequest, states chan<- svc.Status) (specific bool, code uint32) {
	ctx, stop := context.WithCancel(h.ctx)
	defer stop()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		h.run(ctx)
	}()
	states <- svc.Status{State: svc.Running, Accepts: svc.AcceptStop | svc.AcceptShutdown}
	for {
		select {
		case <-ended:
			return false, 0
		case r := <-requests:
			switch r.Cmd {
			case svc.Interrogate:
				states <- r.CurrentStatus
			case svc.Stop, svc.Shutdown:
				states <- svc.Status{State: svc.StopPending, WaitHint: uint32(patience / time.Millisecond)}
				stop()
				select {
				case <-ended:
				case <-time.After(patience):
				}
				return false, 0
			}
		}
	}
}
