// Package bench measures the hub's figures, each beside a yardstick of the same run:
// plain JSON decoding, raw acknowledged publishes, a plain NATS server, raw inserts.
// A machine's mood moves both, so the ratio is what counts and what has a target.
//
// Subject and yardstick take turns over several rounds, and medians are told.
// Everything runs for real and on loopback: NATS with accounts, synced writes,
// sealed reports, and for memory and start the command itself as a process of its
// own. The package trusts the machine, and nothing is left behind.
//
//	r, err := bench.Run(ctx, bench.Options{Hub: []string{"isacd"}})
//	fmt.Println(r.Figure("receipt").Ratio)
package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"

	"isac/hub/register"
	"isac/internal/sample"
)

// Options say what is measured. Zero values are the defaults.
type Options struct {
	Members int // clients of the fan-out and members of the list; 2,000 when 0
	Rounds  int // of subject and yardstick in turn; 7 when 0
	// Only are the figures that are wanted; all when empty. What is measured in one go
	// with one of them is told too.
	Only    []string
	Objects int // that TAXII serves, each an indicator; 100,000 when 0, at least 20,000
	// Hub is the command isacd, for what is measured on a process of its own: the
	// path of the file and, as second, what it is to be called.
	Hub []string
	// Progress is told the name of each figure as it begins; may be nil.
	Progress func(figure string)
}

// most members that the sample of the sector has names for.
const mostMembers = 13_000

// Errors of options.
var (
	ErrMembers = errors.New("between 20 and 13,000 members can be measured")
	ErrFigure  = errors.New("there is no such figure")
)

func (o Options) withDefaults() Options {
	if o.Members == 0 {
		o.Members = 2000
	}
	if o.Rounds <= 0 {
		o.Rounds = 7
	}
	if o.Objects == 0 {
		o.Objects = 100_000
	}
	o.Objects = max(o.Objects, 20_000)
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	return o
}

// run is one run: what its parts share.
type run struct {
	Options
	dir    string // temporary
	list   *register.Register
	csv    []byte
	tools  *tools
	made   [][]byte // alerts, for the fan-out and the log that is replayed
	result Result
}

// Run measures every figure.
func Run(ctx context.Context, o Options) (Result, error) {
	r := &run{Options: o.withDefaults()}
	if r.Members < senders+4 || r.Members > mostMembers {
		return Result{}, ErrMembers
	}
	for _, name := range r.Only {
		if !slices.Contains(Names(), name) {
			return Result{}, ErrFigure
		}
	}
	err := r.prepare()
	if err != nil {
		return Result{}, fmt.Errorf("preparing: %w", err)
	}
	defer os.RemoveAll(r.dir)
	for _, part := range r.parts() {
		if !r.wants(part.figures) {
			continue
		}
		err := part.measure(ctx)
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return Result{}, fmt.Errorf("measuring %s: %w", part.figures[0], err)
		}
	}
	return r.result, nil
}

// part measures some figures in one go.
type part struct {
	figures []string
	measure func(context.Context) error
}

func (r *run) parts() []part {
	return []part{
		{[]string{"validate"}, r.validate},
		{[]string{"anonymize"}, r.anonymize},
		{[]string{"ready", "held"}, r.needles},
		{[]string{"gate", "gatejson"}, r.gate},
		{[]string{"needles"}, r.caseNeedles},
		{[]string{"fanout", "receipt", "receipt16", "replay"}, r.alerts}, // which these need
		{[]string{"fanout", "receipt", "receipt16"}, r.hub},
		{[]string{"reconnect"}, r.reconnect},
		{[]string{"memory", "start"}, r.process},
		{[]string{"replay"}, r.replay},
		{[]string{"taxii100", "taxii1000", "taxiiflat", "taxiiid", "taxiiwalk", "taxiimemory", "lookup", "bulk", "csv", "csvmemory"}, r.taxii},
	}
}

// wants reports whether one of the figures is asked for.
func (r *run) wants(figures []string) bool {
	return len(r.Only) == 0 || slices.ContainsFunc(figures, func(f string) bool { return slices.Contains(r.Only, f) })
}

func (r *run) prepare() (err error) {
	r.list, err = sample.Sector(max(sample.Whole, r.Members), r.Members)
	if err != nil {
		return err
	}
	r.csv, err = sample.CSV(r.list)
	if err != nil {
		return err
	}
	r.tools, err = newTools(r.list)
	if err != nil {
		return err
	}
	r.result = Result{
		Go: runtime.Version(), CPUs: runtime.NumCPU(), Rounds: r.Rounds,
		Members: r.Members, Organisations: r.list.Len(),
	}
	r.dir, err = os.MkdirTemp("", "isac-bench-")
	return err
}

// took adds a measured figure.
func (r *run) took(name string, value, yardstick float64) {
	r.result.Figures = append(r.result.Figures, figure(name, value, yardstick))
}
