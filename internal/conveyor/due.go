package conveyor

import (
	"context"
	"encoding/json"

	"isac/hub"
	"isac/hub/review"
)

// clockLoop looks at every open case at each tick and does what is due.
func (v *Conveyor) clockLoop(ctx context.Context) {
	for ctx.Err() == nil {
		for _, f := range v.cases.all() {
			v.attend(ctx, f)
		}
		wait(ctx, v.Tick)
	}
}

// attend does what is due of one case. What fails stays due.
func (v *Conveyor) attend(ctx context.Context, f *caseFile) {
	for _, d := range f.fold.Due(v.Now(), v.Clocks) {
		err := v.do(ctx, f.id, d)
		if err != nil && ctx.Err() == nil && hub.KindOf(err) != hub.Conflict {
			v.Log.Warn("duty failed", "duty", string(d.Kind), "class", string(hub.KindOf(err)))
		}
	}
}

func (v *Conveyor) do(ctx context.Context, id string, d review.Duty) error {
	switch d.Kind {
	case review.DrawModerators:
		return v.draw(ctx, id, d)
	case review.Publish:
		return v.publish(ctx, id, d.Stage)
	case review.ShredCase:
		return v.shred(ctx, id)
	case review.DestroyLink:
		return v.destroyLinks(ctx, id, d)
	}
	// Reminders and alarms: nobody outside may learn whose case it is, so the log
	// says only that one is due.
	v.Log.Info("duty", "duty", string(d.Kind))
	return v.note(ctx, id, d)
}

func (v *Conveyor) note(ctx context.Context, id string, d review.Duty) error {
	if d.Key == "" {
		return nil
	}
	_, err := v.update(ctx, id, func(c *change) error { return c.do(c.fold.Done(v.Now(), d)) })
	return err
}

func (v *Conveyor) draw(ctx context.Context, id string, d review.Duty) error {
	_, err := v.update(ctx, id, func(c *change) error {
		err := c.do(c.fold.Draw(v.Now(), d.Stage, d.Want, v.Roster, v.Random))
		if err != nil {
			return err
		}
		return c.do(c.fold.Done(v.Now(), d))
	})
	return err
}

// tell sends the bare state of a case to its member's machines.
func (v *Conveyor) tell(f *caseFile) {
	data, err := json.Marshal(f.fold.Status())
	if err != nil {
		return
	}
	for _, key := range v.Roster.ActiveKeys(f.fold.Member(), v.Now()) {
		err := v.Bus.Publish("isac.status."+key, nil, data)
		if err != nil {
			v.Log.Warn("status not sent", "class", "unavailable")
		}
	}
}
