package taxii_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Clients as their sources and users tell of them. Each must get every object once.

// taxii2-client (OASIS): finds its way from discovery, wants the exact media type, adds
// slashes, and goes on with a limit that is the size of the first page.
func TestTheClientOfOASIS(t *testing.T) {
	_, c, _ := stocked(t)
	want := keys(c.walk(objects, url.Values{"limit": {"1000"}}))
	read := func(path string, into any) answer {
		a := c.get(strings.TrimPrefix(path, "/taxii2"), func(r *http.Request) { r.Header.Set("Authorization", "Token "+c.token) })
		if err := json.Unmarshal(a.body, into); err != nil || a.status != http.StatusOK {
			t.Fatalf("%s: %d %v", path, a.status, err)
		}
		for _, token := range []string{"application/taxii+json", "version=2.1"} {
			if !slices.Contains(strings.Split(a.header.Get("Content-Type"), ";"), token) {
				t.Errorf("%s is answered as %s", path, a.header.Get("Content-Type"))
			}
		}
		return a
	}
	var discovery struct {
		Default string
		Roots   []string `json:"api_roots"`
	}
	read("/taxii2/", &discovery)
	if !slices.Contains(discovery.Roots, discovery.Default) || !strings.HasSuffix(discovery.Default, "/") {
		t.Fatalf("roots %v, default %s", discovery.Roots, discovery.Default)
	}
	var root struct {
		Title    string
		Versions []string
		Largest  int `json:"max_content_length"`
	}
	read(discovery.Default, &root)
	if root.Title == "" || !slices.Contains(root.Versions, media) || root.Largest < 1 {
		t.Errorf("the root is %+v", root)
	}
	var list struct{ Collections []map[string]any }
	read(discovery.Default+"collections/", &list)
	ids := map[any]bool{}
	for _, one := range list.Collections {
		var alone map[string]any
		read(discovery.Default+"collections/"+one["id"].(string)+"/", &alone)
		a, _ := json.Marshal(one)
		b, _ := json.Marshal(alone)
		if string(a) != string(b) || ids[one["id"]] || ids[one["alias"]] || !uuid4.MatchString(one["id"].(string)) {
			t.Errorf("a collection is %s in the list and %s alone, or its id is another's or no UUIDv4", a, b)
		}
		ids[one["id"]], ids[one["alias"]] = true, true
	}
	for _, below := range []string{"objects/", "manifest/"} {
		var got []string
		query := url.Values{"limit": {"5"}}
		for {
			var p page
			read(discovery.Default+"collections/"+list.Collections[0]["id"].(string)+"/"+below+"?"+query.Encode(), &p)
			got = append(got, keys(p.Objects)...)
			if !p.More {
				break
			}
			query = url.Values{"limit": {strconv.Itoa(len(p.Objects))}, "next": {p.Next}}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %d entries of %d", below, len(got), len(want))
		}
	}
}

// OpenCTI: no limit, any Accept, no final slash; it keeps the date of the last object to the
// millisecond, and an older one sends next together with a moved added_after.
func TestOpenCTI(t *testing.T) {
	_, c, _ := stocked(t)
	want := keys(c.walk(objects, url.Values{}))
	path := strings.TrimSuffix(objects, "/")
	ask := func(query string) (p page, last string) {
		a := c.get(path+"?"+query, func(r *http.Request) { r.Header.Set("Accept", "application/json, text/plain, */*") })
		if err := json.Unmarshal(a.body, &p); err != nil || a.status != http.StatusOK {
			t.Fatalf("%d %v", a.status, err)
		}
		return p, a.header.Get("X-TAXII-Date-Added-Last")
	}
	var got []string
	p, last := ask("added_after=&next=")
	got = append(got, keys(p.Objects)...)
	at, err := time.Parse(time.RFC3339Nano, last)
	if err != nil {
		t.Fatal(err)
	}
	if p, _ := ask("added_after=" + at.Truncate(time.Millisecond).Format("2006-01-02T15:04:05.000Z")); len(p.Objects) != 0 || !slices.Equal(got, want) {
		t.Errorf("%d objects of %d, and at the next poll %d again", len(got), len(want), len(p.Objects))
	}
	got = nil
	for query := "limit=7&added_after="; ; {
		p, last := ask(query)
		got = append(got, keys(p.Objects)...)
		if !p.More {
			break
		}
		query = "limit=7&added_after=" + last + "&next=" + p.Next
	}
	if !slices.Equal(got, want) {
		t.Errorf("with a moved date: %d objects of %d", len(got), len(want))
	}
}

// MISP: Basic in lower case, a Content-Type on GET, a slash too many, 50 at a time.
func TestMISP(t *testing.T) {
	_, c, _ := stocked(t)
	want := keys(c.walk(objects, url.Values{}))
	basic := func(r *http.Request) {
		r.SetBasicAuth("misp", c.token)
		r.Header.Set("Authorization", "basic "+strings.TrimPrefix(r.Header.Get("Authorization"), "Basic "))
		r.Header.Set("Content-Type", media)
		r.URL.Path = strings.Replace(r.URL.Path, "/taxii2/", "//taxii2/", 1)
	}
	var list struct{ Collections []struct{ ID string } }
	a := c.get("/alerts//collections/", basic)
	if err := json.Unmarshal(a.body, &list); err != nil || a.status != http.StatusOK {
		t.Fatalf("%d %v", a.status, err)
	}
	var got []string
	for query := "limit=50"; ; {
		a := c.get("/alerts//collections/"+list.Collections[0].ID+"/objects/?"+query, basic)
		var p page
		if err := json.Unmarshal(a.body, &p); err != nil {
			t.Fatal(a.status, err)
		}
		got = append(got, keys(p.Objects)...)
		if !p.More {
			break
		}
		query = "limit=50&next=" + p.Next
	}
	if !slices.Equal(got, want) {
		t.Errorf("%d objects of %d", len(got), len(want))
	}
}
