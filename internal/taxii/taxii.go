// Package taxii is the hub's TAXII 2.1 server (OASIS Standard, 10 June 2021): released
// objects in read-only collections, each also as tools read it that know TLP 1 alone, and
// one collection that takes reports and is read by nobody. They are the same for every
// member. Section numbers in comments are the standard's.
//
// What it answers is read from the released view alone, and nothing is kept between
// requests but the status of a report, sealed: a page's token holds its own place.
// Reports go the way of all others (internal/conveyor). It trusts nothing of a request;
// who asks is known by an access token, as a bearer or as the password of HTTP Basic, or by
// a client certificate that its owner bound. It logs no query.
//
//	router.Mount("/taxii2", taxii.New(cfg))
package taxii

import (
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"isac/hub"
	"isac/internal/conveyor"
	"isac/internal/httpx"
	"isac/internal/keyring"
	"isac/internal/signin"
	"isac/internal/store"
)

// Config is what the server needs; every field must be set.
type Config struct {
	Log      *slog.Logger
	Name     string // of the hub
	Public   *store.Public
	Signin   signin.Door
	Desk     *conveyor.Conveyor
	Ring     *keyring.Ring
	Statuses *store.Sessions
	Now      func() time.Time

	// Elsewhere answers what takes a report or tells of one, by Desk, Ring and Statuses,
	// which aren't set then; nil where it is answered here.
	Elsewhere http.Handler
}

// Server answers TAXII requests.
type Server struct{ Config }

// root is the path of the one API root.
const root = "/taxii2/alerts/"

// New returns the handler of everything below /taxii2.
func New(c Config) http.Handler {
	s := &Server{c}
	r := chi.NewRouter()
	r.Use(middleware.GetHead, middleware.Compress(5, mediaName))
	get := func(path string, h func(*request) error) {
		r.Get(path, s.handle(h))
		if path != "/" {
			r.Get(strings.TrimSuffix(path, "/"), s.handle(h)) // without a redirect, on which clients lose their credentials
		}
	}
	get("/", s.discovery)
	get("/alerts/", s.apiRoot)
	get("/alerts/collections/", s.collections)
	get("/alerts/collections/{collection}/", s.collection)
	get("/alerts/collections/{collection}/objects/", s.objects)
	get("/alerts/collections/{collection}/objects/{object}/", s.object)
	get("/alerts/collections/{collection}/objects/{object}/versions/", s.versions)
	get("/alerts/collections/{collection}/manifest/", s.manifest)
	status, add := s.handle(s.status), s.handle(s.objectsAdd)
	if s.Elsewhere != nil {
		status, add = s.Elsewhere.ServeHTTP, s.Elsewhere.ServeHTTP
	}
	for _, end := range []string{"", "/"} {
		r.Get("/alerts/status/{id}"+end, status)
		r.Post("/alerts/collections/{collection}/objects"+end, add)
	}
	r.NotFound(s.handle(func(*request) error { return hub.E(hub.NotFound, "error.not-found") }))
	r.MethodNotAllowed(s.handle(func(q *request) error {
		allow := "GET, HEAD"
		if strings.HasSuffix(strings.TrimSuffix(q.r.URL.Path, "/"), "/objects") {
			allow += ", POST"
		}
		q.w.Header().Set("Allow", allow)
		return errMethod
	}))
	return r
}

// request is one request of a person who is known.
type request struct {
	w    http.ResponseWriter
	r    *http.Request
	who  hub.Person
	sees []hub.TLP
	may  may
}

// may is what a request's token is good for.
type may struct{ read, report bool }

// handle finds out who asks and whether the answer can be read, and answers errors as
// the standard wants them (3.6.1).
func (s *Server) handle(h func(*request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		q := &request{w: w, r: r}
		httpx.HandlePage(s.Log, func() error {
			w.Header().Set("Cache-Control", "private, no-cache")
			w.Header().Add("Vary", "Accept, Authorization")
			err := s.admit(q)
			if hub.KindOf(err) == hub.Unsigned {
				w.Header().Set("WWW-Authenticate", `Basic realm="isac", charset="UTF-8"`)
			}
			if err != nil {
				return err
			}
			if !acceptable(r.Header.Values("Accept")) {
				return errAccept
			}
			return h(q)
		}, func(err error, id string) { writeError(w, r, err, id) })
	}
}

// admit finds who asks, and for what.
func (s *Server) admit(q *request) error {
	access, err := s.access(q.r)
	if err != nil {
		return err
	}
	q.who, q.sees = access.Person, access.Sees(access.Member)
	refused := access.Allow(hub.ReadScope)
	q.may.read = refused == nil
	q.may.report = access.Allow(hub.CaseScope) == nil && access.Member && access.Has(hub.Reporter)
	if !q.may.read && !q.may.report {
		return refused
	}
	return nil
}

// access reads Bearer, Token, or Basic with the token as the password; the name of the
// scheme may be in any case. Where there is none of them, the connection's certificate counts.
func (s *Server) access(r *http.Request) (signin.Access, error) {
	given := strings.TrimSpace(r.Header.Get("Authorization"))
	if given == "" {
		return s.Signin.AccessByCertificate(r.Context(), r.TLS)
	}
	scheme, value, _ := strings.Cut(given, " ")
	token := ""
	switch strings.ToLower(scheme) {
	case "bearer", "token":
		token = strings.TrimSpace(value)
	case "basic":
		_, token, _ = r.BasicAuth()
	}
	return s.Signin.Access(r.Context(), token)
}
