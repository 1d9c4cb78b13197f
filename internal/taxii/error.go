package taxii

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"isac/hub"
	"isac/internal/httpx"
	"isac/internal/locale"
	"isac/internal/outcome"
)

// What HTTP has a status for and the hub's kinds don't.
var (
	errAccept = errors.New("no acceptable media type")
	errMethod = errors.New("method not allowed")
	errType   = errors.New("body of another media type")
)

// unfit is an envelope that can't be worked with, and why.
type unfit struct{ error }

func (u unfit) Unwrap() error { return u.error }

// message is the standard's error message (3.6.1); http_status is a string.
type message struct {
	Title  string `json:"title"`
	ID     string `json:"error_id,omitempty"`
	Status string `json:"http_status"`
}

// writeError answers every error of every layer. It repeats nothing of the request.
func writeError(w http.ResponseWriter, r *http.Request, err error, id string) {
	status, lang := outcome.Status(err), httpx.Language(r)
	m := message{Title: locale.Error(lang, err), ID: id}
	switch {
	case errors.Is(err, errAccept):
		status, m.Title = http.StatusNotAcceptable, locale.Text(lang, "taxii.accept")
	case errors.Is(err, errMethod):
		status, m.Title = http.StatusMethodNotAllowed, locale.Text(lang, "http.method")
	case errors.Is(err, errType):
		status, m.Title = http.StatusUnsupportedMediaType, locale.Text(lang, "taxii.type")
	case isUnfit(err):
		status = http.StatusUnprocessableEntity
	}
	m.Status = strconv.Itoa(status)
	w.Header().Set("Content-Type", mediaType)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(m)
}

// TooMany is the answer to one request too many.
func TooMany(w http.ResponseWriter, r *http.Request) {
	writeError(w, r, hub.E(hub.TooOften, "http.too-often"), "")
}

func isUnfit(err error) bool {
	_, ok := errors.AsType[unfit](err)
	return ok
}

// bad refuses a parameter, by its name alone.
func bad(name string) error { return hub.E(hub.Invalid, "http.bad-parameter", name) }
