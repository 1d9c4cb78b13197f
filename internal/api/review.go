package api

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"isac/hub"
	"isac/hub/review"
	"isac/internal/conveyor"
	"isac/internal/httpx"
)

type reviewPage struct {
	Reviews []review.ModeratorView `json:"reviews"`
}

// reviewList answers GET /reviews with what the person was drawn for.
func (a API) reviewList(w http.ResponseWriter, _ *http.Request, who hub.Person) error {
	list, err := a.Desk.Reviews(who)
	if err != nil {
		return err
	}
	return httpx.WriteJSON(w, reviewPage{list})
}

// reviewShow answers GET /reviews/{review} with the draft.
func (a API) reviewShow(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	v, err := a.Desk.Review(who, chi.URLParam(r, "review"))
	if err != nil {
		return err
	}
	return httpx.WriteJSON(w, v)
}

// reviewDecide takes POST /reviews/{review}/approve|return|decline|leave. An
// approval has digest and signature; the others a reason of the closed lists.
func (a API) reviewDecide(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	var body word
	err := httpx.ReadJSON(r, maxBody, &body)
	if err != nil {
		return err
	}
	err = a.Desk.Decide(r.Context(), who, chi.URLParam(r, "review"), conveyor.Decision{
		Verb: chi.URLParam(r, "decision"), Digest: body.Digest, Signature: body.Signature,
		Thin: body.Thin, Accept: body.Accept, Reason: body.Reason, LeaveOut: body.LeaveOut,
	})
	if err != nil {
		return err
	}
	return done(w)
}

// alertWithdraw takes POST /alerts/{id}/withdraw {"digest", "signature", "reason"}:
// the first person asks, the second decides.
func (a API) alertWithdraw(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	var body word
	err := httpx.ReadJSON(r, maxBody, &body)
	if err != nil {
		return err
	}
	err = a.Desk.Revoke(r.Context(), who, chi.URLParam(r, "id"), body.Reason, body.Signature)
	if err != nil {
		return err
	}
	return done(w)
}

// alertRecall takes POST /alerts/{id}/recall {"digest", "signature", "reason"}: the
// first person asks, the second decides.
func (a API) alertRecall(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	var body word
	err := httpx.ReadJSON(r, maxBody, &body)
	if err != nil {
		return err
	}
	err = a.Desk.Recall(r.Context(), who, chi.URLParam(r, "id"), body.Reason, body.Signature)
	if err != nil {
		return err
	}
	return done(w)
}
