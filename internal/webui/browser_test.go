package webui_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"

	"isac/hub"
	"isac/internal/hubtest"
	"isac/internal/webui"
)

// page is one tab of a real browser.
type page struct {
	t   *testing.T
	ctx context.Context
	at  string // address of the hub as this browser reaches it
}

// newPage opens a browser (see webui.Chrome).
func newPage(t *testing.T, h *hubtest.Hub) *page {
	t.Helper()
	ctx := webui.Chrome(t, 2*time.Minute)
	// a passkey's host can't be an address
	return &page{t, ctx, strings.Replace(h.BaseURL, "127.0.0.1", "localhost", 1)}
}

func (p *page) run(actions ...chromedp.Action) {
	p.t.Helper()
	err := chromedp.Run(p.ctx, actions...)
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *page) open(path string) {
	p.t.Helper()
	p.run(chromedp.Navigate(p.at + path))
}

// follow does what leads to another page, and waits for that page.
func (p *page) follow(actions ...chromedp.Action) {
	p.t.Helper()
	_, err := chromedp.RunResponse(p.ctx, actions...)
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *page) text(selector string) string {
	p.t.Helper()
	var text string
	p.run(chromedp.Text(selector, &text, chromedp.ByQuery))
	return text
}

// narrow holds that pages need no scrolling to the side on a phone, or at 400 % zoom.
func (p *page) narrow(paths ...string) {
	p.t.Helper()
	p.run(emulation.SetDeviceMetricsOverride(320, 800, 1, false)) // as a phone the browser would widen its own layout
	for _, path := range paths {
		p.open(path)
		var over float64
		p.run(chromedp.Evaluate(`document.scrollingElement.scrollWidth - innerWidth`, &over))
		if over > 0 {
			p.t.Errorf("%s is %v pixels wider than a phone", path, over)
		}
	}
	p.run(emulation.ClearDeviceMetricsOverride())
}

// authenticator gives the browser a device that makes passkeys and says yes.
func (p *page) authenticator() {
	p.t.Helper()
	p.run(webauthn.Enable(), chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := webauthn.AddVirtualAuthenticator(&webauthn.VirtualAuthenticatorOptions{
			Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
			HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
		}).Do(ctx)
		return err
	}))
}

// invited opens an invitation of a person and makes the passkey.
func (p *page) invited(h *hubtest.Hub, who hubtest.Person) {
	p.t.Helper()
	code, err := h.Roster.Invite(p.t.Context(), who.ID, h.Now())
	if err != nil {
		p.t.Fatal(err)
	}
	p.open("/invite/" + code)
	p.follow(chromedp.Click("form[data-passkey=create] button.main", chromedp.ByQuery))
}

func TestAPasskeyIsMadeAndUsed(t *testing.T) {
	h := hubtest.Start(t, 40)
	p := newPage(t, h)
	p.authenticator()
	who := h.Person(3, hub.Reader)
	p.invited(h, who)
	p.open("/me")
	if got := p.text("main"); !strings.Contains(got, who.ID) {
		t.Fatalf("after the invitation: %s", got)
	}
	known, _ := h.Roster.Person(who.ID)
	if len(known.Passkeys) != 1 || known.Passkeys[0].RP != "localhost" {
		t.Fatalf("the roster knows %d passkeys", len(known.Passkeys))
	}
	p.follow(chromedp.Submit("form[action='/signout'] button", chromedp.ByQuery))
	p.open("/signin?back=/sector")
	p.follow(chromedp.Click("form[data-passkey=sign] button", chromedp.ByQuery))
	if got := p.text("h1"); got != "The sector" {
		t.Errorf("after signing in the page is %q", got)
	}
}

// An open list of alerts tells of one that is released meanwhile.
func TestAnAlertArrivesLive(t *testing.T) {
	h := hubtest.Start(t, 40)
	p := newPage(t, h)
	p.authenticator()
	p.invited(h, h.Person(3, hub.Reader))
	p.open("/alerts")
	shown := func() bool {
		var hidden bool
		p.run(chromedp.Evaluate(`document.querySelector("[data-live]").hidden`, &hidden))
		return !hidden
	}
	if shown() {
		t.Fatal("something new is told before there is")
	}
	reporter := h.Person(0, hub.Reporter)
	var moderators []hubtest.Person
	for _, i := range h.Apart(0, 3) {
		moderators = append(moderators, h.Person(i, hub.Moderator))
	}
	_, _, err := h.Dial(0).Report(t.Context(), hubtest.Bundle(h.Members[0], "live", "1", "203.0.114.77"))
	if err != nil {
		t.Fatal(err)
	}
	view := h.Consent(reporter, h.Case(reporter, 1))
	h.Approve(reporter, view.Case, moderators...)
	h.Poll("the open page to tell of the alert", shown)
	p.follow(chromedp.Click("[data-live] a", chromedp.ByQuery))
	if got := p.text("main"); !strings.Contains(got, "Alert 1") {
		t.Errorf("the list shows %q", got)
	}
}
