package conveyor

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/nats-io/nats.go"

	"isac/hub"
	"isac/hub/deliver"
	"isac/hub/release"
	"isac/hub/review"
	"isac/internal/natsbus"
)

// An alert can be taken back long after its case was shredded. There is no case then
// to hold the first of two signatures: the motion waits under a keyed name among the
// links, sealed, and ends with their age.

// takeBackOld takes the word of one of two people on an alert without a case.
func (v *Conveyor) takeBackOld(ctx context.Context, by review.Signed, alert string, kind hub.AlertKind, reason string) error {
	v.head.mu.Lock()
	defer v.head.mu.Unlock()
	versions, err := v.versions(ctx, alert)
	if err != nil {
		return err
	}
	newest := versions[len(versions)-1]
	m, seq, err := v.motion(ctx, versions, kind)
	if err != nil {
		return err
	}
	if m.Decided {
		return v.finish(ctx, m) // somebody died between word and deed
	}
	if m.Alert == "" {
		m, err = review.NewMotion(newest, kind, reason)
		if err != nil {
			return err
		}
		m = m.Follow(versions)
	}
	before := len(m.By)
	m, err = m.Sign(by, v.Roster)
	if err != nil || len(m.By) == before {
		return err
	}
	err = v.keepMotion(ctx, m, seq)
	if err != nil || !m.Decided {
		return err
	}
	return v.finish(ctx, m)
}

// versions returns the entries of an alert, oldest first: tombstones where bytes are gone.
func (v *Conveyor) versions(ctx context.Context, alert string) ([]hub.Alert, error) {
	missing := hub.E(hub.NotFound, "review.not-found")
	if !isAlertID(alert) {
		return nil, missing
	}
	byVersion := map[int]hub.Alert{}
	err := v.Bus.Read(ctx, natsbus.Alerts, "alert."+alert+".>", 0, func(m natsbus.Message) error {
		e, err := deliver.FromMessage(m.Header, m.Data)
		byVersion[e.Version] = e.Alert
		return err
	})
	if err == nil && len(byVersion) == 0 {
		err = missing
	}
	if err != nil {
		return nil, err
	}
	out := slices.Collect(maps.Values(byVersion))
	slices.SortFunc(out, func(a, b hub.Alert) int { return cmp.Compare(a.Version, b.Version) })
	return out, nil
}

func (v *Conveyor) motionName(alert string) string { return v.Ring.LinkName("motion", alert) }

// motion returns the motion of a kind that waits on the newest version of an alert, a
// zero one where there is none, and the sequence of what stands in its place.
func (v *Conveyor) motion(ctx context.Context, versions []hub.Alert, kind hub.AlertKind) (review.Motion, uint64, error) {
	var none review.Motion
	newest := versions[len(versions)-1]
	m, err := v.Bus.Last(ctx, natsbus.Link, "link."+v.motionName(newest.ID))
	if hub.KindOf(err) == hub.NotFound {
		return none, 0, nil
	}
	if err != nil {
		return none, 0, err
	}
	l, err := v.openLink(m.Data)
	switch {
	case hub.KindOf(err) == hub.NotFound:
		return none, m.Seq, nil
	case err != nil:
		return none, 0, err
	case l.Motion == nil || l.Motion.Kind != kind:
		return none, m.Seq, nil
	}
	waiting := l.Motion.Follow(versions)
	if !waiting.About(newest) {
		return none, m.Seq, nil
	}
	return waiting, m.Seq, nil
}

// keepMotion puts a motion in the place of the one before it.
func (v *Conveyor) keepMotion(ctx context.Context, m review.Motion, old uint64) error {
	now := v.Now()
	sealed, err := v.Ring.SealLink(now, encode(linked{Time: now, Motion: &m}))
	if err != nil {
		return err
	}
	_, err = v.Bus.Append(ctx, "link."+v.motionName(m.Alert), old, nil, sealed)
	if err != nil || old == 0 {
		return err
	}
	return v.Bus.EraseOne(ctx, natsbus.Link, old)
}

// finish does what a decided motion says. What fails stays owed.
func (v *Conveyor) finish(ctx context.Context, m review.Motion) error {
	err := v.carryOut(ctx, m)
	if err != nil {
		v.owed.Store(m.Alert, m)
		v.pause(owedName(m.Alert))
		return err
	}
	v.owed.Delete(m.Alert)
	v.paused.Delete(owedName(m.Alert))
	return nil
}

func owedName(alert string) string { return "motion " + alert }

// carryOut does what a decided motion says, and finds done what it did before it died.
func (v *Conveyor) carryOut(ctx context.Context, m review.Motion) error {
	versions, err := v.versions(ctx, m.Alert)
	if err != nil {
		return err
	}
	newest := versions[len(versions)-1]
	m = m.Follow(versions)
	if !m.About(newest) {
		return nil // the entry is in the log
	}
	back, err := review.TakeBack(m, newest, v.Roster)
	if err != nil {
		return err
	}
	if m.Kind == hub.Recalled {
		err := v.erase(ctx, back)
		v.changed()
		if err != nil {
			return err
		}
	}
	_, g, err := v.tools()
	if err != nil {
		return err
	}
	p, err := v.after(ctx, newest, v.firstTime(ctx, newest))
	if err != nil {
		return err
	}
	b, err := release.BuildBack(back, p, release.Gate{Register: g, Own: v.own()})
	if err != nil {
		return err
	}
	e, err := v.append(ctx, subjectOf(m.Alert, back.Version()), b)
	if err != nil {
		return err
	}
	v.changed()
	return v.Bus.Publish(e.Subject(), nats.Header(deliver.Header(e)), e.Bundle)
}

// firstTime is when the first version of an alert went out.
func (v *Conveyor) firstTime(ctx context.Context, a hub.Alert) time.Time {
	if first, ok := v.first(ctx, a.ID); ok {
		return first.Published
	}
	return a.Published
}

// finishOwed tries again what this node failed to do.
func (v *Conveyor) finishOwed(ctx context.Context) {
	v.owed.Range(func(alert, m any) bool {
		if v.waits(owedName(alert.(string))) {
			return true
		}
		v.head.mu.Lock()
		err := v.finish(ctx, m.(review.Motion))
		v.head.mu.Unlock()
		if err != nil && ctx.Err() == nil {
			v.Log.Warn("duty failed", "duty", "take-back", "class", string(hub.KindOf(err)))
		}
		return ctx.Err() == nil
	})
}

// finishMotions does what was decided and not done, at the start and at each sweep: also
// what a node left that died. One that fails keeps none of the others.
func (v *Conveyor) finishMotions(ctx context.Context) error {
	v.head.mu.Lock()
	defer v.head.mu.Unlock()
	var decided []review.Motion
	err := v.Bus.Read(ctx, natsbus.Link, "link.*", 0, func(m natsbus.Message) error {
		l, err := v.openLink(m.Data)
		if err == nil && l.Motion != nil && l.Motion.Decided {
			decided = append(decided, *l.Motion)
		}
		return nil // what can't be opened has ended
	})
	if err == nil {
		v.owed.Clear() // of those, what isn't done is decided still
	}
	for _, m := range decided {
		err = errors.Join(err, v.finish(ctx, m))
	}
	return err
}
