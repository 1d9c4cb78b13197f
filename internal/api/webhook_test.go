package api_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"isac/hub"
	"isac/internal/hubtest"
)

// TestWebhooksByTheAPI: made with a token for that, tried, listed without the secret, of
// nobody else, and removed.
func TestWebhooksByTheAPI(t *testing.T) {
	h := hubtest.Start(t, 20)
	err := h.Close()
	if err != nil {
		t.Fatal(err)
	}
	h.Inside = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	h.Open()
	called := make(chan string, 4)
	program := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { called <- r.Header.Get("Webhook-Signature") }))
	defer program.Close()
	person := h.Person(1, hub.Reader)
	p, _ := own(t, h, person, hub.NotifyScope)
	other, _ := own(t, h, h.Person(2, hub.Reader), hub.NotifyScope)
	post := func(p hubtest.Person, path string, in word) hubtest.Answer {
		body, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		return h.Do(p, http.MethodPost, path, body)
	}
	if a := post(person, "/webhooks", word{"name": "x", "url": program.URL, "format": "json"}); a.Status != http.StatusForbidden {
		t.Errorf("with a token of the secretariat's: %d", a.Status)
	}
	for _, bad := range []word{{}, {"name": "x", "url": "http://169.254.169.254/", "format": "json"}, {"name": "x", "url": program.URL, "format": "fax"}, {"name": "x", "url": program.URL, "format": "json", "at_once": []string{"soon"}}, {"colour": 1}} {
		if a := post(p, "/webhooks", bad); a.Status != http.StatusBadRequest {
			t.Errorf("%v: %d", bad, a.Status)
		}
	}
	var made struct{ ID, Secret, URL string }
	a := post(p, "/webhooks", word{"name": "SIEM", "url": program.URL, "format": "json", "at_once": []string{"high"}})
	a.Into(h, &made)
	if !strings.HasPrefix(made.Secret, "whsec_") || made.URL != program.URL {
		t.Fatalf("made %s", a.Body)
	}
	if a := post(other, "/webhooks/"+made.ID+"/test", nil); a.Status != http.StatusNotFound {
		t.Errorf("another's webhook: %d", a.Status)
	}
	if a := post(p, "/webhooks/"+made.ID+"/test", nil); a.Status != http.StatusOK {
		t.Fatalf("a test: %d %s", a.Status, a.Body)
	}
	if got := <-called; !strings.HasPrefix(got, "v1,") {
		t.Errorf("signature %q", got)
	}
	list := h.Get(p, "/webhooks")
	if body := string(list.Body); !strings.Contains(body, made.ID) || strings.Contains(body, made.Secret) || strings.Contains(body, "secret") {
		t.Errorf("listed: %s", body)
	}
	if body := string(h.Get(other, "/webhooks").Body); strings.Contains(body, made.ID) {
		t.Errorf("listed for another: %s", body)
	}
	if a := post(p, "/webhooks/"+made.ID+"/remove", nil); a.Status != http.StatusOK {
		t.Errorf("removing: %d", a.Status)
	}
	if body := string(h.Get(p, "/webhooks").Body); strings.Contains(body, made.ID) {
		t.Errorf("listed afterwards: %s", body)
	}
}
