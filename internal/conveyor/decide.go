package conveyor

import (
	"cmp"
	"context"
	"slices"
	"time"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/hub/review"
)

// CaseView is a case for its reporter's person: the view of the machine, the prose facts
// with their sentences to confirm or reject, and what else the sentences may state.
type CaseView struct {
	Case string `json:"case"`
	review.ReporterView
	Prose   []anonymize.ProseFact `json:"prose"`
	Hints   []anonymize.ProseFact `json:"hints"` // what sentences may state besides: no fact without a yes
	Answers anonymize.Answers     `json:"answers"`
	LeftOut []anonymize.Class     `json:"left_out"` // by class
}

// Answers are a reporter's word on prose facts, by key.
type Answers = anonymize.Answers

// Cases returns the ids of the cases that a person's organisation reported, oldest
// first. All cases are looked at: nothing that is stored leads from a member to its
// cases.
func (v *Conveyor) Cases(_ context.Context, who hub.Person) ([]string, error) {
	if !who.Has(hub.Reporter) {
		return nil, hub.E(hub.Forbidden, "error.forbidden")
	}
	cases := slices.DeleteFunc(v.cases.all(), func(f *caseFile) bool { return f.fold.Member() != who.Org })
	slices.SortFunc(cases, func(a, b *caseFile) int {
		return cmp.Or(a.fold.Outline().Received.Compare(b.fold.Outline().Received), cmp.Compare(a.id, b.id))
	})
	ids := make([]string, len(cases))
	for i, f := range cases {
		ids[i] = f.id
	}
	return ids, nil
}

// Case returns a case for one of its reporter's people; for anybody else there is
// none.
func (v *Conveyor) Case(ctx context.Context, who hub.Person, id string) (CaseView, error) {
	f, ok := v.cases.get(id)
	if !ok {
		return CaseView{}, hub.E(hub.NotFound, "review.not-found")
	}
	view, err := f.fold.ReporterView(who.ID, v.Roster)
	if err != nil {
		return CaseView{}, err
	}
	out := CaseView{Case: id, ReporterView: view}
	found, err := v.findings(ctx, f)
	if err != nil && hub.KindOf(err) != hub.NotFound {
		return CaseView{}, err
	}
	out.Prose, out.Hints, out.Answers, out.LeftOut = found.Prose, found.Hints, found.Answers, found.Record.Classes()
	return out, nil
}

// Answer takes a reporter's word on the prose facts and drafts anew. Which drafts
// stand afterwards, Case tells.
func (v *Conveyor) Answer(ctx context.Context, who hub.Person, id string, answers anonymize.Answers) error {
	f, ok := v.cases.get(id)
	if !ok {
		return hub.E(hub.NotFound, "review.not-found")
	}
	_, err := f.fold.ReporterView(who.ID, v.Roster)
	if err != nil {
		return err
	}
	answers.SingleOK = nil   // the reviewers' to say
	if answers.Clear == "" { // nothing was said of it now
		have, err := v.findings(ctx, f)
		if err != nil {
			return err
		}
		answers.Clear = have.Answers.Clear
	}
	return v.redraft(ctx, f, answers)
}

// Clear takes what a reporter's person says of an edition of the flash for everybody,
// anonymize.ClearYes or ClearNo. The drafts are made anew, so that what people sign says it.
func (v *Conveyor) Clear(ctx context.Context, who hub.Person, id, word string) error {
	f, err := v.ofReporter(who, id)
	if err != nil {
		return err
	}
	if word != anonymize.ClearYes && word != anonymize.ClearNo {
		return hub.E(hub.Invalid, "http.bad-body")
	}
	have, err := v.findings(ctx, f)
	if err != nil {
		return err
	}
	answers := have.Answers
	answers.Clear = word
	return v.redraft(ctx, f, answers)
}

// Consent takes the yes of a reporter's person to a draft.
func (v *Conveyor) Consent(ctx context.Context, who hub.Person, id string, s hub.Stage, digest hub.Digest, signature []byte) error {
	return v.decideOwn(ctx, who, id, func(c *review.Case) ([]review.Event, error) {
		return c.Consent(v.Now(), s, digest, review.Signed{Person: who.ID, Signature: signature}, v.Roster)
	})
}

// Object takes the no of a reporter's person to a draft.
func (v *Conveyor) Object(ctx context.Context, who hub.Person, id string, s hub.Stage) error {
	return v.decideOwn(ctx, who, id, func(c *review.Case) ([]review.Event, error) { return c.Object(v.Now(), s, who.ID, v.Roster) })
}

// Withdraw takes a stage back on the word of the reporter's person.
func (v *Conveyor) Withdraw(ctx context.Context, who hub.Person, id string, s hub.Stage, reason string, signature []byte) error {
	return v.decideOwn(ctx, who, id, func(c *review.Case) ([]review.Event, error) {
		return c.TakeBack(v.Now(), s, hub.Withdrawn, reason, review.Signed{Person: who.ID, Signature: signature}, v.Roster)
	})
}

// Stand is the reporter's "this is all that we know" to a returned draft: the review
// goes on with the same draft.
func (v *Conveyor) Stand(ctx context.Context, who hub.Person, id string, s hub.Stage) error {
	return v.decideOwn(ctx, who, id, func(c *review.Case) ([]review.Event, error) { return c.Answer(v.Now(), s, who.ID, v.Roster) })
}

// Keep puts off the end of a case, on the word of a reporter's person or of the
// secretariat.
func (v *Conveyor) Keep(ctx context.Context, who hub.Person, id string, until time.Time) error {
	return v.decide(ctx, id, func(c *review.Case) ([]review.Event, error) { return c.Keep(v.Now(), until, who.ID, v.Roster) })
}

// decideOwn is decide for the reporter's people: for anybody else there is no case,
// whatever they ask of it.
func (v *Conveyor) decideOwn(ctx context.Context, who hub.Person, id string, command func(*review.Case) ([]review.Event, error)) error {
	return v.decide(ctx, id, func(c *review.Case) ([]review.Event, error) {
		_, err := c.ReporterView(who.ID, v.Roster)
		if err != nil {
			return nil, err
		}
		return command(c)
	})
}

// decide stores what one command of the machine answers, then does at once what
// follows from it.
func (v *Conveyor) decide(ctx context.Context, id string, command func(*review.Case) ([]review.Event, error)) error {
	err := v.catchUp(ctx, id)
	var f *caseFile
	if err == nil {
		f, err = v.update(ctx, id, func(c *change) error { return c.do(command(&c.fold)) })
	}
	if hub.KindOf(err) == hub.NotFound {
		return hub.E(hub.NotFound, "review.not-found")
	}
	if err != nil {
		return err
	}
	v.see(ctx, f)
	return nil
}

// Reviews returns what a moderator was drawn for.
func (v *Conveyor) Reviews(who hub.Person) ([]review.ModeratorView, error) {
	if !who.Has(hub.Moderator) && !who.Has(hub.DutyOfficer) {
		return nil, hub.E(hub.Forbidden, "error.forbidden")
	}
	out := []review.ModeratorView{}
	for _, f := range v.cases.all() {
		for _, id := range f.fold.ReviewsOf(who.ID) {
			view, err := f.fold.ModeratorView(id, who.ID, v.Roster)
			if err == nil {
				view.Draft = nil
				out = append(out, view)
			}
		}
	}
	slices.SortFunc(out, func(a, b review.ModeratorView) int {
		return cmp.Or(rank(a)-rank(b), a.Since.Compare(b.Since), cmp.Compare(a.Review, b.Review))
	})
	return out, nil
}

// rank puts what waits for the moderator first, emergencies before the rest.
func rank(r review.ModeratorView) int {
	switch waits := r.Yours == review.Open && r.Sign != ""; {
	case waits && r.Duty != "":
		return 0
	case waits:
		return 1
	}
	return 2
}

// ReviewRecord tells by class what was left out of the report of a review, without a
// value; nothing where there is no report.
func (v *Conveyor) ReviewRecord(ctx context.Context, who hub.Person, id string) ([]anonymize.Class, error) {
	f, err := v.reviewed(who, id)
	if err != nil {
		return nil, err
	}
	_, err = f.fold.ModeratorView(id, who.ID, v.Roster)
	if err != nil {
		return nil, err
	}
	found, err := v.findings(ctx, f)
	if err != nil && hub.KindOf(err) != hub.NotFound {
		return nil, err
	}
	return found.Record.Classes(), nil
}

// Review returns one review with its draft.
func (v *Conveyor) Review(who hub.Person, id string) (review.ModeratorView, error) {
	f, err := v.reviewed(who, id)
	if err != nil {
		return review.ModeratorView{}, err
	}
	return f.fold.ModeratorView(id, who.ID, v.Roster)
}

// reviewed finds the case of a review id that the person holds. All cases are
// looked at, so that the time taken tells nothing.
func (v *Conveyor) reviewed(who hub.Person, id string) (*caseFile, error) {
	var found *caseFile
	for _, f := range v.cases.all() {
		if slices.Contains(f.fold.ReviewsOf(who.ID), id) {
			found = f
		}
	}
	if found == nil {
		return nil, hub.E(hub.NotFound, "review.not-found")
	}
	return found, nil
}

// Decision is a moderator's word on a review.
type Decision struct {
	Verb      string // "approve", "return", "decline" or "leave"
	Digest    hub.Digest
	Signature []byte
	Thin      bool
	Accept    []string
	Reason    string
	LeaveOut  []string
	Question  string // of a return, in place of a reason: in words
}

// Decide takes a moderator's word.
func (v *Conveyor) Decide(ctx context.Context, who hub.Person, id string, d Decision) error {
	f, err := v.reviewed(who, id)
	if err != nil {
		return err
	}
	if d.Question != "" {
		err = v.mayBeSaid(d.Question, nil) // who asks doesn't learn what was left out
		if err != nil {
			return err
		}
	}
	err = v.decide(ctx, f.id, func(c *review.Case) ([]review.Event, error) { return v.apply(c, who, id, d) })
	if err == nil && d.Verb == "return" && len(d.LeaveOut) > 0 {
		v.leaveOut(ctx, f.id)
	}
	return err
}

// leaveOut makes the drafts anew without what a moderator wants left out: there is
// nothing to ask the reporter but for consent. Where it fails the draft stays
// returned, and the reporter's next answer makes it.
func (v *Conveyor) leaveOut(ctx context.Context, id string) {
	f, ok := v.cases.get(id)
	if !ok {
		return
	}
	if f.fold.Member() == review.Hub {
		err := v.redraftSeveral(ctx, f)
		if err != nil {
			v.Log.Warn("not drafted anew", "class", string(hub.KindOf(err)))
		}
		return
	}
	have, err := v.findings(ctx, f)
	if err == nil {
		err = v.redraft(ctx, f, have.Answers)
	}
	if err != nil {
		v.Log.Warn("not drafted anew", "class", string(hub.KindOf(err)))
	}
}

func (v *Conveyor) apply(c *review.Case, who hub.Person, id string, d Decision) ([]review.Event, error) {
	now := v.Now()
	switch d.Verb {
	case "approve":
		return c.Approve(now, review.Vote{
			Review: id, Digest: d.Digest, By: review.Signed{Person: who.ID, Signature: d.Signature}, Thin: d.Thin, Accept: d.Accept,
		}, v.Roster, v.Clocks, v.Random)
	case "return":
		if d.Question != "" {
			return c.Ask(now, id, who.ID, d.Question, v.Roster)
		}
		return c.Return(now, id, who.ID, d.Reason, d.LeaveOut, v.Roster)
	case "decline":
		return c.Decline(now, id, who.ID, d.Reason, v.Roster)
	case "leave":
		return c.Recuse(now, id, who.ID, d.Reason, v.Roster)
	}
	return nil, hub.E(hub.NotFound, "error.not-found")
}

// Recall asks for the recall of an alert, or confirms another's request: the second
// person decides, and the alert stops being served.
func (v *Conveyor) Recall(ctx context.Context, who hub.Person, alert string, reason string, signature []byte) error {
	return v.takeBack(ctx, who, alert, hub.Recalled, reason, signature)
}

// Revoke is Recall for a withdrawal: members keep what they have, and are told that
// it no longer holds.
func (v *Conveyor) Revoke(ctx context.Context, who hub.Person, alert string, reason string, signature []byte) error {
	return v.takeBack(ctx, who, alert, hub.Withdrawn, reason, signature)
}

func (v *Conveyor) takeBack(ctx context.Context, who hub.Person, alert string, kind hub.AlertKind, reason string, signature []byte) error {
	for _, f := range v.cases.all() {
		for _, s := range []hub.Stage{hub.Flash, hub.Full} {
			if f.fold.AlertID(s) != alert {
				continue
			}
			_, err := v.follow(ctx, f.id, s)
			if err != nil {
				return err
			}
			return v.decide(ctx, f.id, func(c *review.Case) ([]review.Event, error) {
				return c.TakeBack(v.Now(), s, kind, reason, review.Signed{Person: who.ID, Signature: signature}, v.Roster)
			})
		}
	}
	return v.takeBackOld(ctx, review.Signed{Person: who.ID, Signature: signature}, alert, kind, reason)
}

// see does at once what is due of a case, so that people needn't wait for the clock.
func (v *Conveyor) see(ctx context.Context, f *caseFile) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	v.attend(ctx, f)
}
