package webui_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"isac/hub"
	"isac/hub/vocab"
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
	bundle := hubtest.Bundle(h.Members[0], "web", "1", "203.0.114.78' OR file:name = 'relay-kit.exe")
	_, _, err := h.Dial(0).Report(t.Context(), bundle)
	if err != nil {
		t.Fatal(err)
	}
	h.Case(who, 1)
	reporter := newPage(t, h)
	reporter.authenticator()
	reporter.invited(h, who)
	reporter.open("/cases")
	reporter.follow(chromedp.Click("ul.plainlist a", chromedp.ByQuery))
	var at string
	reporter.run(chromedp.Evaluate("location.pathname", &at))
	reporter.narrow("/report", "/cases", at)
	reporter.open(at)
	reporter.follow(chromedp.Click("section[aria-labelledby=stage-flash] form[data-passkey] button", chromedp.ByQuery))
	if got := reporter.text("main .meta"); !strings.Contains(got, "Flash: under review") {
		t.Fatalf("after consent: %q", got)
	}
	var both []*page
	for i, m := range moderators {
		p := newPage(t, h)
		both = append(both, p)
		p.authenticator()
		p.invited(h, m)
		p.open("/reviews")
		p.follow(chromedp.Click("ul.plainlist a", chromedp.ByQuery))
		if text := p.text("main"); strings.Contains(text, h.Members[0].NameJA) || strings.Contains(text, h.Members[0].Municipality) {
			t.Fatal("the moderator reads who it is")
		}
		// the draft says little: without accepting that nothing is sent
		p.run(chromedp.Click("form[action$='/approve'] button", chromedp.ByQuery), chromedp.Click("input[name=thin]", chromedp.ByQuery))
		p.run(chromedp.Click("input[name=accept]", chromedp.ByQuery)) // signed with the draft
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
	reader.follow(chromedp.Click("main a[href^='/alerts/']", chromedp.ByQuery))
	if text := reader.text("main"); !strings.Contains(text, "relay-kit.exe") {
		t.Errorf("both moderators accepted a mark, and the alert is without: %q", text)
	}
	reader.open("/search")
	reader.run(chromedp.SendKeys("#q", "203[.]0[.]114[.]78", chromedp.ByQuery))
	reader.follow(chromedp.Submit("#q", chromedp.ByQuery))
	reader.run(chromedp.Evaluate("location.pathname", &at))
	if text := reader.text("main"); !strings.Contains(text, "203[.]0[.]114[.]78") || strings.Contains(at, "203") {
		t.Errorf("the search leads to %s: %q", at, text)
	}
	reader.narrow("/", "/alerts", at, "/sector", "/me", "/signin")
	reader.open("/search")
	reader.open(at)
	reader.follow(chromedp.Click("table button.link", chromedp.ByQuery))
	reader.run(chromedp.Evaluate("history.back()", nil))
	h.Poll("the result before it", func() bool {
		var back, text string
		reader.run(chromedp.Evaluate("location.pathname", &back), chromedp.Evaluate("document.body.innerText", &text))
		return back == at && strings.Contains(text, "203[.]0[.]114[.]78")
	})
	reader.open("/alerts")
	reader.follow(chromedp.Click("ul.plainlist a", chromedp.ByQuery))
	if text := reader.text("main"); !strings.Contains(text, "203[.]0[.]114[.]78") || strings.Contains(text, h.Members[0].NameJA) {
		t.Error("the page of the alert lacks the attacker's address, or has the victim's name")
	}
	const ticks = "input[name=done]"
	var ticked bool
	reader.run(chromedp.Evaluate("location.pathname", &at))
	reader.open(at) // with its script
	reader.run(chromedp.Click(ticks, chromedp.ByQuery))
	reader.open(at)
	if reader.run(chromedp.Evaluate(`document.querySelector("`+ticks+`").checked`, &ticked)); !ticked {
		t.Error("what was done isn't ticked any more after the page was opened again")
	}
	var lines int
	if reader.run(chromedp.Evaluate(`document.querySelectorAll("li:not(:has(input[name=done]))").length`, &lines)); lines < 3 {
		t.Error("what is no action can be ticked")
	}
	if text := reader.text("main"); strings.Contains(text, "Recall this alert") {
		t.Error("a reader is offered a recall")
	}
	for _, p := range both {
		p.open(at)
		p.run(chromedp.Evaluate(`document.querySelector("form[action$='/back/recall']").closest("details").open = true`, nil))
		p.follow(chromedp.Click("form[action$='/back/recall'] button", chromedp.ByQuery))
		if text := p.text("main"); !strings.Contains(text, "second person") {
			t.Fatalf("after signing for a recall: %q", text)
		}
	}
	h.Poll("the alert recalled", func() bool {
		reader.open(at)
		return !strings.Contains(reader.text("main"), "203[.]0[.]114[.]78")
	})
}

// A report that is filled in on the page is a case of its organisation, though all of
// its machine credentials are revoked; and an update continues it.
func TestAReportOnThePage(t *testing.T) {
	h := hubtest.Start(t, 40)
	who := h.Person(0, hub.Reporter)
	h.Credentials(0)
	if err := h.Roster.SetExploited(t.Context(), vocab.Exploited{Version: "1", CVEs: []string{"CVE-2020-1472"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Roster.Revoke(t.Context(), h.Members[0].ID, h.Now()); err != nil {
		t.Fatal(err)
	}
	p := newPage(t, h)
	p.authenticator()
	p.invited(h, who)
	p.open("/report")
	p.follow(chromedp.Click("form[data-keep] button.main", chromedp.ByQuery))
	if got := p.text("main"); !strings.Contains(got, "This is needed.") {
		t.Fatalf("an empty form: %q", got)
	}
	p.run(
		chromedp.SendKeys("#seen", "電子カルテのファイルが暗号化され、脅迫文が表示された。", chromedp.ByQuery),
		chromedp.SetValue("#route", "vpn-appliance", chromedp.ByQuery),
		chromedp.SendKeys("#cves", "CVE-2020-1472", chromedp.ByQuery),
		chromedp.SendKeys("#indicators", "203[.]0[.]114[.]79", chromedp.ByQuery),
	)
	p.follow(chromedp.Click("form[data-keep] button.main", chromedp.ByQuery))
	if got := p.text("h1"); got != "Received" {
		t.Fatalf("after sending: %q", p.text("main"))
	}
	first := h.Case(who, 1)
	p.open("/report")
	p.run(chromedp.SendKeys("#done", "ネットワークから切り離した。", chromedp.ByQuery))
	p.follow(chromedp.Click("form[data-keep] button.main", chromedp.ByQuery))
	h.Poll("the second version of the same case", func() bool {
		ids, err := h.Desk.Cases(t.Context(), who.Person)
		if err != nil || len(ids) != 1 {
			t.Fatalf("%d cases, %v", len(ids), err)
		}
		view, err := h.Desk.Case(t.Context(), who.Person, ids[0])
		return err == nil && view.Stages[0].Version > first.Stages[0].Version
	})
	if draft := string(first.Stages[0].Draft); !strings.Contains(draft, `"exploited":["CVE-2020-1472"]`) {
		t.Error("the draft doesn't know that the flaw is exploited")
	}
	p.open("/cases/" + first.Case)
	if got := p.text("main"); !strings.Contains(got, "CVE-2020-1472") || !strings.Contains(got, "203[.]0[.]114[.]79") {
		t.Errorf("the drafts lack what was filled in: %q", got)
	}
}
