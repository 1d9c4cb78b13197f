package webui_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"isac/hub"
	"isac/internal/hubtest"
)

// browser is a client with cookies and without a script.
type browser struct {
	h       *hubtest.Hub
	client  http.Client
	cookies map[string]*http.Cookie
	lang    string
}

func newBrowser(h *hubtest.Hub) *browser {
	b := &browser{h: h, cookies: map[string]*http.Cookie{}, lang: "en"}
	b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return b
}

type answer struct {
	status int
	header http.Header
	body   string
}

func (b *browser) do(method, path string, form url.Values, change ...func(*http.Request)) answer {
	b.h.T.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(b.h.T.Context(), method, b.h.BaseURL+path, body)
	if err != nil {
		b.h.T.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("Accept-Language", b.lang)
	for _, c := range b.cookies {
		r.AddCookie(c)
	}
	for _, f := range change {
		f(r)
	}
	w, err := b.client.Do(r)
	if err != nil {
		b.h.T.Fatal(err)
	}
	defer w.Body.Close()
	data, err := io.ReadAll(w.Body)
	if err != nil {
		b.h.T.Fatal(err)
	}
	for _, c := range w.Cookies() {
		if !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode {
			b.h.T.Errorf("the cookie %s can be read or sent where it shouldn't", c.Name)
		}
		b.cookies[c.Name] = c
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		}
	}
	return answer{w.StatusCode, w.Header, string(data)}
}

func (b *browser) signIn(p hubtest.Person) {
	b.h.T.Helper()
	a := b.do(http.MethodPost, "/signin/token", url.Values{"token": {p.Token}, "back": {"/alerts"}})
	if a.status != http.StatusSeeOther || a.header.Get("Location") != "/alerts" {
		b.h.T.Fatalf("signing in: %d %s", a.status, a.header.Get("Location"))
	}
}

func TestAnybodyReadsTheFirstPage(t *testing.T) {
	h := hubtest.Start(t, 40)
	b := newBrowser(h)
	for lang, want := range map[string][2]string{"": {"ja", "手口は共有し"}, "en-GB": {"en", "victims not"}, "fr": {"ja", "手口は共有し"}} {
		b.lang = lang
		a := b.do(http.MethodGet, "/", nil)
		if a.status != http.StatusOK || !strings.Contains(a.body, `<html lang="`+want[0]+`">`) || !strings.Contains(a.body, want[1]) {
			t.Errorf("for %q: %d %.80s", lang, a.status, a.body)
		}
		if csp := a.header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("policy %q", csp)
		}
	}
	b.do(http.MethodPost, "/language", url.Values{"to": {"en"}, "back": {"/"}})
	b.lang = "ja"
	if a := b.do(http.MethodGet, "/", nil); !strings.Contains(a.body, `<html lang="en">`) {
		t.Error("a chosen language doesn't last")
	}
}

func TestPagesAreForPeopleWhoAreSignedIn(t *testing.T) {
	h := hubtest.Start(t, 40)
	b := newBrowser(h)
	reader := h.Person(3, hub.Reader)
	inside := []string{"/alerts", "/search", "/sector", "/me", "/me/telling"}
	for _, path := range inside {
		a := b.do(http.MethodGet, path, nil)
		if want := "/signin?" + (url.Values{"back": {path}}).Encode(); a.status != http.StatusSeeOther || a.header.Get("Location") != want {
			t.Errorf("%s for nobody: %d %s", path, a.status, a.header.Get("Location"))
		}
	}
	if a := b.do(http.MethodPost, "/signin/token", url.Values{"token": {"isac_wrong"}, "back": {"/"}}); a.status != http.StatusOK || !strings.Contains(a.body, "known") || len(b.cookies) > 0 {
		t.Errorf("a wrong token: %d", a.status)
	}
	b.signIn(reader)
	for _, path := range inside {
		if a := b.do(http.MethodGet, path, nil); a.status != http.StatusOK || a.header.Get("Cache-Control") != "private, no-store" {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	for path, status := range map[string]int{"/nothing": http.StatusNotFound, "/alerts/none": http.StatusNotFound, "/static/../pages/home.html": http.StatusNotFound, "/static/nothing.css": http.StatusNotFound, "/static/style.css": http.StatusOK} {
		if a := b.do(http.MethodGet, path, nil); a.status != status {
			t.Errorf("%s: %d, want %d", path, a.status, status)
		}
	}
	if a := b.do(http.MethodGet, "/planted-name?planted=word", nil); strings.Contains(a.body, "planted") {
		t.Error("an address that leads nowhere is repeated")
	}
	stolen := *b.cookies["isac-session"]
	b.do(http.MethodPost, "/signout", url.Values{})
	b.cookies["isac-session"] = &stolen
	if a := b.do(http.MethodGet, "/me", nil); a.status != http.StatusSeeOther {
		t.Error("the session is still good after signing out")
	}
}

func TestASessionEnds(t *testing.T) {
	h := hubtest.Start(t, 40)
	reader := h.Person(3, hub.Reader)
	in := func(b *browser) bool { return b.do(http.MethodGet, "/me", nil).status == http.StatusOK }
	idle, busy := newBrowser(h), newBrowser(h)
	idle.signIn(reader)
	busy.signIn(reader)
	for range 13 {
		h.Advance(55 * 60 * 1e9)
		if !in(busy) {
			t.Fatal("a session that is used ended early")
		}
	}
	if in(idle) {
		t.Error("a session that wasn't used goes on")
	}
	h.Advance(10 * 60 * 1e9)
	if in(busy) {
		t.Error("a session goes on after twelve hours")
	}
	gone := newBrowser(h)
	gone.signIn(reader)
	if err := h.Roster.RemovePerson(t.Context(), reader.ID); err != nil {
		t.Fatal(err)
	}
	if in(gone) {
		t.Error("who left the roster is still signed in")
	}
}

func TestForeignPagesCantPost(t *testing.T) {
	h := hubtest.Start(t, 40)
	b := newBrowser(h)
	b.signIn(h.Person(3, hub.Reader))
	for _, header := range [][2]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://attacker.example"}} {
		a := b.do(http.MethodPost, "/signout", url.Values{}, func(r *http.Request) { r.Header.Set(header[0], header[1]) })
		if a.status != http.StatusForbidden {
			t.Errorf("a post with %s %s: %d", header[0], header[1], a.status)
		}
	}
	if a := b.do(http.MethodGet, "/me", nil); a.status != http.StatusOK {
		t.Error("a foreign page signed somebody out")
	}
}

func TestInvitations(t *testing.T) {
	h := hubtest.Start(t, 40)
	b := newBrowser(h)
	p := h.Person(3, hub.Reader)
	code, err := h.Roster.Invite(t.Context(), p.ID, h.Now())
	if err != nil {
		t.Fatal(err)
	}
	if a := b.do(http.MethodGet, "/invite/"+code, nil); a.status != http.StatusOK || !strings.Contains(a.body, `data-passkey="create"`) {
		t.Fatalf("the invitation: %d", a.status)
	}
	for _, junk := range []string{"", "{}", `{"id":"AA","rawId":"AA","type":"public-key","response":{}}`} {
		a := b.do(http.MethodPost, "/invite/"+code, url.Values{"nonce": {"x"}, "credential": {junk}})
		if a.status != http.StatusUnauthorized && a.status != http.StatusBadRequest {
			t.Errorf("a passkey of %q: %d", junk, a.status)
		}
	}
	again, err := h.Roster.Invite(t.Context(), p.ID, h.Now())
	if err != nil {
		t.Fatal(err)
	}
	h.Advance(8 * 24 * 3600 * 1e9)
	for _, old := range []string{code, again, "nothing"} {
		if a := b.do(http.MethodGet, "/invite/"+old, nil); a.status != http.StatusNotFound {
			t.Errorf("an invitation that has ended: %d", a.status)
		}
	}
}
