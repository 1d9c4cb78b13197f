package plenty_test

import (
	"path/filepath"
	"testing"
	"time"

	"isac/internal/plenty"
	"isac/internal/store"
)

func TestTheSameOptionsGiveTheSameAlerts(t *testing.T) {
	var digests []string
	for range 2 {
		public, err := store.OpenPublic(filepath.Join(t.TempDir(), "public.db"), store.Unsynced)
		if err != nil {
			t.Fatal(err)
		}
		err = plenty.Fill(t.Context(), public, plenty.Options{Alerts: 250, Indicators: 3, Now: time.Unix(1_800_000_000, 0)})
		if err != nil {
			t.Fatal(err)
		}
		rows, err := public.Indicators(t.Context(), store.IndicatorQuery{Number: 250})
		if err != nil || len(rows) < 1 || len(rows) > 3 {
			t.Errorf("the newest alert has %d indicators, %v", len(rows), err)
		}
		d, err := public.Digest(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		digests = append(digests, d.String())
		if err := public.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if digests[0] != digests[1] {
		t.Error("two views differ")
	}
}
