package conveyor

import (
	"context"
	"strings"
	"time"

	"isac/hub"
	"isac/hub/deliver"
	"isac/internal/keyring"
	"isac/internal/natsbus"
)

// Several nodes of a hub share the work. Members' requests and reports go to whoever is
// free; each node follows the log of cases, so that people find their case at any; every
// store expects what its node knew, so that of two who decide at once one is first and
// the other decides anew. What is due by the clock one node does, as long as it leads.

// leads tells whether this node does what must be done once.
func (v *Conveyor) leads() bool { return v.Leads == nil || v.Leads() }

// followCases folds what other nodes store of cases, until ctx ends.
func (v *Conveyor) followCases(ctx context.Context, after uint64) {
	v.Bus.Follow(ctx, natsbus.Cases, "case.*", after, func(m natsbus.Message) error { return v.heard(ctx, m) }, func(err error) {
		v.Log.Warn("case of another node not read", "class", string(hub.KindOf(err)))
	})
}

// heard folds a message of a case, unless this node wrote or read it already.
func (v *Conveyor) heard(ctx context.Context, m natsbus.Message) error {
	id := strings.TrimPrefix(m.Subject, "case.")
	f, ok := v.cases.get(id)
	if ok && m.Seq <= f.seq || v.cases.hasEnded(id) {
		return nil
	}
	var key keyring.CaseKey
	var err error
	if ok {
		key = f.key
	} else {
		key, err = v.caseKey(ctx, id)
	}
	if hub.KindOf(err) == hub.NotFound {
		return nil // shredded since
	}
	if err == nil {
		err = v.fold(id, key, m)
	}
	if err == nil {
		v.changed()
	}
	return err
}

// followAlerts hears of what other nodes release, until ctx ends.
func (v *Conveyor) followAlerts(ctx context.Context, after uint64) {
	v.heardAlerts.Store(after)
	v.Bus.Follow(ctx, natsbus.Alerts, "alert.>", after, func(m natsbus.Message) error {
		e, err := deliver.FromMessage(m.Header, m.Data)
		if err != nil {
			return err
		}
		v.head.raise(e.Number)
		v.heardAlerts.Store(m.Seq)
		v.changed()
		return nil
	}, func(err error) {
		v.Log.Warn("alert of another node not read", "class", string(hub.KindOf(err)))
	})
}

// heardAll returns when this node has heard of every alert that any of them had stored.
func (v *Conveyor) heardAll(ctx context.Context) error {
	if !v.Bus.Shared() {
		return nil
	}
	last, err := v.Bus.LastSeq(ctx, natsbus.Alerts)
	for err == nil && v.heardAlerts.Load() < last {
		wait(ctx, 5*time.Millisecond)
		err = ctx.Err()
	}
	if err != nil {
		return &hub.Error{Kind: hub.Unavailable, Text: "error.unavailable", Err: err}
	}
	return nil
}

// opened returns a case, read from the log where another node made it a moment ago.
func (v *Conveyor) opened(ctx context.Context, id string) (*caseFile, error) {
	f, ok := v.cases.get(id)
	if ok {
		return f, nil
	}
	if !v.Bus.Shared() || v.cases.hasEnded(id) {
		return nil, hub.E(hub.NotFound, "error.not-found")
	}
	return v.reload(ctx, id)
}

// catchUp reads a case anew where another node has stored something of it that this one
// hasn't heard of: who decides is answered by what the log has, also where there is
// nothing to store.
func (v *Conveyor) catchUp(ctx context.Context, id string) error {
	f, ok := v.cases.get(id)
	if !ok || !v.Bus.Shared() {
		return nil
	}
	m, err := v.Bus.Last(ctx, natsbus.Cases, "case."+id)
	if err == nil && m.Seq > f.seq {
		_, err = v.reload(ctx, id)
	}
	return err
}

// withKeys does what needs a key that another node may have made a moment ago: once
// more, after this one has all of them.
func (v *Conveyor) withKeys(ctx context.Context, open func() error) error {
	err := open()
	if err == nil || v.Sync == nil {
		return err
	}
	missing := v.Sync(ctx)
	if missing != nil {
		return &hub.Error{Kind: hub.Unavailable, Text: "error.unavailable", Err: missing}
	}
	return open()
}
