package conveyor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/hub/intake"
	"isac/hub/release"
	"isac/hub/review"
	"isac/hub/stix"
	"isac/hub/validate"
	"isac/internal/natsbus"
)

// patience is how long a report waits for a sign of life of whoever drafts it: then
// another node has it, or the same one after a crash.
const patience = 20 * time.Second

// draftLoop makes cases and drafts of what intake holds, one report at a time.
func (v *Conveyor) draftLoop(ctx context.Context) {
	for ctx.Err() == nil {
		err := v.draftAll(ctx)
		if err != nil && ctx.Err() == nil {
			v.Log.Error("drafting stopped", "class", string(hub.KindOf(err)))
			wait(ctx, time.Second)
		}
	}
}

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

func (v *Conveyor) draftAll(ctx context.Context) error {
	c, err := v.Bus.JS.CreateOrUpdateConsumer(ctx, natsbus.Intake, jetstream.ConsumerConfig{
		Durable: "draft", AckPolicy: jetstream.AckExplicitPolicy, AckWait: patience, MaxAckPending: 64,
	})
	if err != nil {
		return fmt.Errorf("reading intake: %w", err)
	}
	it, err := c.Messages(jetstream.PullMaxMessages(1), jetstream.PullExpiry(10*time.Second), jetstream.PullHeartbeat(2*time.Second))
	if err != nil {
		return fmt.Errorf("reading intake: %w", err)
	}
	defer it.Stop()
	for {
		m, err := it.Next(jetstream.NextContext(ctx))
		if err != nil {
			return fmt.Errorf("reading intake: %w", err)
		}
		v.draftOne(ctx, m)
	}
}

// draftOne acks last: whatever dies before is done again.
func (v *Conveyor) draftOne(ctx context.Context, m jetstream.Msg) {
	rest := stir(ctx, m)
	err := v.draftEach(ctx, m.Data())
	rest()
	if err != nil {
		_ = m.NakWithDelay(2 * time.Second) // a lost nak only waits longer
		return
	}
	_ = m.DoubleAck(ctx) // a lost ack repeats the work, which finds what it had done
}

// stir gives signs of life while a report is drafted, until its result is called.
func stir(ctx context.Context, m jetstream.Msg) (rest func()) {
	ctx, rest = context.WithCancel(ctx)
	go func() {
		for wait(ctx, patience/4); ctx.Err() == nil; wait(ctx, patience/4) {
			_ = m.InProgress() // a lost sign is followed by the next
		}
	}()
	return rest
}

// draftEach drafts the reports of one intake message.
func (v *Conveyor) draftEach(ctx context.Context, message []byte) error {
	parts, err := intakeParts(message)
	for pair := range slices.Chunk(parts, 2) {
		one := v.draft(ctx, pair[0], pair[1])
		v.logRequest("draft", one)
		err = errors.Join(err, one)
	}
	return err
}

// draft does everything for one report. An error means: again later.
func (v *Conveyor) draft(ctx context.Context, head, sealed []byte) error {
	e, report, err := v.openIntake(ctx, head, sealed)
	if err != nil {
		return err
	}
	unreadable := report == nil
	if unreadable {
		report = []byte("unreadable " + e.Number)
	}
	r, err := intake.New(e.Member, e.Number, e.At, report)
	if err != nil {
		return err
	}
	f, err := v.caseOf(ctx, e, r)
	if err != nil {
		return err
	}
	err = v.file(ctx, f, r)
	if err != nil {
		return err
	}
	return v.draftCase(ctx, f, r, e.Dictated, unreadable)
}

// caseOf finds or makes the case of a report: the one that it was sent to continue,
// while that is open, else that of its incident. The incident leads there from then on.
func (v *Conveyor) caseOf(ctx context.Context, e envelope, r intake.Received) (*caseFile, error) {
	f, ok := v.cases.get(e.Case)
	if !ok || f.fold.Member() != r.Member() {
		return v.openCase(ctx, r.Member(), r.IncidentKey(), r.At())
	}
	_, err := v.link(ctx, v.Ring.LinkName("incident", r.Member(), r.IncidentKey()), f.id, r.At())
	return f, err
}

// file ties the receipt to the case and puts the sealed original away.
func (v *Conveyor) file(ctx context.Context, f *caseFile, r intake.Received) error {
	_, err := v.link(ctx, v.Ring.LinkName("receipt", r.Number()), f.id, r.At())
	if err != nil {
		return err
	}
	sealed, err := f.key.Seal(r.Report())
	if err != nil {
		return err
	}
	_, err = v.Bus.Append(ctx, "vault."+f.id+".report."+v.Ring.LinkName("vault", r.Number()), 0, nil, sealed)
	if hub.KindOf(err) == hub.Conflict {
		return nil
	}
	return err
}

// draftCase records the report and, unless the case has it already, the drafts.
func (v *Conveyor) draftCase(ctx context.Context, f *caseFile, r intake.Received, dictated *review.Dictated, unreadable bool) error {
	now := r.At()
	version := review.Report{Number: r.Number(), Digest: hub.Sum(r.Report()), Time: now, Dictated: dictated}
	fresh, err := f.fold.Receive(r.Member(), version)
	if err != nil || len(fresh) == 0 && f.fold.Outline().Flash != review.Empty {
		return err
	}
	said, err := v.findings(ctx, f)
	if err != nil && hub.KindOf(err) != hub.NotFound {
		return err
	}
	// What must not go out stays so in a new version; what was confirmed was another
	// version's sentence.
	made, err := v.prepare(ctx, f, r, unreadable, anonymize.Answers{Rejected: said.Answers.Rejected})
	if err != nil {
		return err
	}
	err = v.keepDrafts(ctx, f, r, version, made)
	if hub.KindOf(err) == hub.TooLarge {
		err = v.keepDrafts(ctx, f, r, version, tooMuch(made))
	}
	return err
}

// keepDrafts stores all that was made of a report.
func (v *Conveyor) keepDrafts(ctx context.Context, f *caseFile, r intake.Received, version review.Report, made prepared) error {
	err := v.keepFindings(ctx, f, made)
	if err != nil {
		return err
	}
	_, err = v.update(ctx, f.id, func(c *change) error {
		events, err := c.fold.Receive(r.Member(), version)
		if err != nil || len(events) == 0 && c.fold.Outline().Flash != review.Empty {
			return err
		}
		err = c.do(events, nil)
		if err != nil {
			return err
		}
		err = c.do(c.fold.NoteProblems(v.Now(), made.problems))
		if err != nil {
			return err
		}
		return v.takeDrafts(c, made)
	})
	return err
}

// tooMuch is what becomes of a report whose drafts or findings are too large to be
// stored: a case all the same, and its reporter is told.
func tooMuch(p prepared) prepared {
	return prepared{
		reason: "unreadable", problems: []hub.Problem{problemOf(errTooMuch)},
		findings: findings{Answers: p.findings.Answers, At: p.findings.At, Report: p.findings.Report},
	}
}

// prepared is what the pure stages make of a report.
type prepared struct {
	findings findings
	problems []hub.Problem
	drafts   map[hub.Stage]review.Draft // a stage without a draft is held
	reason   string                     // of a hold
}

// prepare runs validate, anonymize and the gate. A panic or failure of theirs is a
// hold: one report must not stop the others, and every receipt is a case.
func (v *Conveyor) prepare(ctx context.Context, f *caseFile, r intake.Received, unreadable bool, answers anonymize.Answers) (p prepared, err error) {
	defer func() {
		if recover() != nil {
			v.Log.Error("drafting panicked", "class", "internal")
			p, err = prepared{reason: "gate-failed", findings: findings{Report: r.Number(), At: r.At()}}, nil
		}
	}()
	no := slices.Concat(answers.Rejected, f.fold.LeaveOut(hub.Flash), f.fold.LeaveOut(hub.Full))
	answers.Rejected = slices.Compact(slices.Sorted(slices.Values(no)))
	p = prepared{drafts: map[hub.Stage]review.Draft{}, findings: findings{Answers: answers, Report: r.Number(), At: r.At()}}
	if unreadable {
		p.reason, p.problems = "unreadable", []hub.Problem{{Rule: "intake.unreadable"}}
		return p, nil
	}
	checked, err := v.Validator.Check(r)
	if err != nil {
		p.reason, p.problems = "unreadable", []hub.Problem{problemOf(err)}
		return p, nil
	}
	p.problems = checked.Problems()
	err = v.anonymize(ctx, &p, f, checked)
	if err != nil && hub.KindOf(err) != hub.Unavailable { // the same again at every try
		v.Log.Error("drafting failed", "class", string(hub.KindOf(err)))
		p.reason, p.drafts, err = "gate-failed", nil, nil
	}
	return p, err
}

// problemOf tells the reporter of a report that is no bundle, by its locale key.
func problemOf(err error) hub.Problem {
	if e, ok := errors.AsType[*hub.Error](err); ok {
		return hub.Problem{Rule: e.Text, Args: e.Args}
	}
	return hub.Problem{Rule: "intake.unreadable"}
}

func (v *Conveyor) anonymize(ctx context.Context, p *prepared, f *caseFile, checked validate.Checked) error {
	a, g, err := v.tools()
	if err != nil {
		return err
	}
	known, err := v.World(ctx)
	if err != nil {
		return &hub.Error{Kind: hub.Unavailable, Text: "error.unavailable", Err: err}
	}
	r := checked.Received()
	member, _ := v.Roster.Organisation(r.Member())
	cell, err := v.cell(ctx, f, r.Member())
	if err != nil {
		return err
	}
	given := anonymize.Input{
		Checked: checked, Member: member, Answers: p.findings.Answers, Cell: cell, Known: known, Random: v.Random, Received: r.At(),
		Propose: v.Profile.Clear && !review.Stands(v.Roster, r.Member()),
	}
	pair, err := release.SettleReport(a, given, v.trialParams, release.Gate{Register: g, Own: v.own()}, hub.Flash, hub.Full)
	if err != nil {
		return err
	}
	p.findings.Record, p.findings.LeftOut, p.findings.Prose, p.findings.Hints = pair.Record, pair.LeftOut, pair.Prose, pair.Hints
	for _, d := range []anonymize.Draft{pair.Flash, pair.Full} {
		if !d.Valid() {
			p.reason = "not-releasable"
			continue
		}
		p.drafts[d.Body().Stage] = draftOf(d)
	}
	return nil
}

func draftOf(d anonymize.Draft) review.Draft {
	body := d.Body()
	out := review.Draft{Bytes: d.Encode(), Thin: body.Analysis.Thin, Missing: body.Analysis.Missing, Ask: body.Clear, Edition: body.Clear}
	for _, f := range body.Suggested {
		out.Single = append(out.Single, f.Key())
	}
	return out
}

// trialParams place a trial nowhere in the log.
func (v *Conveyor) trialParams(hub.Stage) release.Params {
	now := v.instant()
	return release.Params{
		Number: 1, FirstNumber: 1, Published: now, FirstPublished: now, Kind: hub.Released,
		Hub: v.Hub, BaseURL: v.BaseURL, Vocab: v.Vocabulary(),
		Known: func(string) (stix.Object, bool) { return nil, false },
	}
}

// takeDrafts puts the drafts before people, and holds a stage that has none.
func (v *Conveyor) takeDrafts(c *change, p prepared) error {
	for _, s := range []hub.Stage{hub.Flash, hub.Full} {
		d, ok := p.drafts[s]
		if !ok {
			err := c.do(c.fold.Hold(v.Now(), s, p.reason))
			if err != nil && hub.KindOf(err) != hub.Conflict {
				return err
			}
			continue
		}
		old, _ := c.fold.Draft(s)
		if c.fold.Phase(s) == review.Released && says(old.Bytes) == says(d.Bytes) {
			continue // what is out is corrected only where it changes
		}
		err := c.do(c.fold.TakeDraft(v.Now(), s, d, v.Roster, v.Random))
		if err != nil && hub.KindOf(err) != hub.Conflict {
			return err
		}
	}
	return nil
}

// says is the part of a draft that readers of its alert see.
func says(draft []byte) string {
	var b anonymize.Body
	err := json.Unmarshal(draft, &b)
	if err != nil {
		return ""
	}
	return string(encode([]any{b.Facts, b.Suggested, b.MalwareTypes, b.TLP, b.Clear, b.Severity, b.Analysis}))
}

// redraft makes the drafts anew with the reporter's answers to its prose facts.
func (v *Conveyor) redraft(ctx context.Context, f *caseFile, answers anonymize.Answers) error {
	have, err := v.findings(ctx, f)
	if err != nil {
		return err
	}
	report, err := v.original(ctx, f, have)
	if err != nil {
		return err
	}
	r, err := intake.New(f.fold.Member(), have.Report, have.At, report)
	if err != nil {
		return err
	}
	made, err := v.prepare(ctx, f, r, false, answers)
	if err != nil {
		return err
	}
	err = v.keepFindings(ctx, f, made)
	if err != nil {
		return err
	}
	_, err = v.update(ctx, f.id, func(c *change) error { return v.takeDrafts(c, made) })
	return err
}
