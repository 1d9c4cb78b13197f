package httpx_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"isac/hub"
	"isac/internal/httpx"
)

func serve(t *testing.T, h httpx.Handler) (*httptest.ResponseRecorder, string) {
	t.Helper()
	var log bytes.Buffer
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "/api/v1/secret-hospital", nil)
	r.Header.Set("Accept-Language", "en-GB,ja;q=0.5")
	httpx.Handle(slog.New(slog.NewTextHandler(&log, nil)), h)(w, r)
	return w, log.String()
}

func TestErrorsTellTheReaderWhatToDoAndTheLogNothingOfIt(t *testing.T) {
	w, log := serve(t, func(http.ResponseWriter, *http.Request) error {
		return fmt.Errorf("reading secret-hospital: %w", hub.E(hub.NotFound, "error.not-found"))
	})
	if w.Code != 404 || !strings.Contains(w.Body.String(), "Check the number") || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("answer %d %s", w.Code, w.Body)
	}
	if strings.Contains(log, "secret-hospital") || strings.Contains(w.Body.String(), "secret-hospital") {
		t.Errorf("a value got out: log %q", log)
	}
}

func TestPanicAndInternalErrorHideTheirText(t *testing.T) {
	for name, h := range map[string]httpx.Handler{
		"panic":    func(http.ResponseWriter, *http.Request) error { panic("secret-hospital") },
		"internal": func(http.ResponseWriter, *http.Request) error { return errors.New("storing case: secret-hospital") },
	} {
		w, log := serve(t, h)
		if w.Code != 500 {
			t.Errorf("%s: status %d", name, w.Code)
		}
		if strings.Contains(log, "secret-hospital") || strings.Contains(w.Body.String(), "secret-hospital") {
			t.Errorf("%s: a value got out: %s %s", name, log, w.Body)
		}
		if !strings.Contains(log, "request failed") {
			t.Errorf("%s: the operator isn't told: %s", name, log)
		}
	}
}

func TestUnsignedIsToldHowToAuthenticate(t *testing.T) {
	w, _ := serve(t, func(http.ResponseWriter, *http.Request) error { return hub.E(hub.Unsigned, "error.unsigned") })
	if w.Code != 401 || !strings.HasPrefix(w.Header().Get("WWW-Authenticate"), "Bearer") {
		t.Errorf("answer %d, challenge %q", w.Code, w.Header().Get("WWW-Authenticate"))
	}
}

func TestBodiesAreReadStrictly(t *testing.T) {
	var v struct {
		A  string
		In []struct {
			B int `json:"b,omitempty"`
		} `json:"in"`
	}
	for body, want := range map[string]hub.ErrorKind{
		`{"A":"x"}` + "\n":                   "",
		`{"A":"x"} {"A":"y"}`:                hub.Invalid,
		`{"A":"x"}]`:                         hub.Invalid,
		`{"A":"secret-hospital","B":1}`:      hub.Invalid,
		`{"A":1}`:                            hub.Invalid,
		`{"a":"x"}`:                          hub.Invalid,
		`{"A":"x","a":"y"}`:                  hub.Invalid,
		`{"in":[{"b":1},{}]}`:                "",
		`{"in":[{"b":1,"B":2}]}`:             hub.Invalid,
		`{"ın":[]}`:                          hub.Invalid,
		`{"In":[]}`:                          hub.Invalid,
		``:                                   hub.Invalid,
		`{"A":"` + strings.Repeat("x", 64):   hub.Invalid,
		strings.Repeat(" ", 1<<20):           hub.Invalid,
		strings.Repeat(" ", 1<<20) + `{}`:    hub.TooLarge,
		strings.Repeat(`{"A":`, 100_000)[:9]: hub.Invalid,
	} {
		err := httpx.ReadJSON(httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body)), 1<<20, &v)
		if hub.KindOf(err) != want {
			t.Errorf("%.20q: %v, want %q", body, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "secret-hospital") {
			t.Errorf("%.20q: the error quotes it: %v", body, err)
		}
	}
}

// What stands in the settings of firewalls: strconv's words for yes and no.
func TestYesAndNoInManySpellings(t *testing.T) {
	for raw, want := range map[string]string{
		"": "false", "all=true": "true", "all=True": "true", "all=TRUE": "true", "all=t": "true", "all=1": "true", "all=False": "false", "all=0": "false",
		"all=yes": "refused", "all=on": "refused", "all=tRUE": "refused", "all=2": "refused", "all=%201": "refused",
	} {
		q, err := httpx.ReadQuery(httptest.NewRequest(http.MethodGet, "/?"+raw, nil), []string{"all"})
		if err != nil {
			t.Fatal(err)
		}
		got := strconv.FormatBool(q.Bool("all"))
		if q.Err() != nil {
			got = "refused"
		}
		if got != want {
			t.Errorf("%q is %s, want %s", raw, got, want)
		}
	}
}

// curl says that a body is a form unless it is told otherwise.
func TestABodyOfAnotherTypeIsToldWhatToSend(t *testing.T) {
	w, _ := serve(t, func(_ http.ResponseWriter, _ *http.Request) error {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{}`))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return httpx.ReadJSON(r, 1<<10, &struct{}{})
	})
	if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "Content-Type: application/json") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
