package conveyor

import (
	"context"
	"sync"
	"time"

	"isac/hub"
	"isac/hub/form"
	"isac/hub/intake"
	"isac/hub/review"
	"isac/internal/roster"
)

// A first report comes when everything is down: with a code from the member's printed
// card, from whatever telephone there is, or dictated to the secretariat. It goes the
// way of every report from there.

// errCode is the one answer to a code that isn't taken, whatever the reason.
func errCode() error { return hub.E(hub.Unsigned, "first.bad-code") }

// FirstReport takes in a first report with a code from a card, and spends the code.
// Continues is the number of the receipt of an earlier one, "" for a new case. An
// unknown code, a used one, one of an ended card or of who has left, and one that was
// tried too often are one answer.
func (v *Conveyor) FirstReport(ctx context.Context, code, continues string, a form.Answers) (hub.Organisation, *intake.Receipt, error) {
	org, receipt, err := v.firstReport(ctx, code, continues, a)
	v.logRequest("report", err)
	return org, receipt, err
}

func (v *Conveyor) firstReport(ctx context.Context, code, continues string, a form.Answers) (hub.Organisation, *intake.Receipt, error) {
	var none hub.Organisation
	if a.Problems(v.Vocabulary()) != nil {
		return none, nil, hub.E(hub.Invalid, "form.problems")
	}
	now, name := v.Now(), v.Ring.LinkName("card code", roster.Plain(code))
	spent, err := v.Roster.Spent(ctx, name)
	if err != nil {
		return none, nil, err
	}
	org, held := v.Roster.HolderOf(code, now)
	if !v.tries.take(code, now, held && !spent) {
		return none, nil, errCode()
	}
	id, err := v.continued(ctx, org, continues)
	if err != nil {
		return none, nil, err
	}
	err = v.Bus.Room()
	if err != nil {
		return none, nil, err
	}
	err = v.Roster.Spend(ctx, name)
	if hub.KindOf(err) == hub.Conflict {
		return none, nil, errCode()
	}
	if err != nil {
		return none, nil, err
	}
	receipt, _, err := v.storeForm(ctx, org, a, envelope{Case: id})
	return org, receipt, err
}

// Dictate takes in a first report that somebody of the secretariat wrote on the
// telephone for a member. With is who confirmed it when the member's registered number
// was called back; both stand in the case.
func (v *Conveyor) Dictate(ctx context.Context, who hub.Person, member, with, continues string, a form.Answers) (*intake.Receipt, error) {
	receipt, err := v.dictate(ctx, who, member, with, continues, a)
	v.logRequest("dictated report", err)
	return receipt, err
}

func (v *Conveyor) dictate(ctx context.Context, who hub.Person, member, with, continues string, a form.Answers) (*intake.Receipt, error) {
	if !who.Has(hub.Secretariat) {
		return nil, hub.E(hub.Forbidden, "error.forbidden")
	}
	org, ok := v.Roster.Organisation(member)
	if !ok || !org.Member {
		return nil, hub.E(hub.NotFound, "member.unknown")
	}
	if org.Phone == "" || with == "" {
		return nil, hub.E(hub.Invalid, "first.no-call-back")
	}
	id, err := v.continued(ctx, org, continues)
	if err != nil {
		return nil, err
	}
	receipt, _, err := v.storeForm(ctx, org, a, envelope{Case: id, Dictated: &review.Dictated{By: who.ID, With: with, Time: v.Now()}})
	return receipt, err
}

// ReportForm takes in what a reporter filled in on the pages, as a new case or as the
// next version of one.
//
// Incident is with what the form continues the report.
func (v *Conveyor) ReportForm(ctx context.Context, who hub.Person, id string, a form.Answers) (receipt *intake.Receipt, incident string, err error) {
	receipt, incident, err = v.reportForm(ctx, who, id, a)
	v.logRequest("report", err)
	return receipt, incident, err
}

func (v *Conveyor) reportForm(ctx context.Context, who hub.Person, id string, a form.Answers) (*intake.Receipt, string, error) {
	org, ok := v.Roster.Organisation(who.Org)
	if !ok || !v.MayReport(who) {
		return nil, "", hub.E(hub.Forbidden, "error.forbidden")
	}
	if id != "" && !v.isOf(id, org.ID) {
		return nil, "", hub.E(hub.NotFound, "review.not-found")
	}
	return v.storeForm(ctx, org, a, envelope{Case: id})
}

// storeForm writes the report of a form and puts it on disk.
func (v *Conveyor) storeForm(ctx context.Context, org hub.Organisation, a form.Answers, e envelope) (*intake.Receipt, string, error) {
	report, incident, err := form.Build(a, v.Vocabulary(), org, v.Now(), v.Random)
	if err != nil {
		return nil, "", err
	}
	e.Member, e.At = org.ID, v.Now()
	receipt, err := v.storeEnveloped(ctx, e, report)
	return receipt, incident, err
}

// continued returns the case of a member that a receipt is of, "" for no receipt.
func (v *Conveyor) continued(ctx context.Context, org hub.Organisation, receipt string) (string, error) {
	if receipt == "" {
		return "", nil
	}
	id, err := v.linked(ctx, v.Ring.LinkName("receipt", receipt))
	if hub.KindOf(err) == hub.NotFound || err == nil && !v.isOf(id, org.ID) {
		return "", hub.E(hub.NotFound, "first.no-receipt")
	}
	return id, err
}

// isOf reports whether an open case is a member's.
func (v *Conveyor) isOf(id, member string) bool {
	f, ok := v.cases.get(id)
	return ok && f.fold.Member() == member
}

const (
	triesAnHour = 10
	tryLetters  = 4 // of a code that begin alike
)

// tries counts the codes that weren't taken, by their first letters: who guesses has
// ten tries an hour at each beginning, from wherever they come, and can shut out no
// card whose beginning they don't know. Beginnings that no card has are counted too.
type tries struct {
	mu    sync.Mutex
	count map[[tryLetters]byte]tried
}

type tried struct {
	times int
	until time.Time
}

// take reports whether a code is taken that is good or not, and counts it when not.
func (t *tries) take(code string, now time.Time, good bool) bool {
	plain := roster.Plain(code)
	if len(plain) < tryLetters {
		return false
	}
	begin := [tryLetters]byte([]byte(plain))
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.count == nil {
		t.count = map[[tryLetters]byte]tried{}
	}
	had := t.count[begin]
	if !now.Before(had.until) {
		had = tried{until: now.Add(time.Hour)}
	}
	if had.times >= triesAnHour || good {
		return good && had.times < triesAnHour
	}
	had.times++
	if len(t.count) > 10_000 {
		t.forget(now)
	}
	t.count[begin] = had
	return false
}

// forget drops what is over. What is left is bounded by the beginnings that there are.
func (t *tries) forget(now time.Time) {
	for begin, had := range t.count {
		if !now.Before(had.until) {
			delete(t.count, begin)
		}
	}
}
