package upstream_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/advisory"
	"isac/internal/hubtest"
	"isac/internal/upstream"
)

const taxiiType = "application/taxii+json;version=2.1"

// page writes an answer of a TAXII server.
func page(w http.ResponseWriter, first, last, next string, more bool, objects ...string) {
	w.Header().Set("Content-Type", taxiiType)
	if first != "" {
		w.Header().Set("X-TAXII-Date-Added-First", first)
		w.Header().Set("X-TAXII-Date-Added-Last", last)
	}
	extra := ""
	if next != "" {
		extra = fmt.Sprintf(`,"next":%q`, next)
	}
	fmt.Fprintf(w, `{"more":%t%s,"objects":[%s]}`, more, extra, strings.Join(objects, ","))
}

func flaw(n int) string {
	return fmt.Sprintf(`{"type":"vulnerability","spec_version":"2.1","id":"vulnerability--1d3a5f6b-8c4e-4a57-9d0e-%012d","created":"2026-11-19T00:00:00Z","modified":"2026-11-19T00:00:00Z","name":"CVE-2026-%05d"}`, n, n)
}

func at(n int) string {
	return now.Add(time.Duration(n-1000) * time.Minute).Format("2006-01-02T15:04:05.000000Z")
}

// TestLyingServers: a walk ends, and the cursor stays where everything was taken.
func TestLyingServers(t *testing.T) {
	for name, c := range map[string]struct {
		want hub.ErrorKind
		h    http.HandlerFunc
	}{
		"the same place for ever": {hub.Invalid, func(w http.ResponseWriter, _ *http.Request) { page(w, at(1), at(2), "x", true, flaw(1)) }},
		"the same date for ever":  {hub.Invalid, func(w http.ResponseWriter, _ *http.Request) { page(w, "", "", "", true, flaw(1)) }},
		"two places in turn": {hub.Invalid, func(w http.ResponseWriter, r *http.Request) {
			page(w, at(1), at(1), map[string]string{"": "a", "a": "b", "b": "a"}[r.URL.Query().Get("next")], true, flaw(1))
		}},
		"more and nothing":  {hub.Invalid, func(w http.ResponseWriter, _ *http.Request) { page(w, "", "", "x", true) }},
		"last before first": {hub.Invalid, func(w http.ResponseWriter, _ *http.Request) { page(w, at(2), at(1), "", false, flaw(1)) }},
		"in the far future": {hub.Invalid, func(w http.ResponseWriter, _ *http.Request) {
			page(w, at(1), "2099-01-01T00:00:00Z", "", false, flaw(1))
		}},
		"no dates": {hub.Invalid, func(w http.ResponseWriter, _ *http.Request) { page(w, "yesterday", "today", "", false, flaw(1)) }},
		"back between pages": {hub.Invalid, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Get("next") == "" {
				page(w, at(5), at(6), "x", true, flaw(1))
				return
			}
			page(w, at(3), at(4), "", false, flaw(2))
		}},
		"another type": {hub.Invalid, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `{"objects":[]}`)
		}},
		"not json": {hub.Invalid, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", taxiiType)
			fmt.Fprint(w, `<html>`)
		}},
		"nothing": {"", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", taxiiType)
			fmt.Fprint(w, `{}`)
		}},
	} {
		k := newTaker()
		err := k.fetch(t, upstream.Source{URL: serve(t, c.h), Form: upstream.TAXII})
		if hub.KindOf(err) != c.want || k.cursors["source"] != nil {
			t.Errorf("%s: %v, cursor %s", name, err, k.cursors["source"])
		}
	}
}

// TestResume: a walk that breaks off goes on behind what was taken, also where the server
// has forgotten its places; what came since is taken in the next round.
func TestResume(t *testing.T) {
	have, asked, broken := 6, []string{}, true
	big := strings.Repeat(" ", 9<<20) // two pages are read at once
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		asked = append(asked, q.Get("added_after")+" "+q.Get("next"))
		i := 0
		for at(i) <= q.Get("added_after") && i < have {
			i++
		}
		if next := q.Get("next"); next == "forgotten" {
			w.WriteHeader(http.StatusBadRequest)
			return
		} else if next != "" {
			fmt.Sscan(next, &i)
		}
		if i == 3 && broken {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		if i >= have {
			page(w, "", "", "", false)
			return
		}
		page(w, at(i), at(i), fmt.Sprint(i+1), i+1 < have, flaw(i)+big)
	})
	k, s := newTaker(), upstream.Source{URL: address + "/collections/x", Form: upstream.TAXII}
	if err := k.fetch(t, s); hub.KindOf(err) != hub.Unavailable || len(k.items) != 2 {
		t.Fatalf("%d taken, %v", len(k.items), err)
	}
	broken, asked = false, nil
	if err := k.fetch(t, s); err != nil || len(k.items) != have || asked[0] != " 2" {
		t.Fatalf("%d taken from %q, %v", len(k.items), asked, err)
	}
	have, asked = 7, nil
	if err := k.fetch(t, s); err != nil || len(k.items) != have || len(asked) != 1 || asked[0] != at(5)+" " {
		t.Errorf("%d taken from %q, %v", len(k.items), asked, err)
	}
	k.cursors["source"] = []byte(`{"after":"` + at(4) + `","next":"forgotten"}`)
	if err := k.fetch(t, s); err != nil || len(k.items) != have {
		t.Errorf("%v", err)
	}
	k.cursors["source"] = []byte(`{{{`)
	if err := k.fetch(t, s); err != nil {
		t.Errorf("a broken cursor: %v", err)
	}
}

// TestOwnServer: what a hub passes on, another one reads by TAXII, with its label and its
// publisher's words inside, each once, and what comes later in the next round.
func TestOwnServer(t *testing.T) {
	h := hubtest.Start(t, 20)
	moderator, reader := h.Person(0, hub.Moderator), h.Person(1, hub.Reader)
	pass := func(n int) {
		list, err := advisory.Read([]byte(kev(entry(n, "2026-11-19"))), advisory.Source{Name: "kev", TLP: hub.TLPGreen}, words)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.Desk.TakeAdvisory(t.Context(), list[0]); err != nil {
			t.Fatal(err)
		}
		waiting, err := h.Desk.Advisory(t.Context(), moderator.Person, list[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Desk.DecideAdvisory(t.Context(), moderator.Person, waiting.ID, "approve", moderator.Sign(advisory.ToRelease, waiting.Digest())); err != nil {
			t.Fatal(err)
		}
		h.Poll("the view", func() bool {
			row, err := h.Public.Alert(t.Context(), waiting.ID)
			return err == nil && row.Stage == hub.Advisory
		})
	}
	k, s := newTaker(), upstream.Source{URL: h.BaseURL + "/taxii2/alerts/collections/advisories/", Form: upstream.TAXII, Secret: reader.Token, Age: 100 * 365 * 24 * time.Hour}
	real := now
	now = h.Config.Now().Add(time.Hour)
	defer func() { now = real }()
	for n := range 3 {
		pass(n + 1)
		for range 2 {
			if err := k.fetch(t, s); err != nil {
				t.Fatal(err)
			}
		}
		if len(k.items) != n+1 {
			t.Errorf("%d advisories read, want %d", len(k.items), n+1)
		}
	}
	for _, a := range k.items {
		if a.TLP != hub.TLPGreen || a.Publisher != h.Name && a.Publisher != "source" || len(a.CVEs) != 1 {
			t.Errorf("read %s of %s, %s, %v", a.Title, a.Publisher, a.TLP, a.CVEs)
		}
	}
	s.URL = h.BaseURL + "/taxii2/alerts/collections/all/"
	all := newTaker()
	if err := all.fetch(t, s); err != nil || len(all.items) != 0 {
		t.Errorf("an advisory is among the alerts: %d, %v", len(all.items), err)
	}
}
