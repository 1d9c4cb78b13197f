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
	"isac/internal/feeds"
	"isac/internal/httpx"
	"isac/internal/overview"
	"isac/internal/roster"
	"isac/internal/signin"
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
	Signin   *signin.Signin
	Feeds    *feeds.Feeds
	Now      func() time.Time
}

// API answers requests.
type API struct{ Config }

// New returns the handler of /api/v1.
func New(c Config) http.Handler {
	a := API{c}
	r := chi.NewRouter()
	get := func(s hub.Scope, path string, h signedHandler) { r.Get(path, httpx.Handle(a.Log, a.signed(s, h))) }
	post := func(s hub.Scope, path string, h signedHandler) { r.Post(path, httpx.Handle(a.Log, a.signed(s, h))) }
	get(hub.ReadScope, "/alerts", a.alertList)
	get(hub.ReadScope, "/alerts/{id}", a.alertShow)
	get(hub.ReadScope, "/alerts/{id}/bundle", a.alertBundle)
	get(hub.ReadScope, "/alerts/{id}/bundle.sig", a.alertSignature)
	get(hub.ReadScope, "/alerts/{id}/related", a.alertRelated)
	get(hub.ReadScope, "/alerts/{id}/feedback", a.feedbackShow)
	post(hub.AnswerScope, "/alerts/{id}/feedback", a.feedbackAlert)
	get(hub.ReadScope, "/indicators", a.indicatorList)
	post(hub.AnswerScope, "/indicators/{id}/feedback", a.feedbackIndicator)
	get(hub.ReadScope, "/export/{form}", a.export)
	get(hub.DraftScope, "/pulse.csv", a.pulseExport)
	get(hub.ReadScope, "/told", a.toldShow)
	get(hub.ReadScope, "/told/bundle", a.toldBundle)
	get(hub.ReadScope, "/sector", a.sectorShow)
	get(hub.CaseScope, "/cases", a.caseList)
	get(hub.CaseScope, "/cases/{case}", a.caseShow)
	post(hub.CaseScope, "/cases/{case}/answers", a.caseAnswer)
	post(hub.CaseScope, "/cases/{case}/consent", a.caseConsent)
	post(hub.CaseScope, "/cases/{case}/object", a.caseObject)
	post(hub.CaseScope, "/cases/{case}/stand", a.caseStand)
	post(hub.CaseScope, "/cases/{case}/withdraw", a.caseWithdraw)
	post(hub.CaseScope, "/cases/{case}/keep", a.caseKeep)
	post(hub.CaseScope, "/cases/{case}/record", a.caseRecord)
	get(hub.ReviewScope, "/reviews", a.reviewList)
	get(hub.ReviewScope, "/reviews/{review}", a.reviewShow)
	post(hub.ReviewScope, "/reviews/{review}/{decision}", a.reviewDecide)
	get(hub.DraftScope, "/drafts", a.draftList)
	post(hub.DraftScope, "/drafts/{draft}/open", a.draftOpen)
	post(hub.DraftScope, "/drafts/{draft}/phone", a.draftPhone)
	post(hub.DraftScope, "/drafts/{draft}/emergency", a.draftEmergency)
	get(hub.ReviewScope, "/campaigns", a.campaignList)
	post(hub.ReviewScope, "/campaigns", a.campaignPropose)
	post(hub.WithdrawScope, "/alerts/{id}/withdraw", a.alertWithdraw)
	post(hub.WithdrawScope, "/alerts/{id}/recall", a.alertRecall)
	get(hub.ReadScope, "/me", a.me)
	r.NotFound(httpx.Handle(a.Log, func(http.ResponseWriter, *http.Request) error {
		return hub.E(hub.NotFound, "error.not-found")
	}))
	return r
}

// signedHandler answers a request of a known person.
type signedHandler func(w http.ResponseWriter, r *http.Request, who hub.Person) error

// signed finds out who asks and whether the token is good for that, or refuses.
func (a API) signed(s hub.Scope, h signedHandler) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return hub.E(hub.Unsigned, "error.unsigned")
		}
		access, err := a.Signin.Access(r.Context(), strings.TrimSpace(token))
		if err != nil {
			return err
		}
		err = access.Allow(s)
		if err != nil {
			return err
		}
		w.Header().Set("Cache-Control", "private, no-cache")
		return h(w, r, access.Person)
	}
}

// export answers GET /export/{form}?type=&min_confidence=&since=&all=: all indicators as a
// file for other programs.
func (a API) export(w http.ResponseWriter, r *http.Request, _ hub.Person) error {
	return a.Feeds.File(w, r)
}

func (a API) me(w http.ResponseWriter, _ *http.Request, who hub.Person) error {
	return httpx.WriteJSON(w, struct {
		ID    string     `json:"id"`
		Roles []hub.Role `json:"roles"`
	}{who.ID, who.Roles})
}
