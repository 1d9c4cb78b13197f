package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"isac/hub"
	"isac/internal/api"
	"isac/internal/hubtest"
)

// description is what is looked at of the OpenAPI document.
type description struct {
	OpenAPI string
	Paths   map[string]map[string]struct {
		Summary     string
		OperationID string `json:"operationId"`
		Parameters  []struct{ Name, In string }
		Responses   map[string]struct{ Content map[string]any }
	}
	Components struct{ Schemas map[string]map[string]any }
}

func described(t *testing.T, h *hubtest.Hub) (description, []byte) {
	t.Helper()
	a := h.Get(hubtest.Person{}, "/openapi.json")
	var d description
	a.Into(h, &d)
	return d, a.Body
}

func TestEveryRouteIsDescribed(t *testing.T) {
	h := hubtest.Start(t, 20)
	d, _ := described(t, h)
	n := 0
	ids := map[string]bool{}
	for path, at := range d.Paths {
		for method, op := range at {
			n++
			if !slices.Contains(routes(t), strings.ToUpper(method)+" "+path) {
				t.Errorf("%s %s is described and isn't there", method, path)
			}
			if op.Summary == "" || ids[op.OperationID] {
				t.Errorf("%s %s: no summary, or the name of another", method, path)
			}
			ids[op.OperationID] = true
			if got := strings.Count(path, "{"); got != len(slices.DeleteFunc(slices.Clone(op.Parameters), func(p struct{ Name, In string }) bool { return p.In != "path" })) {
				t.Errorf("%s %s: not all parts of the path are described", method, path)
			}
		}
	}
	if n != len(routes(t)) || n < 35 || d.OpenAPI != "3.1.0" {
		t.Errorf("%d of %d routes are described", n, len(routes(t)))
	}
	for _, lang := range []string{"ja", "en"} {
		for _, e := range api.Endpoints(lang) {
			if e.Says == "" || strings.HasPrefix(e.Says, "api.") {
				t.Errorf("%s: %s %s has no sentence", lang, e.Method, e.Path)
			}
		}
	}
}

// What isn't described is refused, on every route, and what is described isn't.
func TestEveryRouteKnowsItsParameters(t *testing.T) {
	h := hubtest.Start(t, 20)
	d, _ := described(t, h)
	all := h.Person(0, hub.Reporter, hub.Moderator, hub.DutyOfficer, hub.CaseOfficer, hub.Analyst)
	telling, _ := own(t, h, all, hub.NotifyScope)
	for _, route := range routes(t) {
		method, path, _ := strings.Cut(route, " ")
		all := all
		if scopeOf(route) == hub.NotifyScope {
			all = telling
		}
		a := ask(h, all, route+"?secret-canary=1")
		if a.Status != http.StatusBadRequest || strings.Contains(string(a.Body), "canary") {
			t.Errorf("%s takes any parameter: %d %s", route, a.Status, a.Body)
		}
		for _, p := range d.Paths[path][strings.ToLower(method)].Parameters {
			if p.In != "query" {
				continue
			}
			for _, twice := range []string{"?" + p.Name + "=&" + p.Name + "=", "?" + p.Name + "=" + strings.Repeat("9", 5000), "?" + p.Name + "=%ff%00"} {
				a := ask(h, all, route+twice)
				if a.Status >= 500 {
					t.Errorf("%s%.40s: %d", route, twice, a.Status)
				}
			}
		}
	}
}

// Answers are as described, with nothing besides.
func TestAnswersAreAsDescribed(t *testing.T) {
	h := hubtest.Start(t, 40)
	all := many(h, 1)
	d, _ := described(t, h)
	for _, shape := range d.Components.Schemas {
		shape["additionalProperties"] = false
	}
	root, err := json.Marshal(map[string]any{"components": map[string]any{"schemas": d.Components.Schemas}})
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("mem:///all.json", bytes.NewReader(root)); err != nil {
		t.Fatal(err)
	}
	reporter, moderator, analyst := h.Person(0, hub.Reporter), h.Person(1, hub.Moderator), h.Person(3, hub.Analyst)
	checked := 0
	check := func(p hubtest.Person, route, path string, body any) {
		t.Helper()
		method, described, _ := strings.Cut(route, " ")
		a := h.Get(p, path)
		if method == http.MethodPost {
			a = h.Post(p, path, body)
		}
		content := d.Paths[described][strings.ToLower(method)].Responses["200"].Content["application/json"]
		schema, _ := content.(map[string]any)["schema"].(map[string]any)
		ref := strings.TrimPrefix(fmt.Sprint(schema["$ref"]), "#")
		s, err := c.Compile("mem:///all.json#" + ref)
		if err != nil {
			t.Fatal(route, err)
		}
		var v any
		a.Into(h, &v)
		if err := s.Validate(v); err != nil {
			t.Errorf("%s isn't as described: %#v", route, err)
		}
		checked++
	}
	id := all[0].ID
	check(analyst, "GET /alerts", "/alerts", nil)
	check(analyst, "GET /alerts/{id}", "/alerts/"+id, nil)
	check(analyst, "GET /alerts/{id}/analysis", "/alerts/"+id+"/analysis", nil)
	check(analyst, "GET /alerts/{id}/related", "/alerts/"+id+"/related", nil)
	check(analyst, "GET /alerts/{id}/feedback", "/alerts/"+id+"/feedback", nil)
	check(analyst, "GET /indicators", "/indicators", nil)
	check(analyst, "GET /sector", "/sector", nil)
	check(analyst, "GET /me", "/me", nil)
	check(analyst, "POST /indicators/lookup", "/indicators/lookup", map[string]any{"values": []string{"203[.]0[.]113[.]10", "198.51.100.1"}})
	check(analyst, "GET /indicators/buckets", "/indicators/buckets", nil)
	check(analyst, "POST /indicators/buckets", "/indicators/buckets", map[string]any{"bits": 0, "prefix": 0})
	check(analyst, "POST /search", "/search", map[string]any{"text": "VPN"})
	check(reporter, "GET /cases", "/cases", nil)
	check(moderator, "GET /reviews", "/reviews", nil)
	check(moderator, "GET /campaigns", "/campaigns", nil)
	var cases struct{ Cases []struct{ Case string } }
	h.Get(reporter, "/cases").Into(h, &cases)
	check(reporter, "GET /cases/{case}", "/cases/"+cases.Cases[0].Case, nil)
	if checked != 16 {
		t.Error(checked)
	}
}

func TestLookupOfManyValues(t *testing.T) {
	h := hubtest.Start(t, 40)
	many(h, 1)
	analyst := h.Person(3, hub.Analyst)
	var values []string
	for i := range 9_998 {
		values = append(values, fmt.Sprintf("198.51.%d.%d", i/250, i%250))
	}
	values = append(values, "203[.]0[.]113[.]10", "203.0.113.10")
	var out struct {
		Checked    int
		Indicators []indicator
	}
	h.Post(analyst, "/indicators/lookup", map[string]any{"values": values}).Into(h, &out)
	if out.Checked != 9_999 || len(out.Indicators) == 0 {
		t.Fatalf("%d checked, %d found", out.Checked, len(out.Indicators))
	}
	for _, i := range out.Indicators {
		if i.Value != "203.0.113.10" {
			t.Errorf("found %s", i.Value)
		}
	}
	if a := h.Post(analyst, "/indicators/lookup", map[string]any{"values": append(values, "x")}); a.Status != http.StatusRequestEntityTooLarge {
		t.Errorf("too many: %d", a.Status)
	}
	if strings.Contains(h.Log.String(), "203.0.113") {
		t.Error("what was asked is in the log")
	}
}

// TestNobodyIsToldTheValue: what the client sends for a value is a bucket, too narrow a
// one is refused, and the log has nothing of it.
func TestNobodyIsToldTheValue(t *testing.T) {
	h := hubtest.Start(t, 40)
	many(h, 1)
	analyst := h.Person(3, hub.Analyst)
	var how struct{ Bits, Least, Values int }
	h.Get(analyst, "/indicators/buckets").Into(h, &how)
	if how.Bits != 0 || how.Least < 10 || how.Values == 0 { // too few for more than one bucket
		t.Fatalf("%+v", how)
	}
	var out struct{ Indicators []indicator }
	h.Post(analyst, "/indicators/buckets", map[string]any{"bits": 0, "prefix": 0}).Into(h, &out)
	values := map[string]bool{}
	for _, i := range out.Indicators {
		values[i.Value] = true
	}
	if len(values) != how.Values || !values["203.0.113.10"] {
		t.Errorf("%d values of %d", len(values), how.Values)
	}
	for _, wrong := range []map[string]any{{"bits": 1, "prefix": 0}, {"bits": 0, "prefix": 1}, {"bits": -1, "prefix": 0}, {"bits": 33, "prefix": 0}, {"bits": 32, "prefix": -1}, {"bits": "x"}} {
		if a := h.Post(analyst, "/indicators/buckets", wrong); a.Status != http.StatusBadRequest {
			t.Errorf("%v: %d", wrong, a.Status)
		}
	}
}

func TestSearchOverTheAPI(t *testing.T) {
	h := hubtest.Start(t, 40)
	all := many(h, 2)
	analyst := h.Person(3, hub.Analyst)
	found := func(body map[string]any) (ids []string, next string) {
		t.Helper()
		var out struct {
			Alerts []alert
			Next   string
		}
		h.Post(analyst, "/search", body).Into(h, &out)
		for _, a := range out.Alerts {
			ids = append(ids, a.ID)
		}
		return ids, out.Next
	}
	if ids, _ := found(map[string]any{"text": "[ipv4-addr:value = '" + address(0) + "']"}); len(ids) != 2 {
		t.Errorf("a pattern finds %d", len(ids))
	}
	if ids, _ := found(map[string]any{"text": "203[.]0[.]113[.]11"}); len(ids) != 2 || slices.Contains(ids, all[0].ID) {
		t.Errorf("a value finds %v", ids)
	}
	seen := map[string]bool{}
	for body := map[string]any{"text": "", "limit": 3}; ; {
		ids, next := found(body)
		for _, id := range ids {
			seen[id] = true
		}
		if next == "" {
			break
		}
		body["next"] = next
	}
	if len(seen) != len(all) {
		t.Errorf("page by page: %d of %d", len(seen), len(all))
	}
	for what, body := range map[string]string{"long": `{"text":"` + strings.Repeat("x", 5000) + `"}`, "limit": `{"limit":501}`, "next": `{"next":"x"}`, "pattern": `{"text":"[ipv4-addr:value ="}`, "key": `{"q":"x"}`} {
		if a := h.Do(analyst, http.MethodPost, "/search", []byte(body)); a.Status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", what, a.Status, a.Body)
		}
	}
}
