package conveyor

import (
	"cmp"
	"context"
	"time"

	"isac/hub"
	"isac/hub/succession"
)

// longestChange is how long the log may take for a change of the key.
var longestChange = 30 * time.Second

// RotateKey has another key sign alerts from the next one on. The old key says so in a step
// that is stored before the new one is used: members that are told of an alert by a key
// that they don't know ask for the steps. While it is done nothing is released, so the last
// alert of the old key is known, and it isn't done while another node is there, which might
// release one. A lost key says nothing: then members go on whom the secretariat tells.
//
// Who gives it may go away: what was begun is ended. A change that was cut off before is
// ended in place of another.
func (v *Conveyor) RotateKey(ctx context.Context, to string, lost bool) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), longestChange)
	defer cancel()
	err := v.alone(ctx)
	if err != nil {
		return err
	}
	v.head.mu.Lock()
	defer v.head.mu.Unlock()
	to = cmp.Or(to, v.Ring.Place())
	changed, err := v.endChange(ctx)
	if err == nil && changed && v.Ring.Place() != to {
		err = hub.E(hub.Conflict, "keyring.ended-other", v.Ring.Place())
	}
	if err != nil || changed {
		return err
	}
	v.head.step, err = v.nextStep(ctx, to, lost)
	if err != nil {
		return err
	}
	_, err = v.endChange(ctx)
	return err
}

// alone refuses while another node is there, or may be back in a moment.
func (v *Conveyor) alone(ctx context.Context) error {
	others := !v.leads()
	if !others && v.Others != nil {
		var err error
		others, err = v.Others(ctx)
		if err != nil {
			return err
		}
	}
	if others {
		return hub.E(hub.Conflict, "keyring.others")
	}
	return nil
}

// newestStep has this node know whether another has changed the key, before it signs what
// goes into the log.
func (v *Conveyor) newestStep(ctx context.Context) error {
	if !v.Bus.Shared() {
		return nil
	}
	return v.Roster.CatchUp(ctx)
}

// nextStep is the change to another key, after the last alert. The caller holds the head.
func (v *Conveyor) nextStep(ctx context.Context, to string, lost bool) (*succession.Step, error) {
	err := v.loadHead(ctx)
	if err != nil {
		return nil, err
	}
	next, err := v.Ring.Prepare(to, v.Now)
	if err != nil {
		return nil, err
	}
	step, err := v.Ring.Step(next, v.head.number, v.Now(), lost)
	if err != nil {
		return nil, err
	}
	return &step, nil
}

// endChange stores the step that is to be stored, and takes up the key that was prepared
// where the log names it. Until the log has answered nothing is signed: the step may be
// there, and members may have moved on. The caller holds the head.
func (v *Conveyor) endChange(ctx context.Context) (changed bool, err error) {
	if v.head.step != nil {
		err = v.Roster.AddStep(ctx, len(v.Ring.Line().Steps), *v.head.step)
	} else {
		err = v.Roster.CatchUp(ctx)
	}
	if v.head.step != nil && err != nil && hub.KindOf(err) != hub.Conflict {
		v.Ring.Doubt(true)
		return false, &hub.Error{Kind: hub.Unavailable, Text: "keyring.unsure", Err: err}
	}
	v.head.step = nil
	if err == nil {
		changed, err = v.Ring.Adopt(v.Roster.Steps())
	}
	v.Ring.Doubt(false)
	if changed {
		v.carded.Store(nil)
	}
	return changed, err
}

// finishChange ends a change whose step the log didn't answer for, once it does. Where
// another node changed the key this one would tell members of the old one: it answers no
// more, until it is started anew with the new key.
func (v *Conveyor) finishChange(ctx context.Context) {
	v.head.mu.Lock()
	defer v.head.mu.Unlock()
	if v.head.step == nil {
		v.leaveMembers()
		return
	}
	once, cancel := context.WithTimeout(ctx, longestChange)
	defer cancel()
	_, err := v.endChange(once)
	if err != nil && ctx.Err() == nil {
		v.Log.Warn("change of the key of alerts not ended", "class", string(hub.KindOf(err)))
	}
}

// leaveMembers leaves members to the other nodes where one of them changed the key.
func (v *Conveyor) leaveMembers() {
	if !v.Bus.Shared() || !v.Ring.Replaced() {
		return
	}
	left, err := v.Bus.LeaveToOthers()
	if left {
		v.Log.Warn("another node changed the key of alerts: members are left to it", "class", string(hub.KindOf(err)))
	}
}
