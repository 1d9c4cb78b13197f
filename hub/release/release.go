// Package release is the stage that makes the bytes of an alert: from an approved
// draft to a bundle of the alert profile that the gate has passed.
//
// Build takes only what review approved, and what comes out holds only what the
// gate passed; neither can be made elsewhere. Trial is the same without approval,
// for drafts and previews: its bytes can't become an entry of the log. The package
// trusts the draft to hold facts only, checks it again nevertheless, and leaves the
// last word to the gate.
//
//	b, err := release.Build(approved, params)
//	entry := b.Entry(ring.SignAlert)
package release

import (
	"errors"
	"fmt"
	"io"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/hub/deliver"
	"isac/hub/gate"
	"isac/hub/review"
)

// Gate is the register version to check against, the case's own needles, and the
// hub's own texts (OwnTexts), in which a needle of the case is no hit.
type Gate struct {
	Register *gate.Register
	LeftOut  []string
	Own      *gate.Vocabulary
}

// Bulletin is an alert whose bytes passed the gate. Only this package makes one.
type Bulletin struct {
	alert  hub.Alert
	passed gate.Passed
}

// Valid reports whether b was made by this package.
func (b Bulletin) Valid() bool { return b.passed.Valid() && b.alert.Number > 0 }

// Alert is what stands on the outside.
func (b Bulletin) Alert() hub.Alert { return b.alert }

// Bytes are the exact bytes to sign, store and send.
func (b Bulletin) Bytes() []byte { return b.passed.Bytes() }

// Entry signs the bytes and returns the entry of the log.
func (b Bulletin) Entry(sign func([]byte) []byte) deliver.Entry {
	data := b.Bytes()
	return deliver.Entry{Alert: b.alert, Bundle: data, Signature: sign(data)}
}

// pass gates and wraps the bundle.
func pass(alert hub.Alert, r rendered, g Gate) (Bulletin, error) {
	passed, hits, err := g.Register.Check(r.data, g.LeftOut, g.Own, r.issued)
	if err != nil {
		return Bulletin{}, &hub.Error{Kind: hub.Held, Text: "release.gate-failed", Err: fmt.Errorf("gating: %w", err)}
	}
	if len(hits) > 0 || !passed.Valid() {
		return Bulletin{}, hub.E(hub.Held, "release.held")
	}
	alert.Digest = hub.Sum(r.data)
	return Bulletin{alert, passed}, nil
}

// Build makes the alert of an approved draft. A hit of the gate is a hub.Held
// error: then nothing goes out and the case returns to its reporter.
func Build(a *anonymize.Anonymizer, ok review.Approved, p Params, g Gate) (Bulletin, error) {
	if !ok.Valid() {
		return Bulletin{}, errors.New("releasing: not approved")
	}
	d, err := a.Decode(ok.Draft())
	if err != nil {
		return Bulletin{}, fmt.Errorf("releasing: %w", err)
	}
	if d.Digest() != ok.Digest() || d.Body().Stage != ok.Stage() {
		return Bulletin{}, errors.New("releasing: not the draft that was approved")
	}
	p.Kind = ok.Kind()
	alert := alertOf(ok.AlertID(), ok.Version(), d.Body(), p)
	r, err := render(alert, contentOf(d.Body()), p)
	if err != nil {
		return Bulletin{}, fmt.Errorf("releasing: %w", err)
	}
	return pass(alert, r, g)
}

// BuildBack makes the entry that takes an alert back: the report alone, revoked,
// with the reason's class in words.
func BuildBack(back review.TakenBack, p Params, g Gate) (Bulletin, error) {
	if !back.Valid() {
		return Bulletin{}, errors.New("taking back: not decided")
	}
	alert := back.Alert()
	alert.Number, alert.Previous, alert.Published = p.Number, p.Previous, p.Published.UTC().Truncate(millisecond)
	alert.Kind, alert.Version = back.Kind(), back.Version()
	r, err := renderRevoked(alert, backText(alert.Kind, p.FirstNumber), p)
	if err != nil {
		return Bulletin{}, fmt.Errorf("taking back: %w", err)
	}
	return pass(alert, r, g)
}

func alertOf(id string, version int, d anonymize.Body, p Params) hub.Alert {
	return hub.Alert{
		Number: p.Number, Previous: p.Previous, ID: id, Version: version, Kind: p.Kind,
		Stage: d.Stage, TLP: d.TLP, Severity: d.Severity, Published: p.Published.UTC().Truncate(millisecond),
	}
}

func contentOf(d anonymize.Body) content {
	return content{
		facts: d.Facts, malwareTypes: d.MalwareTypes, analysis: d.Analysis,
		text: hub.Text{JA: d.Analysis.Text("ja"), EN: d.Analysis.Text("en")},
	}
}

// Settle finds the draft that passes the gate: the draft as it is, or rebuilt
// without the facts that the gate hits. It returns the draft that passed and its
// bytes as an alert that has no place in the log; a hub.Held error when the
// rebuilt draft is hit as well.
func Settle(a *anonymize.Anonymizer, d anonymize.Draft, p Params, g Gate, random io.Reader) (anonymize.Draft, []byte, error) {
	data, err := trial(d, p, g)
	if hub.KindOf(err) != hub.Held {
		return d, data, err
	}
	keys, err := offending(a, d, p, g, random)
	if err != nil {
		return anonymize.Draft{}, nil, err
	}
	if len(keys) == 0 {
		return anonymize.Draft{}, nil, hub.E(hub.Held, "release.held")
	}
	d, err = a.Without(d, keys, random)
	if err != nil {
		return anonymize.Draft{}, nil, err
	}
	data, err = trial(d, p, g)
	return d, data, err
}

// trial renders the draft as an alert with an id that belongs to no case.
func trial(d anonymize.Draft, p Params, g Gate) ([]byte, error) {
	if !d.Valid() {
		return nil, errors.New("rendering draft: not a draft")
	}
	p.Kind = hub.Released
	alert := alertOf(trialID, 1, d.Body(), p)
	r, err := render(alert, contentOf(d.Body()), p)
	if err != nil {
		return nil, err
	}
	b, err := pass(alert, r, g)
	if err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// trialID is the id of alerts that are only looked at.
const trialID = "00000000-0000-4000-8000-000000000000"

// offending finds the facts without which the draft passes: those that are hit
// when they stand in a draft alone.
func offending(a *anonymize.Anonymizer, d anonymize.Draft, p Params, g Gate, random io.Reader) ([]string, error) {
	facts := d.Body().Facts
	var keys []string
	for i, f := range facts {
		var others []string
		for j, o := range facts {
			if j != i && o.Key() != f.Key() {
				others = append(others, o.Key())
			}
		}
		alone, err := a.Without(d, others, random)
		if err != nil {
			return nil, err
		}
		_, err = trial(alone, p, g)
		switch {
		case hub.KindOf(err) == hub.Held:
			keys = append(keys, f.Key())
		case err != nil:
			return nil, err
		}
	}
	return keys, nil
}
