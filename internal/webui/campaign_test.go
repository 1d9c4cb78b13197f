package webui_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/review"
	"isac/internal/hubtest"
)

// Alerts that tell the same way are put together on a page; who proposes it has no part
// in its review; and when one of them is taken back the page says so.
func TestAlertsArePutTogether(t *testing.T) {
	h := hubtest.Start(t, 40)
	var moderators []hubtest.Person
	for _, i := range h.Apart(0, 6) {
		moderators = append(moderators, h.Person(i, hub.Moderator))
	}
	var ids []string
	for i, last := range []string{"a", "b"} {
		who := h.Person(i, hub.Reporter)
		_, _, err := h.Dial(i).Report(t.Context(), hubtest.Bundle(h.Members[i], "together-"+last, "1", "203.0.114.90"))
		if err != nil {
			t.Fatal(err)
		}
		view := h.Consent(who, h.Case(who, 1))
		ids = append(ids, h.Approve(who, view.Case, moderators...).Stages[1].Alert.ID)
	}
	reader := newBrowser(h)
	reader.signIn(h.Person(3, hub.Reader))
	if a := reader.do(http.MethodGet, "/campaigns", nil); a.status != http.StatusForbidden {
		t.Errorf("a reader at the page: %d", a.status)
	}
	if a := reader.do(http.MethodPost, "/campaigns", url.Values{"alert": ids}); a.status != http.StatusForbidden {
		t.Errorf("a reader proposes: %d", a.status)
	}
	b := newBrowser(h)
	b.signIn(moderators[0])
	h.Poll("both alerts to be offered", func() bool {
		a := b.do(http.MethodGet, "/campaigns?with="+ids[0], nil)
		return strings.Count(a.body, `name="alert" value="`+ids[1]) == 2 // chosen, and as alike
	})
	if a := b.do(http.MethodPost, "/campaigns", url.Values{"alert": ids[:1]}); a.status != http.StatusBadRequest {
		t.Errorf("one alone: %d", a.status)
	}
	if a := b.do(http.MethodPost, "/campaigns", url.Values{"alert": ids}); a.status != http.StatusSeeOther {
		t.Fatalf("proposing: %d %s", a.status, a.body)
	}
	if a := b.do(http.MethodGet, "/campaigns?done", nil); !strings.Contains(a.body, "under review") || strings.Contains(a.body, "drawn to review it") {
		t.Errorf("after proposing: %s", a.body)
	}
	link := regexp.MustCompile(`href="/alerts/([0-9a-f-]{36})"`)
	var made string
	h.Poll("the alert about both", func() bool {
		h.ApproveOpen(hub.Full, moderators[1:]...)
		a := b.do(http.MethodGet, "/campaigns", nil)
		_, out, _ := strings.Cut(a.body, "Alerts about several</h2>")
		if m := link.FindStringSubmatch(out); m != nil {
			made = m[1]
		}
		return made != ""
	})
	entries, _, err := h.Entries(t.Context(), 0, 500)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		for _, p := range moderators[:2] {
			if e.ID != ids[1] {
				continue
			}
			err := h.Desk.Recall(t.Context(), p.Person, e.ID, "harmful", p.Sign(review.ToRecall, e.Digest))
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	h.Poll("the flag", func() bool {
		return strings.Contains(b.do(http.MethodGet, "/campaigns", nil).body, "taken back since: 1") &&
			strings.Contains(b.do(http.MethodGet, "/", nil).body, "Look at them again") &&
			strings.Contains(reader.do(http.MethodGet, "/alerts/"+made, nil).body, "taken back since: 1")
	})
}
