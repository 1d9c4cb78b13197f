package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"isac/hub"
	"isac/internal/hubtest"
)

// own makes a token of a person's own.
func own(t *testing.T, h *hubtest.Hub, p hubtest.Person, scopes ...hub.Scope) (hubtest.Person, string) {
	t.Helper()
	made, token, err := h.Roster.MakeToken(t.Context(), p.ID, "a program", scopes, h.Now().Add(48*time.Hour), h.Now())
	if err != nil {
		t.Fatal(err)
	}
	return hubtest.Person{Person: p.Person, Token: token}, made.ID
}

// scopeOf says which scope an endpoint wants.
func scopeOf(route string) hub.Scope {
	method, path, _ := strings.Cut(route, " ")
	switch {
	case strings.HasPrefix(path, "/webhooks"), strings.HasPrefix(path, "/undelivered"), path == "/products":
		return hub.NotifyScope
	case strings.HasPrefix(path, "/cases"):
		return hub.CaseScope
	case strings.HasPrefix(path, "/reviews"), strings.HasPrefix(path, "/relay"), path == "/campaigns":
		return hub.ReviewScope
	case strings.HasPrefix(path, "/editions"):
		return hub.ReceiptScope
	case strings.HasPrefix(path, "/drafts"), path == "/pulse.csv":
		return hub.DraftScope
	case method == http.MethodGet, path == "/search", path == "/indicators/lookup", path == "/indicators/buckets":
		return hub.ReadScope
	case strings.HasSuffix(path, "/feedback"):
		return hub.AnswerScope
	}
	return hub.WithdrawScope
}

// Each endpoint with a token of each scope, and with the person's own token of the
// secretariat's, which goes on as ever.
func TestATokenIsGoodForItsScopesAlone(t *testing.T) {
	h := hubtest.Start(t, 20)
	everything := h.Person(0, hub.Reporter, hub.Moderator, hub.DutyOfficer)
	for _, scope := range everything.Scopes() {
		p, _ := own(t, h, everything, scope)
		for _, route := range routes(t) {
			a, by := ask(h, p, route), ask(h, everything, route)
			if scopeOf(route) == scope && scope == hub.NotifyScope { // which the secretariat's isn't good for
				if a.Status == http.StatusForbidden || by.Status != http.StatusForbidden {
					t.Errorf("%s: answer %d with a token made for it, %d with the secretariat's", route, a.Status, by.Status)
				}
				continue
			}
			if scopeOf(route) == scope {
				if a.Status != by.Status {
					t.Errorf("%s with a token for %s: answer %d, not %d", route, scope, a.Status, by.Status)
				}
				continue
			}
			if a.Status != http.StatusForbidden || !strings.Contains(string(a.Body), "scope "+string(scopeOf(route))) {
				t.Errorf("%s with a token for %s: answer %d %s", route, scope, a.Status, a.Body)
			}
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.BaseURL+"/taxii2/", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.SetBasicAuth("anything", p.Token)
		w, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = w.Body.Close()
		if good := w.StatusCode != http.StatusForbidden; good != (scope == hub.ReadScope || scope == hub.CaseScope) { // to read, and to report
			t.Errorf("TAXII with a token for %s: answer %d", scope, w.StatusCode)
		}
	}
	if len(everything.Scopes())+1 != len(hub.Scopes()) { // receipts are relay partners', who are nothing else
		t.Errorf("the person has %v: not every scope was tried", everything.Scopes())
	}
}

func TestATokenEnds(t *testing.T) {
	h := hubtest.Start(t, 20)
	who := h.Person(0, hub.Reporter)
	status := func(p hubtest.Person) int { return h.Get(p, "/alerts").Status }
	revoked, id := own(t, h, who, hub.ReadScope)
	lasting, _ := own(t, h, who, hub.ReadScope, hub.CaseScope)
	if status(revoked) != http.StatusOK || status(lasting) != http.StatusOK {
		t.Fatal("a new token isn't good")
	}
	other := h.Person(1, hub.Reporter)
	if err := h.Roster.RevokeToken(t.Context(), other.ID, id); hub.KindOf(err) != hub.NotFound {
		t.Errorf("somebody else revokes it: %v", err)
	}
	if err := h.Roster.RevokeToken(t.Context(), who.ID, id); err != nil || status(revoked) != http.StatusUnauthorized {
		t.Errorf("a revoked token: answer %d, %v", status(revoked), err)
	}
	h.Advance(49 * time.Hour)
	if status(lasting) != http.StatusUnauthorized || status(who) != http.StatusOK {
		t.Error("a token goes on after its end, or the secretariat's ended with it")
	}
	fresh, _ := own(t, h, who, hub.ReadScope)
	if err := h.Roster.RemovePerson(t.Context(), who.ID); err != nil {
		t.Fatal(err)
	}
	if status(fresh) != http.StatusUnauthorized {
		t.Error("the token of somebody who left is good")
	}
}

func TestATokenIsKeptAsADigestThroughARestart(t *testing.T) {
	h := hubtest.Start(t, 20)
	who := h.Person(0, hub.Reporter)
	p, id := own(t, h, who, hub.ReadScope)
	if day, err := h.Signin.LastUsed(t.Context(), id); err != nil || day != "" {
		t.Errorf("before it was used: %q, %v", day, err)
	}
	h.Get(p, "/alerts")
	if day, err := h.Signin.LastUsed(t.Context(), id); err != nil || !monday(t, day) || h.Now().Sub(on(t, day)) >= 7*24*time.Hour {
		t.Errorf("after it was used: %q, %v", day, err)
	}
	if h.OnDisk(p.Token) || h.OnDisk(p.Token[5:]) || strings.Contains(h.Log.String(), p.Token) {
		t.Error("the token stands on disk or in the log")
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	h.Open()
	if a := h.Get(p, "/alerts"); a.Status != http.StatusOK {
		t.Errorf("after a restart: answer %d", a.Status)
	}
}

func TestATokenOfMoreThanItsPersonIsRefused(t *testing.T) {
	h := hubtest.Start(t, 20)
	who := h.Person(0, hub.Reader)
	day := h.Now().Add(48 * time.Hour)
	for what, c := range map[string]struct {
		name   string
		scopes []hub.Scope
		ends   time.Time
		want   hub.ErrorKind
	}{
		"a scope of another role":  {"x", []hub.Scope{hub.ReadScope, hub.CaseScope}, day, hub.Forbidden},
		"a scope that isn't one":   {"x", []hub.Scope{"everything"}, day, hub.Forbidden},
		"no scope":                 {"x", nil, day, hub.Invalid},
		"no name":                  {"", []hub.Scope{hub.ReadScope}, day, hub.Invalid},
		"a long name":              {strings.Repeat("名", 61), []hub.Scope{hub.ReadScope}, day, hub.Invalid},
		"a name of several lines":  {"a\nb", []hub.Scope{hub.ReadScope}, day, hub.Invalid},
		"an end in the past":       {"x", []hub.Scope{hub.ReadScope}, h.Now().Add(-time.Hour), hub.Invalid},
		"an end in a distant year": {"x", []hub.Scope{hub.ReadScope}, h.Now().AddDate(3, 0, 0), hub.Invalid},
	} {
		_, _, err := h.Roster.MakeToken(t.Context(), who.ID, c.name, c.scopes, c.ends, h.Now())
		if hub.KindOf(err) != c.want || len(h.Roster.TokensOf(who.ID)) > 0 {
			t.Errorf("%s: %v, want %s", what, err, c.want)
		}
	}
	for range 20 {
		own(t, h, who, hub.ReadScope)
	}
	if _, _, err := h.Roster.MakeToken(t.Context(), who.ID, "x", []hub.Scope{hub.ReadScope}, day, h.Now()); hub.KindOf(err) != hub.Invalid {
		t.Errorf("the twenty-first: %v", err)
	}
	if !slices.Equal(h.Person(-1, hub.Secretariat).Scopes(), []hub.Scope{hub.FeedScope, hub.ReadScope, hub.NotifyScope, hub.DraftScope, hub.WithdrawScope, hub.ReceiptScope}) {
		t.Error("the secretariat answers for an organisation")
	}
}

func on(t *testing.T, day string) time.Time {
	t.Helper()
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// monday holds that no day of the week but its first is told.
func monday(t *testing.T, day string) bool {
	t.Helper()
	return on(t, day).Weekday() == time.Monday
}
