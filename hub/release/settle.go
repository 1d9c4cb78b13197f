package release

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"isac/hub"
	"isac/hub/anonymize"
)

// Settle finds the draft that passes the gate: the draft as it is, or rebuilt once
// without the facts that the gate hits. It returns the draft that passed and its
// bytes as an alert that has no place in the log; a hub.Held error when the rebuilt
// draft is hit as well.
func Settle(a *anonymize.Anonymizer, d anonymize.Draft, p Params, g Gate, random io.Reader) (anonymize.Draft, []byte, error) {
	data, err := trial(d, p, g)
	if hub.KindOf(err) != hub.Held {
		return settled(d, data, err)
	}
	s := settling{a, p, g.of(g.LeftOut), random, maxTrials}
	keys, err := s.offending(d)
	if err != nil {
		return settled(d, nil, err)
	}
	d, err = a.Without(d, keys, random)
	if err != nil {
		return settled(d, nil, err)
	}
	data, err = trial(d, p, g)
	return settled(d, data, err)
}

// Settled is what a report gives when the gate has had its word: a stage that it
// holds has neither draft nor bytes.
type Settled struct {
	anonymize.Pair
	Alerts map[hub.Stage][]byte // as Settle makes them
	Held   error                // why a stage is held, of kind hub.Held; nil where none is
}

// SettleReport drafts a report so that the stages given pass the gate. Where a fact
// is hit the report is drafted once more without it, in all stages, so that its
// record says what became of it. The values left out of g are the report's own; p places
// each stage.
func SettleReport(a *anonymize.Anonymizer, in anonymize.Input, p func(hub.Stage) Params, g Gate, stages ...hub.Stage) (Settled, error) {
	pair, err := a.Draft(in)
	if err != nil {
		return Settled{}, err
	}
	g = g.of(pair.LeftOut)
	var refused []string
	out, err := eachStage(pair, stages, func(s hub.Stage, d anonymize.Draft) (anonymize.Draft, []byte, error) {
		less, data, err := Settle(a, d, p(s), g, in.Random)
		if err == nil && less.Digest() != d.Digest() {
			refused = append(refused, missing(d, less)...)
		}
		return less, data, err
	})
	if err != nil || len(refused) == 0 {
		return out, err
	}
	in.Refused = slices.Concat(in.Refused, refused)
	pair, err = a.Draft(in)
	if err != nil {
		return Settled{}, err
	}
	g = g.of(pair.LeftOut)
	return eachStage(pair, stages, func(s hub.Stage, d anonymize.Draft) (anonymize.Draft, []byte, error) {
		data, err := trial(d, p(s), g)
		return settled(d, data, err)
	})
}

// eachStage puts the drafts of some stages through the gate.
func eachStage(pair anonymize.Pair, stages []hub.Stage, through func(hub.Stage, anonymize.Draft) (anonymize.Draft, []byte, error)) (Settled, error) {
	out := Settled{Pair: pair, Alerts: map[hub.Stage][]byte{}}
	out.Flash, out.Full = anonymize.Draft{}, anonymize.Draft{}
	for _, s := range stages {
		from, to := pair.Flash, &out.Flash
		if s == hub.Full {
			from, to = pair.Full, &out.Full
		}
		d, data, err := through(s, from)
		if hub.KindOf(err) == hub.Held {
			out.Held = err
			continue
		}
		if err != nil {
			return Settled{}, err
		}
		*to, out.Alerts[s] = d, data
	}
	return out, nil
}

// missing are the keys of the facts that a draft has and a rebuilt one hasn't.
func missing(d, less anonymize.Draft) []string {
	var out []string
	have := less.Body().Facts
	for _, f := range d.Body().Facts {
		if !slices.ContainsFunc(have, func(g hub.Fact) bool { return g.Key() == f.Key() }) {
			out = append(out, f.Key())
		}
	}
	return out
}

func settled(d anonymize.Draft, data []byte, err error) (anonymize.Draft, []byte, error) {
	if err != nil {
		return anonymize.Draft{}, nil, fmt.Errorf("settling draft: %w", err)
	}
	return d, data, nil
}

// trialID is the id of alerts that are only looked at.
const trialID = "00000000-0000-4000-8000-000000000000"

// trial renders and gates the draft as an alert with an id that belongs to no case. The
// twin, in which nothing but ids and labels differ, is gated when it is to go out.
func trial(d anonymize.Draft, p Params, g Gate) ([]byte, error) {
	if !d.Valid() {
		return nil, errors.New("rendering draft: not a draft")
	}
	err := p.check(1)
	if err != nil {
		return nil, fmt.Errorf("rendering draft: %w", err)
	}
	alert := hub.Alert{ID: trialID, Version: 1, Kind: hub.Released}
	body := d.Body()
	alert = placed(described(alert, body), p)
	r, err := render(alert, contentOf(body), p)
	if err != nil {
		return nil, err
	}
	check, err := g.check()
	if err != nil {
		return nil, err
	}
	passed, err := through(check(r.data, g.Own, r.issued))
	if err != nil {
		return nil, err
	}
	return passed.Bytes(), nil
}

// settling is the search for the facts that the gate hits in one draft.
type settling struct {
	a      *anonymize.Anonymizer
	p      Params
	g      Gate
	random io.Reader
	left   int // trials
}

// maxTrials bounds one search. A draft with more to leave out is held.
const maxTrials = 400

// offending returns keys of facts without which the draft passes. The shortest run
// of first facts that is hit ends in one that must go, alone or for what it makes
// together with those before it.
func (s *settling) offending(d anonymize.Draft) ([]string, error) {
	facts := d.Body().Facts
	hit, err := s.hit(d, nil, facts)
	if err != nil {
		return nil, err
	}
	if hit || len(facts) == 0 {
		return nil, hub.E(hub.Held, "release.held") // it is no fact's
	}
	var drop []string
	for from, hit := 0, true; hit; {
		from, err = s.shortest(d, drop, facts, from)
		if err != nil {
			return nil, err
		}
		drop = append(drop, facts[from-1].Key())
		hit, err = s.hit(d, drop, nil)
		if err != nil {
			return nil, err
		}
		if hit && from == len(facts) {
			return nil, hub.E(hub.Held, "release.held")
		}
	}
	return drop, nil
}

// shortest returns how many first facts are hit, at the least: found by halves
// between from, which pass, and all.
func (s *settling) shortest(d anonymize.Draft, drop []string, facts []hub.Fact, from int) (int, error) {
	to := len(facts)
	for to-from > 1 {
		middle := (from + to) / 2
		hit, err := s.hit(d, drop, facts[middle:])
		if err != nil {
			return 0, err
		}
		if hit {
			to = middle
		} else {
			from = middle
		}
	}
	return to, nil
}

// hit reports whether the draft is hit without some facts.
func (s *settling) hit(d anonymize.Draft, drop []string, rest []hub.Fact) (bool, error) {
	if s.left--; s.left < 0 {
		return false, hub.E(hub.Held, "release.held")
	}
	keys := slices.Clone(drop)
	for _, f := range rest {
		keys = append(keys, f.Key())
	}
	part, err := s.a.Without(d, keys, s.random)
	if err != nil {
		return false, err
	}
	_, err = trial(part, s.p, s.g)
	if hub.KindOf(err) == hub.Held {
		return true, nil
	}
	return false, err
}
