package api_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/review"
	"isac/hub/sector"
	"isac/internal/hubtest"
)

type related struct {
	Related []struct {
		alert
		Score   int
		Reasons []sector.Name
	}
}

// What relates to an alert follows what is released, and forgets what is taken back.
func TestRelated(t *testing.T) {
	h := hubtest.Start(t, 40)
	reader := h.Person(3, hub.Reader)
	released := many(h, 2)
	id := released[0].ID
	var page related
	h.Get(reader, "/alerts/"+id+"/related").Into(h, &page)
	if len(page.Related) != 1 { // not the full alerts, nor its own
		t.Fatalf("%d alerts are related to one of two flashes", len(page.Related))
	}
	for i, r := range page.Related {
		if r.ID == id || r.Score < 1 || r.Score > 100 || len(r.Reasons) == 0 || r.Title.EN == "" {
			t.Errorf("relation %d: score %d, %d reasons", i, r.Score, len(r.Reasons))
		}
	}
	closest := page.Related[0]
	if !slices.Contains(closest.Reasons, sector.Name{Class: hub.Technique, Value: "T1486"}) {
		t.Errorf("the closest is tied by %v: the technique isn't among it", closest.Reasons)
	}
	moderators, _ := people(h, 1)
	for _, p := range []hubtest.Person{h.Person(-1, hub.Secretariat), moderators[0]} {
		want(h, http.StatusOK, p, "/alerts/"+closest.ID+"/recall", signed(p, review.ToRecall, closest.Digest, word{"reason": "leak"}))
	}
	h.Poll("the recalled alert to be gone from what relates", func() bool {
		var left related
		h.Get(reader, "/alerts/"+id+"/related").Into(h, &left)
		return len(left.Related) == 0
	})
	if a := h.Get(reader, "/alerts/"+closest.ID+"/related"); a.Status != http.StatusGone {
		t.Errorf("what relates to a recalled alert: answer %d", a.Status)
	}
}

// The sector view tells whole quarters that are over, in bands.
func TestSector(t *testing.T) {
	h := hubtest.Start(t, 40)
	reader := h.Person(3, hub.Reader)
	many(h, 1)
	var v sector.View
	h.Get(reader, "/sector?quarters=2").Into(h, &v)
	if len(v.Quarters) != 2 || len(v.Rows) != 0 {
		t.Fatalf("the quarter that isn't over is told: %d quarters, %d rows", len(v.Quarters), len(v.Rows))
	}
	h.Advance(100 * 24 * time.Hour)
	h.Get(reader, "/sector?quarters=2").Into(h, &v)
	if len(v.Rows) == 0 || v.Rows[0].Total != sector.Fewer || !slices.Contains(v.Alerts, sector.Fewer) {
		t.Errorf("after the quarter: %d rows, alerts %v", len(v.Rows), v.Alerts)
	}
	for _, bad := range []string{"?quarters=0", "?quarters=81", "?quarters=x", "?from=1"} {
		if a := h.Get(reader, "/sector"+bad); a.Status != http.StatusBadRequest {
			t.Errorf("%s: answer %d", bad, a.Status)
		}
	}
}
