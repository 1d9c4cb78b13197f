package conveyor

import (
	"context"
	"slices"
	"strings"

	"isac/hub"
	"isac/hub/review"
)

// The secretariat and the duty officers name a draft by its digest: it is salted, so
// that only who has read the draft can tell it. They never learn a case's id.

// Waiting returns the drafts that people are waited for, oldest first; with the
// receipt that a reporter reads out, those of its case alone.
func (v *Conveyor) Waiting(ctx context.Context, who hub.Person, receipt string) ([]review.Waiting, error) {
	if !who.Has(hub.Secretariat) {
		return nil, hub.E(hub.Forbidden, "error.forbidden")
	}
	cases := v.cases.all()
	if receipt != "" {
		id, err := v.linked(ctx, v.Ring.LinkName("receipt", receipt))
		if err != nil {
			return nil, err
		}
		cases = slices.DeleteFunc(cases, func(f *caseFile) bool { return f.id != id })
	}
	out := []review.Waiting{}
	for _, f := range cases {
		out = append(out, f.fold.Waiting(v.Now(), v.Clocks)...)
	}
	slices.SortFunc(out, func(a, b review.Waiting) int { return a.Since.Compare(b.Since) })
	return out, nil
}

// OpenDraft shows a draft to somebody of the secretariat. That it was opened, by
// whom and why, stands in the case from then on.
func (v *Conveyor) OpenDraft(ctx context.Context, who hub.Person, draft, reason string) (review.DeskView, error) {
	if !who.Has(hub.Secretariat) {
		return review.DeskView{}, hub.E(hub.Forbidden, "error.forbidden")
	}
	f, s, digest, err := v.named(draft)
	if err != nil {
		return review.DeskView{}, err
	}
	f, err = v.update(ctx, f.id, func(c *change) error {
		return c.do(c.fold.Open(v.Now(), s, digest, reason, who.ID, v.Roster, v.Clocks))
	})
	if err != nil {
		return review.DeskView{}, err
	}
	return f.fold.DeskView(s, who.ID, v.Roster)
}

// ConsentByTelephone takes the word of one of two people of the secretariat that
// the reporter's person `with` consented by telephone.
func (v *Conveyor) ConsentByTelephone(ctx context.Context, who hub.Person, draft, with string, signature []byte) error {
	if !who.Has(hub.Secretariat) {
		return hub.E(hub.Forbidden, "error.forbidden")
	}
	f, s, digest, err := v.named(draft)
	if err != nil {
		return err
	}
	return v.decide(ctx, f.id, func(c *review.Case) ([]review.Event, error) {
		return c.ConsentByTelephone(v.Now(), s, digest, with, review.Signed{Person: who.ID, Signature: signature}, v.Roster)
	})
}

// Called are the two people who were called in an emergency.
type Called struct {
	Moderator string `json:"moderator"`
	Officer   string `json:"officer"`
}

// Emergency calls two people to decide on a flash at once: those named, or two by lot
// where nobody is. It returns who was called, for the caller to telephone.
func (v *Conveyor) Emergency(ctx context.Context, who hub.Person, draft, reason string, two Called) (Called, error) {
	if !who.Has(hub.Secretariat) && !who.Has(hub.DutyOfficer) {
		return Called{}, hub.E(hub.Forbidden, "error.forbidden")
	}
	f, s, digest, err := v.named(draft)
	if err != nil {
		return Called{}, err
	}
	if s != hub.Flash {
		return Called{}, hub.E(hub.Invalid, "review.only-flash")
	}
	err = v.decide(ctx, f.id, func(c *review.Case) ([]review.Event, error) {
		return c.Call(v.Now(), review.Emergency{
			Digest: digest, Reason: reason, Caller: who.ID, Moderator: two.Moderator, Officer: two.Officer,
		}, v.Roster, v.Random)
	})
	if err != nil {
		return Called{}, err
	}
	f, ok := v.cases.get(f.id)
	if !ok {
		return two, nil
	}
	for _, seat := range f.fold.Seats(hub.Flash) {
		switch seat.Duty {
		case hub.Moderator:
			two.Moderator = seat.Person
		case hub.DutyOfficer:
			two.Officer = seat.Person
		}
	}
	return two, nil
}

// enough is how many hex digits of a digest name a draft: few enough to read out
// over the telephone, too many to guess.
const enough = 16

// named finds a draft by the first digits of its digest.
func (v *Conveyor) named(draft string) (*caseFile, hub.Stage, hub.Digest, error) {
	missing := hub.E(hub.NotFound, "review.not-found")
	draft = strings.ToLower(draft)
	if len(draft) < enough {
		return nil, "", hub.Digest{}, missing
	}
	for _, f := range v.cases.all() {
		for _, s := range []hub.Stage{hub.Flash, hub.Full} {
			_, digest := f.fold.Draft(s)
			if !digest.IsZero() && strings.HasPrefix(digest.String(), draft) {
				return f, s, digest, nil
			}
		}
	}
	return nil, "", hub.Digest{}, missing
}
