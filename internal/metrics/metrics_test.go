package metrics_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/review"
	"isac/internal/metrics"
)

func TestOnlyClosedLabelsAreCounted(t *testing.T) {
	m := metrics.New()
	m.Request("report", "ok")
	m.Request("report", "ok")
	m.Request("report", "canary-hospital")
	m.Request("canary-hospital", "ok")
	m.Released(hub.Flash, time.Hour)
	m.Released("canary-hospital", time.Hour)
	m.Due(review.FlashLate)
	m.Due("canary-hospital")
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	text := w.Body.String()
	for _, want := range []string{`isac_requests_total{class="ok",kind="report"} 2`, `isac_release_seconds_count{stage="flash"} 1`, `isac_due_total{duty="flash-late"} 1`} {
		if !strings.Contains(text, want) {
			t.Errorf("no line %s", want)
		}
	}
	if strings.Contains(text, "canary") {
		t.Error("a label of the caller's own got in")
	}
}

func TestSummary(t *testing.T) {
	m := metrics.New()
	for range 9 {
		m.Released(hub.Flash, time.Hour)
	}
	m.Released(hub.Flash, 20*time.Hour)
	m.Released(hub.Full, 300*time.Hour)
	m.Request("report", "ok")
	m.Due(review.FlashLate)
	s, err := m.Summary()
	if err != nil || len(s.Released) != 2 || len(s.Requests) != 1 || len(s.Due) != 1 {
		t.Fatalf("%+v, %v", s, err)
	}
	if want := (metrics.Speed{Stage: "flash", N: 10, Median: 2 * time.Hour, P90: 2 * time.Hour}); s.Released[0] != want {
		t.Errorf("flashes: %+v", s.Released[0])
	}
	if want := (metrics.Speed{Stage: "full", N: 1}); s.Released[1] != want {
		t.Errorf("a full alert after the last step: %+v", s.Released[1])
	}
	if s.Requests[0] != (metrics.Count{Kind: "report", Class: "ok", N: 1}) || s.Due[0] != (metrics.Count{Kind: "flash-late", N: 1}) {
		t.Errorf("counts: %+v %+v", s.Requests, s.Due)
	}
}
