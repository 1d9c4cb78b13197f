package conveyor

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/hub/gate"
	"isac/hub/release"
	"isac/hub/review"
	"isac/internal/keyring"
	"isac/internal/natsbus"
)

// gateOf returns the anonymizer and the gate with the case's own needles.
func (v *Conveyor) gateOf(ctx context.Context, f *caseFile) (*anonymize.Anonymizer, release.Gate, error) {
	var a *anonymize.Anonymizer
	var g *gate.Register
	a, g, err := v.tools()
	if err != nil {
		return nil, release.Gate{}, err
	}
	if f.fold.Member() == review.Hub { // nothing was left out of what was released
		return a, release.Gate{Register: g, Own: v.own()}, nil
	}
	found, err := v.findings(ctx, f)
	if err != nil {
		return nil, release.Gate{}, err
	}
	if !slices.ContainsFunc(f.fold.Reports(), func(r review.Report) bool { return r.Number == found.Report }) {
		return nil, release.Gate{}, hub.E(hub.Conflict, "error.conflict") // of a version whose drafts are still to come
	}
	return a, release.Gate{Register: g, LeftOut: found.LeftOut, Own: v.own()}, nil
}

// shred ends a case: its key is destroyed, and with it everything sealed to it, in
// streams, views and backups alike. Overwriting the ciphertext is an extra. When
// no other case of its week is left the epoch key goes too. What dies on the way
// the next sweep ends.
func (v *Conveyor) shred(ctx context.Context, id string) error {
	_, err := v.update(ctx, id, func(c *change) error { return c.do(c.fold.Shred(v.Now(), v.Clocks)) })
	if err != nil {
		return err
	}
	err = v.destroy(ctx, id)
	if err != nil {
		return err
	}
	return v.endEpochs(ctx)
}

// destroy overwrites the key of a case, then what was sealed to it.
func (v *Conveyor) destroy(ctx context.Context, id string) error {
	_, err := v.Bus.Erase(ctx, natsbus.Keys, "key."+id)
	if err != nil {
		return err
	}
	subjects, err := v.Bus.Subjects(ctx, natsbus.Vault, "vault."+id+".>")
	for _, s := range subjects {
		if err == nil {
			_, err = v.Bus.Erase(ctx, natsbus.Vault, s)
		}
	}
	return err
}

// sweep ends what should have ended: shreddings and recalls that died on the way, links over
// their age, epoch keys that nothing needs.
func (v *Conveyor) sweep(ctx context.Context) {
	err := errors.Join(v.endCases(ctx), v.finishMotions(ctx), v.endLinks(ctx), v.endEpochs(ctx))
	if err != nil && ctx.Err() == nil {
		v.Log.Warn("sweep failed", "class", string(hub.KindOf(err)))
	}
}

// endKeys destroys the keys of this node that another has destroyed, or will: each node's
// own copies end by the same rules.
func (v *Conveyor) endKeys(ctx context.Context) {
	err := errors.Join(v.Ring.EndLinks(v.Now().Add(-v.Clocks.LinkRetention)), v.endEpochs(ctx))
	if err != nil && ctx.Err() == nil {
		v.Log.Warn("keys not destroyed", "class", string(hub.KindOf(err)))
	}
}

// endCases destroys what is left of shredded cases: keys, and originals without a key.
func (v *Conveyor) endCases(ctx context.Context) error {
	keys, err := v.Bus.Subjects(ctx, natsbus.Keys, "key.*")
	if err != nil {
		return err
	}
	originals, err := v.Bus.Subjects(ctx, natsbus.Vault, "vault.>")
	if err != nil {
		return err
	}
	looked := map[string]bool{}
	for _, subject := range slices.Concat(keys, originals) {
		id := strings.Split(subject, ".")[1]
		if looked[id] {
			continue
		}
		looked[id] = true
		over, err := v.over(ctx, id)
		if err == nil && over {
			err = v.destroy(ctx, id)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// endEpochs destroys the keys of all weeks that are over and that no case needs. A report
// that waited in a member's spool may need one of a week without a case, so those stay for
// a while: never longer than a case of theirs would have had them stay.
func (v *Conveyor) endEpochs(ctx context.Context) error {
	// Intake before keys: a report that waits may get a key of an old week.
	waiting, err := v.Bus.Subjects(ctx, natsbus.Intake, "intake.*")
	if err != nil || len(waiting) > 0 {
		return err // at the next shredding or sweep
	}
	needed := map[string]bool{}
	err = v.Bus.Read(ctx, natsbus.Keys, "key.*", 0, func(m natsbus.Message) error {
		needed[v.Ring.EpochOf(m.Data)] = true
		return nil
	})
	if err != nil {
		return err
	}
	life := min(keyring.CardLife, max(v.Clocks.Retention, 24*time.Hour))
	for _, week := range v.Ring.Epochs() {
		if needed[week] || week >= keyring.Week(v.Now().Add(-life)) {
			continue
		}
		err := v.Ring.DestroyEpoch(week)
		if err != nil {
			return err
		}
	}
	return nil
}

// destroyLinks ends the links of a case whose time has come.
func (v *Conveyor) destroyLinks(ctx context.Context, id string, d review.Duty) error {
	err := v.endLinks(ctx)
	if err != nil {
		return err
	}
	return v.note(ctx, id, d)
}

// endLinks destroys every link that is older than its retention, whether its case
// is still there or not: the secret of its week, which ends it in backups too, and
// its bytes.
func (v *Conveyor) endLinks(ctx context.Context) error {
	end := v.Now().Add(-v.Clocks.LinkRetention)
	err := v.Ring.EndLinks(end)
	if err != nil {
		return err
	}
	var ended []uint64
	err = v.Bus.Read(ctx, natsbus.Link, "link.*", 0, func(m natsbus.Message) error {
		l, err := v.openLink(m.Data)
		if err != nil || l.Time.Before(end) {
			ended = append(ended, m.Seq)
		}
		return nil
	})
	for _, seq := range ended {
		if err == nil {
			err = v.Bus.EraseOne(ctx, natsbus.Link, seq)
		}
	}
	return err
}
