package webui_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/go-chi/chi/v5"

	"isac/hub"
	"isac/hub/review"
	"isac/internal/hubtest"
	"isac/internal/natsbus"
	"isac/internal/store"
)

// Nothing can be posted from a foreign page, wherever it is posted to.
func TestNoForeignPagePostsAnywhere(t *testing.T) {
	h := hubtest.Start(t, 40)
	b := newBrowser(h)
	b.signIn(h.Person(-1, hub.Secretariat))
	all, ok := h.Handler().(chi.Routes)
	if !ok {
		t.Fatal("the hub's face isn't a router")
	}
	tried := 0
	err := chi.Walk(all, func(method, path string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		if method != http.MethodPost || strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/taxii2/") {
			return nil
		}
		tried++
		path = strings.NewReplacer("/*/", "/", "{", "", "}", "").Replace(path)
		for _, header := range [][2]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://attacker.example"}} {
			a := b.do(http.MethodPost, path, url.Values{"to": {"en"}}, func(r *http.Request) { r.Header.Set(header[0], header[1]) })
			if a.status != http.StatusForbidden || len(a.header.Values("Set-Cookie")) > 0 {
				t.Errorf("%s with %s %s: %d", path, header[0], header[1], a.status)
			}
		}
		return nil
	})
	if err != nil || tried < 20 {
		t.Errorf("%d addresses tried, %v", tried, err)
	}
}

// A case of another organisation and a review that somebody else was drawn for are not
// there, for reading and for deciding.
func TestNothingOfOthersIsThere(t *testing.T) {
	h := hubtest.Start(t, 40)
	reporter := h.Person(0, hub.Reporter)
	var moderators []hubtest.Person
	for _, i := range h.Apart(0, 3) {
		moderators = append(moderators, h.Person(i, hub.Moderator))
	}
	_, _, err := h.Dial(0).Report(t.Context(), hubtest.Bundle(h.Members[0], "others", "1", "203.0.114.81"))
	if err != nil {
		t.Fatal(err)
	}
	view := h.Consent(reporter, h.Case(reporter, 1))
	drawn := map[string]string{} // person id by review
	h.Poll("two to be drawn", func() bool {
		for _, m := range moderators {
			list, err := h.Desk.Reviews(m.Person)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range list {
				drawn[r.Review] = m.ID
			}
		}
		return len(drawn) >= 2
	})
	at := "/cases/" + view.Case
	strangers := []hubtest.Person{h.Person(1, hub.Reporter), h.Person(1, hub.Reader), h.Person(0, hub.Reader), h.Person(-1, hub.Secretariat), moderators[0]}
	for i, p := range strangers {
		b := newBrowser(h)
		b.signIn(p)
		for _, path := range []string{at, "/cases/00000000000000000000000000000000"} {
			if a := b.do(http.MethodGet, path, nil); a.status != http.StatusNotFound && a.status != http.StatusForbidden {
				t.Errorf("stranger %d reads %s: %d", i, path, a.status)
			}
		}
		for _, path := range []string{at + "/answers", at + "/flash/consent", at + "/flash/object", at + "/full/stand", at + "/flash/withdraw"} {
			if a := b.do(http.MethodPost, path, url.Values{"digest": {view.Stages[0].Digest.String()}, "assertion": {"{}"}}); a.status != http.StatusNotFound && a.status != http.StatusForbidden && a.status != http.StatusUnauthorized {
				t.Errorf("stranger %d posts to %s: %d", i, path, a.status)
			}
		}
		for id, whose := range drawn {
			if whose == p.ID {
				continue
			}
			for _, verb := range []string{"", "/decline", "/leave", "/return"} {
				method, form := http.MethodGet, url.Values(nil)
				if verb != "" {
					method, form = http.MethodPost, url.Values{"reason": {"conflict"}}
				}
				if a := b.do(method, "/reviews/"+id+verb, form); a.status != http.StatusNotFound && a.status != http.StatusForbidden {
					t.Errorf("stranger %d at a review of another%s: %d", i, verb, a.status)
				}
			}
		}
	}
	after, err := h.Desk.Case(t.Context(), reporter.Person, view.Case)
	if err != nil || after.Stages[0].State != string(review.Reviewing) {
		t.Errorf("afterwards the case is %s, %v", after.Stages[0].State, err)
	}
}

// After signing out the button that goes back shows nothing of what was there.
func TestBackAfterSigningOut(t *testing.T) {
	h := hubtest.Start(t, 40)
	p := newPage(t, h)
	p.authenticator()
	who := h.Person(3, hub.Reader)
	p.invited(h, who)
	p.open("/alerts")
	p.open("/me")
	p.follow(chromedp.Submit("form[action='/signout'] button", chromedp.ByQuery))
	for range 2 {
		p.follow(chromedp.NavigateBack())
		if got := p.text("main"); strings.Contains(got, who.ID) || p.text("h1") != "Sign in" {
			t.Errorf("going back shows %q", got)
		}
	}
}

// script stands in for whatever somebody could write into a field.
const script = `"'><img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`

// unhurt holds that nothing written into a field became part of the page.
func (p *page) unhurt(where string) {
	p.t.Helper()
	var title string
	var strange int
	p.run(chromedp.Title(&title), chromedp.Evaluate(`document.querySelectorAll("img[src=x], main script").length`, &strange))
	if title == "owned" || strange > 0 {
		p.t.Errorf("%s: a script in a field became part of the page", where)
	}
}

func TestScriptInEveryField(t *testing.T) {
	h := hubtest.Start(t, 40)
	who := h.Person(0, hub.Reporter)
	p := newPage(t, h)
	p.authenticator()
	p.invited(h, who)
	// whatever form a page has: the fields that are named, or all, hold the script when it is sent
	written := "`" + strings.ReplaceAll(script, "</script>", `<\/script>`) + "`"
	fill := func(form, only string) {
		var filled int
		p.run(chromedp.Evaluate(`(() => { let n = 0; for (const e of document.querySelectorAll("`+form+`")) for (const f of e.querySelectorAll("textarea, input[type=text], input[type=search], input[type=tel]")) {
			f.value = f.matches("`+only+`") ? `+written+` : ""; n += f.value ? 1 : 0; } return n; })()`, &filled))
		if filled == 0 {
			t.Errorf("%s has no field", form)
		}
	}
	p.open("/report")
	fill("form[data-keep]", "*")
	p.follow(chromedp.Click("form[data-keep] button.main", chromedp.ByQuery))
	p.unhurt("the report, with every field")
	fill("form[data-keep]", "#seen, #stopped, #entry, #contact, #note, #done")
	p.follow(chromedp.Click("form[data-keep] button.main", chromedp.ByQuery))
	p.unhurt("the report, sent")
	view := h.Case(who, 1)
	p.open("/cases/" + view.Case)
	p.unhurt("its case")
	p.open("/report")
	p.unhurt("the report as this browser kept it")
	p.open("/search")
	fill("main form", "*")
	p.follow(chromedp.Submit("main form input[type=search], main form textarea, main form input[type=text]", chromedp.ByQuery))
	p.unhurt("the search")
	p.open("/help")
	fill("main form", "*")
	p.follow(chromedp.Evaluate(`document.querySelector("main form").requestSubmit()`, nil))
	p.unhurt("the call for help")
	out, _ := officer(t, h)
	out.open("/office/people")
	out.run(chromedp.SendKeys("#q", script, chromedp.ByQuery))
	out.follow(chromedp.Submit("#q", chromedp.ByQuery))
	out.unhurt("the list of people")
}

// Consenting and approving by a double click is done once: one approval is one, however
// often it is given. Then the two who are needed approve at the same moment, and one
// alert goes out.
func TestDoubleClicksAndTwoAtOnce(t *testing.T) {
	h := hubtest.Start(t, 40)
	who := h.Person(0, hub.Reporter)
	var moderators []hubtest.Person
	for _, i := range h.Apart(0, 2) {
		moderators = append(moderators, h.Person(i, hub.Moderator))
	}
	_, _, err := h.Dial(0).Report(t.Context(), hubtest.Bundle(h.Members[0], "double", "1", "203.0.114.82"))
	if err != nil {
		t.Fatal(err)
	}
	view := h.Case(who, 1)
	state := func(stage int) string {
		c, err := h.Desk.Case(t.Context(), who.Person, view.Case)
		if err != nil {
			t.Fatal(err)
		}
		return c.Stages[stage].State
	}
	// how often something stands in the log of the case
	count := func(kind review.Kind) int {
		messages, err := h.Bus.Subject(t.Context(), natsbus.Cases, "case."+view.Case)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, m := range messages {
			var stored struct{ Events []review.Event }
			if err := json.Unmarshal(m.Data, &stored); err != nil {
				t.Fatal(err)
			}
			for _, e := range stored.Events {
				if e.Kind == kind {
					n++
				}
			}
		}
		return n
	}
	reporter := newPage(t, h)
	reporter.authenticator()
	reporter.invited(h, who)
	for i, stage := range []string{"flash", "full"} {
		reporter.open("/cases/" + view.Case)
		reporter.follow(chromedp.DoubleClick("section[aria-labelledby=stage-"+stage+"] form[data-passkey] button", chromedp.ByQuery))
		if got := state(i); got != string(review.Reviewing) {
			t.Fatalf("after consent by double click the %s is %s", stage, got)
		}
		if n := count(review.KindConsented); n != i+1 {
			t.Errorf("%d consents to %d drafts", n, i+1)
		}
	}
	var pages []*page
	for _, m := range moderators {
		p := newPage(t, h)
		p.authenticator()
		p.invited(h, m)
		pages = append(pages, p)
	}
	open := func(p *page, m hubtest.Person, stage hub.Stage) {
		var id string
		h.Poll("the review", func() bool {
			list, err := h.Desk.Reviews(m.Person)
			for _, r := range list {
				if r.Stage == stage && r.Yours == review.Open {
					id = r.Review
				}
			}
			return err == nil && id != ""
		})
		p.open("/reviews/" + id)
		p.run(chromedp.Evaluate(`for (const e of document.querySelectorAll("form[action$='/approve'] input[name=thin]")) e.checked = true`, nil))
	}
	approve := chromedp.DoubleClick("form[action$='/approve'] button", chromedp.ByQuery)
	open(pages[0], moderators[0], hub.Full)
	pages[0].follow(approve)
	if got := state(1); got != string(review.Reviewing) {
		t.Fatalf("after one approval by double click the full alert is %s", got)
	}
	if n := count(review.KindApproved); n != 1 {
		t.Errorf("one moderator's double click is %d approvals", n)
	}
	for i, p := range pages {
		open(p, moderators[i], hub.Flash)
	}
	var both sync.WaitGroup
	errs := make([]error, len(pages))
	for i, p := range pages {
		both.Go(func() { _, errs[i] = chromedp.RunResponse(p.ctx, approve) })
	}
	both.Wait()
	for i, err := range errs {
		if err != nil {
			t.Fatalf("moderator %d: %v", i, err)
		}
	}
	var rows []store.AlertRow
	h.Poll("the alert", func() bool {
		rows, err = h.Public.Alerts(t.Context(), store.AlertQuery{Limit: 10})
		return err == nil && len(rows) > 0
	})
	if len(rows) != 1 || rows[0].Number != 1 || rows[0].Stage != hub.Flash {
		t.Errorf("%d alerts are out", len(rows))
	}
	if n := count(review.KindApproved); n != 3 {
		t.Errorf("%d approvals of two moderators, who approved three times", n)
	}
}
