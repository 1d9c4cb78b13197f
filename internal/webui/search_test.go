package webui_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"isac/hub"
	"isac/internal/hubtest"
)

// ask searches and returns the address of the result and its page.
func (b *browser) ask(form url.Values) (string, answer) {
	b.h.T.Helper()
	a := b.do(http.MethodPost, "/search", form)
	at := a.header.Get("Location")
	if a.status != http.StatusSeeOther {
		b.h.T.Fatalf("searching: %d", a.status)
	}
	return at, b.do(http.MethodGet, at, nil)
}

// What an analyst asks stands in no address and no log, and is nobody else's to open.
func TestWhatIsAskedIsInNoAddress(t *testing.T) {
	h := hubtest.Start(t, 40)
	b, other := newBrowser(h), newBrowser(h)
	b.signIn(h.Person(3, hub.Analyst))
	other.signIn(h.Person(4, hub.Analyst))
	at, found := b.ask(url.Values{"q": {"planted-word.example"}, "add": {"technique T1133"}})
	if !strings.HasPrefix(at, "/search/") || strings.Contains(at, "planted") || strings.Contains(at, "T1133") {
		t.Errorf("the address of the result is %s", at)
	}
	if found.status != http.StatusOK || !strings.Contains(found.body, "planted-word.example") || found.header.Get("Cache-Control") != "private, no-store" {
		t.Errorf("the result: %d, cache %q", found.status, found.header.Get("Cache-Control"))
	}
	if again := b.do(http.MethodGet, at, nil); again.body != found.body {
		t.Error("the same address gives another page")
	}
	if theirs := other.do(http.MethodGet, at, nil); strings.Contains(theirs.body, "planted") {
		t.Error("somebody else reads what was asked")
	}
	if log := h.Log.String(); strings.Contains(log, "planted") {
		t.Error("the log has what was asked")
	}
	if h.OnDisk("planted-word") {
		t.Error("what was asked is on disk")
	}
	if old := b.do(http.MethodGet, "/search?q=planted-word.example", nil); strings.Contains(old.body, `value="planted`) {
		t.Error("an address can ask")
	}
	for _, form := range []url.Values{{}, {"q": {strings.Repeat("x", 5000)}}, {"add": {"junk"}}} {
		if at, _ := b.ask(form); at != "/search" {
			t.Errorf("%.20v leads to %s", form, at)
		}
	}
}
