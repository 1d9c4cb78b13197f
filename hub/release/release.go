// Package release is the stage that makes the bytes of an alert: from an approved
// draft to a bundle of the alert profile that the gate has passed.
//
// Build takes only what review approved, and what comes out holds only what the
// gate passed; neither can be made elsewhere. Settle and SettleReport are the same
// without approval, for drafts and previews: their bytes can't become an entry of the
// log. The package
// trusts the draft to hold facts only, has it checked again nevertheless, and leaves
// the last word to the gate. The same draft, place in the log and released objects
// give the same bytes.
//
// CheckProfile is the alert profile as code, and schemas/alert as JSON Schemas; a
// bundle is within it when both find nothing.
//
//	b, err := release.Build(anonymizer, approved, params, gate)
//	if err != nil {
//		return err // of kind hub.Held: back to the reporter
//	}
//	entry, err := b.Entry(ring.SignAlert)
package release

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"time"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/hub/deliver"
	"isac/hub/edition"
	"isac/hub/gate"
	"isac/hub/review"
)

// Gate is the register version to check against, the case's own needles, and the
// hub's own texts (OwnTexts), in which a needle of the case is no hit.
type Gate struct {
	Register *gate.Register
	LeftOut  []string
	Own      *gate.Vocabulary

	report *gate.Report // of LeftOut, where more than one output is checked
}

// of is the gate for several outputs of one report.
func (g Gate) of(leftOut []string) Gate {
	g.LeftOut, g.report = leftOut, gate.NewReport(leftOut)
	return g
}

// ready returns the values left out, ready to be searched for.
func (g Gate) ready() *gate.Report {
	if g.report == nil {
		return gate.NewReport(g.LeftOut)
	}
	return g.report
}

// Bulletin is an alert whose bytes passed the gate, or an advisory of which what the hub
// says did. Only this package makes one.
type Bulletin struct {
	alert   hub.Alert
	passed  gate.Passed
	relayed []byte // of an advisory: with the publisher's words
}

// Valid reports whether b was made by this package.
func (b Bulletin) Valid() bool { return b.passed.Valid() && b.alert.Number > 0 }

// Alert is what stands on the outside.
func (b Bulletin) Alert() hub.Alert { return b.alert }

// Bytes are the exact bytes to sign, store and send; nil of a zero Bulletin.
func (b Bulletin) Bytes() []byte {
	if b.Valid() && b.relayed != nil {
		return bytes.Clone(b.relayed)
	}
	return b.passed.Bytes()
}

// Entry signs the bytes and returns the entry of the log. A zero Bulletin gives a
// zero entry, which nothing accepts, and signs nothing.
func (b Bulletin) Entry(sign func([]byte) ([]byte, error)) (deliver.Entry, error) {
	if !b.Valid() {
		return deliver.Entry{}, nil
	}
	data := b.Bytes()
	signature, err := sign(data)
	if err != nil {
		return deliver.Entry{}, fmt.Errorf("signing an alert: %w", err)
	}
	return deliver.Entry{Alert: b.alert, Bundle: data, Signature: signature}, nil
}

// Build makes the alert of an approved draft, with those of its suggestions that its
// approvals accepted or that p names. A hit of the gate is a hub.Held
// error: then nothing goes out and the case returns to its reporter.
func Build(a *anonymize.Anonymizer, ok review.Approved, p Params, g Gate) (Bulletin, error) {
	if !ok.Valid() {
		return Bulletin{}, errors.New("releasing: not approved")
	}
	d, err := a.Decode(ok.Draft())
	if err != nil { // a vocabulary that has changed since, say: it must be drafted anew
		return Bulletin{}, &hub.Error{Kind: hub.Held, Text: "release.held", Err: fmt.Errorf("releasing: %w", err)}
	}
	if d.Digest() != ok.Digest() || d.Body().Stage != ok.Stage() {
		return Bulletin{}, errors.New("releasing: not the draft that was approved")
	}
	if d.Body().Clear && ok.Standing() {
		return Bulletin{}, errors.New("releasing: for everybody on standing consent, which is for members")
	}
	if (len(d.Body().Related) > 0) != ok.Several() {
		return Bulletin{}, errors.New("releasing: of one report or of several alerts")
	}
	if ok.Several() {
		err := restsOn(d.Body(), p.Related)
		if err != nil {
			return Bulletin{}, fmt.Errorf("releasing: %w", err)
		}
	}
	err = p.check(ok.Version())
	if err != nil {
		return Bulletin{}, fmt.Errorf("releasing: %w", err)
	}
	alert := hub.Alert{ID: ok.AlertID(), Version: ok.Version(), Kind: ok.Kind()}
	if marks := slices.Concat(ok.Marks(), p.Marks); len(marks) > 0 {
		body, err := a.WithMarks(d, marks)
		if err != nil {
			return Bulletin{}, fmt.Errorf("releasing: %w", err)
		}
		b, err := bulletin(alert, body, p, g)
		if hub.KindOf(err) != hub.Held {
			return b, err
		} // the marks didn't pass the gate: they stay inside
	}
	return bulletin(alert, d.Body(), p, g)
}

func bulletin(alert hub.Alert, body anonymize.Body, p Params, g Gate) (Bulletin, error) {
	alert = placed(described(alert, body), p)
	r, err := render(alert, contentOf(body), p)
	if err != nil {
		return Bulletin{}, fmt.Errorf("releasing: %w", err)
	}
	b, err := pass(alert, r, g)
	if err != nil {
		return Bulletin{}, err
	}
	return p.Forms.alsoIn(b, r, g)
}

// BuildBack makes the entry that takes an alert back: its report and campaign,
// revoked. It says what to do with copies, and never why.
func BuildBack(back review.TakenBack, p Params, g Gate) (Bulletin, error) {
	if !back.Valid() {
		return Bulletin{}, errors.New("taking back: not decided")
	}
	err := p.check(back.Version())
	if err != nil {
		return Bulletin{}, fmt.Errorf("taking back: %w", err)
	}
	if !p.instant().After(back.Alert().Published) {
		return Bulletin{}, errors.New("taking back: not after the version before")
	}
	alert := placed(back.Alert(), p)
	alert.Kind, alert.Version = back.Kind(), back.Version()
	r, err := renderRevoked(alert, backText(alert.Kind, p.FirstNumber), p)
	if err != nil {
		return Bulletin{}, fmt.Errorf("taking back: %w", err)
	}
	b, err := pass(alert, r, g)
	if err != nil {
		return Bulletin{}, err
	}
	return p.Forms.alsoIn(b, r, g)
}

// pass gates and wraps a bundle, which may have been made of a released one, and its twin
// and its edition for everybody, which go out with it. No verdict is no pass.
func pass(alert hub.Alert, r rendered, g Gate, released ...[]byte) (Bulletin, error) {
	check, err := g.check(released...)
	if err != nil {
		return Bulletin{}, err
	}
	twin, itsOwn, err := r.twin()
	if err != nil {
		return Bulletin{}, err
	}
	_, err = through(check(twin, g.Own, r.issued, itsOwn, twinWords))
	if err != nil {
		return Bulletin{}, err
	}
	clear, has, err := edition.OfObjects(r.objects)
	if err != nil {
		return Bulletin{}, err
	}
	if has {
		_, err = through(check(clear.Bundle, g.Own, r.issued, issued(clear.Objects, r.params), gate.NewVocabulary(readable(clear.Own))))
		if err != nil {
			return Bulletin{}, err
		}
	}
	passed, err := through(check(r.data, g.Own, r.issued))
	if err != nil {
		return Bulletin{}, err
	}
	alert.Digest = hub.Sum(r.data)
	return Bulletin{alert: alert, passed: passed}, nil
}

// A checking is the gate with all that it looks for.
type checking func(out []byte, own ...*gate.Vocabulary) (gate.Passed, []gate.Hit, error)

func (g Gate) check(released ...[]byte) (checking, error) {
	if g.Register == nil {
		return nil, errors.New("gating: no register")
	}
	if len(released) == 1 {
		return func(out []byte, own ...*gate.Vocabulary) (gate.Passed, []gate.Hit, error) {
			return g.Register.CheckAgain(out, released[0], own...)
		}, nil
	}
	values := g.ready()
	return func(out []byte, own ...*gate.Vocabulary) (gate.Passed, []gate.Hit, error) {
		return g.Register.CheckReport(out, values, own...)
	}, nil
}

// through is the gate's verdict as an error.
func through(passed gate.Passed, hits []gate.Hit, err error) (gate.Passed, error) {
	if err != nil {
		return gate.Passed{}, &hub.Error{Kind: hub.Held, Text: "release.gate-failed", Err: fmt.Errorf("gating: %w", err)}
	}
	if len(hits) > 0 || !passed.Valid() {
		return gate.Passed{}, hub.E(hub.Held, "release.held")
	}
	return passed, nil
}

// placed puts an alert at its place in the log.
func placed(a hub.Alert, p Params) hub.Alert {
	a.Number, a.Previous, a.Published = p.Number, p.Previous, p.instant()
	return a
}

// described says of an alert what its draft says.
func described(a hub.Alert, b anonymize.Body) hub.Alert {
	a.Stage, a.TLP, a.Severity = b.Stage, b.TLP, b.Severity
	return a
}

func contentOf(b anonymize.Body) content {
	var related []string
	for _, ref := range b.Related {
		related = append(related, ref.ID)
	}
	return content{
		facts: b.Facts, malwareTypes: b.MalwareTypes, analysis: b.Analysis, related: related,
		proof: deliver.Proof{PolicyVersion: b.PolicyVersion, Policy: b.PolicyDigest, Record: b.Record}, clear: b.Clear,
	}
}

// instant is the time of publication as it is written.
func (p Params) instant() time.Time { return p.Published.UTC().Truncate(time.Millisecond) }
