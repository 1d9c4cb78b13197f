package webui

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"strings"

	"github.com/go-chi/chi/v5"
)

// kinds are the types of what browsers load beside a page.
var kinds = map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}

// static serves embedded files; a browser asks again with the digest it has.
func static(files embed.FS) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		name := path.Join("static", path.Clean("/"+chi.URLParam(r, "*")))
		data, err := files.ReadFile(name)
		kind, known := kinds[path.Ext(name)]
		if err != nil || !known {
			http.NotFound(w, r)
			return
		}
		sum := sha256.Sum256(data)
		tag := `"` + hex.EncodeToString(sum[:8]) + `"`
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Cache-Control", "public, no-cache")
		w.Header().Set("ETag", tag)
		if strings.Contains(r.Header.Get("If-None-Match"), tag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = w.Write(data) // a reader who left is no error of ours
	}
}
