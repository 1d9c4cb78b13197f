package api

import (
	"net/http"
	"slices"
	"time"

	"github.com/go-chi/chi/v5"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/internal/conveyor"
	"isac/internal/httpx"
)

// maxBody bounds the body of a decision.
const maxBody = 1 << 20

type (
	casePage struct {
		Cases []conveyor.CaseView `json:"cases"`
	}
	answersJSON struct {
		Confirmed []string `json:"confirmed"` // keys of prose facts
		Rejected  []string `json:"rejected"`
		All       bool     `json:"all"`             // all are confirmed
		Clear     string   `json:"clear,omitempty"` // "yes" or "no" to an edition for everybody, "" as before
	}
	stageJSON struct {
		Stage hub.Stage `json:"stage"`
	}
	untilJSON struct {
		Until time.Time `json:"until"`
	}
)

// caseList answers GET /cases with the ids of the cases of the person's own
// organisation.
func (a API) caseList(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	ids, err := a.Desk.Cases(r.Context(), who)
	if err != nil {
		return err
	}
	out := casePage{Cases: []conveyor.CaseView{}}
	for _, id := range ids {
		c, err := a.Desk.Case(r.Context(), who, id)
		if err != nil {
			continue // ended between list and look
		}
		c.Prose, c.Hints, c.LeftOut = nil, nil, nil
		for i := range c.Stages {
			c.Stages[i].Draft = nil
		}
		out.Cases = append(out.Cases, c)
	}
	return httpx.WriteJSON(w, out)
}

// caseShow answers GET /cases/{case} with drafts, prose facts and what was left
// out by class.
func (a API) caseShow(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	c, err := a.Desk.Case(r.Context(), who, chi.URLParam(r, "case"))
	if err != nil {
		return err
	}
	return httpx.WriteJSON(w, c)
}

// caseAnswer takes POST /cases/{case}/answers {"confirmed": [keys], "rejected":
// [keys], "all": bool}, and answers with the case and its new drafts.
func (a API) caseAnswer(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	var body answersJSON
	err := httpx.ReadJSON(r, maxBody, &body)
	if err != nil {
		return err
	}
	if !slices.Contains([]string{"", anonymize.ClearYes, anonymize.ClearNo}, body.Clear) {
		return hub.E(hub.Invalid, "http.bad-body")
	}
	id := chi.URLParam(r, "case")
	c, err := a.Desk.Case(r.Context(), who, id)
	if err != nil {
		return err
	}
	if body.All {
		body.Confirmed = nil
		for _, p := range c.Prose {
			body.Confirmed = append(body.Confirmed, p.Key)
		}
	}
	err = a.Desk.Answer(r.Context(), who, id, anonymize.Answers{Confirmed: body.Confirmed, Rejected: body.Rejected, Clear: body.Clear})
	if err != nil {
		return err
	}
	c, err = a.Desk.Case(r.Context(), who, id)
	if err != nil {
		return err
	}
	return httpx.WriteJSON(w, c)
}

// word is what a person posts to decide: the digest seen and the signature over it.
type word struct {
	Stage     hub.Stage  `json:"stage,omitempty"`
	Digest    hub.Digest `json:"digest"`
	Signature []byte     `json:"signature"`
	Reason    string     `json:"reason,omitempty"`
	Thin      bool       `json:"accept_thin,omitempty"`
	Accept    []string   `json:"accept,omitempty"`
	LeaveOut  []string   `json:"leave_out,omitempty"`
}

// done answers a decision that was taken.
func done(w http.ResponseWriter) error {
	return httpx.WriteJSON(w, result{"ok"})
}

// caseConsent takes POST /cases/{case}/consent {"stage", "digest", "signature"}.
func (a API) caseConsent(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	var body word
	err := httpx.ReadJSON(r, maxBody, &body)
	if err != nil {
		return err
	}
	err = a.Desk.Consent(r.Context(), who, chi.URLParam(r, "case"), body.Stage, body.Digest, body.Signature)
	if err != nil {
		return err
	}
	return done(w)
}

// caseObject takes POST /cases/{case}/object {"stage"}.
func (a API) caseObject(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	var body stageJSON
	err := httpx.ReadJSON(r, maxBody, &body)
	if err != nil {
		return err
	}
	err = a.Desk.Object(r.Context(), who, chi.URLParam(r, "case"), body.Stage)
	if err != nil {
		return err
	}
	return done(w)
}

// caseStand takes POST /cases/{case}/stand {"stage"}: a returned draft goes on as it
// is.
func (a API) caseStand(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	var body stageJSON
	err := httpx.ReadJSON(r, maxBody, &body)
	if err != nil {
		return err
	}
	err = a.Desk.Stand(r.Context(), who, chi.URLParam(r, "case"), body.Stage)
	if err != nil {
		return err
	}
	return done(w)
}

// caseKeep takes POST /cases/{case}/keep {"until"}: the case isn't shredded before.
func (a API) caseKeep(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	var body untilJSON
	err := httpx.ReadJSON(r, maxBody, &body)
	if err != nil {
		return err
	}
	err = a.Desk.Keep(r.Context(), who, chi.URLParam(r, "case"), body.Until)
	if err != nil {
		return err
	}
	return done(w)
}

// caseRecord takes POST /cases/{case}/record {"digest", "signature"}, where digest is
// the commitment that a draft or an alert carries, and answers with the record behind
// it: with its salts, which open the commitment.
func (a API) caseRecord(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	var body word
	err := httpx.ReadJSON(r, maxBody, &body)
	if err != nil {
		return err
	}
	record, err := a.Desk.Record(r.Context(), who, chi.URLParam(r, "case"), body.Digest, body.Signature)
	if err != nil {
		return err
	}
	return httpx.WriteJSON(w, record)
}

// caseWithdraw takes POST /cases/{case}/withdraw {"stage", "digest", "signature",
// "reason"}: digest and signature are over what "back" of the stage says.
func (a API) caseWithdraw(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	var body word
	err := httpx.ReadJSON(r, maxBody, &body)
	if err != nil {
		return err
	}
	err = a.Desk.Withdraw(r.Context(), who, chi.URLParam(r, "case"), body.Stage, body.Reason, body.Signature)
	if err != nil {
		return err
	}
	return done(w)
}
