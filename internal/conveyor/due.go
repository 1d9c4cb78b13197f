package conveyor

import (
	"context"
	"encoding/json"
	"time"

	"isac/hub"
	"isac/hub/review"
)

// clockLoop looks at every open case at each tick and does what is due.
func (v *Conveyor) clockLoop(ctx context.Context) {
	v.Roster.OnChange(func() { v.rosterMoved.Store(true) })
	var swept time.Time
	for ctx.Err() == nil {
		sweep := v.endKeys
		if v.leads() {
			v.attendAll(ctx)
			sweep = v.sweep
		}
		v.finishOwed(ctx)
		v.finishChange(ctx)
		v.turned.Store(v.Now().UnixMilli())
		if v.Now().Sub(swept) > sweepEvery {
			swept = v.Now()
			sweep(ctx)
		}
		wait(ctx, v.Tick)
	}
}

// attendAll does what is due of all cases and alerts.
func (v *Conveyor) attendAll(ctx context.Context) {
	moved := v.rosterMoved.Swap(false)
	for _, f := range v.cases.all() {
		if moved {
			v.recheck(ctx, f.id)
		}
		v.attend(ctx, f)
	}
	v.renew(ctx)
	v.relay(ctx)
	v.enter(ctx)
	v.resume()
}

// sweepEvery is how often what should have ended is looked for.
const sweepEvery = 6 * time.Hour

// recheck compares a case with a roster that has changed.
func (v *Conveyor) recheck(ctx context.Context, id string) {
	_, err := v.update(ctx, id, func(c *change) error { return c.do(c.fold.Recheck(v.Now(), v.Roster)) })
	if err != nil && ctx.Err() == nil {
		v.Log.Warn("recheck failed", "class", string(hub.KindOf(err)))
		v.rosterMoved.Store(true)
	}
}

// attend does what is due of one case. What fails stays due.
func (v *Conveyor) attend(ctx context.Context, f *caseFile) {
	for _, d := range f.fold.Due(v.Now(), v.Clocks) {
		name := f.id + " " + string(d.Kind) + " " + string(d.Stage) + " " + d.Key
		if v.waits(name) {
			continue
		}
		err := v.do(ctx, f.id, d)
		if err == nil || ctx.Err() != nil || hub.KindOf(err) == hub.Conflict {
			v.paused.Delete(name)
			continue
		}
		v.pause(name)
		v.Log.Warn("duty failed", "duty", string(d.Kind), "class", string(hub.KindOf(err)))
	}
}

// pause keeps what failed from being tried at every tick.
func (v *Conveyor) pause(name string) { v.paused.Store(name, v.Now().Add(pauseAfterFailure)) }

// waits reports whether something failed a short while ago.
func (v *Conveyor) waits(name string) bool {
	until, paused := v.paused.Load(name)
	return paused && v.Now().Before(until.(time.Time))
}

// resume forgets the pauses that are over, those of ended cases among them.
func (v *Conveyor) resume() {
	v.paused.Range(func(name, until any) bool {
		if !v.Now().Before(until.(time.Time)) {
			v.paused.Delete(name)
		}
		return true
	})
}

// pauseAfterFailure is how long what failed waits.
const pauseAfterFailure = 30 * time.Second

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
	err := v.note(ctx, id, d)
	if f, ok := v.cases.get(id); ok && err == nil && d.Kind == review.RemindReporter {
		v.tell(f)
	}
	if err == nil && v.Due != nil {
		v.Due(d.Kind)
	}
	return err
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

// tell sends the bare state of a case to its member's machines. It names neither
// case nor receipt and may be lost: who follows a receipt takes it as a reason to
// ask for its state.
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
