package webui_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"isac/hub"
	"isac/internal/hubtest"
	"isac/internal/mail"
)

// A person gives an address by passkey, types the code that came, makes a webhook whose
// secret is shown once, and stops it all.
func TestBeingToldIsSetInABrowser(t *testing.T) {
	h := hubtest.Start(t, 40)
	err := h.Close()
	if err != nil {
		t.Fatal(err)
	}
	b := hubtest.OpenMailbox(t)
	h.Mail, err = mail.New(mail.Settings{Server: b.Addr, Roots: b.Roots, From: "alerts@isac.example.jp"})
	if err != nil {
		t.Fatal(err)
	}
	h.Open()
	p := newPage(t, h)
	p.authenticator()
	who := h.Person(3, hub.Reader)
	p.invited(h, who)
	p.open("/me/telling")
	p.run(chromedp.SendKeys("#notice-address", "somebody@one.example.jp", chromedp.ByQuery))
	p.follow(chromedp.Click("form[action='/me/telling/mail'] button", chromedp.ByQuery))
	h.Poll("the code", func() bool { return len(b.To("somebody@one.example.jp")) == 1 })
	code := regexp.MustCompile(`\d{8}`).FindString(b.To("somebody@one.example.jp")[0].Parts()[0])
	p.run(chromedp.SendKeys("#notice-code", code, chromedp.ByQuery))
	p.follow(chromedp.Click("form[action='/me/telling/code'] button", chromedp.ByQuery))
	s, err := h.Notices.Of(t.Context(), who.ID)
	if err != nil || !s.Mail.Working() || s.Mail.To != "somebody@one.example.jp" || len(s.Mail.AtOnce) != 1 || !s.Mail.Weekly {
		t.Fatalf("settings %+v, %v; the page says %q", s.Mail, err, p.text("main"))
	}
	p.run(chromedp.SendKeys("#hook-name", "<b>SIEM</b>", chromedp.ByQuery), chromedp.SendKeys("#hook-url", "https://siem.example.jp/hook", chromedp.ByQuery))
	p.follow(chromedp.Click("form[action='/me/telling/hooks'] button", chromedp.ByQuery))
	secret := p.text(".note.good .code")
	if !strings.HasPrefix(secret, "whsec_") {
		t.Fatalf("the page says %q", p.text("main"))
	}
	p.open("/me/telling")
	if got := p.text("main"); strings.Contains(got, secret) || !strings.Contains(got, "<b>SIEM</b>") {
		t.Errorf("afterwards the page says %q", got)
	}
	p.narrow("/me/telling")
	p.follow(chromedp.Click("form[action='/me/telling/hooks/drop'] button", chromedp.ByQuery))
	p.follow(chromedp.Click("form[action='/me/telling/stop'] button", chromedp.ByQuery))
	s, err = h.Notices.Of(t.Context(), who.ID)
	if err != nil || s.Mail.To != "" || len(s.Hooks) != 0 {
		t.Errorf("what is left: %+v, %v", s, err)
	}
}

// Who has found an access token reads, and makes no alert go elsewhere.
func TestATokenSendsNothingElsewhere(t *testing.T) {
	h := hubtest.Start(t, 20)
	b, who := newBrowser(h), h.Person(3, hub.Reader)
	b.signIn(who)
	for path, form := range map[string]url.Values{
		"/me/telling/mail":  {"address": {"x@y.example.jp"}, "nonce": {"x"}, "assertion": {"{}"}},
		"/me/telling/hooks": {"name": {"x"}, "url": {"https://y.example.jp/"}, "format": {"json"}, "nonce": {"x"}, "assertion": {"{}"}},
	} {
		if a := b.do(http.MethodPost, path, form); a.status != http.StatusUnauthorized {
			t.Errorf("%s by token: %d", path, a.status)
		}
	}
	s, err := h.Notices.Of(t.Context(), who.ID)
	if err != nil || s.Mail.To != "" || len(s.Hooks) != 0 {
		t.Errorf("settings %+v, %v", s, err)
	}
}
