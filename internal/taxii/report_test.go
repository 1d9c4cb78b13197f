package taxii_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/intake"
	"isac/hub/stix"
	"isac/internal/hubtest"
)

const sent = "/alerts/collections/reports/objects/"

type status struct {
	ID                  string
	Status              string
	Requested           string `json:"request_timestamp"`
	Total               int    `json:"total_count"`
	Succeeded           int    `json:"success_count"`
	Failed              int    `json:"failure_count"`
	Pending             *int   `json:"pending_count"`
	Successes, Failures []struct{ ID, Version, Message string }
	Receipt             *intake.Receipt `json:"x_isac_receipt"`
}

func (c client) post(path string, body []byte, change ...func(*http.Request)) answer {
	c.h.T.Helper()
	return c.get(path, append([]func(*http.Request){func(r *http.Request) {
		r.Method, r.Body, r.ContentLength = http.MethodPost, io.NopCloser(strings.NewReader(string(body))), int64(len(body))
		r.Header.Set("Content-Type", media)
	}}, change...)...)
}

func (a answer) status202(t *testing.T) status {
	t.Helper()
	var s status
	if err := json.Unmarshal(a.body, &s); err != nil {
		t.Fatal(err, string(a.body))
	}
	return s
}

// envelope holds the objects of a report as they are written, and some more.
func envelope(t *testing.T, report []byte, more ...string) []byte {
	t.Helper()
	b, err := stix.ParseBundle(report, stix.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, o := range b.Written {
		list = append(list, string(o))
	}
	return []byte(`{"objects": [` + strings.Join(append(list, more...), ",\n") + `]}`)
}

var uuid4 = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

// What a reporter's tool sends is a report like any other: a case of the member's, with
// the objects byte for byte, and nothing of it is told to others, logged, or in the clear on disk.
func TestAReportByTAXII(t *testing.T) {
	h := hubtest.Start(t, 24)
	reporter, colleague := h.Person(0, hub.Reporter), h.Person(0, hub.Reporter)
	c := client{h, reporter.Token}
	report := hubtest.Bundle(h.Members[0], "by taxii", "1", "203.0.114.77")
	body := envelope(t, report, `{"type": "tool", "id": "malware--11111111-1111-4111-8111-111111111111", "name": "planted-tool"}`)
	before := h.Now().Add(-time.Second)
	a := c.post(sent, body)
	got := a.status202(t)
	if a.status != http.StatusAccepted || got.Status != "complete" || !uuid4.MatchString(got.ID) {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if got.Total != 5 || got.Succeeded != 4 || got.Failed != 1 || got.Pending == nil || *got.Pending != 0 || len(got.Successes) != 4 || len(got.Failures) != 1 {
		t.Errorf("counts: %s", a.body)
	}
	if f := got.Failures[0]; f.ID != "malware--11111111-1111-4111-8111-111111111111" || f.Version == "" || f.Message == "" || strings.Contains(f.Message, "planted") {
		t.Errorf("the failure: %+v", f)
	}
	if s := got.Successes[1]; !strings.HasPrefix(s.ID, "incident--") || s.Version != "2026-05-12T01:02:03.000Z" {
		t.Errorf("a success: %+v", s)
	}
	if at, err := time.Parse("2006-01-02T15:04:05.000000Z", got.Requested); err != nil || at.Before(before) {
		t.Errorf("requested at %s", got.Requested)
	}
	mine := h.Case(reporter, 1)
	original, err := h.Desk.Original(t.Context(), reporter.Person, mine.Case)
	if err != nil {
		t.Fatal(err)
	}
	b, err := stix.ParseBundle(original, stix.DefaultLimits())
	was, _ := stix.ParseBundle(report, stix.DefaultLimits())
	if err != nil || len(b.Written) != len(was.Written) || string(b.Written[1]) != string(was.Written[1]) {
		t.Errorf("the original isn't what was sent: %v", err)
	}
	if err := got.Receipt.Verify(h.Ring.ReceiptKey(), original); err != nil {
		t.Errorf("the receipt: %v", err)
	}

	for who, token := range map[string]string{"a colleague": colleague.Token, "another member's": h.Person(1, hub.Reporter).Token, "an analyst": h.Person(0, hub.Analyst).Token} {
		if a := (client{h, token}).get("/alerts/status/" + got.ID + "/"); a.status != http.StatusNotFound {
			t.Errorf("%s status is answered to %s: %d", "somebody's", who, a.status)
		}
	}
	kept := c.get("/alerts/status/" + got.ID)
	if kept.status != http.StatusOK || string(kept.body) != string(a.body) {
		t.Errorf("the status is %d %s", kept.status, kept.body)
	}
	h.Advance(25 * time.Hour)
	if a := c.get("/alerts/status/" + got.ID + "/"); a.status != http.StatusOK {
		t.Errorf("after a day the status is gone: %d", a.status)
	}
	for _, value := range []string{got.ID, "planted-tool", "203.0.114.77", got.Successes[1].ID, h.Members[0].NameJA, reporter.ID, h.Members[0].ID} {
		if strings.Contains(h.Log.String(), value) {
			t.Errorf("%.12s stands in the log", value)
		}
	}
	for _, value := range []string{got.ID, "planted-tool", "203.0.114.77", got.Successes[1].ID} {
		if h.OnDisk(value) {
			t.Errorf("%.12s stands on disk in the clear", value)
		}
	}
	h.Advance(24 * time.Hour)
	if a := c.get("/alerts/status/" + got.ID + "/"); a.status != http.StatusNotFound {
		t.Errorf("after two days the status is kept: %d", a.status)
	}
}

// The same objects again are no error and no new version; others of the same incident
// are the next version of the same case.
func TestAReportAgain(t *testing.T) {
	h := hubtest.Start(t, 24)
	reporter := h.Person(0, hub.Reporter)
	c := client{h, reporter.Token}
	first := envelope(t, hubtest.Bundle(h.Members[0], "twice", "1", "203.0.114.77"))
	a, b := c.post(sent, first).status202(t), c.post(sent, first).status202(t)
	if a.Succeeded != 4 || b.Succeeded != 4 || b.Failed != 0 || a.ID == b.ID {
		t.Errorf("first %+v, again %+v", a, b)
	}
	h.Case(reporter, 1)
	bundle := hubtest.Bundle(h.Members[0], "twice", "2", "203.0.114.78")
	if a := c.post(sent, bundle); a.status != http.StatusAccepted { // a bundle has its objects where an envelope has them
		t.Fatalf("a bundle: %d %s", a.status, a.body)
	}
	view := h.Case(reporter, 2)
	ids, err := h.Desk.Cases(t.Context(), reporter.Person)
	if err != nil || len(ids) != 1 || view.Stages[0].Version < 2 {
		t.Errorf("%d cases, %v", len(ids), err)
	}
}

func TestRefusedReports(t *testing.T) {
	h := hubtest.Start(t, 24)
	reporter := h.Person(0, hub.Reporter)
	c := client{h, reporter.Token}
	good := envelope(t, hubtest.Bundle(h.Members[0], "refused", "1", "203.0.114.77"))
	object := func(id string) string { return `{"objects":[{"type":"tool","id":` + id + `,"name":"planted-tool"}]}` }
	const id = `"tool--11111111-1111-4111-8111-111111111111"`
	for body, want := range map[string]int{
		"": 422, "null": 422, "[]": 422, "1": 422, `"x"`: 422, "{": 422, "{}": 422, `{"objects":null}`: 422, `{"objects":{}}`: 422, `{"objects":"x"}`: 422,
		`{"objects":[]}`: 422, `{"objects":[null]}`: 422, `{"objects":[1]}`: 422, `{"objects":[[]]}`: 422, `{"objects":[{}]}`: 422, `{"Objects":[{"type":"tool","id":` + id + `}]}`: 422,
		object("1"): 422, object("null"): 422, object(`""`): 422, object(`"planted"`): 422, object(`"malware--11111111-1111-4111-8111-111111111111"`): 422,
		object(`"` + strings.Repeat("a", 400) + `"`): 422, `{"objects":[{"type":"tool","id":` + id + `},7]}`: 422,
		`{"objects":[{"type":"tool","id":` + id + `,"id":` + id + `}]}`: 422, `{"objects":[{"type":"tool","id":` + id + `,"x_a":1e999}]}`: 422,
		object(id) + "{}": 422, "\xef\xbb\xbf" + object(id): 422, object("\"\xff\""): 422, `{"objects":` + strings.Repeat("[", 100_000): 422,
		`{"objects":[` + strings.Repeat(`{"type":"tool","id":`+id+`},`, 10_001) + `{"type":"tool","id":` + id + `}]}`: 422,
		strings.Repeat(" ", 4<<20) + object(id): 413, strings.Repeat(" ", 40<<20): 413,
	} {
		a := c.post(sent, []byte(body))
		if a.status != want || strings.Contains(string(a.body), "planted") {
			t.Errorf("%.40q: %d %s", body, a.status, a.body)
		}
	}
	chunked := c.post(sent, []byte(strings.Repeat(" ", 5<<20)), func(r *http.Request) { r.ContentLength = -1 })
	if chunked.status != http.StatusRequestEntityTooLarge {
		t.Errorf("a chunked body: %d", chunked.status)
	}
	for value, want := range map[string]int{
		"": 415, "application/json": 415, "application/stix+json;version=2.1": 415, "application/taxii+json;version=2.0": 415, "application/vnd.oasis.taxii+json": 415,
		"application/taxii+json;version=2.1;charset=shift_jis": 415, "text/plain": 415, "x": 415, "application/taxii+json;;": 415,
	} {
		a := c.post(sent, good, func(r *http.Request) {
			r.Header.Del("Content-Type")
			if value != "" {
				r.Header.Set("Content-Type", value)
			}
		})
		if a.status != want {
			t.Errorf("Content-Type %q: %d, want %d", value, a.status, want)
		}
	}
	if a := c.post(sent, good, func(r *http.Request) { r.Header.Set("Content-Encoding", "gzip") }); a.status != http.StatusUnsupportedMediaType {
		t.Errorf("gzip: %d", a.status)
	}
	if a := c.post(sent, good, func(r *http.Request) { r.Header.Set("Accept", "application/json") }); a.status != http.StatusNotAcceptable {
		t.Errorf("another Accept: %d", a.status)
	}
	outsider, officer := h.Person(-1, hub.Secretariat), h.Person(0, hub.Reader, hub.Moderator)
	_, readOnly, err := h.Roster.MakeToken(t.Context(), reporter.ID, "a program", []hub.Scope{hub.ReadScope}, h.Now().Add(time.Hour), h.Now())
	if err != nil {
		t.Fatal(err)
	}
	for who, token := range map[string]string{"the secretariat": outsider.Token, "a colleague who is no reporter": officer.Token, "a token for reading": readOnly} {
		if a := (client{h, token}).post(sent, good); a.status != http.StatusForbidden {
			t.Errorf("%s: %d", who, a.status)
		}
	}
	for path, want := range map[string]int{objects: 403, "/alerts/collections/none/objects/": 404} {
		if a := c.post(path, good); a.status != want {
			t.Errorf("POST %s: %d", path, a.status)
		}
	}
	for _, path := range []string{"objects/", "manifest/", "objects/tool--11111111-1111-4111-8111-111111111111/", "objects/tool--11111111-1111-4111-8111-111111111111/versions/"} {
		if a := c.get("/alerts/collections/reports/" + path); a.status != http.StatusForbidden {
			t.Errorf("%s is read: %d", path, a.status)
		}
	}
	for _, id := range []string{"x", "11111111-1111-4111-8111-111111111111", "%00", strings.Repeat("a", 3000), "%ff", "..%2f.."} {
		if a := c.get("/alerts/status/" + id + "/"); a.status != http.StatusNotFound {
			t.Errorf("status %.10s: %d", id, a.status)
		}
	}
	if ids, err := h.Desk.Cases(t.Context(), reporter.Person); err != nil || len(ids) > 0 {
		t.Errorf("%d cases came of what was refused, %v", len(ids), err)
	}
	if strings.Contains(h.Log.String(), "planted") {
		t.Error("a value of a body stands in the log")
	}
}

// Spellings of the media type that clients use are taken.
func TestSpellingsOfABody(t *testing.T) {
	h := hubtest.Start(t, 24)
	c := client{h, h.Person(0, hub.Reporter).Token}
	for i, value := range []string{"application/taxii+json; version=2.1", `application/taxii+json;version="2.1"; charset=UTF-8`, "Application/TAXII+JSON;Version=2.1", "application/taxii+json"} {
		body := envelope(t, hubtest.Bundle(h.Members[0], fmt.Sprint("spelled ", i), "1", "203.0.114.77"))
		a := c.post(strings.TrimSuffix(sent, "/"), body, func(r *http.Request) { r.Header.Set("Content-Type", value) })
		if a.status != http.StatusAccepted {
			t.Errorf("%q: %d %s", value, a.status, a.body)
		}
	}
}

// The collection is one for all, and says of each who asks what they may do.
func TestTheCollectionForReports(t *testing.T) {
	h := hubtest.Start(t, 24)
	type resource struct {
		ID, Title, Description, Alias string
		CanRead                       bool `json:"can_read"`
		CanWrite                      bool `json:"can_write"`
	}
	of := func(p hubtest.Person) resource {
		var r resource
		a := client{h, p.Token}.get("/alerts/collections/reports/")
		if err := json.Unmarshal(a.body, &r); err != nil || a.status != http.StatusOK {
			t.Fatal(a.status, err)
		}
		return r
	}
	one, other, reader := of(h.Person(0, hub.Reporter)), of(h.Person(1, hub.Reporter)), of(h.Person(2, hub.Analyst))
	if one != other || one.CanRead || !one.CanWrite {
		t.Errorf("two members see %+v and %+v", one, other)
	}
	reader.CanWrite = !reader.CanWrite
	if reader != one {
		t.Errorf("an analyst sees %+v", reader)
	}
}
