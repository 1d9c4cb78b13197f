// Package httpx is how the hub speaks HTTP: handlers return errors, errors become
// problem+json (RFC 9457) in the reader's language, and every answer carries the
// security headers. It trusts nothing of a request.
//
//	r.Get("/alerts", httpx.Handle(log, func(w http.ResponseWriter, r *http.Request) error { … }))
package httpx

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"

	"isac/hub"
	"isac/hub/stix"
	"isac/internal/locale"
	"isac/internal/outcome"
)

// Handler answers a request or returns why it can't.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Handle makes a Handler an http.HandlerFunc. The log gets a random request id
// and the class of the result; never a path, a value or a name.
func Handle(log *slog.Logger, h Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		err := safely(h, w, r)
		if err == nil {
			return
		}
		request := requestID()
		logged(log, err, request)
		WriteProblem(w, r, err, request)
	}
}

// HandlePage runs a handler of web pages as Handle does, and leaves the answer to an
// error to refuse.
func HandlePage(log *slog.Logger, h func() error, refuse func(err error, request string)) {
	err := safely(func(http.ResponseWriter, *http.Request) error { return h() }, nil, nil)
	if err == nil {
		return
	}
	request := requestID()
	logged(log, err, request)
	refuse(err, request)
}

func logged(log *slog.Logger, err error, request string) {
	kind := hub.KindOf(err)
	if errors.Is(err, errMethod) {
		kind = hub.Invalid
	}
	log.Info("request refused", "request", request, "class", string(kind))
	if kind == hub.Internal {
		log.Error("request failed", "request", request, "cause", causeClass(err))
	}
}

// errPanic stands for a handler's panic, whose text may hold a value.
var errPanic = errors.New("handler panicked")

func safely(h Handler, w http.ResponseWriter, r *http.Request) (err error) {
	defer func() {
		p := recover()
		if p == http.ErrAbortHandler {
			panic(p) // an answer that broke off
		}
		if p != nil {
			err = fmt.Errorf("%w at %s", errPanic, firstOwnFrame(string(debug.Stack())))
		}
	}()
	return h(w, r)
}

// causeClass says where an internal error comes from without its text, which may
// hold a value: the text up to the first colon, as our errors begin with what was
// being done.
func causeClass(err error) string {
	what, _, _ := strings.Cut(err.Error(), ":")
	return what
}

// firstOwnFrame finds the first line of a stack that is in this module.
func firstOwnFrame(stack string) string {
	for _, line := range strings.Split(stack, "\n") {
		if strings.HasPrefix(line, "isac/") && !strings.HasPrefix(line, "isac/internal/httpx.") {
			name, _, _ := strings.Cut(line, "(")
			return name
		}
	}
	return "unknown"
}

func requestID() string {
	var b [8]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// Problem is an answer that says what is wrong (RFC 9457).
type Problem struct {
	Type    string `json:"type"`
	Title   string `json:"title"`
	Status  int    `json:"status"`
	Request string `json:"request,omitempty"`
}

// WriteProblem answers with err as problem+json. A wrong credential is told how to
// authenticate.
func WriteProblem(w http.ResponseWriter, r *http.Request, err error, request string) {
	status, kind, title := outcome.Status(err), string(hub.KindOf(err)), locale.Error(Language(r), err)
	if errors.Is(err, errMethod) {
		status, kind, title = http.StatusMethodNotAllowed, "method", locale.Text(Language(r), "http.method")
	}
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="isac"`)
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(Problem{
		Type:    "about:blank#" + kind,
		Title:   title,
		Status:  status,
		Request: request,
	})
}

// WriteJSON answers with v.
func WriteJSON(w http.ResponseWriter, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("writing answer: %w", err)
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(append(data, '\n')) // a reader who left is no error of ours
	return nil
}

// ReadJSON reads at most limit bytes of the body into v: one object of UTF-8, each field of
// which is known, spelled as it is, and stands once.
func ReadJSON(r *http.Request, limit int64, v any) error {
	if !isJSON(r.Header) {
		return hub.E(hub.Invalid, "http.bad-type")
	}
	data, err := io.ReadAll(io.LimitReader(r.Body, limit+1))
	if int64(len(data)) > limit {
		return hub.E(hub.TooLarge, "error.too-large", size(limit))
	}
	if err != nil { // its text could quote a value
		return &hub.Error{Kind: hub.Invalid, Text: "http.bad-body", Err: errors.New("reading body")}
	}
	is, err := stix.Decode(data, stix.Limits{Bytes: len(data)})
	if e, ok := errors.AsType[*hub.Error](err); ok { // which says where
		if e.Text == "stix.syntax" { // whose text speaks of reports
			e.Text = "http.bad-json"
		}
		return hub.E(hub.Invalid, e.Text, e.Args...)
	}
	if _, ok := is.(map[string]any); ok && spelled(is, reflect.TypeOf(v)) {
		d := json.NewDecoder(bytes.NewReader(data))
		d.DisallowUnknownFields()
		err = d.Decode(v)
	} else {
		err = errors.New("no object of these fields")
	}
	if err != nil {
		return &hub.Error{Kind: hub.Invalid, Text: "http.bad-body", Err: errors.New("reading body")}
	}
	return nil
}

// spelled reports whether each key of a value is the name of a field of a type, letter for
// letter: encoding/json would take other capitals too, and of two the last.
func spelled(value any, t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer:
		return spelled(value, t.Elem())
	case reflect.Slice, reflect.Array:
		list, _ := value.([]any)
		return !slices.ContainsFunc(list, func(v any) bool { return !spelled(v, t.Elem()) })
	case reflect.Struct:
		object, _ := value.(map[string]any)
		known := map[string]reflect.Type{}
		for _, f := range reflect.VisibleFields(t) {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			known[cmp.Or(name, f.Name)] = f.Type
		}
		for key, v := range object {
			of, ok := known[key]
			if !ok || !spelled(v, of) {
				return false
			}
		}
	}
	return true
}

// isJSON reports whether a body is plain JSON in UTF-8, by its headers; without them it is.
func isJSON(h http.Header) bool {
	coding := h.Get("Content-Encoding")
	if coding != "" && !strings.EqualFold(coding, "identity") {
		return false
	}
	if h.Get("Content-Type") == "" {
		return true
	}
	name, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	charset := params["charset"]
	return err == nil && (name == "application/json" || strings.HasSuffix(name, "+json")) && (charset == "" || strings.EqualFold(charset, "utf-8"))
}

func size(n int64) string {
	if n < 1<<20 {
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d MiB", n>>20)
}

// Language is ja or en, by Accept-Language; ja unless English comes first.
func Language(r *http.Request) string {
	for _, part := range strings.Split(r.Header.Get("Accept-Language"), ",") {
		tag := strings.ToLower(strings.TrimSpace(strings.SplitN(part, ";", 2)[0]))
		if strings.HasPrefix(tag, "ja") {
			return "ja"
		}
		if strings.HasPrefix(tag, "en") {
			return "en"
		}
	}
	return "ja"
}

// Secure adds the security headers to every answer.
func Secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		next.ServeHTTP(w, r)
	})
}
