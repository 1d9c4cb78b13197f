package webui

import (
	"slices"

	"github.com/go-chi/chi/v5"

	"isac/hub"
	"isac/hub/review"
	"isac/internal/store"
)

// back is how an alert is taken back: the first of two people asks, the second decides.
type back struct {
	Verb    string // "withdraw" or "recall"
	Sign    signForm
	Reasons []string
}

// backs are the ways in which who is signed in may take an alert back.
func (v *visit) backs(row store.AlertRow) []back {
	may := slices.ContainsFunc([]hub.Role{hub.Moderator, hub.DutyOfficer, hub.Secretariat}, v.me.Has)
	if !may || row.Kind == hub.Recalled {
		return nil
	}
	recall := back{"recall", v.signing(review.ToRecall, row.Digest), review.RecallReasons()}
	if row.Kind == hub.Withdrawn {
		return []back{recall}
	}
	return []back{{"withdraw", v.signing(review.ToWithdraw, row.Digest), review.WithdrawReasons()}, recall}
}

// alertBack takes the word of one of the two.
func (u *UI) alertBack(v *visit) error {
	err := v.form()
	if err != nil {
		return err
	}
	_, signature, err := v.signed()
	if err != nil {
		return err
	}
	id := chi.URLParam(v.r, "id")
	switch chi.URLParam(v.r, "verb") {
	case "withdraw":
		err = u.Desk.Revoke(v.r.Context(), *v.me, id, v.field("reason"), signature)
	case "recall":
		err = u.Desk.Recall(v.r.Context(), *v.me, id, v.field("reason"), signature)
	default:
		err = hub.E(hub.NotFound, "error.not-found")
	}
	if err != nil {
		return err
	}
	v.to("/alerts?asked")
	return nil
}
