// Package demo plays one incident from report to alert on one machine, with
// invented members, for people to watch, and can go on serving what it made.
//
// Everything runs for real: NATS over loopback, sealed reports, the people's own
// signatures, the gate, and a client for every member that verifies what arrives.
// Only the clocks are short. It trusts nothing and keeps nothing unless told to.
//
//	err := demo.Run(ctx, demo.Options{Out: os.Stdout, Members: 500})
package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"isac/hub"
	"isac/hub/paper"
	"isac/hub/profile"
	"isac/hub/register"
	"isac/hub/register/synthetic"
	"isac/hub/review"
	"isac/internal/node"
	"isac/internal/validation"
)

// Options say how the demo runs.
type Options struct {
	Out         io.Writer
	JSON        bool        // tell the result as one JSON object in place of the story
	Members     int         // 500 when 0
	Serve       bool        // go on serving until ctx ends
	Listen      string      // HTTP address when serving
	Dir         string      // "" is a temporary folder, removed afterwards
	Credentials string      // file to write when all is ready
	Log         io.Writer   // of the hub; nil logs nothing
	Font        *paper.Font // of PDF and PNG; may be nil
}

// seed makes the demo's members: the same every time, and in no other table.
const seed = 20261124

// Run plays the demo. Without Serve it ends when every member has the alert.
func Run(ctx context.Context, o Options) error {
	if o.Members == 0 {
		o.Members = 500
	}
	return o.within(func(o Options) error {
		n, err := start(ctx, o)
		if err != nil {
			return err
		}
		err = play(ctx, n, o)
		return errors.Join(err, n.Close())
	})
}

// within calls do with a new folder, which is removed afterwards unless it was asked for.
func (o Options) within(do func(Options) error) error {
	if o.Log == nil {
		o.Log = io.Discard
	}
	if o.Dir == "" {
		dir, err := os.MkdirTemp("", "isac-demo-")
		if err != nil {
			return fmt.Errorf("making demo folder: %w", err)
		}
		defer os.RemoveAll(dir)
		o.Dir = dir
	}
	var err error
	o.Dir, err = filepath.Abs(o.Dir) // the paths in the credentials file are good from anywhere
	if err != nil {
		return fmt.Errorf("making demo folder: %w", err)
	}
	entries, err := os.ReadDir(o.Dir)
	if err == nil && len(entries) > 0 {
		return hub.E(hub.Invalid, "demo.folder-used")
	}
	return do(o)
}

// start runs a hub with short clocks and imports the members.
func start(ctx context.Context, o Options, change ...func(*node.Config)) (*node.Node, error) {
	v, err := validation.Embedded()
	if err != nil {
		return nil, err
	}
	listen := o.Listen
	if listen == "" {
		listen = "127.0.0.1:0"
	}
	clocks := shortClocks()
	c := node.Config{
		Dir: o.Dir, Listen: listen, Profile: profile.HealthcareJP(), Validator: v, Clocks: &clocks, Font: o.Font,
		Tick: 100 * time.Millisecond, Name: "ISAC demo hub", Log: slog.New(slog.NewTextHandler(o.Log, nil)),
	}
	for _, f := range change {
		f(&c)
	}
	n, err := node.Start(ctx, c)
	if err != nil {
		return nil, err
	}
	list, err := sectorList(o.Members)
	if err == nil {
		err = n.Roster.Import(ctx, list)
	}
	if err != nil {
		return nil, errors.Join(err, n.Close())
	}
	return n, nil
}

// shortClocks release at once what is approved; the rest keeps its length, so that
// nothing is shredded while somebody watches.
func shortClocks() review.Clocks {
	k := node.Clocks(profile.HealthcareJP().Clocks)
	k.ReleaseJitter, k.NextSlot = 0, nil
	return k
}

func invented(members int) (*register.Register, error) {
	return register.New(synthetic.Register(members, seed))
}

func sectorList(members int) ([]byte, error) {
	list, err := invented(members)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = list.Write(&b)
	return b.Bytes(), err
}

// play runs the story, then what serving needs.
func play(ctx context.Context, n *node.Node, o Options) error {
	cast, err := assemble(ctx, n, filepath.Join(o.Dir, "people"))
	if err != nil {
		return err
	}
	defer cast.close()
	all, err := scenarios()
	if err != nil {
		return err
	}
	t := &teller{w: o.Out}
	if o.JSON {
		t.w = io.Discard
	}
	result, err := story(ctx, n, cast, all[0], t)
	if err != nil {
		return err
	}
	if !o.Serve {
		return end(o, result)
	}
	for i, s := range all[1:] {
		_, err := cast.incident(ctx, n, s, cast.victims[1+i])
		if err != nil {
			return err
		}
	}
	err = cast.writeCredentials(ctx, n, o.Credentials)
	if err != nil {
		return err
	}
	t.say("serving", n.BaseURL, n.Bus.URL(), n.PagesURL())
	result.Serving, result.URL, result.NATS, result.PagesURL = true, n.BaseURL, n.Bus.URL(), n.PagesURL()
	err = end(o, result)
	if err != nil {
		return err
	}
	<-ctx.Done()
	return t.err
}

// end tells the result to a machine.
func end(o Options, r Result) error {
	if !o.JSON {
		return nil
	}
	return r.write(o.Out)
}

// poll asks again and again until done says so, every 20 ms, for at most a minute.
func poll(ctx context.Context, what string, done func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		ok, err := done()
		if err != nil || ok {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for %s: %w", what, ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

var stages = []hub.Stage{hub.Flash, hub.Full}
