package api_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"isac/hub"
	"isac/hub/review"
	"isac/internal/api"
	"isac/internal/hubtest"
)

// nothing stands for an id that doesn't exist.
const nothing = "00000000000000000000000000000000"

// routes are all endpoints, as "GET /alerts/{id}".
func routes(t *testing.T) []string {
	t.Helper()
	var list []string
	r, ok := api.New(api.Config{}).(chi.Routes)
	if !ok {
		t.Fatal("the API isn't a router")
	}
	err := chi.Walk(r, func(method, path string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		if path == "/openapi.json" { // for everybody
			return nil
		}
		list = append(list, method+" "+path)
		return nil
	})
	if err != nil || len(list) < 20 {
		t.Fatalf("%d endpoints found: %v", len(list), err)
	}
	return list
}

// ask calls an endpoint with ids that don't exist and an empty object for a body.
func ask(h *hubtest.Hub, p hubtest.Person, route string) hubtest.Answer {
	h.T.Helper()
	method, path, _ := strings.Cut(route, " ")
	path = strings.NewReplacer("{id}", nothing, "{case}", nothing, "{review}", nothing, "{draft}", nothing, "{decision}", "approve", "{form}", "none", "{webhook}", nothing, "{message}", nothing).Replace(path)
	if method == http.MethodGet {
		return h.Do(p, method, path, nil)
	}
	return h.Do(p, method, path, []byte("{}"))
}

// same is an answer without what differs by chance: the request's number.
func same(t *testing.T, a hubtest.Answer) string {
	t.Helper()
	var problem map[string]any
	if err := json.Unmarshal(a.Body, &problem); err != nil || problem["request"] == nil {
		t.Fatalf("not a problem: %d %s", a.Status, a.Body)
	}
	number := problem["request"].(string)
	h := a.Header.Clone()
	h.Del("Date")
	h.Del("RateLimit-Remaining") // counts down
	h.Del("RateLimit-Reset")
	h.Del("RateLimit-Limit") // is another without a credential
	var b bytes.Buffer
	_ = h.Write(&b) // into memory
	return string(rune(a.Status)) + b.String() + strings.ReplaceAll(string(a.Body), number, "")
}

func TestEveryEndpointWantsAToken(t *testing.T) {
	h := hubtest.Start(t, 20)
	gone := h.Person(0, hub.Reporter, hub.Moderator)
	if err := h.Roster.RemovePerson(t.Context(), gone.ID); err != nil {
		t.Fatal(err)
	}
	first := ""
	for _, route := range routes(t) {
		for who, p := range map[string]hubtest.Person{"no token": {}, "a wrong token": {Token: "isac_" + nothing}, "a token that ended": gone} {
			a := ask(h, p, route)
			if a.Status != http.StatusUnauthorized || !strings.HasPrefix(a.Header.Get("WWW-Authenticate"), "Bearer") {
				t.Errorf("%s with %s: answer %d", route, who, a.Status)
			}
			if first == "" {
				first = same(t, a)
			}
			if same(t, a) != first {
				t.Errorf("%s with %s answers otherwise: %s", route, who, a.Body)
			}
		}
	}
	for _, header := range []string{"", "Basic " + gone.Token, "Bearer", "Bearer  ", gone.Token} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.BaseURL+"/api/v1/alerts", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", header)
		w, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = w.Body.Close()
		if w.StatusCode != http.StatusUnauthorized {
			t.Errorf("Authorization %.10q: answer %d", header, w.StatusCode)
		}
	}
}

// may says who may use an endpoint at all; others get 403. What isn't here is for
// everyone with a token.
var may = map[string][]hub.Role{
	"GET /cases":                     {hub.Reporter},
	"GET /reviews":                   {hub.Moderator, hub.DutyOfficer},
	"GET /drafts":                    {hub.Secretariat},
	"GET /pulse.csv":                 {hub.Secretariat},
	"GET /campaigns":                 {hub.Moderator, hub.Secretariat},
	"POST /campaigns":                {hub.Moderator, hub.Secretariat},
	"GET /relay":                     {hub.Moderator, hub.Secretariat},
	"POST /relay/{id}/{decision}":    {hub.Moderator},
	"GET /editions":                  {hub.RelayPartner, hub.Secretariat},
	"POST /editions/{id}/receipt":    {hub.RelayPartner},
	"POST /drafts/{draft}/open":      {hub.Secretariat},
	"POST /drafts/{draft}/phone":     {hub.Secretariat},
	"POST /drafts/{draft}/emergency": {hub.Secretariat, hub.DutyOfficer},
}

// TestEveryRole: each endpoint, each role, of things that don't exist.
func TestEveryRole(t *testing.T) {
	h := hubtest.Start(t, 20)
	roles := map[hub.Role]hubtest.Person{}
	for i, r := range []hub.Role{hub.Reporter, hub.Reader, hub.Analyst, hub.Moderator, hub.CaseOfficer, hub.DutyOfficer} {
		roles[r] = h.Person(i, r)
	}
	roles[hub.Secretariat] = h.Person(-1, hub.Secretariat)
	known := map[string]bool{}
	for _, route := range routes(t) {
		known[route] = true
		for role, p := range roles {
			want := http.StatusOK
			switch {
			case strings.Contains(route, "{"):
				want = http.StatusNotFound
			case route == "POST /campaigns": // of no alerts
				want = http.StatusBadRequest
			}
			if only, ok := may[route]; ok && !p.Has(only[0]) && !p.Has(only[len(only)-1]) {
				want = http.StatusForbidden
			}
			if scopeOf(route) == hub.NotifyScope { // the token must have been made for it
				want = http.StatusForbidden
			}
			if route == "POST /indicators/{id}/feedback" && role == hub.Secretariat { // who is of no member doesn't answer, and learns nothing
				want = http.StatusForbidden
			}
			if a := ask(h, p, route); a.Status != want {
				t.Errorf("%s as %s: answer %d, want %d: %s", route, role, a.Status, want, a.Body)
			}
		}
	}
	for route := range may {
		if !known[route] {
			t.Errorf("there is no %s", route)
		}
	}
	if a := h.Get(roles[hub.Analyst], "/nowhere"); a.Status != http.StatusNotFound {
		t.Errorf("no such endpoint: answer %d", a.Status)
	}
	if a := h.Do(roles[hub.Analyst], http.MethodDelete, "/alerts", nil); a.Status != http.StatusMethodNotAllowed {
		t.Errorf("DELETE /alerts: answer %d", a.Status)
	}
	var me struct {
		ID    string
		Roles []hub.Role
	}
	h.Get(roles[hub.Analyst], "/me").Into(h, &me)
	if me.ID != roles[hub.Analyst].ID || len(me.Roles) != 1 || me.Roles[0] != hub.Analyst {
		t.Errorf("/me says %+v", me)
	}
}

// TestACaseOfOthersAndNoCaseAreOneAnswer, to the byte, whatever is asked of it.
func TestACaseOfOthersAndNoCaseAreOneAnswer(t *testing.T) {
	h := hubtest.Start(t, 24)
	reporter := h.Person(0, hub.Reporter)
	id := drafted(h, 0, reporter, hubtest.Bundle(h.Members[0], "one", "1", attacker))
	s := stage(h, reporter, id, hub.Flash)
	strangers := map[string]hubtest.Person{
		"a reporter of another member": h.Person(1, hub.Reporter), "an analyst": h.Person(1, hub.Analyst), "a moderator": h.Person(2, hub.Moderator),
		"a colleague who isn't a reporter": h.Person(0, hub.Reader, hub.Analyst), "the secretariat": h.Person(-1, hub.Secretariat),
	}
	bodies := map[string]func(hubtest.Person) word{
		"answers": func(hubtest.Person) word { return word{"all": true} },
		"consent": func(p hubtest.Person) word { return signed(p, review.ToConsent, s.Digest, word{"stage": s.Stage}) },
		"object":  func(hubtest.Person) word { return word{"stage": s.Stage} },
		"stand":   func(hubtest.Person) word { return word{"stage": s.Stage} },
		"withdraw": func(p hubtest.Person) word {
			return signed(p, review.ToWithdraw, s.Back, word{"stage": s.Stage, "reason": "wrong"})
		},
		"keep": func(hubtest.Person) word { return word{"until": h.Now().AddDate(0, 1, 0)} },
	}
	for who, p := range strangers {
		if a, b := h.Get(p, "/cases/"+id), h.Get(p, "/cases/"+nothing); a.Status != http.StatusNotFound || same(t, a) != same(t, b) {
			t.Errorf("%s sees %d %s, of none %d %s", who, a.Status, a.Body, b.Status, b.Body)
		}
		for verb, body := range bodies {
			if verb == "keep" && p.Has(hub.Secretariat) {
				continue // may keep a case that it was told of
			}
			for _, more := range []word{nil, {"stage": "neither"}} {
				send := body(p)
				for k, v := range more {
					if _, has := send[k]; has {
						send[k] = v
					}
				}
				a, b := h.Post(p, "/cases/"+id+"/"+verb, send), h.Post(p, "/cases/"+nothing+"/"+verb, send)
				if a.Status != http.StatusNotFound || same(t, a) != same(t, b) {
					t.Errorf("%s of %s: %d %s, of none %d %s", verb, who, a.Status, a.Body, b.Status, b.Body)
				}
			}
		}
	}
	if got := stage(h, reporter, id, hub.Flash); got.Digest != s.Digest || got.State != string(review.Asking) {
		t.Errorf("a stranger changed the case: %s", got.State)
	}
}

// TestAReviewOfOthersAndNoReviewAreOneAnswer: not drawn, in conflict, stepped aside
// and no such review.
func TestAReviewOfOthersAndNoReviewAreOneAnswer(t *testing.T) {
	h := hubtest.Start(t, 40)
	moderators, _ := people(h, 3)
	reporter, own := h.Person(0, hub.Reporter), h.Person(0, hub.Moderator)
	id := drafted(h, 0, reporter, hubtest.Bundle(h.Members[0], "one", "1", attacker))
	consent(h, reporter, id, hub.Flash)
	d := stage(h, reporter, id, hub.Flash).Digest
	two, reviews := drawn(h, d, moderators)
	if a := h.Get(two[1], "/reviews/"+reviews[1].Review); a.Status != http.StatusOK {
		t.Fatalf("a drawn moderator gets %d", a.Status)
	}
	want(h, http.StatusOK, two[0], "/reviews/"+reviews[0].Review+"/leave", word{"reason": "conflict"})
	strangers := map[string]hubtest.Person{"in conflict": own, "the reporter": reporter, "drawn for it under another number": two[1], "stepped aside": two[0]}
	for who, p := range strangers {
		taken := reviews[0].Review
		if a, b := h.Get(p, "/reviews/"+taken), h.Get(p, "/reviews/"+nothing); a.Status != http.StatusNotFound || same(t, a) != same(t, b) {
			t.Errorf("%s sees %d %s, of none %d %s", who, a.Status, a.Body, b.Status, b.Body)
		}
		for verb, body := range map[string]word{
			"approve": signed(p, review.ToApprove, d, word{"accept_thin": true}), "return": {"reason": "unclear"},
			"decline": {"reason": "no-value"}, "leave": {"reason": "no-time"}, "applaud": {"reason": "unclear"},
		} {
			a, b := h.Post(p, "/reviews/"+taken+"/"+verb, body), h.Post(p, "/reviews/"+nothing+"/"+verb, body)
			if a.Status != http.StatusNotFound || same(t, a) != same(t, b) {
				t.Errorf("%s of %s: %d %s, of none %d %s", verb, who, a.Status, a.Body, b.Status, b.Body)
			}
		}
	}
	if a := h.Get(own, "/reviews"); a.Status != http.StatusOK || strings.TrimSpace(string(a.Body)) != `{"reviews":[]}` {
		t.Errorf("who is in conflict lists %s", a.Body)
	}
}

// TestBodies: too big, malformed, unknown, of the wrong type.
func TestBodies(t *testing.T) {
	h := hubtest.Start(t, 20)
	reporter, moderator, office := h.Person(0, hub.Reporter), h.Person(1, hub.Moderator), h.Person(-1, hub.Secretariat)
	for path, p := range map[string]hubtest.Person{
		"/cases/" + nothing + "/answers": reporter, "/cases/" + nothing + "/consent": reporter, "/cases/" + nothing + "/object": reporter,
		"/cases/" + nothing + "/stand": reporter, "/cases/" + nothing + "/withdraw": reporter, "/cases/" + nothing + "/keep": reporter,
		"/reviews/" + nothing + "/approve": moderator, "/alerts/" + nothing + "/recall": moderator, "/alerts/" + nothing + "/withdraw": moderator,
		"/drafts/" + nothing + "/open": office, "/drafts/" + nothing + "/phone": office, "/drafts/" + nothing + "/emergency": office,
	} {
		for body, want := range map[string]int{
			"":                          http.StatusBadRequest,
			"{":                         http.StatusBadRequest,
			"null null":                 http.StatusBadRequest,
			`[]`:                        http.StatusBadRequest,
			`{"secret-hospital":1}`:     http.StatusBadRequest,
			strings.Repeat("[", 20_000): http.StatusBadRequest,
			`{"reason":{"ja":""},"until":"x","stage":1,"all":2}`: http.StatusBadRequest,
			strings.Repeat(" ", 1<<20) + "{}":                    http.StatusRequestEntityTooLarge,
			strings.Repeat(" ", 10<<20) + "{}":                   http.StatusRequestEntityTooLarge,
		} {
			a := h.Do(p, http.MethodPost, path, []byte(body))
			if a.Status != want || bytes.Contains(a.Body, []byte("secret-hospital")) {
				t.Errorf("%s with %.12q: answer %d, want %d: %s", strings.ReplaceAll(path, nothing, "…"), body, a.Status, want, a.Body)
			}
		}
	}
	if strings.Contains(h.Log.String(), "secret-hospital") {
		t.Error("a value of a body stands in the log")
	}
}
