package httpx

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"
)

// errMethod is a method that an address doesn't know.
var errMethod = errors.New("method not allowed")

// NotAllowed answers a method that an address of a router doesn't know with those that it
// does.
func NotAllowed(log *slog.Logger, of chi.Routes) http.HandlerFunc {
	return Handle(log, func(w http.ResponseWriter, r *http.Request) error {
		path := r.URL.Path
		if at := chi.RouteContext(r.Context()); at != nil && at.RoutePath != "" {
			path = at.RoutePath
		}
		var allow []string
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			if !of.Match(chi.NewRouteContext(), method, path) {
				continue
			}
			allow = append(allow, method)
			if method == http.MethodGet {
				allow = append(allow, http.MethodHead)
			}
		}
		w.Header().Set("Allow", strings.Join(allow, ", "))
		return errMethod
	})
}
