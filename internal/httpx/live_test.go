package httpx_test

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"isac/internal/httpx"
)

// What is announced and isn't released shows no reader a line: by its time a report, a
// consent or an approval could be told.
func TestNoLineForWhatIsNotReleased(t *testing.T) {
	var live httpx.Live
	var newest, asked atomic.Uint64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = live.Stream(w, r, func(context.Context) (uint64, error) {
			asked.Add(1)
			return newest.Load(), nil
		})
	}))
	defer s.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	lines := bufio.NewScanner(a.Body)
	next := func() string {
		for lines.Scan() {
			if lines.Text() != "" {
				return lines.Text()
			}
		}
		t.Fatal(lines.Err())
		return ""
	}
	if got := next(); got != ": here" {
		t.Fatalf("the stream begins with %q", got)
	}
	for before := asked.Load(); asked.Load() < before+20; { // as reports come in
		live.Announce()
	}
	newest.Store(7)
	live.Announce()
	if got := next(); got != "event: alert" {
		t.Errorf("before anything was released a line was written: %q", got)
	}
	if got := next(); got != "data: 7" {
		t.Errorf("the alert's number is %q", got)
	}
}
