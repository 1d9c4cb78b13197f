package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"slices"
	"sync"
	"time"

	"isac/hub/deliver"
	"isac/internal/console"
	"isac/internal/locale"
	"isac/internal/member"
	"isac/internal/outlet"
)

// outputs hand alerts on to what the member runs. Each follows the log by itself, with a
// mark of its own beside the cursor: one that can't be reached holds no other up, and gets
// later what it missed.
type outputs struct {
	e      *console.Env
	conn   *member.Conn
	cursor string
	list   []*outlet.Outlet

	mu    sync.Mutex
	at    map[string]uint64 // how far each has come in this run
	moved chan struct{}     // closed when one has come further
}

func newOutputs(e *console.Env, cursor string) *outputs {
	return &outputs{e: e, cursor: cursor, at: map[string]uint64{}, moved: make(chan struct{})}
}

// come notes how far an output has come.
func (o *outputs) come(name string, number uint64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.at[name] = number
	close(o.moved)
	o.moved = make(chan struct{})
}

// reach waits until an output, if there is one of the name, has come as far as a number, or
// ctx ends.
func (o *outputs) reach(ctx context.Context, name string, number uint64) {
	if !slices.ContainsFunc(o.list, func(one *outlet.Outlet) bool { return one.Name == name }) {
		return
	}
	for {
		o.mu.Lock()
		at, moved := o.at[name], o.moved
		o.mu.Unlock()
		if at >= number {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-moved:
		}
	}
}

// markOf is the file that says how far an output has come.
func (o *outputs) markOf(one *outlet.Outlet) string { return o.cursor + "." + one.Name }

// begin gives an output that is new its place: alerts that come from now on.
func (o *outputs) begin(from deliver.Chain) error {
	for _, one := range o.list {
		_, err := os.Stat(o.markOf(one))
		if err == nil {
			continue
		}
		if errors.Is(err, fs.ErrNotExist) {
			err = writeChain(o.markOf(one), from)
		}
		if err != nil {
			return fmt.Errorf("keeping the mark of an output: %w", err)
		}
	}
	return nil
}

// run hands on until ctx ends.
func (o *outputs) run(ctx context.Context) {
	var all sync.WaitGroup
	for _, one := range o.list {
		all.Go(func() {
			err := o.follow(ctx, one)
			if err != nil {
				fmt.Fprintln(o.e.Err, locale.Error(o.e.Lang, err))
				o.come(one.Name, math.MaxUint64) // it comes no further
			}
		})
	}
	all.Wait()
}

func (o *outputs) follow(ctx context.Context, one *outlet.Outlet) error {
	chain, err := readCursor(o.markOf(one))
	if err != nil {
		return err
	}
	o.come(one.Name, chain.Last)
	w := member.Watcher{Conn: o.conn, Chain: chain, Each: func(entry deliver.Entry, chain deliver.Chain) error {
		err := one.Deliver(ctx, entry, func(err error) {
			fmt.Fprintln(o.e.Err, time.Now().Format("15:04:05"), o.e.Text("isac.watch.output-failed", one.Name, decimal(entry.Number), err.Error()))
		})
		if err != nil {
			return err
		}
		err = writeChain(o.markOf(one), chain)
		if err != nil {
			return err
		}
		o.come(one.Name, chain.Last)
		return nil
	}} // what is wrong with the log the watch itself tells
	return w.Run(ctx)
}

func writeChain(file string, c deliver.Chain) error {
	data, err := json.Marshal(c)
	if err == nil {
		err = writeWhole(file, data)
	}
	if err != nil {
		return fmt.Errorf("keeping cursor: %w", err)
	}
	return nil
}
