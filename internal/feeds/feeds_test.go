package feeds_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/export"
	"isac/hub/feedback"
	"isac/hub/profile"
	"isac/hub/vocab"
	"isac/internal/feeds"
	"isac/internal/hubtest"
	"isac/internal/node"
	"isac/internal/reading"
	"isac/internal/store"
)

// shop is a view of a few alerts, and the feeds over it.
type shop struct {
	t       *testing.T
	h       *hubtest.Hub
	public  *store.Public
	log     *bytes.Buffer
	handler http.Handler
}

func open(t *testing.T) *shop {
	t.Helper()
	p, err := store.OpenPublic(filepath.Join(t.TempDir(), "public.db"), store.Synced)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	s := &shop{t: t, h: hubtest.Start(t, 24), public: p, log: &bytes.Buffer{}}
	healthcare := profile.HealthcareJP()
	f := feeds.New(feeds.Config{
		Log: slog.New(slog.NewTextHandler(s.log, nil)), Name: "ISAC hub", URL: "https://hub.example.jp", Reading: reading.New(reading.View{Public: p}, vocab.Default(healthcare), s.h.Roster.Sees), Signin: s.h.Signin,
		Vocab: vocab.Default(healthcare), Rules: node.Rules(healthcare), Now: s.h.Now,
	})
	s.handler = http.StripPrefix("/feeds", f.Handler())
	return s
}

const first, second = "5c9a1d2e-8b3f-4e61-9f0a-1b2c3d4e5f60", "7d0b2e3f-9c40-4f72-8a1b-2c3d4e5f6071"

// put releases alerts: values in the first, the same and ended ones in the second.
func (s *shop) put(values map[string]hub.Kind) {
	s.t.Helper()
	now := s.h.Now()
	var rows []store.AlertRow
	for n, id := range []string{first, second} {
		r := store.AlertRow{Seq: uint64(n + 1), News: uint64(n + 1), Bundle: []byte("{}"), Signature: []byte{1}, Title: hub.Text{JA: "攻撃", EN: "An attack"}, Names: []store.NameRow{{Class: "technique", Value: "T1133"}}}
		r.Number, r.ID, r.Version, r.Kind, r.Stage, r.TLP, r.Severity, r.Published = uint64(n+1), id, 1, hub.Released, hub.Full, hub.TLPGreen, hub.High, now
		var list []string
		for v := range values {
			list = append(list, v)
		}
		slices.Sort(list)
		for _, v := range list {
			i := store.IndicatorRow{StixID: fmt.Sprintf("indicator--%08x-0000-5000-8000-%012x", n, len(r.Indicators)), Type: string(values[v]), Value: v, Pattern: "[x]", Confidence: 60 + 20*n, ValidFrom: now, ValidUntil: now.Add(20 * 24 * time.Hour)}
			i.StatedAt, i.StatedUntil = i.Confidence, i.ValidUntil
			r.Indicators = append(r.Indicators, i)
		}
		ended := store.IndicatorRow{StixID: fmt.Sprintf("indicator--%08x-0000-5000-8000-ffffffffffff", n), Type: string(hub.Domain), Value: "ended.example.net", Pattern: "[x]", Confidence: 80, ValidFrom: now.Add(-60 * 24 * time.Hour), ValidUntil: now.Add(-time.Hour), StatedAt: 80, StatedUntil: now.Add(-time.Hour)}
		r.Indicators = append(r.Indicators, ended)
		rows = append(rows, r)
	}
	if err := s.public.Put(s.t.Context(), rows); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) get(path string, change ...func(*http.Request)) *httptest.ResponseRecorder {
	s.t.Helper()
	r := httptest.NewRequestWithContext(s.t.Context(), http.MethodGet, "/feeds"+path, nil)
	for _, f := range change {
		f(r)
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

func (s *shop) token(scopes ...hub.Scope) string {
	s.t.Helper()
	_, token, err := s.h.Roster.MakeToken(s.t.Context(), s.h.Person(3, hub.Analyst).ID, "a firewall", scopes, s.h.Now().Add(48*time.Hour), s.h.Now())
	if err != nil {
		s.t.Fatal(err)
	}
	return token
}

func bearer(token string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
}

var ordinary = map[string]hub.Kind{"198.41.0.4": hub.IPv4, "evil-login.net": hub.Domain, "http://evil-login.net/a": hub.URL, strings.Repeat("ab", 32): hub.SHA256, "8.8.8.8": hub.IPv4, "cloudfront.net": hub.Domain}

// Each form, with the canary values of every kind, holds what it says and nothing else.
func TestFilesHoldWhatStandsToday(t *testing.T) {
	s := open(t)
	s.put(ordinary)
	as := bearer(s.token(hub.ReadScope))
	for _, f := range export.Forms() {
		w := s.get("/"+f.Name+f.Ext, as)
		text := w.Body.String()
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != f.Media {
			t.Fatalf("%s: %d %s", f.Name, w.Code, text)
		}
		if strings.Contains(text, "ended.example.net") {
			t.Errorf("%s has an ended indicator", f.Name)
		}
		if f.Says(hub.IPv4) && strings.Contains(text, "8.8.8.8") == f.Distinct {
			t.Errorf("%s: a public resolver is in a list to block, or missing in a table", f.Name)
		}
		if n := strings.Count(text, "198.41.0.4"); f.Distinct && n > 1 {
			t.Errorf("%s has one value %d times", f.Name, n)
		}
	}
	records, err := csv.NewReader(s.get("/csv?all=true", as).Body).ReadAll()
	if err != nil || len(records) != 1+2*(len(ordinary)+1) {
		t.Errorf("the table of all has %d lines: %v", len(records), err)
	}
	if got := s.get("/list?type=ip&min_confidence=50", as).Body.String(); got != "198.41.0.4\n" {
		t.Errorf("the list of addresses is %q", got)
	}
	if got := s.get("/list?type=ip&min_confidence=90", as).Body.String(); got != "" {
		t.Errorf("the list of sure addresses is %q", got)
	}
	if got := s.get("/suricata?type=ipv4", as).Body.String(); !strings.Contains(got, "confidence 80") || strings.Contains(got, "confidence 60") {
		t.Errorf("not the best of two: %s", got)
	}
}

func TestWhatIsToldChangesFiles(t *testing.T) {
	s := open(t)
	s.put(map[string]hub.Kind{"198.41.0.4": hub.IPv4})
	as := bearer(s.token(hub.ReadScope))
	before := s.get("/list?type=ip", as)
	if before.Body.String() != "198.41.0.4\n" {
		t.Fatal(before.Body)
	}
	if again := s.get("/list?type=ip", as, func(r *http.Request) { r.Header.Set("If-None-Match", before.Header().Get("ETag")) }); again.Code != http.StatusNotModified {
		t.Errorf("unchanged: %d", again.Code)
	}
	var counts []feedback.Count
	for n := range 2 {
		counts = append(counts, feedback.Count{Topic: feedback.OfIndicator(fmt.Sprintf("indicator--%08x-0000-5000-8000-%012x", n, 0)), Answer: feedback.FalsePositive, AtLeast: 20, Since: s.h.Now().Add(-30 * 24 * time.Hour)})
	}
	if err := s.public.PutTold(t.Context(), 1, counts); err != nil {
		t.Fatal(err)
	}
	after := s.get("/list?type=ip&min_confidence=50", as, func(r *http.Request) { r.Header.Set("If-None-Match", before.Header().Get("ETag")) })
	if after.Code != http.StatusOK || after.Body.Len() != 0 {
		t.Errorf("called false by many: %d %q", after.Code, after.Body)
	}
}

func TestWhoMayFetch(t *testing.T) {
	s := open(t)
	s.put(ordinary)
	feed, read, cases := s.token(hub.FeedScope), s.token(hub.ReadScope), s.token(hub.AnswerScope)
	secretariat := s.h.Person(3, hub.Reader).Token
	basic := func(token string) func(*http.Request) {
		return func(r *http.Request) { r.SetBasicAuth("anything", token) }
	}
	for name, c := range map[string]struct {
		path string
		as   func(*http.Request)
		want int
	}{
		"nobody":                       {"/csv", func(*http.Request) {}, http.StatusUnauthorized},
		"wrong":                        {"/csv", bearer("isac_x"), http.StatusUnauthorized},
		"feeds, bearer":                {"/csv", bearer(feed), http.StatusOK},
		"feeds, basic":                 {"/csv", basic(feed), http.StatusOK},
		"reading":                      {"/csv", basic(read), http.StatusOK},
		"answering":                    {"/csv", bearer(cases), http.StatusForbidden},
		"the secretariat's":            {"/misp/manifest.json", bearer(secretariat), http.StatusOK},
		"feeds in the address":         {"/token/" + feed + "/csv", func(*http.Request) {}, http.StatusOK},
		"MISP in the address":          {"/token/" + feed + "/misp/manifest.json", func(*http.Request) {}, http.StatusOK},
		"reading in the address":       {"/token/" + read + "/csv", func(*http.Request) {}, http.StatusForbidden},
		"all rights in the address":    {"/token/" + secretariat + "/csv", func(*http.Request) {}, http.StatusForbidden},
		"nothing known in the address": {"/token/isac_x/csv", func(*http.Request) {}, http.StatusNotFound},
		"no such form":                 {"/docx", bearer(feed), http.StatusNotFound},
		"no such type":                 {"/csv?type=secret-canary", bearer(feed), http.StatusBadRequest},
		"a type that it can't say":     {"/yara?type=domain", bearer(feed), http.StatusBadRequest},
		"twice":                        {"/csv?type=ip&type=domain", bearer(feed), http.StatusBadRequest},
		"too sure":                     {"/csv?min_confidence=101", bearer(feed), http.StatusBadRequest},
		"no number":                    {"/csv?min_confidence=x", bearer(feed), http.StatusBadRequest},
		"no instant":                   {"/csv?since=yesterday", bearer(feed), http.StatusBadRequest},
		"what isn't known":             {"/csv?secret-canary=1", bearer(feed), http.StatusBadRequest},
		"broken":                       {"/csv?%zz", bearer(feed), http.StatusBadRequest},
		"an event that isn't":          {"/misp/" + strings.Repeat("0", 36) + ".json", bearer(feed), http.StatusNotFound},
		"an address below":             {"/csv/more", bearer(feed), http.StatusNotFound},
	} {
		w := s.get(c.path, c.as)
		if w.Code != c.want {
			t.Errorf("%s: %d, want %d: %s", name, w.Code, c.want, w.Body)
		}
		if strings.Contains(w.Body.String()+s.log.String(), "secret-canary") {
			t.Errorf("%s: the caller's words come back, or are logged", name)
		}
	}
	for _, token := range []string{feed, read} {
		if strings.Contains(s.log.String(), token) {
			t.Error("a token is logged")
		}
	}
}

func TestMISPPullsAFeed(t *testing.T) {
	s := open(t)
	s.put(ordinary)
	as := bearer(s.token(hub.FeedScope))
	var manifest map[string]struct {
		Info string
		Orgc struct{ UUID string }
	}
	into(t, s.get("/misp/manifest.json", as), &manifest)
	if len(manifest) != 2 || manifest[first].Info != "An attack" || len(manifest[first].Orgc.UUID) != 36 {
		t.Fatalf("%v", manifest)
	}
	for id := range manifest {
		var file struct {
			Event struct {
				UUID      string
				Attribute []struct{ UUID, Type, Value string }
				Tag       []struct{ Name string }
			}
		}
		into(t, s.get("/misp/"+id+".json", as), &file)
		e := file.Event
		if e.UUID != id || len(e.Attribute) != len(ordinary)+1 || e.Tag[0].Name != "tlp:green" || !strings.HasSuffix(e.Tag[1].Name, ` - T1133"`) {
			t.Errorf("%+v", e)
		}
	}
	hashes := s.get("/misp/hashes.csv", as).Body.String()
	if !strings.Contains(hashes, export.MISPHash("evil-login.net", first)) || strings.Count(hashes, "\n") != 2*(len(ordinary)+1) {
		t.Errorf("hashes: %s", hashes)
	}
	stone := store.AlertRow{Seq: 9, News: 9, Signature: []byte{1}, Reason: "withdrawn"}
	stone.Number, stone.ID, stone.Version, stone.Kind, stone.Stage, stone.TLP, stone.Severity, stone.Published = 9, first, 2, hub.Recalled, hub.Full, hub.TLPGreen, hub.High, s.h.Now()
	if err := s.public.Put(t.Context(), []store.AlertRow{stone}); err != nil {
		t.Fatal(err)
	}
	if w := s.get("/misp/"+first+".json", as); w.Code != http.StatusGone {
		t.Errorf("recalled: %d", w.Code)
	}
	if w := s.get("/misp/manifest.json", as); strings.Contains(w.Body.String(), first) {
		t.Error("a recalled alert is in the manifest")
	}
	if w := s.get("/csv?all=true", as); strings.Contains(w.Body.String(), first) {
		t.Error("a recalled alert is in the table")
	}
}

func into(t *testing.T, w *httptest.ResponseRecorder, v any) {
	t.Helper()
	if err := json.Unmarshal(w.Body.Bytes(), v); err != nil {
		t.Fatalf("%d %s: %v", w.Code, w.Body, err)
	}
}

// A file in many steps has each indicator once, whatever the order.
func TestManyStepsLoseNothing(t *testing.T) {
	s := open(t)
	values := map[string]hub.Kind{}
	for n := range 3_100 {
		values[fmt.Sprintf("host-%04d.evil-login.net", n)] = hub.Domain
	}
	s.put(values)
	as := bearer(s.token(hub.FeedScope))
	list := strings.Fields(s.get("/list?type=domain", as).Body.String())
	if len(list) != len(values) || !slices.IsSorted(list) || len(slices.Compact(list)) != len(values) {
		t.Errorf("%d lines of %d", len(list), len(values))
	}
	if n := strings.Count(s.get("/jsonl", as).Body.String(), "\n"); n != 2*len(values) {
		t.Errorf("%d rows of %d", n, 2*len(values))
	}
}

// closing is an answer during which the view goes away.
type closing struct {
	http.ResponseWriter
	public *store.Public
}

func (c closing) Write(b []byte) (int, error) {
	_ = c.public.Close()
	return c.ResponseWriter.Write(b)
}

// A file that breaks off must not look whole.
func TestABrokenFileBreaksOff(t *testing.T) {
	s := open(t)
	values := map[string]hub.Kind{}
	for n := range 3_100 {
		values[fmt.Sprintf("host-%04d.evil-login.net", n)] = hub.Domain
	}
	s.put(values)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(closing{w, s.public}, r) }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.Start()
	defer server.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/feeds/jsonl", nil)
	if err != nil {
		t.Fatal(err)
	}
	bearer(s.token(hub.FeedScope))(r)
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Body.Close()
	n, err := io.Copy(io.Discard, w.Body)
	if w.StatusCode != http.StatusOK || n == 0 || err == nil {
		t.Errorf("%d, %d bytes, and the end: %v", w.StatusCode, n, err)
	}
}
