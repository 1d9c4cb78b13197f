package node_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
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
