package node_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"isac/hub"
	"isac/internal/hubtest"
)

// What is sent wrong is refused in words that say what to do, on every route that there is:
// the routes are taken from the router, and what the API takes from its description.

// canary stands in most of what is sent, and in no answer and no log.
const canary = "canary8f3a"

// hostile is a value as it stands in an address.
type hostile struct {
	what, raw string
	never     bool // is no text at all
}

func hostiles() []hostile {
	return []hostile{
		{"empty", "", true},
		{"long", canary + strings.Repeat("9", 5000), true},
		{"NUL", canary + "%00", true},
		{"a line", canary + "%0d%0aSet-Cookie:x", true},
		{"no UTF-8", canary + "%ff%fe", true},
		{"Shift_JIS", canary + "%95a%89%40", true},
		{"half a rune", canary + "%e3%81", true},
		{"a surrogate", canary + "%ed%a0%80", true},
		{"broken percent", canary + "%", true},
		{"broken percent", canary + "%zz", true},
		{"negative", "-1", false},
		{"huge", "1" + strings.Repeat("0", 30), false},
		{"float", "1.5", false},
		{"exponent", "1e3", false},
		{"hex", "0x10", false},
		{"full width", "%EF%BC%91%EF%BC%90", false},
		{"word", canary, false},
		{"path", "..%2f..%2f" + canary, false},
		{"LIKE", "%25" + canary + "_%25", false},
		{"SQL", "%27%20OR%201%3D1%20--%20" + canary, false},
		{"quotes", "%22%27%60" + canary, false},
		{"FTS", canary + "%2a%20NEAR%2f2%20%28%22AND%20NOT%3a%5e", false},
		{"template", "%7b%7b." + canary + "%7d%7d%3Cscript%3E", false},
		{"day alone", "2026-05-01", false},
		{"no such month", "2026-13-01T00:00:00Z", false},
		{"seconds", "1746057600", false},
		{"spaced time", "2026-05-01%2000:00:00", false},
		{"offset with a bare plus", "2026-05-01T00:00:00+09:00", false},
		{"era", "%E4%BB%A4%E5%92%8C8%E5%B9%B45%E6%9C%881%E6%97%A5", false},
	}
}

// face is a hub with something in it, and whoever may ask each endpoint.
type face struct {
	t       *testing.T
	h       *hubtest.Hub
	alert   string
	byScope map[hub.Scope]string // tokens
	client  http.Client
}

func newFace(t *testing.T) *face {
	t.Helper()
	h := hubtest.Start(t, 40)
	f := &face{t: t, h: h, byScope: map[hub.Scope]string{}}
	f.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	reporter := h.Person(0, hub.Reporter)
	var moderators []hubtest.Person
	for _, i := range h.Apart(0, 3) {
		moderators = append(moderators, h.Person(i, hub.Moderator))
	}
	_, _, err := h.Dial(0).Report(t.Context(), hubtest.Bundle(h.Members[0], "input", "1", "203.0.114.77"))
	if err != nil {
		t.Fatal(err)
	}
	h.Approve(reporter, h.Consent(reporter, h.Case(reporter, 1)).Case, moderators...)
	h.Poll("the alerts", func() bool {
		list, _, err := h.Entries(t.Context(), 0, 10)
		if err == nil && len(list) > 1 {
			f.alert = list[0].Alert.ID
		}
		return f.alert != ""
	})
	for _, p := range []hubtest.Person{h.Person(-1, hub.Secretariat), h.Person(5, hub.Reporter, hub.Moderator, hub.DutyOfficer, hub.CaseOfficer, hub.Analyst)} {
		for _, s := range p.Scopes() {
			_, token, err := h.Roster.MakeToken(t.Context(), p.ID, "a program", []hub.Scope{s}, h.Now().Add(48*time.Hour), h.Now())
			if err != nil {
				t.Fatal(err)
			}
			f.byScope[s] = token
		}
	}
	return f
}

type reply struct {
	status int
	header http.Header
	body   []byte
}

// most is how large the answer to something wrong may be.
const most = 16 << 10

func (f *face) send(method, path, token string, body []byte, change ...func(http.Header)) reply {
	f.t.Helper()
	r, err := http.NewRequestWithContext(f.t.Context(), method, f.h.BaseURL, bytes.NewReader(body))
	if err != nil {
		f.t.Fatal(err)
	}
	r.URL.Opaque = strings.ReplaceAll(path, " ", "%20") // as it is
	r.Header.Set("Accept-Language", "en")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if len(body) > 0 {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, c := range change {
		c(r.Header)
	}
	w, err := f.client.Do(r)
	if err != nil {
		f.t.Fatalf("%s %.80q: %v", method, path, err)
	}
	defer w.Body.Close()
	limit := int64(8 << 20)
	if w.Header.Get("Content-Type") == "text/event-stream" { // which goes on
		limit = 0
	}
	data, err := io.ReadAll(io.LimitReader(w.Body, limit))
	if err != nil {
		f.t.Fatal(err)
	}
	return reply{w.StatusCode, w.Header, data}
}

// sound holds what is true of every answer to a program.
func (f *face) sound(what string, a reply) {
	f.t.Helper()
	if a.status >= 500 {
		f.t.Errorf("%s: %d %.200s", what, a.status, a.body)
	}
	if a.status < 400 || a.status == http.StatusRequestHeaderFieldsTooLarge { // that is net/http's
		return
	}
	var told struct {
		Title  string
		Status any
		HTTP   string `json:"http_status"`
	}
	media := a.header.Get("Content-Type")
	err := json.Unmarshal(a.body, &told)
	if err != nil || told.Title == "" || media != "application/problem+json" && media != "application/taxii+json;version=2.1" {
		f.t.Errorf("%s: refused as %q: %.200s", what, media, a.body)
	}
	if len(a.body) > most || bytes.Contains(a.body, []byte(canary)) {
		f.t.Errorf("%s: %d bytes, or what was sent: %.300s", what, len(a.body), a.body)
	}
}

// refused holds that something was refused as wrong.
func (f *face) refused(what string, a reply, also ...int) {
	f.t.Helper()
	f.sound(what, a)
	if a.status != http.StatusBadRequest && !slices.Contains(also, a.status) {
		f.t.Errorf("%s: answer %d %.200s", what, a.status, a.body)
	}
}

// schema is what is looked at of a shape.
type schema struct {
	Type       any
	Format     string
	Pattern    string
	Enum       []any
	Ref        string `json:"$ref"`
	Properties map[string]schema
}

// narrow reports whether not every text fits.
func (s schema) narrow() bool {
	return s.Type == "integer" || s.Type == "boolean" || s.Format != "" || s.Pattern != "" || s.Enum != nil
}

// operation is an endpoint as the API describes itself.
type operation struct {
	method, path string
	Scope        hub.Scope `json:"x-scope"`
	Parameters   []struct {
		Name, In string
		Schema   schema
	}
	Body *struct {
		Content map[string]struct{ Schema schema }
	} `json:"requestBody"`
}

func (f *face) operations() (list []operation, shapes map[string]schema) {
	f.t.Helper()
	var d struct {
		Paths      map[string]map[string]operation
		Components struct{ Schemas map[string]schema }
	}
	if err := json.Unmarshal(f.send(http.MethodGet, "/api/v1/openapi.json", "", nil).body, &d); err != nil {
		f.t.Fatal(err)
	}
	for path, at := range d.Paths {
		for method, op := range at {
			op.method, op.path = strings.ToUpper(method), "/api/v1"+path
			list = append(list, op)
		}
	}
	slices.SortFunc(list, func(a, b operation) int { return strings.Compare(a.path+a.method, b.path+b.method) })
	if len(list) < 40 {
		f.t.Fatalf("%d endpoints are described", len(list))
	}
	return list, d.Components.Schemas
}

var inPath = regexp.MustCompile(`\{[^}]+\}`)

// filled is an address with things that are there where one is needed, but for one part.
func (f *face) filled(path, part, value string) string {
	return inPath.ReplaceAllStringFunc(path, func(in string) string {
		switch name := strings.Trim(in, "{}"); {
		case name == part:
			return value
		case name == "form":
			return "csv"
		case name == "decision":
			return "approve"
		case name == "id" && strings.Contains(path, "/alerts/"):
			return f.alert
		case name == "collection":
			return "all"
		}
		return "00000000000000000000000000000000"
	})
}
