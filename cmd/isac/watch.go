package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"isac/hub"
	"isac/hub/deliver"
	"isac/internal/console"
	"isac/internal/locale"
	"isac/internal/member"
	"isac/internal/outlet"
)

// sink is where watch puts alerts.
type sink struct {
	e      *console.Env
	dir    string // "" writes no files
	cursor string
	left   int // end after this many, -1 never
	last   uint64
	stop   context.CancelFunc
}

// watching is what a watch does.
type watching struct {
	sink
	conn           *connection
	spool, outputs string // "" for none
	run            string // the command for each alert, "" for none
	limit          time.Duration
}

// watch follows the alert log from its own cursor.
func watch(ctx context.Context, e *console.Env) error {
	w := watchFlags(e)
	e.Flags.IntVar(&w.left, "count", -1, "")
	e.Flags.DurationVar(&w.limit, "for", 0, "")
	if _, err := e.Parse(0, 0); err != nil {
		return err
	}
	return w.follow(ctx)
}

func watchFlags(e *console.Env) *watching {
	w := &watching{sink: sink{e: e, left: -1}, conn: connectionFlags(e)}
	e.Flags.StringVar(&w.dir, "out", "", "")
	e.Flags.StringVar(&w.run, "exec", "", "")
	e.Flags.StringVar(&w.cursor, "cursor", "isac.cursor", "")
	e.Flags.StringVar(&w.spool, "spool", "", "")
	e.Flags.StringVar(&w.outputs, "outputs", "", "")
	return w
}

// follow runs until ctx ends or the watch is over.
func (w *watching) follow(ctx context.Context) error {
	chain, err := readCursor(w.cursor)
	if err != nil {
		return err
	}
	handed, err := w.handed(chain)
	if err != nil {
		return err
	}
	c, err := w.conn.dial()
	if err != nil {
		return err
	}
	defer c.Close()
	handed.conn = c
	ctx, end := context.WithCancel(ctx)
	if w.limit > 0 {
		ctx, end = context.WithTimeout(ctx, w.limit)
	}
	var beside sync.WaitGroup
	defer func() {
		end()
		beside.Wait()
	}()
	beside.Go(func() { handed.run(ctx) })
	if w.spool != "" {
		beside.Go(func() { tendSpool(ctx, w.e, c, w.spool) })
	}
	seen, err := member.OpenLedger(ledgerOf(w.cursor))
	if err != nil { // alerts are verified without it
		w.warn(err)
		seen = member.NewLedger(ledgerOf(w.cursor))
	}
	until, stop := context.WithCancel(ctx)
	defer stop()
	w.stop = stop
	log := member.Watcher{Conn: c, Chain: chain, Each: w.take, Warn: w.warn, Ledger: seen}
	err = log.Run(until)
	if err == nil && w.left == 0 { // the command has its turn with each that was counted
		handed.reach(ctx, execOutput, w.last)
	}
	return err
}

// execOutput is the name of the output that runs the command of --exec.
const execOutput = "exec"

// handed are the outputs, each with its place in the log.
func (w *watching) handed(chain deliver.Chain) (*outputs, error) {
	o := newOutputs(w.e, w.cursor)
	var err error
	if w.outputs != "" {
		o.list, err = outlet.Read(w.outputs)
		if err != nil {
			return nil, err
		}
	}
	if argv := strings.Fields(w.run); len(argv) > 0 {
		if slices.ContainsFunc(o.list, func(one *outlet.Outlet) bool { return one.Name == execOutput }) {
			return nil, hub.E(hub.Invalid, "outlet.name", execOutput)
		}
		o.list = append(o.list, outlet.Command(execOutput, argv, w.e.Out, w.e.Err))
	}
	return o, o.begin(chain)
}

func readCursor(file string) (deliver.Chain, error) {
	var c deliver.Chain
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &c)
	}
	if err != nil {
		return c, &hub.Error{Kind: hub.Invalid, Text: "isac.watch.bad-cursor", Err: fmt.Errorf("reading cursor: %w", err)}
	}
	return c, nil
}

// take prints and writes, and only then moves the cursor: an alert is seen
// twice rather than never.
func (s *sink) take(e deliver.Entry, chain deliver.Chain) error {
	if s.left == 0 {
		return nil
	}
	err := errors.Join(s.print(e), s.write(e))
	if err != nil {
		return err
	}
	err = writeChain(s.cursor, chain)
	if err != nil {
		return err
	}
	s.last = chain.Last
	if s.left > 0 {
		s.left--
		if s.left == 0 {
			s.stop()
		}
	}
	return nil
}

func (s *sink) print(e deliver.Entry) error {
	return s.e.Print(e, func() {
		fmt.Fprintf(s.e.Out, "== %s\n", headOf(s.e, e.Alert))
		if e.Bundle == nil || e.Kind == hub.Recalled {
			fmt.Fprintln(s.e.Out, s.e.Text("isac.watch.recalled", e.ID))
			return
		}
		if e.Kind != hub.Updated { // which says the same again
			fmt.Fprintln(s.e.Out, textOf(e.Bundle, s.e.Lang))
		}
	})
}

// headOf is one line about an alert.
func headOf(e *console.Env, a hub.Alert) string {
	return e.Text("isac.watch.head", decimal(a.Number), e.Text("isac.kind."+string(a.Kind)), e.Text("isac.severity."+string(a.Severity)), e.Text("isac.stage."+string(a.Stage)), strings.ToUpper(string(a.TLP)), a.Published.Local().Format("2006-01-02 15:04"))
}

func decimal(n uint64) string { return strconv.FormatUint(n, 10) }

// textOf is the page of a verified alert in one language.
func textOf(bundle []byte, lang string) string {
	text, err := deliver.TextOf(bundle)
	if err != nil {
		return ""
	}
	return text.In(lang)
}

func (s *sink) write(e deliver.Entry) error {
	if s.dir == "" {
		return nil
	}
	err := os.MkdirAll(s.dir, 0o755)
	if err != nil {
		return fmt.Errorf("making folder: %w", err)
	}
	base := filepath.Join(s.dir, fmt.Sprintf("%06d", e.Number))
	if e.Kind == hub.Recalled {
		return s.forget(e)
	}
	err = writeWhole(base+".sig", []byte(base64.StdEncoding.EncodeToString(e.Signature)+"\n"))
	if err != nil {
		return fmt.Errorf("writing alert: %w", err)
	}
	err = writeWhole(base+".json", e.Bundle)
	if err != nil {
		return fmt.Errorf("writing alert: %w", err)
	}
	return nil
}

// forget deletes the copies of a recalled alert from the output folder, and what a
// crash left half written, which may be of it.
func (s *sink) forget(e deliver.Entry) error {
	files, err := os.ReadDir(s.dir)
	if err != nil {
		return fmt.Errorf("forgetting alert: %w", err)
	}
	for _, f := range files {
		file := filepath.Join(s.dir, f.Name())
		base, whole := strings.CutSuffix(file, ".json")
		switch {
		case !f.Type().IsRegular():
		case whole:
			err = forgetIf(e.ID, base)
		case strings.HasSuffix(file, ".json"+unfinished):
			err = os.Remove(file)
		}
		if err != nil {
			return fmt.Errorf("forgetting alert: %w", err)
		}
	}
	return nil
}

// forgetIf deletes a bundle and its signature if it is of the alert.
func forgetIf(id, base string) error {
	data, err := os.ReadFile(base + ".json")
	if err != nil {
		return err
	}
	inside, err := deliver.Inside(data)
	if err != nil || inside.ID != id {
		return nil // somebody else's file
	}
	return errors.Join(os.Remove(base+".json"), removeIfThere(base+".sig"))
}

func removeIfThere(file string) error {
	err := os.Remove(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func (s *sink) warn(err error) {
	var text string
	switch w := err.(type) {
	case *deliver.Gap:
		text = s.e.Text("isac.watch.gap", fmt.Sprint(w.From+1), fmt.Sprint(w.To-1))
	case *deliver.Fork:
		text = s.e.Text("isac.watch.fork", fmt.Sprint(w.Number))
	case *deliver.RollBack:
		text = s.e.Text("isac.watch.rollback", fmt.Sprint(w.Number), fmt.Sprint(w.Last))
	default:
		text = locale.Error(s.e.Lang, forked(err, ledgerOf(s.cursor)))
	}
	fmt.Fprintln(s.e.Err, time.Now().Format("15:04:05"), text)
}

// unfinished ends the name of a file that is being written.
const unfinished = ".new"

func writeWhole(file string, data []byte) error {
	tmp := file + unfinished
	err := os.WriteFile(tmp, data, 0o600)
	if err != nil {
		return err
	}
	return os.Rename(tmp, file)
}
