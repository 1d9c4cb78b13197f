package conveyor

import (
	"context"
	"slices"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/hub/gate"
	"isac/hub/release"
	"isac/hub/review"
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
	found, err := v.findings(ctx, f)
	if err != nil {
		return nil, release.Gate{}, err
	}
	return a, release.Gate{Register: g, LeftOut: found.LeftOut, Own: v.own()}, nil
}

// shred ends a case: its key is destroyed, and with it everything sealed to it, in
// streams, views and backups alike. Overwriting the ciphertext is an extra. When
// no other case of its week is left the epoch key goes too.
func (v *Conveyor) shred(ctx context.Context, id string) error {
	m, err := v.Bus.Last(ctx, natsbus.Keys, "key."+id)
	if err != nil {
		return err
	}
	_, err = v.update(ctx, id, func(c *change) error { return c.do(c.fold.Shred(v.Now(), v.Clocks)) })
	if err != nil {
		return err
	}
	for _, what := range []struct{ stream, subject string }{{natsbus.Keys, "key." + id}, {natsbus.Vault, "vault." + id + ".>"}} {
		err := v.eraseAll(ctx, what.stream, what.subject)
		if err != nil {
			return err
		}
	}
	return v.endEpoch(ctx, m.Data)
}

// eraseAll overwrites every message on the subject, which may be a wildcard.
func (v *Conveyor) eraseAll(ctx context.Context, stream, subject string) error {
	var subjects []string
	err := v.Bus.Read(ctx, stream, subject, 0, func(m natsbus.Message) error {
		if !slices.Contains(subjects, m.Subject) {
			subjects = append(subjects, m.Subject)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, s := range subjects {
		_, err := v.Bus.Erase(ctx, stream, s)
		if err != nil {
			return err
		}
	}
	return nil
}

// endEpoch destroys the epoch key of a shredded case when nothing needs it: it is
// not this week's, and no stored key, link or report is sealed to it.
func (v *Conveyor) endEpoch(ctx context.Context, wrapped []byte) error {
	epoch := v.Ring.EpochOf(wrapped)
	current, _, err := v.Ring.Epoch(v.Now())
	if err != nil || epoch == "" || epoch == current {
		return err
	}
	inUse := false
	err = v.Bus.Read(ctx, natsbus.Keys, "key.*", 0, func(m natsbus.Message) error {
		inUse = inUse || v.Ring.EpochOf(m.Data) == epoch
		return nil
	})
	if err != nil || inUse {
		return err
	}
	pending, err := v.Bus.Last(ctx, natsbus.Intake, "intake.*")
	if hub.KindOf(err) != hub.NotFound || pending.Seq > 0 {
		return err // a report may still wait: at the next shredding
	}
	return v.Ring.DestroyEpoch(epoch)
}

// destroyLinks ends the links of a case whose time has come.
func (v *Conveyor) destroyLinks(ctx context.Context, id string, d review.Duty) error {
	v.sweepLinks(ctx)
	return v.note(ctx, id, d)
}

// sweepLinks destroys every link that is older than its retention, or sealed to an
// epoch whose key is gone, whether its case is still there or not.
func (v *Conveyor) sweepLinks(ctx context.Context) {
	var ended []natsbus.Message
	err := v.Bus.Read(ctx, natsbus.Link, "link.*", 0, func(m natsbus.Message) error {
		l, err := v.openLink(m.Data)
		if err != nil || v.Now().Sub(l.Time) > v.Clocks.LinkRetention {
			ended = append(ended, natsbus.Message{Subject: m.Subject, Seq: m.Seq})
		}
		return nil
	})
	for _, m := range ended {
		if err == nil {
			err = v.Bus.EraseOne(ctx, natsbus.Link, m.Seq)
		}
	}
	if err != nil && ctx.Err() == nil {
		v.Log.Warn("links not swept", "class", string(hub.KindOf(err)))
	}
}
