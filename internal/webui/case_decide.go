package webui

import (
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"isac/hub"
	"isac/hub/anonymize"
)

// caseAnswer takes what the reporter says of every fact: right, wrong, or nothing yet.
func (u *UI) caseAnswer(v *visit) error {
	err := v.form()
	if err != nil {
		return err
	}
	var a anonymize.Answers
	for name, values := range v.r.PostForm {
		n, ok := strings.CutPrefix(name, "prose-")
		if _, err := strconv.Atoi(n); !ok || err != nil || len(values) != 1 {
			continue
		}
		key := v.r.PostForm.Get("key-" + n)
		switch said := values[0]; {
		case said == "rejected":
			a.Rejected = append(a.Rejected, key)
		case said == "confirmed", v.field("rest") == "right":
			a.Confirmed = append(a.Confirmed, key)
		}
	}
	a.Confirmed = append(a.Confirmed, v.r.PostForm["hint"]...)
	a.Rejected = append(a.Rejected, v.r.PostForm["reject"]...)
	slices.Sort(a.Confirmed)
	slices.Sort(a.Rejected)
	id := chi.URLParam(v.r, "case")
	err = u.Desk.Answer(v.r.Context(), *v.me, id, a)
	if err != nil {
		return err
	}
	v.to("/cases/" + id + "#drafts")
	return nil
}

// caseDecide takes what the reporter decides on one stage.
func (u *UI) caseDecide(v *visit) error {
	err := v.form()
	if err != nil {
		return err
	}
	ctx, id, stage := v.r.Context(), chi.URLParam(v.r, "case"), hub.Stage(chi.URLParam(v.r, "stage"))
	switch chi.URLParam(v.r, "verb") {
	case "consent":
		digest, signature, bad := v.signed()
		if bad != nil {
			return bad
		}
		err = u.Desk.Consent(ctx, *v.me, id, stage, digest, signature)
	case "withdraw":
		_, signature, bad := v.signed()
		if bad != nil {
			return bad
		}
		err = u.Desk.Withdraw(ctx, *v.me, id, stage, v.field("reason"), signature)
	case "clear":
		if stage != hub.Flash {
			return hub.E(hub.NotFound, "error.not-found")
		}
		err = u.Desk.Clear(ctx, *v.me, id, v.field("clear"))
	case "object":
		err = u.Desk.Object(ctx, *v.me, id, stage)
	case "reply":
		err = u.Desk.Reply(ctx, *v.me, id, stage, v.field("answer"))
	case "stand":
		err = u.Desk.Stand(ctx, *v.me, id, stage)
	default:
		err = hub.E(hub.NotFound, "error.not-found")
	}
	if err != nil {
		return err
	}
	v.to("/cases/" + id)
	return nil
}
