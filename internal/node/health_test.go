package node_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/direct"
	"isac/internal/doctor"
	"isac/internal/hubtest"
	"isac/internal/natsbus"
)

// TestHealth asks a hub how it is, before and after half a year in which a direct notice
// ends.
func TestHealth(t *testing.T) {
	h := hubtest.Start(t, 20)
	desk := h.Person(-1, hub.Secretariat)
	_, err := h.Postbox.Write(t.Context(), desk.Person, direct.Draft{Victim: h.Members[0].ID, Text: "planted", To: []direct.Recipient{{Member: h.Members[1].ID}}})
	if err != nil {
		t.Fatal(err)
	}
	h.Poll("the first turn of the clocks", func() bool {
		in, err := h.Health(context.Background())
		return err == nil && !in.Turned.IsZero()
	})
	in, err := h.Health(t.Context())
	if err != nil || !in.Storing || !in.Room || !in.View || in.Members != 20 || in.Missed != 0 || in.Waiting != 0 || len(in.Late) == 0 {
		t.Errorf("health: %+v, %v", in, err)
	}
	found := doctor.Judge(doctor.Outside{Backup: in.Now, Free: 1 << 40, Size: 1 << 40}, &in, in.Now)
	for _, f := range found {
		if f.Level != doctor.OK && f.Check != "moderators" {
			t.Errorf("a healthy hub: %s", f.Text())
		}
	}
	for _, path := range []string{"/healthz", "/readyz"} {
		if code := get(h, path); code != http.StatusOK {
			t.Errorf("%s: %d", path, code)
		}
	}
	if n := notices(t, h); n != 1 {
		t.Fatalf("%d notices in the log", n)
	}
	h.Advance(200 * 24 * time.Hour)
	h.Poll("the end of the notice", func() bool {
		h.Advance(time.Minute) // sweeps are hourly, and the secret goes first
		return notices(t, h) == 0
	})
	in, err = h.Health(t.Context())
	if err != nil || in.Late["notices"] != 0 || in.Late["sessions"] != 0 {
		t.Errorf("after half a year: %v, %v", in.Late, err)
	}
	rec := httptest.NewRecorder()
	h.Metrics.Handler().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/", nil))
	body, _ := io.ReadAll(rec.Body)
	for _, want := range []string{"isac_ready 1", `isac_retention_overdue{what="notices"} 0`, "isac_backup_timestamp_seconds 0"} {
		if !strings.Contains(string(body), want) {
			t.Errorf("no %q in the metrics", want)
		}
	}
}

func get(h *hubtest.Hub, path string) int {
	rec := httptest.NewRecorder()
	h.Handler().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, path, nil))
	return rec.Code
}

func notices(t *testing.T, h *hubtest.Hub) int {
	t.Helper()
	list, err := h.Bus.Subjects(context.Background(), natsbus.Notices, "notice.*")
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}
