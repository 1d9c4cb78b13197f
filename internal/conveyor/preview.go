package conveyor

import (
	"context"
	"encoding/json"
	"errors"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/hub/intake"
)

// Sides shows one of the reporter's people their own report, every property of it
// beside what would come of it in the drafts of now. It is the only view that holds
// values of a report; of a report that can't be read there is none.
func (v *Conveyor) Sides(ctx context.Context, who hub.Person, id string) ([]anonymize.Side, error) {
	f, err := v.ofReporter(who, id)
	if err != nil {
		return nil, err
	}
	have, err := v.findings(ctx, f)
	if hub.KindOf(err) == hub.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	report, err := v.original(ctx, f, have)
	if err != nil {
		return nil, err
	}
	return v.sides(f, have, report)
}

func (v *Conveyor) sides(f *caseFile, have findings, report []byte) (sides []anonymize.Side, err error) {
	defer func() {
		if recover() != nil { // as when it was drafted: the text of a panic may hold a value
			sides, err = nil, errors.New("comparing a report with its drafts")
		}
	}()
	r, err := intake.New(f.fold.Member(), have.Report, have.At, report)
	if err != nil {
		return nil, err
	}
	checked, err := v.Validator.Check(r)
	if err != nil {
		return nil, nil // no bundle: the reporter was told so
	}
	a, _, err := v.tools()
	if err != nil {
		return nil, err
	}
	member, _ := v.Roster.Organisation(f.fold.Member())
	return a.Sides(anonymize.Input{Checked: checked, Member: member, Answers: have.Answers, Received: have.At}, f.outgoing()), nil
}

// outgoing are the facts of the drafts of now.
func (f *caseFile) outgoing() []hub.Fact {
	var facts []hub.Fact
	for _, s := range []hub.Stage{hub.Flash, hub.Full} {
		var b anonymize.Body
		d, _ := f.fold.Draft(s)
		if len(d.Bytes) > 0 && json.Unmarshal(d.Bytes, &b) == nil {
			facts = append(append(facts, b.Facts...), b.Suggested...)
		}
	}
	return facts
}
