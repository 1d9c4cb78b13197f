package api

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"isac/hub"
	"isac/internal/httpx"
	"isac/internal/receipts"
)

type (
	// editionPage is what is relayed to who asks; the secretariat gets it for every partner.
	editionPage struct {
		Editions []receipts.Item  `json:"editions"`
		Partners []receipts.Given `json:"partners,omitempty"`
	}
	receiptJSON struct {
		Version int `json:"version"` // that was received
	}
)

// editionList answers GET /editions.
func (a API) editionList(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	out := editionPage{Editions: []receipts.Item{}}
	var err error
	if who.Has(hub.Secretariat) {
		out.Partners, err = a.Receipts.All(r.Context(), who)
	} else {
		out.Editions, err = a.Receipts.For(r.Context(), who)
	}
	if err != nil {
		return err
	}
	return httpx.WriteJSON(w, out)
}

// editionReceipt takes POST /editions/{id}/receipt {"version": 1}.
func (a API) editionReceipt(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	if !who.Has(hub.RelayPartner) {
		return hub.E(hub.Forbidden, "error.forbidden")
	}
	var body receiptJSON
	err := httpx.ReadJSON(r, maxBody, &body)
	if err == nil {
		err = a.Receipts.Take(r.Context(), who, chi.URLParam(r, "id"), body.Version)
	}
	if err != nil {
		return err
	}
	return done(w)
}
