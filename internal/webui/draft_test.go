package webui_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"isac/hub"
	"isac/internal/hubtest"
)

// A draft is there for those of the organisation who report, until it is sent.
func TestADraftIsTheOrganisations(t *testing.T) {
	h := hubtest.Start(t, 40)
	who, colleague, reader, other := h.Person(0, hub.Reporter), h.Person(0, hub.Reporter), h.Person(0, hub.Reader), h.Person(1, hub.Reporter)
	as := func(p hubtest.Person) *browser {
		b := newBrowser(h)
		b.signIn(p)
		return b
	}
	mine := as(who)
	form := url.Values{"seen": {"画面に planted-draft 脅迫文"}, "cves": {"none"}, "weakness": {"unpatched-device"}}
	a := mine.do(http.MethodPost, "/report/draft", form)
	at := a.header.Get("Location")
	if a.status != http.StatusSeeOther || !strings.HasPrefix(at, "/report?draft=") || strings.Contains(at, "planted") {
		t.Fatalf("saving: %d %s", a.status, at)
	}
	for name, b := range map[string]*browser{"she": mine, "a colleague": as(colleague)} {
		if a := b.do(http.MethodGet, "/report", nil); !strings.Contains(a.body, at) {
			t.Errorf("%s isn't offered the draft: %d", name, a.status)
		}
		if a := b.do(http.MethodGet, at, nil); !strings.Contains(a.body, "planted-draft 脅迫文</textarea>") || !strings.Contains(a.body, `value="unpatched-device" checked`) {
			t.Errorf("%s can't go on with the draft: %d", name, a.status)
		}
	}
	if a := as(reader).do(http.MethodGet, at, nil); a.status != http.StatusForbidden {
		t.Errorf("who doesn't report reads it: %d", a.status)
	}
	stranger := as(other)
	if a := stranger.do(http.MethodGet, at, nil); a.status != http.StatusNotFound {
		t.Errorf("another organisation reads it: %d", a.status)
	}
	id := strings.TrimPrefix(at, "/report?draft=")
	stranger.do(http.MethodPost, "/report/draft/drop", url.Values{"draft": {id}})
	if h.OnDisk("planted-draft") || strings.Contains(h.Log.String(), "planted-draft") {
		t.Error("the draft stands somewhere in the clear")
	}
	asks := func(r *http.Request) { r.Header.Set("Accept", "application/json") }
	form.Set("draft", id)
	if a := mine.do(http.MethodPost, "/report/draft", form, asks); a.status != http.StatusOK || !strings.Contains(a.body, `"draft":"`+id) || !strings.Contains(a.body, `"cves":`) || strings.Contains(a.body, "planted") {
		t.Errorf("the script is told %d %s", a.status, a.body)
	}
	form.Set("cves", "CVE-2018-13379")
	if a := mine.do(http.MethodPost, "/report", form); !strings.Contains(a.body, "Received") {
		t.Fatalf("sending: %d", a.status)
	}
	if a := mine.do(http.MethodGet, "/report", nil); strings.Contains(a.body, "?draft=") {
		t.Error("what was sent is still a draft")
	}
}

// While the hub can't be reached nothing that was written is lost, and it is saved when
// the hub answers again.
func TestAFormSurvivesALostConnection(t *testing.T) {
	h := hubtest.Start(t, 40)
	who := h.Person(0, hub.Reporter)
	p := newPage(t, h)
	p.authenticator()
	p.invited(h, who)
	state := func() string {
		var text string
		p.run(chromedp.Evaluate(`document.querySelector("[data-state]").hidden ? "" : document.querySelector("[data-state]").textContent`, &text))
		return text
	}
	cut := func(off bool) chromedp.Action {
		return chromedp.ActionFunc(func(ctx context.Context) error {
			// by its name: what the package calls instead isn't in every browser yet
			return cdp.Execute(ctx, "Network.emulateNetworkConditions", &offline{Offline: off, Download: -1, Upload: -1}, nil)
		})
	}
	p.open("/report")
	p.run(network.Enable(), chromedp.SendKeys("#seen", "電子カルテが開けない。", chromedp.ByQuery), chromedp.SendKeys("#cves", "none", chromedp.ByQuery))
	h.Poll("the draft to be saved", func() bool { return strings.Contains(state(), "Saved as a draft") })
	var said string
	p.run(chromedp.Text("#cves-help strong", &said, chromedp.ByQuery))
	if !strings.Contains(said, "CVE") {
		t.Errorf("beside the field stands %q", said)
	}
	p.run(chromedp.Evaluate(`document.querySelector("#cves").value = ""`, nil), cut(true), chromedp.SendKeys("#stopped", "外来", chromedp.ByQuery))
	h.Poll("the page to tell that nothing is saved", func() bool { return strings.Contains(state(), "can't be reached") })
	p.run(chromedp.Click("form[data-keep] button.main", chromedp.ByQuery))
	var written string
	p.run(chromedp.Evaluate(`document.querySelector("#stopped").value + localStorage.getItem("isac-report")`, &written))
	if strings.Count(written, "外来") != 2 {
		t.Errorf("what was written is gone: %q", written)
	}
	p.run(cut(false))
	h.Poll("the draft to be saved again", func() bool { return strings.Contains(state(), "Saved as a draft") })
	p.follow(chromedp.Click("form[data-keep] button.main", chromedp.ByQuery))
	if got := p.text("h1"); got != "Received" {
		t.Fatalf("after sending: %q", p.text("main"))
	}
	p.open("/report")
	var drafts int
	p.run(chromedp.Evaluate(`document.querySelectorAll("a[href*='draft=']").length`, &drafts))
	if drafts != 0 {
		t.Errorf("%d drafts are left of what was sent", drafts)
	}
}

// offline are the conditions of a connection, as the browser takes them.
type offline struct {
	Offline  bool    `json:"offline"`
	Latency  float64 `json:"latency"`
	Download float64 `json:"downloadThroughput"`
	Upload   float64 `json:"uploadThroughput"`
}
