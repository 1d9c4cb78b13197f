package webui_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"isac/hub"
	"isac/internal/hubtest"
)

// From report to alert, with every decision made in a browser and signed by a passkey.
func TestTheWholeWayInABrowser(t *testing.T) {
	h := hubtest.Start(t, 40)
	who := h.Person(0, hub.Reporter)
	var moderators []hubtest.Person
	for _, i := range h.Apart(0, 2) {
		moderators = append(moderators, h.Person(i, hub.Moderator))
	}
	_, _, err := h.Dial(0).Report(t.Context(), hubtest.Bundle(h.Members[0], "web", "1", "203.0.114.78"))
	if err != nil {
		t.Fatal(err)
	}
	h.Case(who, 1)
	reporter := newPage(t, h)
	reporter.authenticator()
	reporter.invited(h, who)
	reporter.open("/cases")
	reporter.follow(chromedp.Click("ul.plainlist a", chromedp.ByQuery))
	reporter.follow(chromedp.Click("section[aria-labelledby=stage-flash] form[data-passkey] button", chromedp.ByQuery))
	if got := reporter.text("main .meta"); !strings.Contains(got, "Flash: under review") {
		t.Fatalf("after consent: %q", got)
	}
	for i, m := range moderators {
		p := newPage(t, h)
		p.authenticator()
		p.invited(h, m)
		p.open("/reviews")
		p.follow(chromedp.Click("ul.plainlist a", chromedp.ByQuery))
		if text := p.text("main"); strings.Contains(text, h.Members[0].NameJA) || strings.Contains(text, h.Members[0].Municipality) {
			t.Fatal("the moderator reads who it is")
		}
		// the draft says little: without accepting that nothing is sent
		p.run(chromedp.Click("form[action$='/approve'] button", chromedp.ByQuery), chromedp.Click("input[name=thin]", chromedp.ByQuery))
		p.follow(chromedp.Click("form[action$='/approve'] button", chromedp.ByQuery))
		if got := p.text("main"); i == 0 && !strings.Contains(got, "you approved") {
			t.Fatalf("after approving: %q", got)
		}
	}
	reader := newPage(t, h)
	reader.authenticator()
	reader.invited(h, h.Person(5, hub.Reader))
	h.Poll("the alert on another member's page", func() bool {
		reader.open("/alerts")
		return strings.Contains(reader.text("main"), "Alert 1")
	})
	reader.follow(chromedp.Click("ul.plainlist a", chromedp.ByQuery))
	if text := reader.text("main"); !strings.Contains(text, "203[.]0[.]114[.]78") || strings.Contains(text, h.Members[0].NameJA) {
		t.Error("the page of the alert lacks the attacker's address, or has the victim's name")
	}
}
