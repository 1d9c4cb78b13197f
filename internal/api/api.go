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
	"github.com/go-chi/chi/v5/middleware"

	"isac/hub"
	"isac/internal/ballot"
	"isac/internal/conveyor"
	"isac/internal/feeds"
	"isac/internal/httpx"
	"isac/internal/notify"
	"isac/internal/reading"
	"isac/internal/receipts"
	"isac/internal/roster"
	"isac/internal/signin"
)

// Config is what the API needs.
type Config struct {
	Log      *slog.Logger
	Reading  *reading.Room
	Roster   *roster.Roster
	Desk     *conveyor.Conveyor
	Ballot   *ballot.Box
	Signin   signin.Door
	Feeds    *feeds.Feeds
	Notices  *notify.Notifier
	Receipts receipts.Desk
	Live     *httpx.Live
	Now      func() time.Time

	// Elsewhere answers what needs more than what is released; then Reading, Ballot,
	// Signin, Feeds and Live are enough. Nil where all is answered here.
	Elsewhere http.Handler
}

// API answers requests.
type API struct{ Config }

// New returns the handler of /api/v1.
func New(c Config) http.Handler {
	a := API{c}
	r := chi.NewRouter()
	r.Use(middleware.GetHead)
	r.Get("/openapi.json", httpx.Handle(a.Log, describe))
	for _, rt := range a.routes() {
		h := httpx.Handle(a.Log, a.signed(rt))
		if a.Elsewhere != nil && !rt.released() {
			h = a.Elsewhere.ServeHTTP
		}
		r.Method(rt.method, rt.path, h)
	}
	r.NotFound(httpx.Handle(a.Log, func(http.ResponseWriter, *http.Request) error {
		return hub.E(hub.NotFound, "error.not-found")
	}))
	r.MethodNotAllowed(httpx.NotAllowed(a.Log, r))
	return r
}

// signedHandler answers a request of a known person.
type signedHandler func(w http.ResponseWriter, r *http.Request, who hub.Person) error

// signed finds out who asks and whether the token is good for that, and reads the query,
// or refuses.
func (a API) signed(rt route) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return hub.E(hub.Unsigned, "error.unsigned")
		}
		access, err := a.Signin.Access(r.Context(), strings.TrimSpace(token))
		if err != nil {
			return err
		}
		err = access.Allow(rt.scope)
		if err != nil {
			return err
		}
		r, err = withParameters(r, rt.query)
		if err != nil {
			return err
		}
		w.Header().Set("Cache-Control", "private, no-cache")
		return rt.handle(w, r, access.Person)
	}
}

// export answers GET /export/{form}?type=&min_confidence=&since=&all=: all indicators as a
// file for other programs.
func (a API) export(w http.ResponseWriter, r *http.Request, who hub.Person) error {
	return a.Feeds.File(w, r, who)
}

func (a API) me(w http.ResponseWriter, _ *http.Request, who hub.Person) error {
	return httpx.WriteJSON(w, meJSON{who.ID, who.Roles})
}

// meJSON is who a token is of.
type meJSON struct {
	ID    string     `json:"id"`
	Roles []hub.Role `json:"roles"`
}
