package taxii_test

import (
	"compress/gzip"
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
	"isac/hub/stix"
	"isac/internal/hubtest"
	"isac/internal/store"
)

// arrive puts one more alert into the view, as the log would bring it: a tool of its
// own in two versions, and one more version of a tool that every such alert has.
func arrive(h *hubtest.Hub, number int) {
	h.T.Helper()
	at := time.Date(2027, 1, 1, 0, number, 0, 0, time.UTC)
	r := store.AlertRow{Bundle: []byte("{}"), Signature: []byte("s"), Alert: hub.Alert{
		Number: uint64(1000 + number), ID: fmt.Sprint("arrived ", number), Version: 1, Kind: hub.Released, Stage: hub.Full, TLP: hub.TLPGreen, Severity: hub.High, Published: at,
	}}
	for _, one := range []struct{ key, version string }{{fmt.Sprint(number), stix.FormatTime(at)}, {fmt.Sprint(number), stix.FormatTime(at.Add(time.Second))}, {"shared", stix.FormatTime(at)}} {
		o := stix.Object{"type": "tool", "spec_version": "2.1", "id": stix.NameID("tool", "arrived "+one.key), "created": "2026-01-01T00:00:00.000Z", "modified": one.version, "name": "n"}
		body, err := stix.Marshal(o)
		twin, err2 := stix.Marshal(stix.Twin(o))
		if err != nil || err2 != nil {
			h.T.Fatal(err, err2)
		}
		r.Objects = append(r.Objects, store.ObjectRow{ID: o.ID(), Type: "tool", Version: one.version, Body: body, Twin: store.Twin{ID: stix.TwinID(o.ID()), Version: one.version, Body: twin}})
	}
	if err := h.Public.Put(h.T.Context(), []store.AlertRow{r}); err != nil {
		h.T.Fatal(err)
	}
}

// A client that reads one page now and the next hours later, while alerts arrive and the
// hub starts anew, gets everything once and in order. So does one that resumes by date.
func TestPagingWhileAlertsArrive(t *testing.T) {
	h := hubtest.Start(t, 24)
	c := client{h, h.Person(5, hub.Analyst).Token}
	for n := range 3 {
		arrive(h, n)
	}
	query := url.Values{"limit": {"2"}, "match[version]": {"all"}}
	after := ""
	var paged, resumed []string
	resume := func() bool {
		p, a := c.page(objects, url.Values{"limit": {"2"}, "match[version]": {"all"}, "added_after": {after}})
		resumed = append(resumed, keys(p.Objects)...)
		if len(p.Objects) > 0 {
			after = a.header.Get("X-TAXII-Date-Added-Last")
		}
		return len(p.Objects) > 0
	}
	for n := 3; ; n++ {
		p, _ := c.page(objects, query)
		paged = append(paged, keys(p.Objects)...)
		if !p.More {
			break
		}
		query.Set("next", p.Next)
		query.Set("limit", fmt.Sprint(2+n%3)) // clients change it
		resume()
		if n < 9 {
			arrive(h, n)
			h.Advance(4 * time.Hour)
		}
		if n == 6 {
			if err := h.Close(); err != nil {
				t.Fatal(err)
			}
			h.Open()
		}
	}
	for resume() {
	}
	want := keys(c.walk(objects, url.Values{"match[version]": {"all"}}))
	if len(want) != 27 || !slices.Equal(paged, want) || !slices.Equal(resumed, want) {
		t.Errorf("of %d entries %d were paged, %d read by date, or in another order", len(want), len(paged), len(resumed))
	}
	again, _ := c.page(objects, query) // a client whose answer was lost asks again
	if !slices.Equal(keys(again.Objects), want[len(want)-len(again.Objects):]) {
		t.Error("the same question has another answer")
	}
}

// Dates added are whole milliseconds, and no two entries of a collection share one.
func TestDatesAdded(t *testing.T) {
	_, c, _ := stocked(t)
	for _, name := range []string{"all", "indicators", "tlp-green", "all-tlp1"} {
		before := ""
		for _, entry := range c.walk("/alerts/collections/"+name+"/manifest/", url.Values{"limit": {"9"}}) {
			added, _ := entry["date_added"].(string)
			at, err := time.Parse("2006-01-02T15:04:05.000000Z", added)
			if err != nil || at.UnixMicro()%1000 != 0 || added <= before {
				t.Errorf("%s: %q after %q, %v", name, added, before, err)
			}
			before = added
			if entry["media_type"] != "application/stix+json;version=2.1" || entry["version"] == "" {
				t.Errorf("%s: a record is %v", name, entry)
			}
		}
	}
}

// added_after is strict, in whatever precision it is written.
func TestAddedAfter(t *testing.T) {
	h := hubtest.Start(t, 24)
	c := client{h, h.Person(5, hub.Analyst).Token}
	arrive(h, 0) // at 00:00:00.000, .001 and .002
	for value, want := range map[string]int{
		"2026-12-31T23:59:59Z": 2, "2026-12-31T23:59:59.999999999Z": 2, "2027-01-01T00:00:00Z": 2, "2027-01-01T00:00:00.0Z": 2, "2027-01-01T00:00:00.001Z": 1,
		"2027-01-01T00:00:00.0011Z": 1, "2027-01-01T00:00:00.001999999Z": 1, "2027-01-01T00:00:00.002000Z": 0, "2027-01-01T09:00:00.001+09:00": 1, "2027-01-01T00:00:01Z": 0,
	} {
		p, _ := c.page(objects, url.Values{"added_after": {value}})
		if len(p.Objects) != want {
			t.Errorf("after %s: %d objects, want %d", value, len(p.Objects), want)
		}
	}
}

// first, last, all and times, on objects, one object, its versions and the manifest.
func TestVersionsOfAnObject(t *testing.T) {
	h := hubtest.Start(t, 24)
	c := client{h, h.Person(5, hub.Analyst).Token}
	for n := range 4 {
		arrive(h, n)
	}
	id := stix.NameID("tool", "arrived shared")
	for value, want := range map[string]string{
		"": "03", "last": "03", "first": "00", "first,last": "00 03", "last,first": "00 03", "all": "00 01 02 03",
		"2027-01-01T00:01:00Z": "01", "2027-01-01T09:02:00.000000+09:00,last": "02 03", "2027-01-01T00:01:00.0005Z": "",
	} {
		for _, path := range []string{objects, objects + id + "/", "/alerts/collections/all/manifest/"} {
			p, _ := c.page(path, url.Values{"match[id]": {id}, "match[version]": {value}})
			var got []string
			for _, o := range p.Objects {
				_, version, _ := strings.Cut(key(o), " ")
				got = append(got, version[14:16])
			}
			if strings.Join(got, " ") != want {
				t.Errorf("%s, version %q: %v, want %s", path, value, got, want)
			}
		}
	}
	var all []string
	query := url.Values{"limit": {"1"}}
	for {
		p, _ := c.page(objects+id+"/versions/", query)
		all = append(all, p.Versions...)
		if !p.More {
			break
		}
		query.Set("next", p.Next)
	}
	if len(all) != 4 || !slices.IsSorted(all) || all[3] != "2027-01-01T00:03:00.000Z" {
		t.Errorf("versions are %v", all)
	}
	p, _ := c.page(objects+id+"/", url.Values{"limit": {"2"}, "match[version]": {"all"}})
	if len(p.Objects) != 2 || !p.More || p.Next == "" {
		t.Errorf("a page of one object: %d, more %v", len(p.Objects), p.More)
	}
}

// Every parameter of every path, wrong in every way: a clear answer, never a failure, and
// never a page that something else was asked for.
func TestParameters(t *testing.T) {
	h, c, _ := stocked(t)
	report := "report--" + newest(t, h).ID
	token := func(path string) string {
		p, _ := c.page(path, url.Values{"limit": {"1"}})
		return p.Next
	}
	next := token(objects)
	for _, path := range []string{objects, "/alerts/collections/all/manifest/", objects + report + "/", objects + report + "/versions/", "/alerts/collections/all-tlp1/objects/"} {
		for query, want := range map[string]int{
			"limit=0": 400, "limit=-1": 400, "limit=+1": 400, "limit=x": 400, "limit=1.5": 400, "limit=0x10": 400, "limit=1e3": 400, "limit=%EF%BC%91": 400, "limit=1%00": 400,
			"limit=9223372036854775807": 200, "limit=9223372036854775808": 400, "limit=" + strings.Repeat("9", 5000): 400, "limit=1&limit=1": 400, "limit=": 200, "limit=001": 200,
			"added_after=yesterday": 400, "added_after=2026-01-01": 400, "added_after=2026-01-01T00:00:00": 400, "added_after=2026-13-01T00:00:00Z": 400, "added_after=0": 400,
			"added_after=2026-01-01T00:00:00Z&added_after=2026-01-01T00:00:00Z": 400, "added_after=9999-12-31T23:59:59Z": 200, "added_after=0000-01-01T00:00:00Z": 200, "added_after=2026-01-01%2000:00:00Z": 400,
			"added_after=%ff": 400, "added_after=" + strings.Repeat("2", 5000): 400,
			"next=x": 400, "next=%00": 400, "next=AAAA": 400, "next=" + strings.Repeat("A", 5000): 400, "next=" + base64.RawURLEncoding.EncodeToString([]byte("1.2.3")): 400, "next=-1": 400, "next=" + next[:len(next)-2]: 400,
			"match[version]=newest": 400, "match[spec_version]=2.1": 200, "match[spec_version]=x": 200, "match[spec_version]=2.1&match[spec_version]=2.1": 400, "match[spec_version]=%ff": 400,
			"unknown=1&x=2&x=3": 200, "%zz=1": 400, "a=%": 400, "a;b=1": 400, "=": 200, "&&&": 200, "match%5Bspec_version%5D=2.1": 200, "LIMIT=0": 200, "match[]=1": 200, "match=1": 200,
		} {
			if strings.HasPrefix(query, "match[version]") && strings.HasSuffix(path, "/versions/") {
				want = 200 // isn't a parameter there
			}
			a := c.get(path + "?" + query)
			if a.status != want {
				t.Errorf("%.90s?%.40s: %d, want %d: %.120s", path, query, a.status, want, a.body)
			}
			if want == 400 && !strings.Contains(string(a.body), `"http_status":"400"`) {
				t.Errorf("%.40s: the error is %s", query, a.body)
			}
			if want != 200 || a.status != 200 {
				continue
			}
			if !json.Valid(a.body) {
				t.Errorf("%.40s: %s", query, a.body)
			}
		}
	}
	// A token is for its own question alone: another collection, twin, filter.
	for _, other := range []string{
		"/alerts/collections/all-tlp1/objects/?next=", "/alerts/collections/indicators/objects/?next=", objects + "?match[type]=report&next=", objects + "?match[version]=all&next=", objects + "?match[id]=x&next=",
	} {
		if a := c.get(other + next); a.status != http.StatusBadRequest {
			t.Errorf("%s with another's token: %d", other, a.status)
		}
	}
	if a := c.get(objects + "?added_after=2999-01-01T00:00:00Z&next=" + next); a.status != http.StatusOK || !strings.Contains(string(a.body), "objects") {
		t.Errorf("a moved added_after beside a token: %d", a.status)
	}
	for _, value := range []string{"'", `"`, "\\", "%", "_", "*", "\u200b", "報告", strings.Repeat("x", 50_000), "report--", "1 OR 1=1", "x,x,x"} {
		for _, name := range []string{"match[id]", "match[type]"} {
			if p, _ := c.page(objects, url.Values{name: {value}}); len(p.Objects) != 0 {
				t.Errorf("%s=%.10q matches %d objects", name, value, len(p.Objects))
			}
		}
	}
	for _, query := range []string{"match[id]=" + strings.Repeat("x,", 1001), "match[id]=a&match[id]=b", "match[type]=%00", "match[type]=%ff", "match[version]=", "match[version]=,", "match[version]=all,all"} {
		want := http.StatusBadRequest
		if query == "match[version]=" {
			want = http.StatusOK
		}
		if a := c.get(objects + "?" + query); a.status != want {
			t.Errorf("%.40s: %d", query, a.status)
		}
	}
	for _, path := range []string{"/alerts/collections/%00/", "/alerts/collections/all/objects/%00/", "/alerts/collections/all/objects/%ff%fe/", "/%2e%2e/", "/alerts/collections/ALL/", "/alerts/collections/" + strings.Repeat("a", 8000) + "/objects/", "/taxii/", "/alerts/x/"} {
		if a := c.get(path); a.status != http.StatusNotFound {
			t.Errorf("%.40s: %d", path, a.status)
		}
	}
	for _, line := range strings.Split(h.Log.String(), "\n") {
		if strings.Contains(line, "request failed") {
			t.Errorf("a bad parameter made the hub fail: %s", line)
		}
	}
}

// Tokens that ended, in each of the ways, are refused in one way, whatever is asked for.
func TestTokensThatEnded(t *testing.T) {
	h := hubtest.Start(t, 24)
	who, gone := h.Person(0, hub.Reporter), h.Person(1, hub.Reporter)
	own := func() (string, string) {
		made, token, err := h.Roster.MakeToken(t.Context(), who.ID, "a program", []hub.Scope{hub.ReadScope, hub.CaseScope}, h.Now().Add(48*time.Hour), h.Now())
		if err != nil {
			t.Fatal(err)
		}
		return made.ID, token
	}
	id, revoked := own()
	_, expired := own()
	if a := (client{h, expired}).get("/"); a.status != http.StatusOK {
		t.Fatalf("a good token: %d", a.status)
	}
	if err := h.Roster.RevokeToken(t.Context(), who.ID, id); err != nil {
		t.Fatal(err)
	}
	if err := h.Roster.RemovePerson(t.Context(), gone.ID); err != nil {
		t.Fatal(err)
	}
	h.Advance(49 * time.Hour)
	for name, token := range map[string]string{"revoked": revoked, "expired": expired, "of somebody who left": gone.Token, "of another hub": "isac_" + strings.Repeat("0", 32), "huge": strings.Repeat("x", 30_000), "spaced": who.Token + " x"} {
		for _, path := range []string{"/", "/alerts/", "/alerts/collections/", objects, objects + "x/", "/alerts/collections/all/manifest/", "/alerts/status/x/", "/nowhere/", sent} {
			for _, header := range []string{"Bearer " + token, "Basic " + base64.StdEncoding.EncodeToString([]byte("u:"+token))} {
				c := client{h, ""}
				a := c.post(path, []byte(`{"objects":[]}`), func(r *http.Request) { r.Header.Set("Authorization", header) })
				b := c.get(path, func(r *http.Request) { r.Header.Set("Authorization", header) })
				if path == sent && a.status != http.StatusUnauthorized || b.status != http.StatusUnauthorized || b.header.Get("WWW-Authenticate") == "" {
					t.Errorf("a token that is %s at %s: %d, %d", name, path, a.status, b.status)
				}
			}
		}
	}
}

// An answer comes packed to whom wants it so, and is the same.
func TestPacked(t *testing.T) {
	_, c, _ := stocked(t)
	plain := c.get(objects, func(r *http.Request) { r.Header.Set("Accept-Encoding", "identity") })
	packed := c.get(objects, func(r *http.Request) { r.Header.Set("Accept-Encoding", "gzip") })
	if packed.header.Get("Content-Encoding") != "gzip" || len(packed.body) >= len(plain.body) || plain.header.Get("Content-Length") != fmt.Sprint(len(plain.body)) {
		t.Fatalf("packed as %q: %d bytes of %d", packed.header.Get("Content-Encoding"), len(packed.body), len(plain.body))
	}
	r, err := gzip.NewReader(strings.NewReader(string(packed.body)))
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(r)
	if err != nil || string(data) != string(plain.body) {
		t.Errorf("unpacked it is another answer: %v", err)
	}
	head := c.get(objects, func(r *http.Request) { r.Method = http.MethodHead })
	for _, name := range []string{"ETag", "X-TAXII-Date-Added-First", "X-TAXII-Date-Added-Last", "Content-Type"} {
		if head.header.Get(name) != plain.header.Get(name) {
			t.Errorf("HEAD has another %s", name)
		}
	}
	for _, value := range []string{plain.header.Get("ETag"), "W/" + plain.header.Get("ETag"), `"x", ` + plain.header.Get("ETag"), "*"} {
		if a := c.get(objects, func(r *http.Request) { r.Header.Set("If-None-Match", value) }); a.status != http.StatusNotModified || len(a.body) > 0 {
			t.Errorf("If-None-Match %s: %d", value, a.status)
		}
	}
	if a := c.get(objects+"?limit=1", func(r *http.Request) { r.Header.Set("If-None-Match", plain.header.Get("ETag")) }); a.status != http.StatusOK {
		t.Errorf("another page has the same tag: %d", a.status)
	}
}

// A page without a limit is bounded, and a list that is empty is left out.
func TestBoundsAndEmptyLists(t *testing.T) {
	h := hubtest.Start(t, 24)
	c := client{h, h.Person(5, hub.Analyst).Token}
	for _, path := range []string{objects, "/alerts/collections/all/manifest/", "/alerts/collections/tlp-amber/objects/", objects + "?match[type]=x"} {
		a := c.get(path)
		if a.status != http.StatusOK || string(a.body) != "{}" || a.header.Get("X-TAXII-Date-Added-First") != "" {
			t.Errorf("%s without objects: %d %s", path, a.status, a.body)
		}
	}
	for n := range 700 {
		arrive(h, n)
	}
	p, _ := c.page(objects, url.Values{})
	most, _ := c.page(objects, url.Values{"limit": {"1000000"}, "match[version]": {"all"}})
	if len(p.Objects) != 500 || !p.More || len(most.Objects) != 1000 || !most.More {
		t.Errorf("pages of %d and %d", len(p.Objects), len(most.Objects))
	}
}
