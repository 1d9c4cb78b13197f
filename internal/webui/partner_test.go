package webui_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"isac/hub"
	"isac/hub/edition"
	"isac/internal/hubtest"
)

// partner is a relay partner of the hub.
func (f *flashes) partner(name string, given hub.TLP) hubtest.Person {
	f.T.Helper()
	p := f.Person(-1, hub.RelayPartner)
	if given != "" {
		if err := f.Roster.SetPartner(f.T.Context(), p.ID, hub.Partner{Name: name, Edition: given}); err != nil {
			f.T.Fatal(err)
		}
		p.Person, _ = f.Roster.Person(p.ID)
	}
	return p
}

// A relay partner is given the edition that was chosen for it, by every way in, and gives a
// receipt for each version, which the secretariat sees.
func TestRelayPartners(t *testing.T) {
	f := newFlashes(t)
	clear, green, unset := f.partner("CEPTOAR", hub.TLPClear), f.partner("CERT", hub.TLPGreen), f.partner("", "")
	office := f.Person(-1, hub.Secretariat)
	alert := f.release()
	id := edition.ID(alert)
	type item struct {
		ID      string
		Version int
		TLP     hub.TLP
		Pending bool `json:"receipt_asked"`
	}
	var list struct{ Editions []item }
	f.Poll("the edition", func() bool {
		f.Get(clear, "/editions").Into(f.Hub, &list)
		return len(list.Editions) == 1
	})
	if got := list.Editions[0]; got != (item{id, 1, hub.TLPClear, true}) {
		t.Errorf("the partner is given %+v", got)
	}
	for _, p := range []hubtest.Person{clear, unset} {
		for _, path := range []string{"/alerts", "/alerts/" + alert, "/alerts/" + alert + "/bundle", "/indicators", "/sector", "/export/csv", "/me", "/events", "/advisories"} {
			if a := f.Get(p, path); a.Status != http.StatusForbidden {
				t.Errorf("%s for a partner of the edition for everybody: %d", path, a.Status)
			}
		}
		b := newBrowser(f.Hub)
		b.do(http.MethodPost, "/signin/token", url.Values{"token": {p.Token}})
		if a := b.do(http.MethodGet, "/", nil); a.header.Get("Location") != "/partner" {
			t.Errorf("the first page is %d", a.status)
		}
		for _, path := range []string{"/alerts", "/alerts/" + alert, "/alerts/" + alert + "/bundle", "/alerts/" + alert + "/sheet.pdf", "/sector", "/search", "/check", "/cases", "/reviews", "/office", "/events", "/help"} {
			if a := b.do(http.MethodGet, path, nil); a.status != http.StatusForbidden {
				t.Errorf("the page %s for a partner of the edition for everybody: %d", path, a.status)
			}
		}
		for _, path := range []string{"/feeds/csv", "/taxii2/alerts/collections/fd8e6f02-f549-47f5-bb35-7aef9af97a74/objects/"} {
			a := b.do(http.MethodGet, path, nil, func(r *http.Request) {
				r.Header.Set("Authorization", "Bearer "+p.Token)
				r.Header.Set("Accept", "*/*")
			})
			if a.status < 400 || strings.Contains(a.body, "203.0.114") {
				t.Errorf("%s for a partner of the edition for everybody: %d", path, a.status)
			}
		}
	}
	f.Get(green, "/editions").Into(f.Hub, &list)
	if len(list.Editions) != 2 || list.Editions[0].TLP != hub.TLPGreen || f.Get(green, "/alerts/"+alert).Status != http.StatusOK {
		t.Errorf("the partner of the community's edition is given %+v", list.Editions)
	}
	for _, bad := range []struct {
		path    string
		version int
		status  int
	}{{alert, 1, http.StatusNotFound}, {id, 2, http.StatusConflict}, {"x", 1, http.StatusNotFound}} {
		if a := f.Post(clear, "/editions/"+bad.path+"/receipt", map[string]int{"version": bad.version}); a.Status != bad.status {
			t.Errorf("a receipt for %v: %d", bad, a.Status)
		}
	}
	acts := len(f.Roster.Acts())
	for range 2 {
		if a := f.Post(clear, "/editions/"+id+"/receipt", map[string]int{"version": 1}); a.Status != http.StatusOK {
			t.Errorf("a receipt: %d", a.Status)
		}
	}
	if got := len(f.Roster.Acts()); got != acts+1 {
		t.Errorf("%d receipts are in the record", got-acts)
	}
	b := newBrowser(f.Hub)
	b.signIn(green)
	b.do(http.MethodPost, "/partner/receipt", url.Values{"id": {alert}, "version": {"1"}})
	if a := b.do(http.MethodGet, "/partner", nil); strings.Count(a.body, "acknowledged 2") != 1 || !strings.Contains(a.body, "CERT") || strings.Contains(a.body, "CEPTOAR") {
		t.Error("the partner's page doesn't tell its receipts, or tells others'")
	}
	b = newBrowser(f.Hub)
	b.signIn(office)
	if a := b.do(http.MethodGet, "/partner", nil); strings.Count(a.body, "acknowledged 2") != 2 || strings.Count(a.body, "not yet") != 2 || !strings.Contains(a.body, "CEPTOAR") {
		t.Error("the secretariat doesn't see what each partner acknowledged")
	}
	reader := f.Person(1, hub.Reader)
	b = newBrowser(f.Hub)
	b.signIn(reader)
	if a := b.do(http.MethodGet, "/partner", nil); a.status != http.StatusForbidden {
		t.Errorf("a member's reader sees the partners: %d", a.status)
	}
	for _, roles := range [][]hub.Role{{hub.RelayPartner, hub.Reader}, {hub.RelayPartner, hub.Secretariat}} {
		if _, _, err := f.Roster.AddPerson(t.Context(), "hub", roles, nil); err == nil {
			t.Errorf("%v is taken", roles)
		}
	}
	if _, _, err := f.Roster.AddPerson(t.Context(), f.Members[1].ID, []hub.Role{hub.RelayPartner}, nil); err == nil {
		t.Error("a member's person is a relay partner")
	}
}
