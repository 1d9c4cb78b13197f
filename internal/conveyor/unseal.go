package conveyor

import (
	"context"

	"isac/hub"
	"isac/hub/review"
)

// A case officer opens an original by the number of its receipt, which the reporter
// reads out, or by the digest of a draft that the secretariat waits for.

// Sealed is an original before it is opened: nothing but the digest of its bytes, for
// the signature.
func (v *Conveyor) Sealed(ctx context.Context, who hub.Person, name string) (hub.Digest, error) {
	f, err := v.sealedCase(ctx, who, name)
	if err != nil {
		return hub.Digest{}, err
	}
	return f.fold.Original(), nil
}

// Unseal opens the original for a case officer. That it was opened, when and why,
// stands in the case, and its reporter is told, before anything is shown.
func (v *Conveyor) Unseal(ctx context.Context, who hub.Person, name, reason string, digest hub.Digest, signature []byte) ([]byte, error) {
	f, err := v.sealedCase(ctx, who, name)
	if err != nil {
		return nil, err
	}
	f, err = v.update(ctx, f.id, func(c *change) error {
		return c.do(c.fold.Unseal(v.Now(), reason, digest, review.Signed{Person: who.ID, Signature: signature}, v.Roster))
	})
	if err != nil {
		return nil, err
	}
	v.tell(f)
	return v.originalOf(ctx, f, f.fold.OriginalNumber())
}

func (v *Conveyor) sealedCase(ctx context.Context, who hub.Person, name string) (*caseFile, error) {
	if !who.Has(hub.CaseOfficer) {
		return nil, hub.E(hub.Forbidden, "error.forbidden")
	}
	f, _, _, err := v.named(name)
	if err != nil {
		id, missing := v.linked(ctx, v.Ring.LinkName("receipt", name))
		if missing != nil {
			return nil, missing
		}
		known := false
		f, known = v.cases.get(id)
		if !known {
			return nil, hub.E(hub.NotFound, "review.not-found")
		}
	}
	return f, f.fold.MayUnseal(who.ID, v.Roster)
}
