package node_test

import (
	"crypto/x509"
	"encoding/base64"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"isac/hub"
	"isac/hub/profile"
	"isac/internal/hubtest"
	"isac/internal/node"
)

// TestTheOuterPartHandsOnWhatIsntReleased runs both parts here: what is asked before the
// inner one is there, by token and by certificate, for what each of them answers, and
// after the inner one has gone.
func TestTheOuterPartHandsOnWhatIsntReleased(t *testing.T) {
	config, ca := hubtest.Certificate(t)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca)
	outside, peers := t.TempDir(), []uint32{uint32(os.Geteuid())}
	c := node.Config{Socket: filepath.Join(t.TempDir(), "socket"), Peers: peers}
	outer := c
	outer.Dir, outer.Listen, outer.TLS, outer.ClientCertificates, outer.Profile = outside, "127.0.0.1:0", config, "*", profile.HealthcareJP()
	outer.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	o, err := node.StartOuter(t.Context(), outer)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.Close() })
	by := asked{base: o.URL, roots: roots}
	page := func(r *http.Request) { r.Header.Set("Accept", "text/html") }
	for path, want := range map[string]int{"/healthz": http.StatusOK, "/readyz": http.StatusServiceUnavailable, "/public": http.StatusServiceUnavailable} {
		if got := by.get(t, path, page); got != want {
			t.Errorf("%s before the inner part is there: %d", path, got)
		}
	}
	c.Dir, c.BaseURL = t.TempDir(), o.URL
	n, list := start(t, c)
	await := func(want int) {
		t.Helper()
		for end := time.Now().Add(30 * time.Second); by.get(t, "/readyz") != want; time.Sleep(10 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("readiness isn't %d", want)
			}
		}
	}
	await(http.StatusOK)
	who, token, err := n.Roster.AddPerson(t.Context(), list.Members()[0].ID, []hub.Role{hub.Reporter}, nil)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	shown, text := program(t, "siem", now.Add(time.Hour))
	if _, err := n.Roster.BindCertificate(t.Context(), who.ID, "siem", text, []hub.Scope{hub.ReadScope, hub.CaseScope}, now.Add(time.Hour), now); err != nil {
		t.Fatal(err)
	}
	bearer := func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
	certified := by
	certified.shown = append(certified.shown, shown)
	for name, c := range map[string]struct{ got, want int }{
		"what is released":            {by.get(t, "/api/v1/alerts", bearer), http.StatusOK},
		"what isn't":                  {by.get(t, "/api/v1/cases", bearer), http.StatusOK},
		"what isn't, without a token": {by.get(t, "/api/v1/cases"), http.StatusUnauthorized},
		"released, by certificate":    {certified.get(t, "/taxii2/alerts/collections/all/objects/"), http.StatusOK},
		"a status, by certificate":    {certified.get(t, "/taxii2/alerts/status/x/"), http.StatusNotFound},
		"a status, by nothing":        {by.get(t, "/taxii2/alerts/status/x/"), http.StatusUnauthorized},
		"a page of the outer part":    {by.get(t, "/shelf", page), http.StatusOK},
		"a page of the inner part":    {by.get(t, "/signin", page), http.StatusOK},
		"a page that is none":         {by.get(t, "/nothing", page), http.StatusNotFound},
		"an endpoint that is none":    {by.get(t, "/api/v1/nothing", bearer), http.StatusNotFound},
		"a verb's name":               {by.get(t, "/access", bearer), http.StatusNotFound},
		"a certificate that is only said": {by.get(t, "/taxii2/", func(r *http.Request) {
			r.Header.Set("Isac-Certificate", base64.StdEncoding.EncodeToString(shown.Certificate[0]))
		}), http.StatusUnauthorized},
		"a page's way with another verb's host":   {by.get(t, "/access", func(r *http.Request) { r.Host = "verbs" }), http.StatusNotFound},
		"a page that needs somebody who signs in": {by.get(t, "/alerts", page), http.StatusSeeOther},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d, want %d", name, c.got, c.want)
		}
	}
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	await(http.StatusServiceUnavailable)
	for path, want := range map[string]int{"/shelf": http.StatusOK, "/public": http.StatusOK, "/signin": http.StatusServiceUnavailable, "/api/v1/alerts": http.StatusServiceUnavailable} {
		if got := by.get(t, path, bearer); got != want {
			t.Errorf("%s without the inner part: %d, want %d", path, got, want)
		}
	}
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	keepApart(t, outer, c.Dir)
}

// keepApart: neither part starts on the other's folder.
func keepApart(t *testing.T, outer node.Config, inside string) {
	t.Helper()
	whole := outer
	whole.Socket, whole.Listen, whole.TLS = "", "", nil
	if _, err := node.Start(t.Context(), whole); hub.RefusalOf(err) == nil || hub.RefusalOf(err).Text != "node.folder-other-part" {
		t.Errorf("a hub on the outer part's folder: %v", err)
	}
	outer.Dir = inside
	if _, err := node.StartOuter(t.Context(), outer); hub.RefusalOf(err) == nil || hub.RefusalOf(err).Text != "node.folder-other-part" {
		t.Errorf("the outer part on the inner part's folder: %v", err)
	}
	names, err := filepath.Glob(filepath.Join(outer.Dir, "*"))
	if err != nil || !strings.Contains(strings.Join(names, " "), "private.db") {
		t.Errorf("the inner part's folder holds %v, %v", names, err)
	}
}
