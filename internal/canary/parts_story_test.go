package canary_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"isac/internal/canary"
)

// TestTheOuterPartKnowsNobody runs a hub as two processes under two users. A report goes
// in by NATS and its flash is read in every way by the outer part, whose memory, files and
// rights then name nobody and hold no key. Each part dies and comes back.
func TestTheOuterPartKnowsNobody(t *testing.T) {
	if os.Geteuid() != 0 {
		if os.Getenv("ISAC_MOUNTS") == "required" {
			t.Fatal("two processes under two users: only root can start them")
		}
		t.Skip("two processes under two users: only root can start them, as .ci/run does")
	}
	h := prepare(t)
	h.asInner("member", "import", h.file("sector.csv"), "--data", h.file("inside"))
	h.startOuter()
	if status, _ := h.get("", "/public"); status != http.StatusServiceUnavailable {
		t.Errorf("before the inner part is there: status %d", status)
	}
	h.startInner()
	h.until("both parts", h.ready)
	h.moderators()
	alert := h.flash()
	h.readers(alert)
	h.searchOuter()
	h.outerOpensNothing()
	h.innerDies(alert)
	h.outerDies(alert)
	search(t, canary.New(append(names(h.victim), h.victim.ID)...), []blob{{where: "log of the inner part", data: read(t, h.file("inner.err"))}, {where: "log of the outer part", data: read(t, h.file("outer.err"))}}, nil)
}

// browser signs somebody in by token, which the inner part does.
func (h *halves) browser(name string) *http.Client {
	h.t.Helper()
	jar, err := cookiejar.New(nil)
	h.check(err)
	c := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	w, err := c.PostForm(h.url+"/signin/token", url.Values{"token": {h.people[name]}})
	h.check(err)
	h.check(w.Body.Close())
	at, err := url.Parse(h.url)
	h.check(err)
	for _, cookie := range w.Cookies() { // this side of TLS
		cookie.Secure = false
		jar.SetCookies(at, []*http.Cookie{cookie})
	}
	if w.StatusCode != http.StatusSeeOther || len(w.Cookies()) != 1 {
		h.t.Fatalf("signing in: status %d, %d cookies", w.StatusCode, len(w.Cookies()))
	}
	return c
}

// readers read the alert in every way.
func (h *halves) readers(alert string) {
	h.t.Helper()
	for _, path := range []string{
		"/api/v1/alerts/" + alert, "/api/v1/alerts/" + alert + "/bundle", "/api/v1/alerts/" + alert + "/feedback", "/api/v1/indicators", "/api/v1/sector", "/api/v1/me", "/api/v1/export/csv",
		"/feeds/csv", "/feeds/misp/manifest.json", "/taxii2/alerts/collections/", "/taxii2/alerts/collections/all/objects/",
	} {
		status, data := h.get("reader", path)
		if status != http.StatusOK {
			h.t.Errorf("%s: status %d: %.200s", path, status, data)
		}
		if status, _ := h.get("", path); status != http.StatusUnauthorized {
			h.t.Errorf("%s without a token: status %d", path, status)
		}
	}
	c := h.browser("reader")
	for _, path := range []string{"/", "/alerts", "/alerts/" + alert, "/alerts/" + alert + "/bundle", "/alerts/" + alert + "/graph.svg", "/sector", "/check", "/search", "/shelf", "/developer", "/public", "/public/feed.atom", "/me", "/static/style.css"} {
		w, err := c.Get(h.url + path)
		h.check(err)
		page := readAll(h.t, w)
		if w.StatusCode != http.StatusOK {
			h.t.Errorf("%s: status %d: %.300s", path, w.StatusCode, page)
		}
		for _, name := range []string{"Content-Security-Policy", "Cache-Control"} {
			if n := len(w.Header.Values(name)); n > 1 {
				h.t.Errorf("%s: %s is said %d times", path, name, n)
			}
		}
	}
	w, err := c.PostForm(h.url+"/alerts/"+alert+"/feedback", url.Values{"answer": {"useful"}})
	h.check(err)
	if readAll(h.t, w); w.StatusCode == http.StatusNotFound || w.StatusCode >= 500 {
		h.t.Errorf("a decision on a page that is the outer part's: status %d", w.StatusCode)
	}
}

// searchOuter wants no name and no key in the outer part's memory and folder, and both in
// the inner one's memory, or the search would show nothing.
func (h *halves) searchOuter() {
	h.t.Helper()
	secrets, all := h.secrets(), canary.New(append(names(h.victim), h.victim.ID)...)
	outside := append(memory(h.t, "outer", h.outer.Process.Pid), files(h.t, h.file("outside"))...)
	size := 0
	for _, b := range outside {
		size += len(b.data)
	}
	now := time.Now()
	search(h.t, all, outside, nil)
	h.t.Logf("%d MB of the outer part were searched in %v", size>>20, time.Since(now))
	for _, b := range outside {
		for name, secret := range secrets {
			if bytes.Contains(b.data, secret) {
				h.t.Errorf("%s holds the key %s", b.where, name)
			}
		}
	}
	named, keys := false, 0
	inside := memory(h.t, "inner", h.inner.Process.Pid)
	for _, secret := range secrets {
		for _, b := range inside {
			if bytes.Contains(b.data, secret) {
				keys++
				break
			}
		}
	}
	for _, b := range inside {
		named = named || bytes.Contains(b.data, []byte(h.victim.NameJA))
	}
	if !named || keys < len(secrets)/2 {
		h.t.Errorf("the inner part's memory: a name %v, %d keys of %d: the search shows nothing", named, keys, len(secrets))
	}
}

// outerOpensNothing tries every file of the hub and NATS as the outer part's user.
func (h *halves) outerOpensNothing() {
	h.t.Helper()
	c := as(exec.Command("find", h.file("inside"), h.file("run"), fileOf(h.inner, "mem"), fileOf(h.inner, "environ"), "-type", "f", "-readable"), outerUser, innerUser)
	c.Dir = "/"
	found, _ := c.Output() // it can't even look
	if len(found) > 0 {
		h.t.Errorf("the outer part's user can read:\n%s", found)
	}
	c = as(exec.Command("find", h.file("outside"), "-type", "f", "-readable"), outerUser, innerUser)
	c.Dir = "/"
	if found, err := c.Output(); err != nil || !strings.Contains(string(found), "public.db") {
		h.t.Errorf("the search for files finds nothing at all: %v", err)
	}
	nc, err := nats.Connect(h.nats)
	if err == nil {
		nc.Close()
		h.t.Error("NATS lets in whoever has no credentials")
	}
	_, err = as(exec.Command("find", h.file("run"), "-type", "s"), outerUser+1).Output()
	if err == nil {
		h.t.Error("another user sees the socket")
	}
}

// innerDies: the outer part says so, goes on with what everybody may read, and comes back.
func (h *halves) innerDies(alert string) {
	h.t.Helper()
	h.kill(h.inner)
	h.until("the outer part to say so", func() bool { return !h.ready() })
	for path, want := range map[string]int{
		"/healthz": http.StatusOK, "/public": http.StatusOK, "/shelf": http.StatusOK, "/api/v1/openapi.json": http.StatusOK,
		"/api/v1/alerts/" + alert: http.StatusServiceUnavailable, "/api/v1/cases": http.StatusServiceUnavailable, "/taxii2/": http.StatusServiceUnavailable, "/signin": http.StatusServiceUnavailable,
	} {
		status, data := h.get("reader", path)
		if status != want {
			h.t.Errorf("%s without the inner part: status %d, not %d: %.200s", path, status, want, data)
		}
	}
	h.startInner()
	h.until("both parts again", h.ready)
	if status, data := h.get("reader", "/api/v1/alerts/"+alert); status != http.StatusOK {
		h.t.Errorf("after the inner part came back: status %d: %.200s", status, data)
	}
}

// outerDies: members' machines notice nothing, and it comes back with what it had.
func (h *halves) outerDies(alert string) {
	h.t.Helper()
	h.kill(h.outer)
	h.check(os.WriteFile(h.file("thin.json"), thin(h.t, h.victim, "parts thin"), 0o600))
	h.must(h.isac, "report", h.file("thin.json"), "--creds", h.file("member.creds"), "--nats", h.nats)
	h.startOuter()
	h.until("both parts at the end", h.ready)
	if status, data := h.get("reader", "/api/v1/alerts/"+alert); status != http.StatusOK {
		h.t.Errorf("after the outer part came back: status %d: %.200s", status, data)
	}
	if list, err := h.client("reporter", "case", "list"); err != nil || strings.Count(list, "Case ") < 2 {
		h.t.Errorf("the reporter's cases by way of the outer part: %v: %.300s", err, list)
	}
}

// fileOf is what the kernel shows of a process.
func fileOf(c *exec.Cmd, name string) string { return fmt.Sprintf("/proc/%d/%s", c.Process.Pid, name) }
