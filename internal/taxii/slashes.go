package taxii

import (
	"net/http"
	"regexp"
	"strings"
)

var slashes = regexp.MustCompile("//+")

// Slashes lets addresses find the server in which a client joined parts with one slash
// too many: MISP writes address, "/", root, "/collections/".
func Slashes(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "//") && strings.HasPrefix(strings.TrimLeft(r.URL.Path, "/"), "taxii2") {
			r = r.Clone(r.Context())
			r.URL.Path = slashes.ReplaceAllString(r.URL.Path, "/")
			r.URL.RawPath = slashes.ReplaceAllString(r.URL.RawPath, "/")
		}
		next.ServeHTTP(w, r)
	})
}
