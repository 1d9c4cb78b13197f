// Package taxii is the hub's TAXII 2.1 server (OASIS Standard, 10 June 2021): released
// objects in read-only collections, the same for every member. Section numbers in
// comments are the standard's.
//
// It reads the released view alone and keeps nothing between requests: a page's token
// holds its own place. It trusts nothing of a request; who asks is known by an access
// token, as a bearer or as the password of HTTP Basic. It logs no query.
//
//	router.Mount("/taxii2", taxii.New(cfg))
package taxii

import (
	"log/slog"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"isac/hub"
	"isac/internal/httpx"
	"isac/internal/signin"
	"isac/internal/store"
)

// Config is what the server needs; every field must be set.
type Config struct {
	Log    *slog.Logger
	Name   string // of the hub
	Public *store.Public
	Signin *signin.Signin
}

// Server answers TAXII requests.
type Server struct{ Config }

// root is the path of the one API root.
const root = "/taxii2/alerts/"

// largestBody is what the server says it takes; it takes no objects yet.
const largestBody = 4 << 20

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
	get("/alerts/status/{id}/", s.status)
	get("/alerts/collections/", s.collections)
	get("/alerts/collections/{collection}/", s.collection)
	get("/alerts/collections/{collection}/objects/", s.objects)
	get("/alerts/collections/{collection}/objects/{object}/", s.object)
	get("/alerts/collections/{collection}/objects/{object}/versions/", s.versions)
	get("/alerts/collections/{collection}/manifest/", s.manifest)
	r.NotFound(s.handle(func(*request) error { return hub.E(hub.NotFound, "error.not-found") }))
	r.MethodNotAllowed(s.handle(func(q *request) error {
		q.w.Header().Set("Allow", "GET, HEAD")
		return errMethod
	}))
	return r
}

// request is one request of a person who is known.
type request struct {
	w   http.ResponseWriter
	r   *http.Request
	who hub.Person
}

// handle finds out who asks and whether the answer can be read, and answers errors as
// the standard wants them (3.6.1).
func (s *Server) handle(h func(*request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		q := &request{w: w, r: r}
		httpx.HandlePage(s.Log, func() error {
			w.Header().Set("Cache-Control", "private, no-cache")
			w.Header().Add("Vary", "Accept, Authorization")
			var err error
			q.who, err = s.person(r)
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

// person finds who asks: Bearer, Token, or Basic with the token as the password. The
// name of the scheme may be in any case.
func (s *Server) person(r *http.Request) (hub.Person, error) {
	scheme, value, _ := strings.Cut(strings.TrimSpace(r.Header.Get("Authorization")), " ")
	token := ""
	switch strings.ToLower(scheme) {
	case "bearer", "token":
		token = strings.TrimSpace(value)
	case "basic":
		_, token, _ = r.BasicAuth()
	}
	access, err := s.Signin.Access(r.Context(), token)
	if err != nil {
		return hub.Person{}, err
	}
	return access.Person, access.Allow(hub.ReadScope)
}
