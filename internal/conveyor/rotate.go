package conveyor

import (
	"context"

	"isac/hub"
)

// RotateKey has another key sign alerts from the next one on. The old key says so in a step
// that is stored before the new one is used: members that are told of an alert by a key
// that they don't know ask for the steps. While it is done nothing is released, so the last
// alert of the old key is known; of several nodes only the one does it that releases. A lost
// key says nothing: then members go on whom the secretariat tells.
func (v *Conveyor) RotateKey(ctx context.Context, to string, lost bool) error {
	v.head.mu.Lock()
	defer v.head.mu.Unlock()
	if !v.leads() {
		return hub.E(hub.Conflict, "keyring.other-leads")
	}
	err := v.loadHead(ctx)
	if err != nil {
		return err
	}
	next, err := v.Ring.Prepare(to, v.Now)
	if err != nil {
		return err
	}
	step, err := v.Ring.Step(next, v.head.number, v.Now(), lost)
	if err != nil {
		return err
	}
	err = v.Roster.AddStep(ctx, len(v.Ring.Line().Steps), step)
	if err != nil {
		return err
	}
	err = v.Ring.Succeed(next, step)
	v.carded.Store(nil)
	return err
}
