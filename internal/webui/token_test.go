package webui_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"isac/hub"
	"isac/internal/hubtest"
)

// A token is made with the passkey, shown once, used, and revoked.
func TestATokenIsMadeInABrowser(t *testing.T) {
	h := hubtest.Start(t, 40)
	p := newPage(t, h)
	p.authenticator()
	who := h.Person(3, hub.Reporter)
	p.invited(h, who)
	p.open("/me")
	p.run(chromedp.SendKeys("#token-name", "<b>SIEM</b>", chromedp.ByQuery))
	p.follow(chromedp.Click("form[action='/me/tokens'] button", chromedp.ByQuery))
	token := p.text(".note.good .code")
	made := h.Roster.TokensOf(who.ID)
	if !strings.HasPrefix(token, "isac_") || len(made) != 1 || made[0].Name != "<b>SIEM</b>" || len(made[0].Scopes) != 1 || made[0].Scopes[0] != hub.ReadScope {
		t.Fatalf("made %d tokens; the page says %q", len(made), p.text("main"))
	}
	if a := h.Get(hubtest.Person{Token: token}, "/alerts"); a.Status != http.StatusOK {
		t.Errorf("the token: answer %d", a.Status)
	}
	p.open("/me")
	today := h.Now().UTC()
	week := today.AddDate(0, 0, -(int(today.Weekday())+6)%7).Format(time.DateOnly) // its Monday
	if got := p.text("main"); strings.Contains(got, token) || !strings.Contains(got, "<b>SIEM</b>") || !strings.Contains(got, week) {
		t.Errorf("afterwards the page says %q", got)
	}
	p.narrow("/me")
	p.follow(chromedp.Click("form[action='/me/tokens/revoke'] button", chromedp.ByQuery))
	if a := h.Get(hubtest.Person{Token: token}, "/alerts"); a.Status != http.StatusUnauthorized {
		t.Errorf("the revoked token: answer %d", a.Status)
	}
}

// Who has found an access token reads, and gets no further: no passkey is made or taken
// away with it, and no token.
func TestATokenDoesntGrow(t *testing.T) {
	h := hubtest.Start(t, 40)
	b, who := newBrowser(h), h.Person(3, hub.Reporter)
	b.signIn(who)
	for path, form := range map[string]url.Values{
		"/me/passkeys":        {"nonce": {"x"}, "credential": {"{}"}},
		"/me/passkeys/remove": {"id": {"AAAA"}},
	} {
		if a := b.do(http.MethodPost, path, form); a.status != http.StatusForbidden {
			t.Errorf("%s by token: %d", path, a.status)
		}
	}
	made := url.Values{"name": {"x"}, "scope": {"read"}, "ends": {h.Now().AddDate(0, 1, 0).Format(time.DateOnly)}, "nonce": {"x"}, "assertion": {"{}"}}
	if a := b.do(http.MethodPost, "/me/tokens", made); a.status != http.StatusUnauthorized || len(h.Roster.TokensOf(who.ID)) > 0 {
		t.Errorf("a token without a passkey: %d", a.status)
	}
	_, token, err := h.Roster.MakeToken(t.Context(), who.ID, "x", []hub.Scope{hub.ReadScope}, h.Now().Add(time.Hour), h.Now())
	if err != nil {
		t.Fatal(err)
	}
	out := newBrowser(h)
	if a := out.do(http.MethodPost, "/signin/token", url.Values{"token": {token}, "back": {"/"}}); len(out.cookies) > 0 || !strings.Contains(a.body, "made for a program") {
		t.Errorf("a program's token opens pages: %d", a.status)
	}
}
