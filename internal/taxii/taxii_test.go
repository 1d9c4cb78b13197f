package taxii_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/review"
	"isac/internal/hubtest"
)

const media = "application/taxii+json;version=2.1"

type client struct {
	h     *hubtest.Hub
	token string
}

type answer struct {
	status int
	header http.Header
	body   []byte
}

func (c client) get(path string, change ...func(*http.Request)) answer {
	c.h.T.Helper()
	r, err := http.NewRequestWithContext(c.h.T.Context(), http.MethodGet, c.h.BaseURL+"/taxii2"+path, nil)
	if err != nil {
		c.h.T.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	r.Header.Set("Accept", media)
	for _, f := range change {
		f(r)
	}
	w, err := http.DefaultTransport.RoundTrip(r) // no redirect is followed
	if err != nil {
		c.h.T.Fatal(err)
	}
	defer w.Body.Close()
	data, err := io.ReadAll(w.Body)
	if err != nil {
		c.h.T.Fatal(err)
	}
	if w.StatusCode != http.StatusNotModified && w.Header.Get("Content-Type") != media {
		c.h.T.Errorf("%s is answered as %q", path, w.Header.Get("Content-Type"))
	}
	return answer{w.StatusCode, w.Header, data}
}

type page struct {
	More     bool
	Next     string
	Objects  []map[string]any
	Versions []string
}

func (c client) page(path string, query url.Values) (page, answer) {
	c.h.T.Helper()
	a := c.get(path + "?" + query.Encode())
	if a.status != http.StatusOK {
		c.h.T.Fatalf("%s: %d %s", path, a.status, a.body)
	}
	var p page
	if err := json.Unmarshal(a.body, &p); err != nil {
		c.h.T.Fatal(err)
	}
	return p, a
}

// walk follows next to the end.
func (c client) walk(path string, query url.Values) []map[string]any {
	c.h.T.Helper()
	var all []map[string]any
	for {
		p, _ := c.page(path, query)
		all = append(all, p.Objects...)
		if !p.More {
			if p.Next != "" {
				c.h.T.Error("next stands without more")
			}
			return all
		}
		if len(p.Objects) == 0 || p.Next == "" {
			c.h.T.Fatal("more is promised of an empty page, or without next")
		}
		query.Set("next", p.Next)
	}
}

func key(o map[string]any) string {
	for _, name := range []string{"version", "modified", "created"} {
		if v, ok := o[name].(string); ok {
			return fmt.Sprint(o["id"], " ", v)
		}
	}
	return fmt.Sprint(o["id"])
}

func keys(list []map[string]any) []string {
	var out []string
	for _, o := range list {
		out = append(out, key(o))
	}
	return out
}

// stocked is a hub with two released incidents.
func stocked(t *testing.T) (*hubtest.Hub, client, []hubtest.Person) {
	t.Helper()
	h := hubtest.Start(t, 40)
	reporter := h.Person(0, hub.Reporter)
	var moderators []hubtest.Person
	for _, i := range h.Apart(0, 3) {
		moderators = append(moderators, h.Person(i, hub.Moderator))
	}
	conn := h.Dial(0)
	for i := range 2 {
		if _, _, err := conn.Report(t.Context(), hubtest.Bundle(h.Members[0], fmt.Sprint("taxii ", i), "1", fmt.Sprintf("203.0.114.%d", 90+i))); err != nil {
			t.Fatal(err)
		}
		h.Poll("the case", func() bool {
			ids, err := h.Desk.Cases(t.Context(), reporter.Person)
			return err == nil && len(ids) == i+1
		})
		view := h.Consent(reporter, h.Case(reporter, 1))
		h.Approve(reporter, view.Case, moderators...)
	}
	h.Poll("four alerts", func() bool {
		n, err := h.Public.Newest(t.Context())
		return err == nil && n == 4
	})
	return h, client{h, h.Person(5, hub.Analyst).Token}, moderators
}

const objects = "/alerts/collections/all/objects/"

// Every way of reading a collection gives every object once, in one order, whatever
// the page.
func TestEveryWalkIsWhole(t *testing.T) {
	_, c, _ := stocked(t)
	want := keys(c.walk(objects, url.Values{}))
	if len(want) < 20 || len(slices.Compact(slices.Sorted(slices.Values(want)))) != len(want) {
		t.Fatalf("%d objects, some twice", len(want))
	}
	for _, size := range []string{"1", "7", "1000000"} {
		if got := keys(c.walk(objects, url.Values{"limit": {size}})); !slices.Equal(got, want) {
			t.Errorf("in pages of %s: %d objects of %d, or in another order", size, len(got), len(want))
		}
	}
	if got := keys(c.walk("/alerts/collections/all/manifest/", url.Values{"limit": {"3"}})); !slices.Equal(got, want) {
		t.Errorf("the manifest has %d entries, or in another order", len(got))
	}
	var resumed []string
	after := ""
	for {
		p, a := c.page(objects, url.Values{"limit": {"4"}, "added_after": {after}})
		resumed = append(resumed, keys(p.Objects)...)
		first, last := a.header.Get("X-Taxii-Date-Added-First"), a.header.Get("X-Taxii-Date-Added-Last")
		if len(p.Objects) == 0 {
			if first != "" || last != "" {
				t.Error("an empty page has dates")
			}
			break
		}
		at, err := time.Parse("2006-01-02T15:04:05.000000Z", last)
		if err != nil || first > last || at.UnixMicro()%1000 != 0 {
			t.Fatalf("dates from %s to %s, %v", first, last, err)
		}
		after = []string{last, at.Format(time.RFC3339Nano)}[len(resumed)%2] // any precision
	}
	if !slices.Equal(resumed, want) {
		t.Errorf("resuming by date: %d objects of %d", len(resumed), len(want))
	}
}

// Whatever has been read up to any place refers to nothing that hasn't.
func TestCollectionsAreClosed(t *testing.T) {
	h, c, _ := stocked(t)
	for _, name := range []string{"all", "indicators", "tlp-green", string(newest(t, h).Severity)} {
		seen := map[any]bool{}
		list := c.walk("/alerts/collections/"+name+"/objects/", url.Values{})
		if len(list) == 0 {
			t.Errorf("%s is empty", name)
		}
		for _, o := range list {
			seen[o["id"]] = true
			for _, ref := range []string{"created_by_ref", "source_ref", "target_ref"} { // a report and its other language refer to each other
				if to, ok := o[ref]; ok && !seen[to] && o["type"] != "identity" {
					t.Errorf("%s: %v refers to %v by %s before it comes", name, o["type"], to, ref)
				}
			}
			for _, ref := range []string{"object_marking_refs", "object_refs"} {
				refs, _ := o[ref].([]any)
				for _, to := range refs {
					if !seen[to] {
						t.Errorf("%s: %v refers to %v by %s before it comes", name, o["type"], to, ref)
					}
				}
			}
		}
	}
}

// A collection and its twin have the same places. Between all collections and twins no id
// has two contents; a twin refers to twins alone, and no marking of TLP 2.0 is left.
func TestTwins(t *testing.T) {
	h, c, _ := stocked(t)
	contents := map[string]string{}
	for _, name := range []string{"all", "indicators", "tlp-green", string(newest(t, h).Severity), "critical", "tlp-clear", "tlp-amber", "tlp-amber-strict"} {
		path := "/alerts/collections/" + name
		own, twins := c.walk(path+"/objects/", url.Values{"limit": {"7"}}), c.walk(path+"-tlp1/objects/", url.Values{"limit": {"7"}})
		a, b := c.get(path+"/manifest/"), c.get(path+"-tlp1/manifest/")
		first := "X-Taxii-Date-Added-First"
		if len(own) != len(twins) || a.header.Get(first) != b.header.Get(first) || len(own) == 0 && name == "all" {
			t.Errorf("%s has %d objects from %s, its twin %d from %s", name, len(own), a.header.Get(first), len(twins), b.header.Get(first))
		}
		seen := map[any]bool{}
		for i, o := range append(own, twins...) {
			text, err := json.Marshal(o)
			if err != nil {
				t.Fatal(err)
			}
			if before, ok := contents[key(o)]; ok && before != string(text) {
				t.Errorf("%v is %s and %s", o["id"], before, text)
			}
			contents[key(o)] = string(text)
			if i < len(own) {
				continue
			}
			seen[o["id"]] = true
			if strings.Contains(string(text), "tlp_2_0") {
				t.Errorf("%s: a marking of TLP 2.0 among twins", name)
			}
			refs, _ := o["object_marking_refs"].([]any)
			for _, ref := range append(refs, o["created_by_ref"], o["source_ref"], o["target_ref"]) {
				if ref != nil && !seen[ref] && o["type"] != "identity" {
					t.Errorf("%s: %v refers to %v before it comes", name, o["type"], ref)
				}
			}
		}
		for _, o := range own {
			if seen[o["id"]] {
				t.Errorf("%s: %v is its own twin", name, o["id"])
			}
		}
	}
	twin := c.walk("/alerts/collections/all-tlp1/objects/", url.Values{"match[type]": {"report"}})[0]["id"].(string)
	if a := c.get(objects + twin + "/"); a.status != http.StatusNotFound {
		t.Errorf("a twin is read where it isn't: %d", a.status)
	}
	if p, _ := c.page("/alerts/collections/all-tlp1/objects/", url.Values{"match[id]": {twin}}); len(p.Objects) != 1 {
		t.Errorf("a twin by its id: %d objects", len(p.Objects))
	}
	if p, _ := c.page("/alerts/collections/all-tlp1/objects/"+twin+"/versions/", nil); len(p.Versions) != 1 {
		t.Errorf("versions of a twin: %v", p.Versions)
	}
}

// Who is no member, and not the hub, isn't told of AMBER.
func TestSight(t *testing.T) {
	h, _, _ := stocked(t)
	_, token, err := h.Roster.AddPerson(t.Context(), "hub", []hub.Role{hub.Helper}, nil)
	if err != nil {
		t.Fatal(err)
	}
	c := client{h, token}
	for name, want := range map[string]int{
		"all": 200, "tlp-green": 200, "tlp-green-tlp1": 200, "tlp-amber": 404, "tlp-amber-strict": 404, "tlp-amber-tlp1": 404, "36d35f26-fb48-4a54-aae5-e2b9e0c2dc3c": 404,
	} {
		for _, below := range []string{"", "objects/", "manifest/"} {
			if a := c.get("/alerts/collections/" + name + "/" + below); a.status != want {
				t.Errorf("%s/%s: %d", name, below, a.status)
			}
		}
	}
	if a := c.get("/alerts/collections/"); strings.Contains(strings.ToLower(string(a.body)), "amber\"") {
		t.Errorf("AMBER is listed: %s", a.body)
	}
}

// A correction is a new version; a recall takes every version away.
func TestVersionsAndRecall(t *testing.T) {
	h, c, moderators := stocked(t)
	alert := newest(t, h)
	report := "report--" + alert.ID
	p, _ := c.page(objects+report+"/versions/", url.Values{})
	if len(p.Versions) != 1 {
		t.Fatalf("versions %v", p.Versions)
	}
	by, _ := c.page(objects, url.Values{"match[id]": {report}, "match[version]": {p.Versions[0]}})
	if len(by.Objects) != 1 {
		t.Errorf("by its version: %d objects", len(by.Objects))
	}
	ties := func() (n int) {
		for _, o := range c.walk(objects, url.Values{"match[type]": {"relationship"}, "match[version]": {"all"}}) {
			if refs, ok := by.Objects[0]["object_refs"].([]any); ok && slices.Contains(refs, o["id"]) {
				n++
			}
		}
		return n
	}
	before := ties()
	for _, m := range moderators[:2] {
		if err := h.Desk.Recall(t.Context(), m.Person, alert.ID, "leak", m.Sign(review.ToRecall, alert.Digest)); err != nil {
			t.Fatal(err)
		}
	}
	h.Poll("the recall", func() bool {
		n, err := h.Public.Newest(t.Context())
		return err == nil && n == 5
	})
	p, _ = c.page(objects+report+"/", url.Values{"match[version]": {"all"}})
	if len(p.Objects) != 1 || p.Objects[0]["revoked"] != true {
		t.Errorf("after the recall %d versions of the report are served", len(p.Objects))
	}
	if after := ties(); before == 0 || after >= before {
		t.Errorf("of %d relationships of the recalled alert %d are served", before, after)
	}
}

// newest is an alert of the second incident.
func newest(t *testing.T, h *hubtest.Hub) hub.Alert {
	t.Helper()
	rows, err := h.Public.Entries(t.Context(), 2, 2)
	if err != nil || len(rows) != 2 {
		t.Fatalf("%d entries, %v", len(rows), err)
	}
	return rows[0].Alert
}

func TestFilters(t *testing.T) {
	_, c, _ := stocked(t)
	count := func(query string) int {
		a := c.get(objects + query)
		if a.status != http.StatusOK {
			t.Fatalf("%s: %d %s", query, a.status, a.body)
		}
		var p page
		if err := json.Unmarshal(a.body, &p); err != nil {
			t.Fatal(err)
		}
		return len(p.Objects)
	}
	all := count("")
	for query, want := range map[string]int{
		"?match[type]=report": 4, "?match[type]=report,campaign": 8, "?match%5Btype%5D=report": 4, "?match[type]=nothing": 0,
		"?match[spec_version]=2.1": all, "?match[spec_version]=2.0": 0, "?match[version]=all": all, "?match[version]=first,last": all,
		"?match[version]=1999-01-01T00:00:00Z": 0, "?match[version]=2026-01-01T00:00:00.0000005Z": 0,
		"?added_after=2999-01-01T00:00:00Z": 0, "?added_after=2000-01-01T00:00:00.123456789Z": all, "?added_after=": all, "?next=": all,
		"?unknown=1": all, "?match[id]=report--'%3B--": 0,
	} {
		if got := count(query); got != want {
			t.Errorf("%s: %d objects, want %d", query, got, want)
		}
	}
}

func TestBadRequests(t *testing.T) {
	_, c, _ := stocked(t)
	first, _ := c.page(objects, url.Values{"limit": {"2"}})
	for path, status := range map[string]int{
		objects + "?limit=0": 400, objects + "?limit=-1": 400, objects + "?limit=x": 400, objects + "?limit=1.5": 400, objects + "?limit=99999999999999999999": 400,
		objects + "?added_after=yesterday": 400, objects + "?match[version]=newest": 400, objects + "?match[version]=all,last": 400,
		objects + "?match[type]=a&match[type]=b": 400, objects + "?next=AAAA": 400, objects + "?next=%FF": 400, objects + "?match[id]=%00": 400,
		objects + "?match[type]=report&next=" + first.Next: 400, objects + "?limit=3&next=" + first.Next: 200,
		objects + "none--1/":          404,
		objects + "none--1/versions/": 404, "/alerts/collections/none/": 404, "/alerts/collections/none/objects/": 404, "/none/": 404, "/alerts/status/x/": 404,
		"/alerts/" + strings.Repeat("x", 3000): 404,
	} {
		a := c.get(path)
		var m struct {
			Title  string
			Status string `json:"http_status"`
		}
		if a.status != status {
			t.Errorf("%.60s: %d, want %d", path, a.status, status)
		}
		if err := json.Unmarshal(a.body, &m); status != 200 && (err != nil || m.Title == "" || m.Status != fmt.Sprint(status)) {
			t.Errorf("%.60s: the error is %s", path, a.body)
		}
	}
	for path, allow := range map[string]string{objects: "GET, HEAD, POST", objects + "indicator--1/": "GET, HEAD", "/": "GET, HEAD", sent: "GET, HEAD, POST"} {
		for _, method := range []string{http.MethodDelete, http.MethodPut, http.MethodPatch, http.MethodOptions, http.MethodTrace} {
			a := c.get(path, func(r *http.Request) { r.Method = method })
			if a.status != http.StatusMethodNotAllowed || a.header.Get("Allow") != allow {
				t.Errorf("%s %s: %d, allowed are %s", method, path, a.status, a.header.Get("Allow"))
			}
		}
	}
}

func TestWhoMayAsk(t *testing.T) {
	_, c, _ := stocked(t)
	with := func(value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Authorization", value) }
	}
	basic := base64.StdEncoding.EncodeToString([]byte("sentinel:" + c.token))
	for value, status := range map[string]int{
		"Bearer " + c.token: 200, "bearer " + c.token: 200, "Token " + c.token: 200, "Basic " + basic: 200, "basic " + basic: 200,
		"": 401, "Bearer": 401, "Bearer x": 401, "Basic !": 401, "Basic " + base64.StdEncoding.EncodeToString([]byte(c.token)): 401, "Digest x": 401,
	} {
		a := c.get(objects, with(value))
		if a.status != status || status == 401 && !strings.HasPrefix(a.header.Get("WWW-Authenticate"), "Basic ") {
			t.Errorf("%.8q: %d", value, a.status)
		}
	}
	if a := c.get("/none/", with("")); a.status != 401 {
		t.Errorf("nobody learns of what isn't there: %d", a.status)
	}
}

func TestAccept(t *testing.T) {
	_, c, _ := stocked(t)
	for value, status := range map[string]int{
		"": 200, "*/*": 200, "application/*": 200, media: 200, "Application/TAXII+json; Version=\"2.1\"": 200, "application/taxii+json": 200,
		"application/json, text/plain, */*": 200, "text/html;q=0.9, application/taxii+json;version=2.1;q=0.1": 200,
		"application/json": 406, "application/taxii+json;version=2.0": 406, "application/vnd.oasis.taxii+json": 406, media + ";q=0": 406,
	} {
		for _, path := range []string{"/", objects} {
			a := c.get(path, func(r *http.Request) {
				r.Header.Del("Accept")
				if value != "" {
					r.Header.Set("Accept", value)
				}
			})
			if a.status != status {
				t.Errorf("%s with %q: %d, want %d", path, value, a.status, status)
			}
		}
	}
}

// Every resource is what the standard says, with and without the final slash.
func TestResources(t *testing.T) {
	_, c, _ := stocked(t)
	for path, fields := range map[string][]string{
		"/": {"title", "default", "api_roots"}, "/alerts/": {"title", "versions", "max_content_length"}, "/alerts/collections/": {"collections"},
		"/alerts/collections/all/": {"id", "title", "can_read", "can_write", "media_types"}, objects: {"objects"},
	} {
		a, b := c.get(path), c.get(strings.TrimSuffix(path, "/"))
		if a.status != 200 || string(a.body) != string(b.body) {
			t.Errorf("%s: %d, and without the slash %d", path, a.status, b.status)
		}
		var got map[string]any
		if err := json.Unmarshal(a.body, &got); err != nil {
			t.Fatal(err)
		}
		for _, f := range fields {
			if _, ok := got[f]; !ok {
				t.Errorf("%s has no %s", path, f)
			}
		}
		again := c.get(path, func(r *http.Request) { r.Header.Set("If-None-Match", a.header.Get("ETag")) })
		if again.status != http.StatusNotModified {
			t.Errorf("%s is sent again to who has it: %d", path, again.status)
		}
		head := c.get(path, func(r *http.Request) { r.Method = http.MethodHead })
		if head.status != 200 || len(head.body) > 0 {
			t.Errorf("HEAD %s: %d, %d bytes", path, head.status, len(head.body))
		}
	}
	var list struct{ Collections []struct{ ID, Alias string } }
	if err := json.Unmarshal(c.get("/alerts/collections/").body, &list); err != nil {
		t.Fatal(err)
	}
	if list.Collections[0].Alias != "all" {
		t.Error("the collection of all alerts isn't the first")
	}
	for _, one := range list.Collections {
		if one.Alias == "reports" {
			continue // is never read
		}
		if len(one.ID) != 36 || one.ID[14] != '4' || c.get("/alerts/collections/"+one.ID+"/objects/").status != 200 {
			t.Errorf("the collection %s has no UUIDv4 that works", one.Alias)
		}
	}
}
