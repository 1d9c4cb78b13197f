package api

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"isac/hub"
	"isac/hub/review"
	"isac/internal/conveyor"
	"isac/internal/httpx"
)

type (
	draftPage struct {
		Drafts []review.Waiting `json:"drafts"`
	}
	reasonJSON struct {
		Reason string `json:"reason"`
	}
	openedJSON struct {
		review.DeskView
		Name  string `json:"name,omitempty"`
		Phone string `json:"phone,omitempty"` // of the organisation, as in the sector list
	}
	phoneJSON struct {
		With      string     `json:"with"`
		Digest    hub.Digest `json:"digest"`
		Signature []byte     `json:"signature"`
	}
	emergencyJSON struct {
		Reason string `json:"reason"`
		conveyor.Called
	}
	calledJSON struct {
		Result string `json:"result"` // "ok"
		conveyor.Called
	}
)

// draftList answers GET /drafts?receipt= with the drafts that people are waited
// for, for the secretariat: no member, no text. A receipt picks those of its case.
func (a API) draftList(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	p := given(r)
	list, err := a.Desk.Waiting(r.Context(), who, p.Text("receipt"))
	if err != nil {
		return err
	}
	return httpx.WriteJSON(w, draftPage{list})
}

// draftOpen takes POST /drafts/{draft}/open {"reason"}, where draft is a digest or
// its first 16 digits or more. The case keeps who opened it and why; the answer is
// whom to telephone and what to read to them.
func (a API) draftOpen(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	var body reasonJSON
	err := httpx.ReadJSON(r, maxBody, &body)
	if err != nil {
		return err
	}
	v, err := a.Desk.OpenDraft(r.Context(), who, chi.URLParam(r, "draft"), body.Reason)
	if err != nil {
		return err
	}
	out := openedJSON{DeskView: v}
	if o, ok := a.Roster.Organisation(v.Member); ok {
		out.Name, out.Phone = o.NameJA, o.Phone
	}
	return httpx.WriteJSON(w, out)
}

// draftPhone takes POST /drafts/{draft}/phone {"with", "digest", "signature"}: the
// first of two people of the secretariat waits for the second.
func (a API) draftPhone(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	var body phoneJSON
	err := httpx.ReadJSON(r, maxBody, &body)
	if err != nil {
		return err
	}
	err = a.Desk.ConsentByTelephone(r.Context(), who, chi.URLParam(r, "draft"), body.With, body.Signature)
	if err != nil {
		return err
	}
	return done(w)
}

// draftEmergency takes POST /drafts/{draft}/emergency {"reason", "moderator",
// "officer"}: the two get the draft to decide on at once. Where neither is named the
// hub takes two by lot; the answer says whom to telephone.
func (a API) draftEmergency(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	var body emergencyJSON
	err := httpx.ReadJSON(r, maxBody, &body)
	if err != nil {
		return err
	}
	two, err := a.Desk.Emergency(r.Context(), who, chi.URLParam(r, "draft"), body.Reason, body.Called)
	if err != nil {
		return err
	}
	return httpx.WriteJSON(w, calledJSON{"ok", two})
}
