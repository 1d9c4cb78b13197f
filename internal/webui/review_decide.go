package webui

import (
	"github.com/go-chi/chi/v5"

	"isac/hub"
	"isac/internal/conveyor"
)

// reviewDecide takes what a moderator decides on a draft.
func (u *UI) reviewDecide(v *visit) error {
	err := v.form()
	if err != nil {
		return err
	}
	id, d := chi.URLParam(v.r, "review"), conveyor.Decision{Verb: chi.URLParam(v.r, "verb"), Reason: v.field("reason")}
	switch d.Verb {
	case "approve":
		d.Digest, d.Signature, err = v.signed()
		if err != nil {
			return err
		}
		d.Thin, d.Accept = v.field("thin") == "yes", v.r.PostForm["accept"]
	case "return":
		d.LeaveOut = v.r.PostForm["leave-out"]
	case "ask":
		d.Verb, d.Question = "return", v.field("question")
		if d.Question == "" {
			return hub.E(hub.Invalid, "review.question-long")
		}
	case "decline", "leave":
	default:
		return hub.E(hub.NotFound, "error.not-found")
	}
	err = u.Desk.Decide(v.r.Context(), *v.me, id, d)
	if err != nil {
		return err
	}
	v.to("/reviews?done")
	return nil
}
