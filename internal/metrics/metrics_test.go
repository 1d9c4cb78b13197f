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
