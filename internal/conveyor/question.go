package conveyor

import (
	"context"
	"fmt"

	"isac/hub"
	"isac/hub/gate"
	"isac/hub/review"
)

// Reply is the reporter's answer to a free question. It goes to the moderators only
// through the gate, with what was left out of the report; the review goes on with the
// same draft.
func (v *Conveyor) Reply(ctx context.Context, who hub.Person, id string, s hub.Stage, text string) error {
	f, err := v.ofReporter(who, id)
	if err != nil {
		return err
	}
	if text != "" {
		found, err := v.findings(ctx, f)
		if err == nil {
			err = v.mayBeSaid(text, found.LeftOut)
		}
		if err != nil {
			return err
		}
	}
	return v.decideOwn(ctx, who, id, func(c *review.Case) ([]review.Event, error) { return c.Reply(v.Now(), s, who.ID, text, v.Roster) })
}

// mayBeSaid has a text between moderator and reporter pass the gate. It is held against
// the public sector list alone, so that what the gate finds tells nobody who has joined,
// nor whose a value is; and against what was left out of the report where the reporter
// speaks. The list is compiled each time: questions are few.
func (v *Conveyor) mayBeSaid(text string, leftOut []string) error {
	err := review.Plain(text)
	if err != nil {
		return err
	}
	list, _ := v.Roster.List()
	public, err := gate.Compile(list.Header(), list.PublicRows())
	if err != nil {
		return fmt.Errorf("compiling the gate: %w", err)
	}
	passed, hits, err := public.Check([]byte(text), leftOut, v.own())
	if err != nil {
		return fmt.Errorf("gating a question: %w", err)
	}
	if len(hits) > 0 || !passed.Valid() {
		return hub.E(hub.Held, "review.question-held")
	}
	return nil
}
