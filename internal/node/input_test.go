package node_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"

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

func TestNothingThatIsSentWrongIsLeftOutOfAccount(t *testing.T) {
	f := newFace(t)
	list, shapes := f.operations()
	asked := 0
	for _, op := range list {
		token := f.byScope[op.Scope]
		if token == "" {
			t.Fatalf("nobody may %s %s", op.method, op.path)
		}
		what := op.method + " " + op.path
		body := []byte(nil)
		if op.Body != nil {
			body = []byte("{}")
		}
		base := f.filled(op.path, "", "")
		f.refused(what+" with a parameter too many", f.send(op.method, base+"?"+canary+"=1", token, body))
		f.refused(what+" with a query that is none", f.send(op.method, base+"?;%zz="+canary, token, body))
		for _, p := range op.Parameters {
			if p.In == "path" {
				f.paths(op, what, p.Name, token, body)
				continue
			}
			asked++
			for _, v := range hostiles() {
				a, what := f.send(op.method, base+"?"+p.Name+"="+v.raw, token, body), what+" "+p.Name+" "+v.what
				if v.never || p.Schema.narrow() {
					f.refused(what, a)
				}
				f.sound(what, a)
			}
			f.refused(what+" "+p.Name+" twice", f.send(op.method, base+"?"+p.Name+"=1&"+p.Name+"=1", token, body))
			f.refused(what+" "+p.Name+" of a megabyte", f.send(op.method, base+"?"+p.Name+"="+strings.Repeat("9", 1<<20), token, body), http.StatusRequestHeaderFieldsTooLarge)
		}
		if op.Body != nil {
			f.bodies(what, op.method, base, token, shapes[strings.TrimPrefix(op.Body.Content["application/json"].Schema.Ref, "#/components/schemas/")])
		}
	}
	if asked < 15 {
		t.Errorf("%d parameters were tried", asked)
	}
	f.silent()
}

// paths sends everything as a part of a path: there is nothing of that name.
func (f *face) paths(op operation, what, name, token string, body []byte) {
	f.t.Helper()
	for _, v := range hostiles() {
		if v.raw == "" || strings.Contains(what, "export") && name == "form" && v.what == "empty" {
			continue
		}
		if v.raw[len(v.raw)-1] == '%' || strings.Contains(v.raw, "%zz") { // net/http's own to refuse
			continue
		}
		a := f.send(op.method, f.filled(op.path, name, v.raw), token, body)
		f.refused(what+" {"+name+"} "+v.what, a, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed)
	}
}

// bodies sends what is no body of a shape.
func (f *face) bodies(what, method, path, token string, shape schema) {
	f.t.Helper()
	first := ""
	for name := range shape.Properties {
		first = max(first, name)
	}
	if first == "" {
		f.t.Fatalf("%s takes a body of no fields", what)
	}
	refused := func(about string, body []byte, change ...func(http.Header)) {
		f.t.Helper()
		f.refused(what+" with "+about, f.send(method, path, token, body, change...), http.StatusRequestEntityTooLarge, http.StatusForbidden)
	}
	header := func(name, value string) func(http.Header) { return func(h http.Header) { h.Set(name, value) } }
	in := func(value string) []byte { return []byte(`{"` + first + `":` + value + `}`) }
	for about, body := range map[string][]byte{
		"nothing": nil, "null": []byte("null"), "a list": []byte("[]"), "a text": []byte(`"` + canary + `"`), "half of it": []byte("{"), "a BOM": []byte("\xef\xbb\xbf{}"), "UTF-16": []byte("\xff\xfe{\x00}\x00"),
		"two": []byte("{}{}"), "a field too many": []byte(`{"` + canary + `":1}`), "a field twice": []byte(`{"` + first + `":null,"` + first + `":null}`),
		"a field in capitals": []byte(`{"` + strings.ToUpper(first) + `":null}`), "a field twice in other capitals": []byte(`{"` + first + `":null,"` + strings.ToUpper(first) + `":null}`),
		"NUL": in("\"" + canary + "\x00\""), "no UTF-8": in("\"" + canary + "\xff\""), "Shift_JIS": in("\"" + canary + "\x95\x61\x89\x40\""), "half a surrogate": in(`"` + canary + `\ud800"`),
		"too large a number": in("1e400"), "deep lists": bytes.Repeat([]byte("["), 100_000), "deep objects": bytes.Repeat([]byte(`{"a":`), 100_000), "a comment": []byte("{/*" + canary + "*/}"), "NaN": in("NaN"),
		"9 MB": []byte(`{"` + first + `":"` + strings.Repeat("x", 9<<20) + `"}`),
	} {
		refused(about, body)
	}
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	_, _ = z.Write(bytes.Repeat([]byte(" "), 10<<20))
	_, _ = z.Write([]byte("{}"))
	_ = z.Close()
	refused("a gzip bomb", bomb.Bytes(), header("Content-Encoding", "gzip"))
	for _, media := range []string{"text/xml", "application/x-www-form-urlencoded", "multipart/form-data", "application/json; charset=shift_jis", ";", canary} {
		refused(media, []byte("{}"), header("Content-Type", media))
	}
	for name, s := range shape.Properties {
		wrong := []string{`{"` + canary + `":1}`, `[[]]`, "1.5", "1" + strings.Repeat("0", 30), "true"}
		switch s.Type {
		case "boolean":
			wrong = append(wrong[:4], `"`+canary+`"`)
		case "integer":
			wrong = append(wrong, `"1"`, `"`+canary+`"`)
		case "string":
			if s.Format == "date-time" {
				wrong = append(wrong, `"2026-05-01"`, `"`+canary+`"`, `""`)
			}
		default:
			wrong = append(wrong[:1], "1.5", `"`+canary+`"`)
		}
		for _, v := range wrong {
			refused(fmt.Sprintf("%s as %.12s", name, v), []byte(`{"`+name+`":`+v+`}`))
		}
		if s.Type == "string" {
			for _, v := range hostiles() {
				text, err := url.PathUnescape(v.raw)
				if err != nil {
					continue
				}
				data, err := json.Marshal(map[string]string{name: text})
				if err != nil {
					f.t.Fatal(err)
				}
				f.sound(what+" with "+name+" "+v.what, f.send(method, path, token, data))
			}
		}
	}
}

// silent holds that nothing of what was sent is in the log, nor a panic.
func (f *face) silent() {
	f.t.Helper()
	text := f.h.Log.String()
	if strings.Contains(text, canary) || strings.Contains(text, "panic") {
		at := max(strings.Index(text, canary), strings.Index(text, "panic"))
		f.t.Errorf("the log holds what was sent, or a panic: %s", text[max(0, at-300):min(len(text), at+100)])
	}
}

// walk is every route of the hub below a path.
func (f *face) walk(below ...string) (list [][2]string) {
	f.t.Helper()
	all, ok := f.h.Handler().(chi.Routes)
	if !ok {
		f.t.Fatal("the hub's face isn't a router")
	}
	err := chi.Walk(all, func(method, path string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		path = strings.ReplaceAll(path, "/*/", "/")
		if slices.ContainsFunc(below, func(b string) bool { return strings.HasPrefix(path, b) }) {
			list = append(list, [2]string{method, path})
		}
		return nil
	})
	if err != nil || len(list) == 0 {
		f.t.Fatal(len(list), err)
	}
	return list
}

// Feeds know what a file knows; TAXII leaves out of account what it doesn't know, as the
// standard wants it, but nothing that it knows.
func TestFilesAndCollectionsRefuseWhatIsWrong(t *testing.T) {
	f := newFace(t)
	token := f.byScope[hub.ReadScope]
	numbers := []string{"limit", "min_confidence", "added_after", "since", "all", "next"}
	for _, rt := range f.walk("/feeds", "/taxii2") {
		if rt[0] != http.MethodGet || strings.Contains(rt[1], "{token}") {
			continue
		}
		what := rt[1]
		takes := []string{"type", "min_confidence", "since", "all"}
		taxii := strings.HasPrefix(rt[1], "/taxii2")
		if taxii {
			takes = []string{"added_after", "limit", "next", "match[id]", "match[type]", "match[version]", "match[spec_version]"}
		}
		base := f.filled(rt[1], "", "")
		pages := !taxii || strings.Contains(rt[1], "objects") || strings.Contains(rt[1], "manifest")
		if a := f.send(http.MethodGet, base+"?"+canary+"=1", token, nil); !taxii && !strings.Contains(rt[1], "/misp/{event}") {
			f.refused(what+" with a parameter too many", a)
		}
		for _, name := range takes {
			for _, v := range hostiles() {
				a := f.send(http.MethodGet, base+"?"+url.QueryEscape(name)+"="+v.raw, token, nil)
				f.sound(what+" "+name+" "+v.what, a)
				if !pages || taxii && (v.raw == "" || name == "limit" && v.what == "seconds") { // nothing, as many clients send at first, and more than the largest page
					continue
				}
				if slices.Contains(numbers, name) || !taxii || strings.Contains(v.what, "percent") {
					f.refused(what+" "+name+" "+v.what, a, http.StatusNotFound)
				}
			}
			if pages {
				f.refused(what+" "+name+" twice", f.send(http.MethodGet, base+"?"+url.QueryEscape(name)+"=x&"+url.QueryEscape(name)+"=x", token, nil), http.StatusNotFound)
			}
		}
		for _, part := range inPath.FindAllString(rt[1], -1) {
			f.paths(operation{method: http.MethodGet, path: rt[1]}, what, strings.Trim(part, "{}"), token, nil)
		}
	}
	f.silent()
}

// Every route answers every method, and HEAD as it would GET.
func TestEveryMethod(t *testing.T) {
	f := newFace(t)
	token := f.byScope[hub.ReadScope]
	knows := map[string][]string{}
	routes := f.walk("/api/v1", "/feeds", "/taxii2")
	for _, rt := range routes {
		knows[rt[1]] = append(knows[rt[1]], rt[0])
	}
	for path, methods := range knows {
		if strings.Contains(path, "{token}") {
			continue
		}
		base := f.filled(path, "", "")
		for _, method := range []string{http.MethodHead, http.MethodOptions, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodTrace} {
			a := f.send(method, base, token, nil)
			if method == http.MethodHead && slices.Contains(methods, http.MethodGet) {
				if got := f.send(http.MethodGet, base, token, nil); a.status != got.status || len(a.body) > 0 || a.header.Get("Content-Type") != got.header.Get("Content-Type") {
					t.Errorf("HEAD %s: %d %s, GET %d %s", path, a.status, a.header.Get("Content-Type"), got.status, got.header.Get("Content-Type"))
				}
				continue
			}
			if a.status != http.StatusMethodNotAllowed || !slices.ContainsFunc(methods, func(m string) bool { return strings.Contains(a.header.Get("Allow"), m) }) {
				t.Errorf("%s %s: %d, Allow %q", method, path, a.status, a.header.Get("Allow"))
			}
			if method != http.MethodHead {
				f.sound(method+" "+path, a)
			}
		}
	}
}

// Whatever is wrong about a token, the answer is one: who asks learns nothing of it.
func TestEveryWrongTokenIsOneAnswer(t *testing.T) {
	f := newFace(t)
	ended, revoked, gone := f.made(time.Hour), f.made(48*time.Hour), f.h.Person(3, hub.Analyst)
	if err := f.h.Roster.RemovePerson(t.Context(), gone.ID); err != nil {
		t.Fatal(err)
	}
	if err := f.h.Roster.RevokeToken(t.Context(), revoked.person, revoked.id); err != nil {
		t.Fatal(err)
	}
	f.h.Advance(2 * time.Hour)
	tokens := map[string]string{
		"ended": ended.token, "revoked": revoked.token, "of somebody who left": gone.Token, "of no hub": "isac_" + strings.Repeat("0", 32), "garbage": canary, "long": canary + strings.Repeat("x", 30_000),
		"with spaces": "a b c", "not ASCII": "ト" + canary, "quoted": `"' OR 1=1 --` + canary, "cut": f.byScope[hub.ReadScope][:20], "with more behind": f.byScope[hub.ReadScope] + "x", "in capitals": strings.ToUpper(f.byScope[hub.ReadScope]),
	}
	request := regexp.MustCompile(`"(request|error_id)":"[0-9a-f]*"`)
	for _, rt := range f.walk("/api/v1", "/feeds", "/taxii2") {
		if rt[1] == "/api/v1/openapi.json" { // for everybody
			continue
		}
		first := ""
		for what, token := range tokens {
			path, header := f.filled(rt[1], "", ""), token
			if strings.Contains(rt[1], "{token}") {
				path, header = f.filled(rt[1], "token", url.PathEscape(token)), ""
			}
			a := f.send(rt[0], path, header, nil)
			f.sound(rt[0]+" "+rt[1]+" with a token "+what, a)
			want := http.StatusUnauthorized
			if header == "" { // nobody can sign in to an address
				want = http.StatusNotFound
			}
			if a.status != want || want == http.StatusUnauthorized && a.header.Get("WWW-Authenticate") == "" {
				t.Errorf("%s %s with a token %s: %d", rt[0], rt[1], what, a.status)
			}
			body := request.ReplaceAllString(string(a.body), "")
			if first == "" {
				first = body
			}
			if body != first {
				t.Errorf("%s %s with a token %s: %s, others %s", rt[0], rt[1], what, body, first)
			}
		}
	}
	f.silent()
}

type made struct{ person, id, token string }

// made is a new token to read, good for so long.
func (f *face) made(lasts time.Duration) made {
	f.t.Helper()
	p := f.h.Person(4, hub.Analyst)
	m, token, err := f.h.Roster.MakeToken(f.t.Context(), p.ID, "a program", []hub.Scope{hub.ReadScope}, f.h.Now().Add(lasts), f.h.Now())
	if err != nil {
		f.t.Fatal(err)
	}
	return made{p.ID, m.ID, token}
}

var read = regexp.MustCompile(`(?:URL\.Query\(\)\.(?:Get|Has)|FormValue|\.field|query\.Get)\("([a-z_-]+)"\)|PostForm\["([a-z_-]+)"\]`)

// fields are all that the pages read of addresses and forms.
func fields(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../webui/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range read.FindAllSubmatch(source, -1) {
			out = append(out, string(m[1])+string(m[2]))
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	if len(out) < 50 {
		t.Fatalf("%d fields are found", len(out))
	}
	return out
}

// No page breaks on what is in an address or a form, whoever is signed in.
func TestNoPageBreaks(t *testing.T) {
	f := newFace(t)
	names := fields(t)
	values := slices.DeleteFunc(hostiles(), func(v hostile) bool {
		return slices.Contains([]string{"broken percent", "float", "exponent", "hex", "word", "day alone", "no such month", "seconds", "spaced time", "offset with a bare plus", "era"}, v.what)
	})
	people := []hubtest.Person{f.h.Person(-1, hub.Secretariat), f.h.Person(5, hub.Reporter, hub.Moderator, hub.DutyOfficer, hub.Analyst)}
	for _, p := range people {
		in := f.signIn(p)
		for _, rt := range f.walk("/") {
			if strings.HasPrefix(rt[1], "/api/") || strings.HasPrefix(rt[1], "/feeds") || strings.HasPrefix(rt[1], "/taxii2") || rt[1] == "/signout" || rt[1] == "/events" {
				continue
			}
			for _, v := range values {
				form := strings.Join(names, "="+v.raw+"&") + "=" + v.raw
				page := func(http.Header) {}
				path, body := f.filled(rt[1], "", ""), []byte(nil)
				if rt[0] == http.MethodPost {
					body, page = []byte(form), func(h http.Header) { h.Set("Content-Type", "application/x-www-form-urlencoded") }
				} else if len(form) < 30_000 {
					path += "?" + form
				}
				a := f.send(rt[0], path, "", body, page, in)
				if a.status >= 500 || len(a.body) > 4<<20 {
					t.Errorf("%s %s with %s: %d, %d bytes", rt[0], rt[1], v.what, a.status, len(a.body))
				}
			}
			for _, part := range inPath.FindAllString(rt[1], -1) {
				for _, v := range values {
					if v.raw == "" {
						continue
					}
					a := f.send(rt[0], f.filled(rt[1], strings.Trim(part, "{}"), v.raw), "", nil, in)
					if a.status >= 500 {
						t.Errorf("%s %s with %s: %d", rt[0], rt[1], v.what, a.status)
					}
				}
			}
		}
	}
	f.silent()
}

func (f *face) signIn(p hubtest.Person) func(http.Header) {
	f.t.Helper()
	a := f.send(http.MethodPost, "/signin/token", "", []byte(url.Values{"token": {p.Token}}.Encode()), func(h http.Header) { h.Set("Content-Type", "application/x-www-form-urlencoded") })
	var cookies []string
	for _, c := range a.header.Values("Set-Cookie") {
		pair, _, _ := strings.Cut(c, ";")
		cookies = append(cookies, pair)
	}
	if a.status != http.StatusSeeOther || cookies == nil {
		f.t.Fatalf("signing in: %d", a.status)
	}
	return func(h http.Header) { h.Set("Cookie", strings.Join(cookies, "; ")) }
}
