package bench

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"

	"isac/hub/anonymize"
	"isac/hub/gate"
	"isac/hub/register"
	"isac/hub/register/automaton"
	"isac/internal/sample"
)

// needles measures what the sector list costs before anything is searched: both sides'
// needles made ready, and what they hold. Its yardstick is the list's file.
func (r *run) needles(context.Context) error {
	r.Progress("ready")
	defer oneCore()()
	value, yardstick, err := alternate(r.Rounds, func() (float64, error) {
		took, err := pace(func() error {
			register.NewIndex(r.list)
			_, err := gate.Compile(r.list.Header(), r.list.Rows())
			return err
		})
		return milliseconds(took), err
	}, func() (float64, error) {
		took, err := pace(func() error {
			_, err := register.Read(bytes.NewReader(r.csv))
			return err
		})
		return milliseconds(took), err
	})
	if err != nil {
		return err
	}
	r.took("ready", value, yardstick)
	r.Progress("held")
	held, err := r.held()
	r.took("held", held, float64(len(r.csv))/1e6)
	return err
}

// held is how many MB of memory both sides' needles keep.
func (r *run) held() (float64, error) {
	before := heap()
	index := register.NewIndex(r.list)
	compiled, err := gate.Compile(r.list.Header(), r.list.Rows())
	after := heap()
	runtime.KeepAlive(index)
	runtime.KeepAlive(compiled)
	return (after - before) / 1e6, err
}

func heap() float64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // what the first one found free to go
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

// gate measures the search of an alert for the whole list and for what its report
// left out, beside an automaton alone over the same text folded before, and beside
// plain decoding of the same bytes.
func (r *run) gate(context.Context) error {
	r.Progress("gate")
	member := r.list.Members()[0]
	report, err := sample.Report(member, "gate")
	if err != nil {
		return err
	}
	checked, err := r.tools.check(member, report)
	if err != nil {
		return err
	}
	pair, err := r.tools.anonymizer.Draft(anonymize.Input{
		Checked: checked, Member: member, Answers: anonymize.Answers{AllConfirmed: true}, Random: rand.Reader, Received: checked.Received().At(),
	})
	if err != nil {
		return err
	}
	both, err := r.tools.alerts(checked, member, nil)
	if err != nil {
		return err
	}
	alert := both[1]
	defer oneCore()()
	subject := func() (float64, error) {
		took, err := pace(func() error { return r.tools.passes(alert, pair.LeftOut) })
		return float64(len(alert)) / 1e6 / took.Seconds(), err
	}
	raw, folded := rawAutomaton(r.list), []byte(register.Fold(string(alert)))
	value, yardstick, err := alternate(r.Rounds, subject, func() (float64, error) {
		took, err := pace(func() error {
			for range raw.All(folded) {
			}
			return nil
		})
		return float64(len(folded)) / 1e6 / took.Seconds(), err
	})
	if err != nil {
		return err
	}
	r.took("gate", value, yardstick)
	value, yardstick, err = alternate(r.Rounds, subject, func() (float64, error) {
		took, err := pace(func() error { return decode(alert) })
		return float64(len(alert)) / 1e6 / took.Seconds(), err
	})
	r.took("gatejson", value, yardstick)
	return err
}

// passes puts an alert through the gate.
func (t *tools) passes(alert []byte, left []string) error {
	passed, hits, err := t.gate.Check(alert, left, t.own)
	if err == nil && !passed.Valid() {
		err = errors.New("the gate held an alert that it had passed")
		if len(hits) > 0 {
			err = fmt.Errorf("%w: %v", err, hits[0])
		}
	}
	return err
}

// rawAutomaton holds every cell of the list, folded, as a pattern.
func rawAutomaton(list *register.Register) *automaton.Automaton {
	var patterns []string
	for _, row := range list.Rows() {
		for _, cell := range row {
			if f := register.Fold(cell); len(f) >= 6 {
				patterns = append(patterns, f)
			}
		}
	}
	return automaton.New(patterns)
}

// caseNeedles measures the matcher of what one case left out, a thousand values.
func (r *run) caseNeedles(context.Context) error {
	r.Progress("needles")
	values := make([]string, 1000)
	for i := range values {
		values[i] = []string{"担当%d係", "SV-%05d", "%d床の病棟", "m.tokura%d@naibu.jp", "戸倉 %d 瑞穂"}[i%5]
		values[i] = fmt.Sprintf(values[i], i*7919)
	}
	data, err := json.Marshal(values)
	if err != nil {
		return err
	}
	defer oneCore()()
	value, yardstick, err := alternate(r.Rounds, func() (float64, error) {
		took, err := pace(func() error { register.NewNeedles(values); return nil })
		return milliseconds(took), err
	}, func() (float64, error) {
		took, err := pace(func() error { return decode(data) })
		return milliseconds(took), err
	})
	r.took("needles", value, yardstick)
	return err
}
