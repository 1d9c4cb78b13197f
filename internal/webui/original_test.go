package webui_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"isac/hub"
	"isac/internal/hubtest"
)

// A case officer opens an original by passkey, with a reason, once for each look; its
// reporter sees that, and nobody else comes as far.
func TestACaseOfficerOpensAnOriginal(t *testing.T) {
	h := hubtest.Start(t, 40)
	reporter, officer := h.Person(0, hub.Reporter), h.Person(-1, hub.CaseOfficer)
	receipt, _, err := h.Dial(0).Report(t.Context(), hubtest.Bundle(h.Members[0], "original", "1", "203.0.114.81"))
	if err != nil {
		t.Fatal(err)
	}
	h.Case(reporter, 1)
	other := newBrowser(h)
	other.signIn(h.Person(-1, hub.Secretariat))
	if a := other.do(http.MethodPost, "/original", url.Values{"number": {receipt.Number}, "reason": {"legal"}}); a.status != http.StatusForbidden {
		t.Errorf("the secretariat: %d", a.status)
	}
	other.signIn(officer)
	unsigned := url.Values{"number": {receipt.Number}, "reason": {"legal"}, "digest": {strings.Repeat("0", 64)}, "assertion": {"x"}}
	if a := other.do(http.MethodPost, "/original", unsigned); a.status == http.StatusOK || strings.Contains(a.body, h.Members[0].NameJA) {
		t.Errorf("without a signature: %d", a.status)
	}
	p := newPage(t, h)
	p.authenticator()
	p.invited(h, officer)
	p.open("/original")
	p.run(chromedp.SendKeys("#number", "nothing-of-the-kind", chromedp.ByQuery))
	p.follow(chromedp.Submit("#number", chromedp.ByQuery))
	p.run(chromedp.SetValue("#number", receipt.Number, chromedp.ByQuery), chromedp.SetValue("#reason", "legal", chromedp.ByQuery))
	p.follow(chromedp.Submit("#number", chromedp.ByQuery))
	if text := p.text("main"); strings.Contains(text, h.Members[0].NameJA) {
		t.Errorf("before the signature: %q", text)
	}
	p.picture("original-before")
	p.follow(chromedp.Click("form[data-passkey] button", chromedp.ByQuery))
	if text := p.text("main"); !strings.Contains(text, h.Members[0].NameJA) {
		t.Errorf("after the signature: %q", text)
	}
	p.picture("original")
	mine := newBrowser(h)
	mine.signIn(reporter)
	if a := mine.do(http.MethodGet, "/cases/"+h.Case(reporter, 1).Case, nil); !strings.Contains(a.body, "opened the original of your report") {
		t.Error("the reporter isn't told")
	}
}
