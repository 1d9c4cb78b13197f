package httpx_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"isac/internal/httpx"
)

func TestLimitCountsEachCredentialByItself(t *testing.T) {
	reached := 0
	h := httpx.Limit(3, httpx.TooMany)(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached++ }))
	ask := func(credential, address string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		r.RemoteAddr = address
		if credential != "" {
			r.Header.Set("Authorization", credential)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	for n := range 30 { // of ten seconds
		w := ask("Bearer a", "192.0.2.1:1")
		if w.Code != http.StatusOK || w.Header().Get("RateLimit-Limit") != "30" || w.Header().Get("RateLimit-Remaining") != strconv.Itoa(29-n) {
			t.Fatalf("request %d: %d %v", n, w.Code, w.Header())
		}
	}
	w := ask("Bearer a", "192.0.2.2:1")
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" || w.Header().Get("Content-Type") != "application/problem+json" || strings.Contains(w.Body.String(), "Bearer") {
		t.Errorf("one too many: %d %v %s", w.Code, w.Header(), w.Body)
	}
	if ask("Bearer b", "192.0.2.1:1").Code != http.StatusOK || ask("", "192.0.2.1:1").Code != http.StatusOK {
		t.Error("another credential pays for it")
	}
	if reached != 32 {
		t.Errorf("%d requests came through", reached)
	}
}
