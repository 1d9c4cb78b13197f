package webui_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/advisory"
	"isac/hub/vocab"
	"isac/internal/hubtest"
)

// A notice is shown to the working group with its clock, waits for a passkey, and then
// stands on everybody's page, first for who runs the product.
func TestAnAdvisoryOnThePages(t *testing.T) {
	h := hubtest.Start(t, 20)
	moderator, reader, other := h.Person(0, hub.Moderator), h.Person(1, hub.Reader), h.Person(2, hub.Reader)
	list, err := advisory.Read([]byte(`{"catalogVersion":"1","vulnerabilities":[
{"cveID":"CVE-2018-13379","vendorProject":"Fortinet","product":"FortiOS","vulnerabilityName":"<b>traversal</b> at `+h.Members[3].NameJA+`","dateAdded":"2026-11-20"},
{"cveID":"CVE-2026-50001","vendorProject":"Other","product":"Thing","vulnerabilityName":"planted-declined","dateAdded":"2026-11-20"}]}`), advisory.Source{Name: "kev"}, vocab.Default(nil))
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range list {
		if _, err := h.Desk.TakeAdvisory(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	browsers := map[string]*browser{}
	get := func(p hubtest.Person, path string) answer {
		if browsers[p.ID] == nil {
			browsers[p.ID] = newBrowser(h)
			browsers[p.ID].signIn(p)
		}
		return browsers[p.ID].do(http.MethodGet, path, nil)
	}
	for _, path := range []string{"/relay", "/relay/" + list[0].ID} {
		if a := get(reader, path); a.status != http.StatusForbidden {
			t.Errorf("a reader at %s: %d", path, a.status)
		}
	}
	if a := get(moderator, "/reviews"); !strings.Contains(a.body, `href="/relay"`) {
		t.Error("the queue doesn't say that something waits")
	}
	if a := get(moderator, "/relay"); !strings.Contains(a.body, list[0].ID) || !strings.Contains(a.body, "planted-declined") {
		t.Errorf("what waits: %d", a.status)
	}
	a := get(moderator, "/relay/"+list[0].ID)
	if a.status != http.StatusOK || strings.Contains(a.body, "<b>traversal") || !strings.Contains(a.body, "&lt;b&gt;traversal") || !strings.Contains(a.body, "name an organisation") {
		t.Errorf("one that waits: %d %s", a.status, a.body)
	}
	if a := browsers[moderator.ID].do(http.MethodPost, "/relay/"+list[0].ID+"/approve", url.Values{"digest": {list[0].Digest().String()}}); a.status != http.StatusUnauthorized {
		t.Errorf("without a signature: %d", a.status)
	}
	if a := browsers[moderator.ID].do(http.MethodPost, "/relay/"+list[1].ID+"/decline", url.Values{}); a.status != http.StatusSeeOther {
		t.Errorf("declining: %d", a.status)
	}
	if err := h.Desk.DecideAdvisory(t.Context(), moderator.Person, list[0].ID, "approve", moderator.Sign(advisory.ToRelease, list[0].Digest())); err != nil {
		t.Fatal(err)
	}
	get(reader, "/me/telling")
	if a := browsers[reader.ID].do(http.MethodPost, "/me/telling/products", url.Values{"product": {"fortinet-fortios"}}); a.status != http.StatusOK || !strings.Contains(a.body, `value="fortinet-fortios" checked`) {
		t.Errorf("saying what one runs: %d", a.status)
	}
	h.Poll("the page", func() bool { return strings.Contains(get(reader, "/advisories").body, list[0].ID) })
	for p, yours := range map[*hubtest.Person]bool{&reader: true, &other: false} {
		if a := get(*p, "/advisories"); strings.Contains(a.body, "On products that you run") != yours || strings.Contains(a.body, "planted-declined") {
			t.Errorf("the list, with something of hers: %v", yours)
		}
	}
	if a := get(other, "/advisories/"+list[0].ID); a.status != http.StatusOK || !strings.Contains(a.body, "&#34;cveID&#34;:&#34;CVE-2018-13379&#34;") || !strings.Contains(a.body, "Fortinet FortiGate (FortiOS)") {
		t.Errorf("the notice: %d %s", a.status, a.body)
	}
	if a := get(other, "/alerts/"+list[0].ID); a.status != http.StatusSeeOther || a.header.Get("Location") != "/advisories/"+list[0].ID {
		t.Errorf("by the address of alerts: %d", a.status)
	}
	if a := get(other, "/alerts"); strings.Contains(a.body, list[0].ID) {
		t.Error("an advisory stands among the alerts")
	}
}
