package webui_test

import (
	"bufio"
	"database/sql"
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3" // driver "sqlite3"

	"isac/hub"
	"isac/internal/hubtest"
	"isac/internal/plenty"
	"isac/internal/store"
)

// Of the size that the figures in README have:
//
//	go test ./internal/webui -run '^$' -bench . -args -alerts 100000
var (
	alerts     = flag.Int("alerts", 2000, "how many alerts the benchmarks have")
	indicators = flag.Int("indicators", 10, "how many indicators each of them has")
)

// crowd is a hub with plenty of alerts, and a reader.
type crowd struct {
	*browser
	newest string // id of an alert
	value  string // of one of its indicators
	raw    *sql.DB
}

func newCrowd(b *testing.B) *crowd {
	b.Helper()
	h := hubtest.Start(b, 40)
	err := plenty.Fill(b.Context(), h.Public, plenty.Options{Alerts: *alerts, Indicators: *indicators, Now: h.Now()})
	if err != nil {
		b.Fatal(err)
	}
	c := &crowd{browser: newBrowser(h)}
	c.signIn(h.Person(3, hub.Analyst))
	rows, err := h.Public.Alerts(b.Context(), store.AlertQuery{Limit: 1})
	if err != nil || len(rows) == 0 {
		b.Fatal(err)
	}
	c.newest = rows[0].ID
	values, err := h.Public.Indicators(b.Context(), store.IndicatorQuery{Number: rows[0].Number, Limit: 1})
	if err != nil || len(values) == 0 {
		b.Fatal(err)
	}
	c.value = values[0].Value
	c.raw, err = sql.Open("sqlite3", "file:"+filepath.Join(h.Folder, "public.db")+"?mode=ro")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { c.raw.Close() })
	return c
}

// lookup is the yardstick: one value looked up in SQLite, and nothing else.
func (c *crowd) lookup() time.Duration {
	start := time.Now()
	var number uint64
	err := c.raw.QueryRow("SELECT number FROM indicators WHERE lookup = ? LIMIT 1", store.Lookup(c.value)).Scan(&number)
	if err != nil {
		c.h.T.Fatal(err)
	}
	return time.Since(start)
}

// measure asks again and again, the yardstick in between, and reports the time that 95
// in 100 stay below, how much comes, and the ratio to the yardstick's; and the time of
// processors, which others on the machine don't add to.
func (c *crowd) measure(b *testing.B, ask func(i int) answer) {
	b.Helper()
	var took, worked, beside []time.Duration
	size := 0
	first := true
	for i := 0; b.Loop(); i++ {
		if first { // what is made at the first request
			ask(i)
			first = false
		}
		start, before := time.Now(), processors(b)
		a := ask(i)
		took, worked = append(took, time.Since(start)), append(worked, processors(b)-before)
		if a.status != http.StatusOK {
			b.Fatalf("answer %d", a.status)
		}
		size = max(size, len(a.body))
		beside = append(beside, c.lookup())
	}
	slices.Sort(took)
	slices.Sort(worked)
	slices.Sort(beside)
	p95, yardstick := took[len(took)*95/100], beside[len(beside)/2]
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-median")
	b.ReportMetric(float64(p95.Microseconds())/1000, "ms-p95")
	b.ReportMetric(float64(worked[len(worked)*95/100].Microseconds())/1000, "ms-p95-cpu")
	b.ReportMetric(float64(p95)/float64(yardstick), "lookups")
	b.ReportMetric(float64(size)/1000, "kB")
}

// processors is how long this process has kept processors busy.
func processors(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	err := syscall.Getrusage(syscall.RUSAGE_SELF, &used)
	if err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// BenchmarkWeb: any page within 50 ms and 150 kB on first load without pictures; of
// searches 95 in 100 within 100 ms.
func BenchmarkWeb(b *testing.B) {
	c := newCrowd(b)
	c.pages(b)
	c.searches(b)
}

func (c *crowd) pages(b *testing.B) {
	for _, path := range []string{"/", "/alerts", "/alerts?severity=high&stage=full", fmt.Sprintf("/alerts?before=%d", *alerts/2), "/alerts/" + c.newest, "/sector", "/search", "/me"} {
		b.Run("page"+strings.ReplaceAll(strings.ReplaceAll(path, c.newest, "newest"), "/", "_"), func(b *testing.B) {
			c.measure(b, func(int) answer { return c.do(http.MethodGet, path, nil) })
		})
	}
}

func (c *crowd) searches(b *testing.B) {
	var list strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&list, "host-%d.zone%d.example\n", i, i%97)
	}
	b.Run("check_10000", func(b *testing.B) {
		c.measure(b, func(int) answer { return c.do(http.MethodPost, "/check", url.Values{"list": {list.String()}}) })
	})
	for name, forms := range map[string][]url.Values{
		"value":   {{"q": {c.value}}, {"q": {"203[.]0[.]113[.]5"}}},
		"word":    {{"q": {"病院"}}, {"q": {"給食"}}, {"q": {"バックアップ"}}, {"q": {"backup"}}},
		"words":   {{"q": {"VPN装置 委託事業者 オフライン"}}, {"q": {"credentials backup VPN"}}},
		"name":    {{"q": {"T1133"}}, {"q": {"LockBit"}}, {"q": {"CVE-2018-13379"}}},
		"narrow":  {{"add": {"technique T1133"}, "only": {"severity high"}, "q": {"VPN"}}, {"add": {"type url:value"}}},
		"pattern": {{"q": {"[ipv6-addr:value ISSUBSET '2001:db8:1::/48']"}}, {"q": {"[domain-name:value LIKE 'host-12%' AND domain-name:value LIKE 'host-23%']"}}},
	} {
		b.Run("search_"+name, func(b *testing.B) {
			c.measure(b, func(i int) answer {
				_, a := c.ask(forms[i%len(forms)])
				return a
			})
		})
	}
}

// BenchmarkLive: 500 open pages take 50 MB more at most.
func BenchmarkLive(b *testing.B) {
	const pages = 500
	h := hubtest.Start(b, 40)
	c := newBrowser(h)
	c.signIn(h.Person(3, hub.Reader))
	transport := &http.Transport{MaxConnsPerHost: 0, ReadBufferSize: 512, WriteBufferSize: 512}
	for b.Loop() {
		before := resident()
		var open []*http.Response
		for range pages {
			r, err := http.NewRequestWithContext(b.Context(), http.MethodGet, h.BaseURL+"/events", nil)
			if err != nil {
				b.Fatal(err)
			}
			for _, cookie := range c.cookies {
				r.AddCookie(cookie)
			}
			w, err := transport.RoundTrip(r)
			if err != nil || w.StatusCode != http.StatusOK {
				b.Fatal(err)
			}
			_, err = bufio.NewReaderSize(w.Body, 16).ReadString('\n')
			if err != nil {
				b.Fatal(err)
			}
			open = append(open, w)
		}
		b.ReportMetric((resident()-before)/1e6, "MB") // both ends of each connection
		for _, w := range open {
			w.Body.Close()
		}
	}
}

// resident is the memory that the process holds after what is free to go has gone.
func resident() float64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return float64(m.HeapInuse + m.StackInuse)
}
