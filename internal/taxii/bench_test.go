package taxii_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"testing"
	"time"

	"isac/hub"
	"isac/internal/hubtest"
	"isac/internal/store"
	"isac/internal/taxii"
)

// filled is a view of a number of indicators in alerts of 500.
func filled(b *testing.B, objects int) *store.Public {
	b.Helper()
	p, err := store.OpenPublic(filepath.Join(b.TempDir(), "public.db"), store.Synced)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = p.Close() })
	const each = 500
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var rows []store.AlertRow
	for n := 1; n <= objects/each; n++ {
		r := store.AlertRow{Seq: uint64(n), Bundle: []byte("{}"), Signature: []byte{1}}
		r.Number, r.ID, r.Version, r.Kind, r.Stage, r.TLP, r.Severity = uint64(n), fmt.Sprint(n), 1, hub.Released, hub.Full, hub.TLPGreen, hub.High
		r.Published = start.Add(time.Duration(n) * time.Second)
		for i := range each {
			id := fmt.Sprintf("indicator--%08x-0000-4000-8000-%012x", n, i)
			body, err := json.Marshal(map[string]string{"type": "indicator", "id": id, "pattern": fmt.Sprintf("[ipv4-addr:value = '10.%d.%d.%d']", n>>8&255, n&255, i), "padding": string(make([]byte, 120))})
			if err != nil {
				b.Fatal(err)
			}
			r.Objects = append(r.Objects, store.ObjectRow{ID: id, Type: "indicator", Version: "2026-01-01T00:00:00.000Z", Body: body})
		}
		rows = append(rows, r)
		if len(rows) == 20 {
			if err := p.Put(b.Context(), rows); err != nil {
				b.Fatal(err)
			}
			rows = nil
		}
	}
	return p
}

// BenchmarkPages is one page of a collection of 100,000 objects, at its start and at
// its end: the cost must not grow with the place.
func BenchmarkPages(b *testing.B) {
	p := filled(b, 100_000)
	running := hubtest.Start(b, 24)
	who := running.Person(3, hub.Analyst)
	h := http.StripPrefix("/taxii2", taxii.New(taxii.Config{Log: slog.New(slog.DiscardHandler), Name: "hub", Public: p, Signin: running.Signin, Desk: running.Desk, Now: running.Now}))
	for _, at := range []struct{ name, after, limit, id string }{
		{"first of 100", "", "100", ""},
		{"last of 100", "2026-01-01T00:03:10Z", "100", ""},
		{"first of 1000", "", "1000", ""},
		{"last of 1000", "2026-01-01T00:03:10Z", "1000", ""},
		{"one by id", "", "", "indicator--00000064-0000-4000-8000-000000000064"},
	} {
		b.Run(at.name, func(b *testing.B) {
			path := "/taxii2/alerts/collections/all/objects/?" + url.Values{"limit": {at.limit}, "added_after": {at.after}, "match[id]": {at.id}}.Encode()
			for b.Loop() {
				w := httptest.NewRecorder()
				r := httptest.NewRequest(http.MethodGet, path, nil)
				r.Header.Set("Authorization", "Bearer "+who.Token)
				h.ServeHTTP(w, r)
				if w.Code != http.StatusOK || w.Body.Len() < 200 {
					b.Fatal(w.Code, w.Body.Len())
				}
			}
		})
	}
}
