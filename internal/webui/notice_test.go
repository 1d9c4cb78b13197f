package webui_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/direct"
	"isac/hub/review"
	"isac/internal/hubtest"
)

// A direct notice goes from the secretariat over the victim's consent and two signatures
// to its recipients, who see the text alone; for everybody else there is none.
func TestADirectNotice(t *testing.T) {
	h := hubtest.Start(t, 40)
	victim, recipient, stranger := h.Person(0, hub.Reporter), h.Person(1, hub.Reporter), h.Person(2, hub.Reporter, hub.Analyst)
	reader, one, two := h.Person(1, hub.Reader), h.Person(-1, hub.Secretariat), h.Person(-1, hub.Secretariat)
	browsers := map[string]*browser{}
	as := func(p hubtest.Person) *browser {
		if browsers[p.ID] == nil {
			browsers[p.ID] = newBrowser(h)
			browsers[p.ID].signIn(p)
		}
		return browsers[p.ID]
	}
	form := url.Values{
		"victim": {h.Members[0].ID}, "text": {"planted-notice: 保守回線から入られた。\n<b>title</b>"},
		"members": {h.Members[1].ID}, "others": {"planted-vendor 03-0000-0000"},
	}
	for _, p := range []hubtest.Person{victim, recipient} {
		if a := as(p).do(http.MethodPost, "/notices", form); a.status != http.StatusForbidden {
			t.Errorf("a member writes a notice: %d", a.status)
		}
	}
	a := as(one).do(http.MethodPost, "/notices", form)
	at := a.header.Get("Location")
	if a.status != http.StatusSeeOther || !strings.HasPrefix(at, "/notices/") {
		t.Fatalf("writing: %d %s", a.status, a.body)
	}
	id := strings.TrimPrefix(at, "/notices/")
	seen := func(p hubtest.Person) int { return as(p).do(http.MethodGet, at, nil).status }
	hidden := func(when string, people ...hubtest.Person) {
		t.Helper()
		for _, p := range people {
			if got := seen(p); got != http.StatusNotFound {
				t.Errorf("%s: %d", when, got)
			}
			if a := as(p).do(http.MethodPost, at+"/refuse", url.Values{}); a.status != http.StatusNotFound {
				t.Errorf("%s, refusing: %d", when, a.status)
			}
		}
	}
	hidden("before consent", recipient, stranger, reader)
	if a := as(victim).do(http.MethodGet, at, nil); !strings.Contains(a.body, h.Members[1].NameJA) || !strings.Contains(a.body, "planted-vendor") || strings.Contains(a.body, "<b>title") {
		t.Errorf("the victim isn't shown text and recipients: %d", a.status)
	}
	if a := as(victim).do(http.MethodPost, at+"/consent", url.Values{"assertion": {"{}"}}); a.status != http.StatusUnauthorized {
		t.Errorf("consent without a signature: %d", a.status)
	}
	n, _, err := h.Postbox.Get(t.Context(), one.Person, id)
	if err != nil {
		t.Fatal(err)
	}
	decide := func(p hubtest.Person, verb string, purpose review.Purpose) {
		t.Helper()
		err := h.Postbox.Decide(t.Context(), p.Person, id, verb, p.Sign(purpose, n.Digest()), -1)
		if err != nil {
			t.Fatal(err)
		}
	}
	decide(victim, "consent", direct.ToConsent)
	decide(one, "send", direct.ToSend)
	hidden("before the second signature", recipient, stranger, reader)
	decide(two, "send", direct.ToSend)
	hidden("when it is sent", stranger, reader)
	a = as(recipient).do(http.MethodGet, at, nil)
	if a.status != http.StatusOK || !strings.Contains(a.body, "planted-notice") || !strings.Contains(a.body, "TLP:RED") {
		t.Fatalf("the recipient: %d", a.status)
	}
	for _, secret := range []string{h.Members[0].NameJA, "planted-vendor", one.ID, "What happened"} {
		if strings.Contains(a.body, secret) {
			t.Error("the recipient is shown more than the text")
		}
	}
	if a := as(recipient).do(http.MethodGet, "/", nil); !strings.Contains(a.body, "Direct notices for you: 1") {
		t.Error("the recipient isn't told")
	}
	as(two).do(http.MethodPost, at+"/hand", url.Values{"to": {"1"}})
	if a := as(one).do(http.MethodGet, at, nil); !strings.Contains(a.body, "handed over 2") || !strings.Contains(a.body, two.ID) {
		t.Errorf("the record: %s", a.body)
	}
	if list, _, err := h.Entries(t.Context(), 0, 10); err != nil || len(list) != 0 {
		t.Errorf("%d alerts, %v", len(list), err)
	}
	if a := h.Get(recipient, "/alerts"); strings.Contains(string(a.Body), "planted") || h.OnDisk("planted-notice") || strings.Contains(h.Log.String(), "planted") {
		t.Error("the notice stands somewhere else")
	}
}
