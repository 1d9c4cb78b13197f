// Package attack measures the anonymizer by attacking it: a world invents a sector
// and years of incidents (package world), the hub's real path makes alerts of their
// reports, and adversaries (package adversary) try to find the victims. Beside the
// success of each stands the bound that the hub promises; and beside what was kept
// secret stands how much of the attacker's was told.
//
// It trusts nothing of the hub but that a run has ended. The same seed gives the
// same figures; the figures of the README are of a seed that nobody has tuned on.
//
//	r, err := attack.Run(ctx, attack.Options{Incidents: 10000, Seed: 42})
//	fmt.Println(r.Holds())
package attack

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"isac/internal/attack/adversary"
	"isac/internal/attack/world"
)

// Options say how large the attack is. Zero values are the defaults.
type Options struct {
	Incidents     int    // over all sectors; 10,000 when 0
	Members       []int  // of each sector; 200, 500, 1,500 and 8,182 when nil
	Organisations int    // of the sector list; 8,182 when 0
	Seed          uint64 // of everything
	// Progress is told how many incidents of a sector are done; may be nil.
	Progress func(members, done, of int)
	Mutant   *Mutant // for tests: a hub with a rule taken out
}

// Whole is how many organisations the whole sector has, and most how many can be
// invented.
const (
	Whole = 8182
	most  = 13_000
)

// ErrOptions says that so much can't be invented.
var ErrOptions = errors.New("sectors have between 40 and 13,000 members, and each at least 20 incidents")

func (o Options) withDefaults() Options {
	if o.Incidents == 0 {
		o.Incidents = 10_000
	}
	if len(o.Members) == 0 {
		o.Members = []int{200, 500, 1500, Whole}
	}
	if o.Organisations == 0 {
		o.Organisations = Whole
	}
	if o.Progress == nil {
		o.Progress = func(int, int, int) {}
	}
	return o
}

// perYear is how many incidents a sector of so many members has in a year.
func perYear(members int) int {
	switch {
	case members <= 300:
		return 4
	case members <= 1000:
		return 6
	case members <= 4000:
		return 10
	}
	return 20
}

// Run attacks every sector.
func Run(ctx context.Context, o Options) (Result, error) {
	o = o.withDefaults()
	each := o.Incidents / len(o.Members)
	out := Result{Seed: o.Seed, Incidents: each * len(o.Members), Members: o.Members, facts: newTally()}
	for i, members := range o.Members {
		if members < 40 || members > most || each < 20 {
			return Result{}, ErrOptions
		}
		w, err := world.New(world.Options{
			Organisations: o.Organisations, Members: members, Incidents: each, PerYear: perYear(members), Seed: o.Seed + uint64(i)<<32,
		})
		if err != nil {
			return Result{}, err
		}
		s := &siege{w: w, facts: out.facts, progress: func(done int) { o.Progress(members, done, each) }}
		s.path, err = newPath(w, o.Mutant)
		if err == nil {
			err = s.run(ctx)
		}
		if err != nil {
			return Result{}, fmt.Errorf("attacking a sector of %d: %w", members, err)
		}
		out.Rows = append(out.Rows, s.judge(o.Seed)...)
		out.held += s.held
	}
	out.finish()
	return out, nil
}

// siege is the attack on one sector.
type siege struct {
	w        *world.World
	path     *path
	facts    *tally
	progress func(done int)
	cases    []attacked
	held     int
}

// attacked is one incident, what came out, and who it was.
type attacked struct {
	in      world.Incident
	release adversary.Release
	victim  string
}

// run takes all incidents through the hub.
func (s *siege) run(ctx context.Context) error {
	s.cases = make([]attacked, len(s.w.Incidents))
	var next, held atomic.Int64
	var progress sync.Mutex
	done := 0
	errs := make([]error, runtime.NumCPU())
	var group sync.WaitGroup
	for worker := range errs {
		group.Go(func() {
			for errs[worker] == nil {
				i := int(next.Add(1)) - 1
				if i >= len(s.cases) || ctx.Err() != nil {
					return
				}
				n, err := s.one(i)
				errs[worker] = err
				held.Add(int64(n))
				progress.Lock()
				done++
				s.progress(done)
				progress.Unlock()
			}
		})
	}
	group.Wait()
	s.held = int(held.Load())
	return errors.Join(append(errs, ctx.Err())...)
}

// one takes one incident through and counts what was kept of the attacker's.
func (s *siege) one(i int) (held int, err error) {
	in := s.w.Incidents[i]
	report, expected, err := s.w.Report(in)
	if err != nil {
		return 0, err
	}
	at := s.path.clock(in)
	a, err := s.path.run(in, report, at)
	if err != nil {
		return 0, err
	}
	s.facts.count(in, expected, a, s.path)
	s.cases[i] = attacked{in, s.path.released(in, a, at), s.w.Members[in.Victim].ID}
	return a.held, nil
}
