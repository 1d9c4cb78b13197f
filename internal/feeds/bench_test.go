package feeds_test

import (
	"flag"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"testing"

	"isac/hub"
	"isac/hub/profile"
	"isac/hub/vocab"
	"isac/internal/feeds"
	"isac/internal/hubtest"
	"isac/internal/node"
	"isac/internal/plenty"
	"isac/internal/reading"
	"isac/internal/store"
)

var alerts = flag.Int("alerts", 10_000, "how many alerts the view has, of ten indicators each")

// nowhere counts what is written to it.
type nowhere struct {
	header http.Header
	n      int
}

func (w *nowhere) Header() http.Header         { return w.header }
func (w *nowhere) Write(b []byte) (int, error) { w.n += len(b); return len(b), nil }
func (w *nowhere) WriteHeader(int)             {}

// BenchmarkFile is one whole file of all indicators: rows a second, and what memory
// it holds at its end. The yardstick beside it counts the same rows by SQLite alone.
func BenchmarkFile(b *testing.B) {
	h := hubtest.Start(b, 24)
	p, err := store.OpenPublic(filepath.Join(b.TempDir(), "public.db"), store.Synced)
	if err == nil {
		err = plenty.Fill(b.Context(), p, plenty.Options{Alerts: *alerts, Indicators: 10, Now: h.Now()})
	}
	if err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	healthcare := profile.HealthcareJP()
	handler := http.StripPrefix("/feeds", feeds.New(feeds.Config{
		Log: slog.New(slog.DiscardHandler), Name: "hub", Reading: reading.New(reading.View{Public: p}, vocab.Default(healthcare), h.Roster.Sees), Signin: h.Signin, Vocab: vocab.Default(healthcare), Rules: node.Rules(healthcare), Now: h.Now,
	}).Handler())
	who := h.Person(3, hub.Analyst)
	rows := *alerts * 10
	b.Run("yardstick", func(b *testing.B) {
		for b.Loop() {
			n := 0
			err := p.EachIndicator(b.Context(), store.ExportQuery{}, func(store.ExportRow) error { n++; return nil })
			if err != nil || n != rows {
				b.Fatal(n, err)
			}
		}
		b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	})
	for _, path := range []string{"csv?all=true", "jsonl?all=true", "list?all=true", "rpz?all=true", "suricata?all=true", "csv"} {
		b.Run(path, func(b *testing.B) {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			for b.Loop() {
				w := &nowhere{header: http.Header{}}
				r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/feeds/"+path, nil)
				r.Header.Set("Authorization", "Bearer "+who.Token)
				handler.ServeHTTP(w, r)
				if w.n < 1000 {
					b.Fatal(w.n)
				}
			}
			runtime.ReadMemStats(&after)
			b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
			b.ReportMetric((float64(after.HeapSys)-float64(before.HeapSys))/1e6, "MB-heap-grown")
		})
	}
}
