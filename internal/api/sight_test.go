package api_test

import (
	"net/http"
	"strings"
	"testing"

	"isac/hub"
	"isac/internal/hubtest"
)

// Who may not read AMBER finds nothing of an alert of that label at any endpoint, by any
// name of it; a member's reader does at every one that tells of alerts.
func TestNobodyReadsAboveHerLabels(t *testing.T) {
	h := hubtest.Start(t, 40)
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	h.Sector.TLP = hub.TLPAmber
	h.Open()
	partner, reporter, reader := h.Person(-1, hub.RelayPartner), h.Person(0, hub.Reporter), h.Person(7, hub.Reader)
	helper := h.Person(-1, hub.Helper)
	err := h.Roster.SetPartner(t.Context(), partner.ID, hub.Partner{Name: "CERT", Edition: hub.TLPGreen})
	if err != nil {
		t.Fatal(err)
	}
	partner.Person, _ = h.Roster.Person(partner.ID)
	var moderators []hubtest.Person
	for _, i := range h.Apart(0, 2) {
		moderators = append(moderators, h.Person(i, hub.Moderator))
	}
	_, _, err = h.Dial(0).Report(t.Context(), hubtest.Bundle(h.Members[0], "sight", "1", "203.0.114.91"))
	if err != nil {
		t.Fatal(err)
	}
	c := h.Approve(reporter, h.Consent(reporter, h.Case(reporter, 1)).Case, moderators...)
	id := c.Stages[1].Alert.ID
	told := 0
	for _, route := range routes(t) {
		method, path, _ := strings.Cut(route, " ")
		path, body := strings.NewReplacer("{id}", id, "{form}", "csv").Replace(path), ""
		switch {
		case strings.Contains(path, "{") || path == "/events":
			continue
		case path == "/indicators/lookup":
			body = `{"values": ["203.0.114.91"]}`
		case path == "/search":
			body = `{"text": "203.0.114.91"}`
		case path == "/indicators/buckets" && method == http.MethodPost:
			body = `{"bits": 0, "prefix": 0}`
		case method == http.MethodPost:
			continue
		}
		tells := func(p hubtest.Person) bool {
			a := h.Do(p, method, path, []byte(body))
			return a.Status == http.StatusOK && (strings.Contains(string(a.Body), id) || strings.Contains(string(a.Body), "203.0.114.91") || strings.HasPrefix(path, "/alerts/"))
		}
		for _, outside := range []hubtest.Person{partner, helper} {
			if tells(outside) {
				t.Errorf("%s tells %v of an alert for members", route, outside.Roles)
			}
		}
		if tells(reader) {
			told++
		}
	}
	if told < 10 {
		t.Errorf("%d endpoints tell a member of the alert", told)
	}
	if a := h.Post(partner, "/alerts/"+id+"/feedback", map[string]string{"answer": "seen"}); a.Status < 400 {
		t.Errorf("an answer of who can't read the alert: %d", a.Status)
	}
}
