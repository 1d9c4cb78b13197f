package conveyor

import (
	"context"
	"slices"
	"time"

	"github.com/nats-io/nats.go"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/outbox"
	"isac/hub/release"
	"isac/internal/natsbus"
)

// An update is the next version of an alert that nobody decides on: what members
// answered, and age, change what its indicators are worth. The log alone says which
// versions an alert has, so an update needs no case: it comes at the end of the stream
// as long as nothing else did since the alert was read there, and the case follows.

// renewals is the round that is under way. The clock's loop alone uses it.
type renewals struct {
	next time.Time // of the next round
	ids  []string  // alerts that are left of this one
}

// renewEvery is how often is looked which alerts are due.
const renewEvery = 10 * time.Minute

// renew brings out the updates that are due. It goes on where the view knows all of
// the log, so that every update sees the one before it; else at the next tick.
func (v *Conveyor) renew(ctx context.Context) {
	if v.Moved == nil || v.Updates.Every <= 0 {
		return
	}
	now := v.Now()
	if r := &v.renewals; len(r.ids) == 0 && !now.Before(r.next) {
		ids, err := v.Moved(ctx, now.Add(-v.Updates.Every), now)
		if err != nil {
			v.Log.Warn("updates not looked for", "class", string(hub.KindOf(err)))
		}
		r.ids, r.next = ids, now.Add(renewEvery)
	}
	for len(v.renewals.ids) > 0 && ctx.Err() == nil {
		done, err := v.renewOne(ctx, v.renewals.ids[0])
		if err != nil && ctx.Err() == nil {
			v.Log.Warn("not updated", "class", string(hub.KindOf(err)))
		}
		if !done && err == nil {
			return // the view is behind
		}
		v.renewals.ids = v.renewals.ids[1:] // what failed is looked for in the next round
	}
}

// renewOne brings out the update of one alert, if it is due. It is false where that
// can't be said yet.
func (v *Conveyor) renewOne(ctx context.Context, id string) (bool, error) {
	v.head.mu.Lock()
	defer v.head.mu.Unlock()
	_, last, err := v.Entries(ctx, v.head.number, 1)
	if err != nil || last != v.head.number {
		return false, err
	}
	newest, err := v.newest(ctx, id)
	if err != nil || v.goesBack(id) {
		return true, err
	}
	_, g, err := v.tools()
	if err != nil {
		return true, err
	}
	p, err := v.after(ctx, newest.Alert, v.firstTime(ctx, newest.Alert))
	if err != nil {
		return true, err
	}
	b, err := release.Renew(newest, p, release.Gate{Register: g, Own: v.own()})
	if err != nil || !b.Valid() {
		return true, err
	}
	e, err := v.append(ctx, subjectOf(id, b.Alert().Version), b)
	if err != nil {
		return true, err
	}
	v.changed()
	return true, v.Bus.Publish(e.Subject(), nats.Header(deliver.Header(e)), e.Bundle)
}

// newest returns the newest version of an alert as it stands in the log; a tombstone has
// no bundle.
func (v *Conveyor) newest(ctx context.Context, id string) (newest deliver.Entry, err error) {
	err = v.Bus.Read(ctx, natsbus.Alerts, "alert."+id+".>", 0, func(m natsbus.Message) error {
		e, err := deliver.FromMessage(m.Header, m.Data)
		if err == nil && (e.Version > newest.Version || e.Version == newest.Version && len(e.Bundle) == 0) {
			newest = e
		}
		return err
	})
	if err == nil && newest.Version == 0 {
		err = hub.E(hub.NotFound, "error.not-found")
	}
	return newest, err
}

// goesBack reports whether it is decided that the alert goes back.
func (v *Conveyor) goesBack(id string) bool {
	return slices.ContainsFunc(v.cases.all(), func(f *caseFile) bool {
		for _, s := range []hub.Stage{hub.Flash, hub.Full} {
			if f.fold.AlertID(s) == id && outbox.Owed(f.fold.Phase(s)) {
				return true
			}
		}
		return false
	})
}
