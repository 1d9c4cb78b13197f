package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/advisory"
	"isac/hub/vocab"
	"isac/internal/hubtest"
)

const kev = `{"catalogVersion":"1","vulnerabilities":[
{"cveID":"CVE-2018-13379","vendorProject":"Fortinet","product":"FortiOS","vulnerabilityName":"Fortinet FortiOS traversal","dateAdded":"2026-11-20","notes":"https://v.example.com/a"},
{"cveID":"CVE-2026-40001","vendorProject":"SonicWall","product":"SMA","vulnerabilityName":"SonicWall SMA overflow","dateAdded":"2026-11-20"}]}`

func notices(t *testing.T, document string) []advisory.Advisory {
	t.Helper()
	list, err := advisory.Read([]byte(document), advisory.Source{Name: "kev", TLP: hub.TLPGreen}, vocab.Default(nil))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

type relayed struct {
	Advisories []struct {
		ID, State, Title string
		Names            bool
		Digest           hub.Digest
	}
}

type advisories struct {
	Advisories []struct {
		alert
		Yours bool
	}
}

// TestAdvisory: a notice goes before the working group, out by one moderator's signature on
// the ways of all alerts, as CSAF too, and marked for who runs the product.
func TestAdvisory(t *testing.T) {
	h := hubtest.Start(t, 20)
	moderator, reader, other := h.Person(0, hub.Moderator), h.Person(1, hub.Reader), h.Person(2, hub.Reader)
	list := notices(t, strings.Replace(kev, "SMA overflow", "SMA at "+h.Members[5].NameJA, 1))
	for range 2 { // the second time nothing is new
		for _, a := range list {
			if _, err := h.Desk.TakeAdvisory(t.Context(), a); err != nil {
				t.Fatal(err)
			}
		}
	}
	var waiting relayed
	h.Get(moderator, "/relay").Into(h, &waiting)
	if len(waiting.Advisories) != 2 || waiting.Advisories[0].State != "waiting" {
		t.Fatalf("%+v", waiting)
	}
	for i, n := range waiting.Advisories {
		if n.Names != strings.Contains(n.Title, h.Members[5].NameJA) {
			t.Errorf("names somebody: %v", n.Names)
		}
		signed := map[string]any{"signature": moderator.Sign(advisory.ToRelease, n.Digest)}
		want(h, http.StatusForbidden, reader, "/relay/"+n.ID+"/approve", signed)
		want(h, http.StatusUnauthorized, moderator, "/relay/"+n.ID+"/approve", map[string]any{"signature": moderator.Sign("approve", n.Digest)})
		if i == 0 {
			want(h, http.StatusOK, moderator, "/relay/"+n.ID+"/approve", signed)
			want(h, http.StatusConflict, moderator, "/relay/"+n.ID+"/approve", signed)
			continue
		}
		want(h, http.StatusOK, moderator, "/relay/"+n.ID+"/decline", map[string]any{})
		want(h, http.StatusConflict, moderator, "/relay/"+n.ID+"/approve", signed)
	}
	entry := log(h, 1)[0]
	if entry.Stage != hub.Advisory || entry.Severity != hub.High || entry.TLP != hub.TLPGreen {
		t.Errorf("entry %+v", entry.Alert)
	}
	out, err := advisory.Of(entry.Bundle)
	if err != nil || !strings.Contains(kev, out.Notice.Text) && !strings.Contains(out.Notice.Text, h.Members[5].NameJA) || out.Notice.Text == "" {
		t.Errorf("the notice isn't as it was: %v", err)
	}
	runs := out.Products[0]
	const another = "checkpoint-gateway" // that no notice names
	settings(t, h, reader, runs, another)
	for p, yours := range map[*hubtest.Person]bool{&reader: true, &other: false} {
		var page advisories
		h.Get(*p, "/advisories").Into(h, &page)
		if len(page.Advisories) != 1 || page.Advisories[0].Yours != yours {
			t.Errorf("%+v", page)
		}
	}
	var alerts struct{ Alerts []alert }
	h.Get(reader, "/alerts").Into(h, &alerts)
	if len(alerts.Alerts) != 0 {
		t.Error("an advisory stands among the alerts")
	}
	checkDocument(h, reader, entry.ID, out)
	if h.OnDisk(another) || strings.Contains(h.Log.String(), another) {
		t.Error("what somebody runs lies open")
	}
}

// checkDocument reads the advisory as CSAF, as any tool would.
func checkDocument(h *hubtest.Hub, p hubtest.Person, id string, want advisory.Advisory) {
	h.T.Helper()
	a := h.Get(p, "/advisories/"+id+"/csaf")
	back, err := advisory.Read(a.Body, advisory.Source{Name: "hub"}, vocab.Default(nil))
	if err != nil || len(back) != 1 || !back[0].Exploited || back[0].CVEs[0] != want.CVEs[0] || back[0].TLP != hub.TLPGreen {
		h.T.Errorf("%s: %v", a.Body, err)
	}
	var full struct{ Advisory advisory.Advisory }
	h.Get(p, "/advisories/"+id).Into(h, &full)
	if full.Advisory.Notice != want.Notice {
		h.T.Error("the page has another notice")
	}
	if a := h.Get(p, "/advisories/"+strings.Repeat("0", 36)); a.Status != http.StatusNotFound {
		h.T.Errorf("one that there isn't: %d", a.Status)
	}
}

// settings says that a person runs a product, by the API and a token for it.
func settings(t *testing.T, h *hubtest.Hub, p hubtest.Person, products ...string) {
	t.Helper()
	p, _ = own(t, h, p, hub.NotifyScope)
	want(h, http.StatusBadRequest, p, "/products", map[string]any{"products": []string{"no-such-thing"}})
	want(h, http.StatusOK, p, "/products", map[string]any{"products": append(products, products[0])})
	var have struct {
		Products []string
		Known    []json.RawMessage
	}
	h.Get(p, "/products").Into(h, &have)
	if len(have.Products) != len(products) || len(have.Known) < 10 {
		t.Errorf("%+v of %d", have.Products, len(have.Known))
	}
}
