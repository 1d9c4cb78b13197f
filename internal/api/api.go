// Package api is the hub's JSON API under /api/v1: alerts and indicators for
// everyone with a token, cases for their reporters, reviews for the moderators they
// were drawn for, drafts that wait for the secretariat, withdrawal and recall for the
// working group, and what members answer about alerts and indicators.
//
// It writes nothing itself: what people decide goes to the conveyor, what they read
// comes from the released view. It trusts nothing of a request; who asks is known
// by a bearer token alone, and consent and approval need the person's own signature
// besides.
//
//	router.Mount("/api/v1", api.New(cfg))
package api

import (
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"isac/hub"
	"isac/internal/ballot"
	"isac/internal/conveyor"
	"isac/internal/httpx"
	"isac/internal/overview"
	"isac/internal/roster"
	"isac/internal/store"
)

// Config is what the API needs.
type Config struct {
	Log      *slog.Logger
	Public   *store.Public
	Overview *overview.Overview
	Roster   *roster.Roster
	Desk     *conveyor.Conveyor
	Ballot   *ballot.Box
	Now      func() time.Time
}

// API answers requests.
type API struct{ Config }

// New returns the handler of /api/v1.
func New(c Config) http.Handler {
	a := API{c}
	r := chi.NewRouter()
	get := func(path string, h signedHandler) { r.Get(path, httpx.Handle(a.Log, a.signed(h))) }
	post := func(path string, h signedHandler) { r.Post(path, httpx.Handle(a.Log, a.signed(h))) }
	get("/alerts", a.alertList)
	get("/alerts/{id}", a.alertShow)
	get("/alerts/{id}/bundle", a.alertBundle)
	get("/alerts/{id}/bundle.sig", a.alertSignature)
	get("/alerts/{id}/related", a.alertRelated)
	get("/alerts/{id}/feedback", a.feedbackShow)
	post("/alerts/{id}/feedback", a.feedbackAlert)
	get("/indicators", a.indicatorList)
	post("/indicators/{id}/feedback", a.feedbackIndicator)
	get("/pulse.csv", a.pulseExport)
	get("/told", a.toldShow)
	get("/told/bundle", a.toldBundle)
	get("/sector", a.sectorShow)
	get("/cases", a.caseList)
	get("/cases/{case}", a.caseShow)
	post("/cases/{case}/answers", a.caseAnswer)
	post("/cases/{case}/consent", a.caseConsent)
	post("/cases/{case}/object", a.caseObject)
	post("/cases/{case}/stand", a.caseStand)
	post("/cases/{case}/withdraw", a.caseWithdraw)
	post("/cases/{case}/keep", a.caseKeep)
	post("/cases/{case}/record", a.caseRecord)
	get("/reviews", a.reviewList)
	get("/reviews/{review}", a.reviewShow)
	post("/reviews/{review}/{decision}", a.reviewDecide)
	get("/drafts", a.draftList)
	post("/drafts/{draft}/open", a.draftOpen)
	post("/drafts/{draft}/phone", a.draftPhone)
	post("/drafts/{draft}/emergency", a.draftEmergency)
	post("/alerts/{id}/withdraw", a.alertWithdraw)
	post("/alerts/{id}/recall", a.alertRecall)
	get("/me", a.me)
	r.NotFound(httpx.Handle(a.Log, func(http.ResponseWriter, *http.Request) error {
		return hub.E(hub.NotFound, "error.not-found")
	}))
	return r
}

// signedHandler answers a request of a known person.
type signedHandler func(w http.ResponseWriter, r *http.Request, who hub.Person) error

// signed finds out who asks, or refuses.
func (a API) signed(h signedHandler) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return hub.E(hub.Unsigned, "error.unsigned")
		}
		who, ok := a.Roster.ByToken(strings.TrimSpace(token))
		if !ok {
			return hub.E(hub.Unsigned, "error.unsigned")
		}
		w.Header().Set("Cache-Control", "private, no-cache")
		return h(w, r, who)
	}
}

func (a API) me(w http.ResponseWriter, _ *http.Request, who hub.Person) error {
	return httpx.WriteJSON(w, struct {
		ID    string     `json:"id"`
		Roles []hub.Role `json:"roles"`
	}{who.ID, who.Roles})
}
