package webui_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"isac/hub"
	"isac/internal/hubtest"
)

// A reporter's passkey rotates the machine credentials, has the organisation go quiet
// and come back; and in quiet mode nothing comes in but passkeys.
func TestAMemberGoesQuietAndComesBack(t *testing.T) {
	h := hubtest.Start(t, 40)
	who, colleague, other := h.Person(0, hub.Reporter), h.Person(0, hub.Reader), h.Person(1, hub.Reader)
	member := h.Members[0].ID
	keys := func() []string { return h.Roster.ActiveKeys(member, h.Now()) }
	conn := h.Dial(0)
	first := keys()[0]
	p := newPage(t, h)
	p.authenticator()
	p.invited(h, who)
	p.open("/machine")
	p.run(chromedp.Click("form[action='/machine/rotate'] button", chromedp.ByQuery))
	h.Poll("other credentials", func() bool { return len(keys()) == 1 && keys()[0] != first })
	h.Poll("the old connection to be cut", func() bool {
		_, _, err := conn.Report(t.Context(), hubtest.Bundle(h.Members[0], "cut", "1", "203.0.114.12"))
		return err != nil
	})
	reads, outside := newBrowser(h), newBrowser(h)
	reads.signIn(colleague)
	outside.signIn(other)
	p.open("/machine")
	p.follow(chromedp.Click("form[action='/machine/quiet'] button", chromedp.ByQuery))
	if got := p.text("main"); !strings.Contains(got, "is in quiet mode") || len(keys()) != 0 {
		t.Fatalf("with %d credentials the page says %q", len(keys()), got)
	}
	if a := reads.do(http.MethodGet, "/me", nil); a.status != http.StatusSeeOther {
		t.Errorf("a colleague's session goes on: %d", a.status)
	}
	if a := reads.do(http.MethodPost, "/signin/token", url.Values{"token": {colleague.Token}, "back": {"/"}}); a.status != http.StatusOK {
		t.Errorf("a token opens pages: %d", a.status)
	}
	if a := h.Get(colleague, "/alerts"); a.Status != http.StatusUnauthorized {
		t.Errorf("a token reads alerts: %d", a.Status)
	}
	if a := h.Get(other, "/alerts"); a.Status != http.StatusOK {
		t.Errorf("another member's token: %d", a.Status)
	}
	if a := outside.do(http.MethodGet, "/me", nil); a.status != http.StatusOK {
		t.Errorf("another member's session: %d", a.status)
	}
	var live int
	p.run(chromedp.Evaluate(`fetch("/events").then((r) => r.status)`, &live, func(e *runtime.EvaluateParams) *runtime.EvaluateParams { return e.WithAwaitPromise(true) }))
	if live != http.StatusNoContent {
		t.Errorf("events are sent: %d", live)
	}
	if strings.Contains(h.Log.String(), member) {
		t.Error("the log says who it is")
	}
	for _, act := range h.Roster.Acts() {
		if act.Of == member && act.By == who.ID {
			t.Error("the secretariat reads of it")
		}
	}
	p.open("/report") // goes on
	if got := p.text("h1"); got != "Report an incident" {
		t.Errorf("the form: %q", got)
	}
	p.open("/machine")
	p.run(chromedp.Click("form[action='/machine/back'] button", chromedp.ByQuery))
	h.Poll("new credentials", func() bool { return len(keys()) == 1 && !h.Machines.Quiet(member) })
	if a := h.Get(colleague, "/alerts"); a.Status != http.StatusOK {
		t.Errorf("afterwards a token reads: %d", a.Status)
	}
	h.Close()
	h.Open() // it is known after a restart
	if h.Machines.Quiet(member) || h.Machines.GoQuiet(t.Context(), member) != nil || !h.Machines.Quiet(member) {
		t.Error("quiet mode isn't kept")
	}
	h.Close()
	h.Open()
	if !h.Machines.Quiet(member) || h.Machines.Quiet(h.Members[1].ID) {
		t.Error("quiet mode is forgotten, or of everybody")
	}
}

// Who doesn't report for a member, and a session without the passkey, change nothing.
func TestQuietModeWantsTheReportersPasskey(t *testing.T) {
	h := hubtest.Start(t, 40)
	h.Credentials(0)
	for status, p := range map[int]hubtest.Person{
		http.StatusUnauthorized: h.Person(0, hub.Reporter), http.StatusForbidden: h.Person(0, hub.Reader, hub.Analyst),
	} {
		b := newBrowser(h)
		b.signIn(p)
		for _, verb := range []string{"rotate", "quiet", "back"} {
			if a := b.do(http.MethodPost, "/machine/"+verb, url.Values{"nonce": {"x"}, "assertion": {"{}"}}); a.status != status {
				t.Errorf("%s: %d, want %d", verb, a.status, status)
			}
		}
	}
	office := newBrowser(h)
	office.signIn(h.Person(-1, hub.Secretariat))
	if a := office.do(http.MethodGet, "/machine", nil); a.status != http.StatusForbidden {
		t.Errorf("the secretariat at the page: %d", a.status)
	}
	if len(h.Roster.ActiveKeys(h.Members[0].ID, h.Now())) != 1 || h.Machines.Quiet(h.Members[0].ID) {
		t.Error("something was changed")
	}
}
