package webui_test

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"golang.org/x/net/html"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/hub/review"
	"isac/internal/conveyor"
	"isac/internal/hubtest"
	"isac/internal/locale"
)

// below collects the text of every element that is wanted, below a node.
func below(n *html.Node, wanted func(*html.Node) bool) []string {
	var out []string
	for x := range n.Descendants() {
		if x.Type != html.ElementNode || !wanted(x) {
			continue
		}
		var b strings.Builder
		for y := range x.Descendants() {
			if y.Type == html.TextNode {
				b.WriteString(y.Data)
			}
		}
		out = append(out, b.String())
	}
	return out
}

func labelledBy(id string) func(*html.Node) bool {
	return func(n *html.Node) bool {
		for _, a := range n.Attr {
			if a.Key == "aria-labelledby" && a.Val == id {
				return true
			}
		}
		return false
	}
}

// The reporter sees the own report, what stays inside struck, beside the alert, which
// has nothing of what is struck; nobody else sees it.
func TestTheReportBesideTheAlert(t *testing.T) {
	h := hubtest.Start(t, 40)
	who, stranger, moderator := h.Person(0, hub.Reporter), h.Person(1, hub.Reporter), h.Person(2, hub.Moderator)
	org := h.Members[0]
	b := newBrowser(h)
	b.signIn(who)
	own := "karte07." + org.Domain
	report := url.Values{
		"seen": {org.NameJA + "の電子カルテが暗号化され、脅迫文が表示された。"}, "entry": {"VPN 装置の CVE-2018-13379 が悪用された。"}, "contact": {callBack},
		"route": {"vpn-appliance"}, "confidence": {"likely"}, "indicators": {"203.0.114.95 " + own}, "done": {"外来を止めた。"},
	}
	if a := b.do(http.MethodPost, "/report", report); a.status != http.StatusOK {
		t.Fatalf("%d", a.status)
	}
	id := h.Case(who, 1).Case
	page := b.do(http.MethodGet, "/cases/"+id, nil)
	doc, err := html.Parse(strings.NewReader(page.body))
	if err != nil {
		t.Fatal(err)
	}
	struck := below(doc, func(n *html.Node) bool { return n.Data == "del" })
	left, right := strings.Join(below(doc, labelledBy("side-report")), ""), strings.Join(below(doc, labelledBy("side-alert")), "")
	if right == "" || !strings.Contains(right, "203[.]0[.]114[.]95") {
		t.Fatalf("the alert's side: %q", right)
	}
	for _, value := range []string{org.NameJA, callBack, own} {
		if !strings.Contains(strings.Join(struck, "\n"), value) {
			t.Errorf("%q isn't struck", value)
		}
	}
	for _, value := range struck {
		if len(value) >= 8 && strings.Contains(right, value) {
			t.Errorf("%q is struck, and stands in the alert", value)
		}
	}
	if strings.Contains(right, org.NameJA) || strings.Contains(right, org.Domain) || strings.Contains(strings.Join(struck, "\n"), "203.0.114.95") {
		t.Error("the victim is named on the right, or the attacker's address is struck on the left")
	}
	for _, reason := range []string{"only facts are read", "→", "(Flash)"} {
		if !strings.Contains(left, reason) {
			t.Errorf("the report's side lacks %q", reason)
		}
	}
	for name, p := range map[string]hubtest.Person{"another member": stranger, "a moderator": moderator, "the secretariat": h.Person(-1, hub.Secretariat)} {
		other := newBrowser(h)
		other.signIn(p)
		if a := other.do(http.MethodGet, "/cases/"+id, nil); a.status != http.StatusNotFound || strings.Contains(a.body, callBack) {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	if log := h.Log.String(); strings.Contains(log, callBack) || strings.Contains(log, org.Domain) {
		t.Error("the log has a value of the report")
	}
}

// Each rule of the policy has its reason in both languages.
func TestEveryRuleHasAReason(t *testing.T) {
	for _, rule := range []anonymize.Handling{
		anonymize.Keep, anonymize.Vocabulary, anonymize.Generate, anonymize.Coarsen, anonymize.Remap, anonymize.Regenerate, anonymize.Attacker, anonymize.Drop, "unknown",
	} {
		if !locale.Has("web.sides.why-" + string(rule)) {
			t.Errorf("no reason for %s", rule)
		}
	}
}

// A fact that is taken back leaves the right side.
func TestAFactThatIsWrongLeavesTheAlert(t *testing.T) {
	h := hubtest.Start(t, 40)
	who := h.Person(0, hub.Reporter)
	b := newBrowser(h)
	b.signIn(who)
	b.do(http.MethodPost, "/report", url.Values{"seen": {"脅迫文が表示された。"}, "cves": {"CVE-2018-13379"}, "indicators": {"203.0.114.96"}})
	id := h.Case(who, 1).Case
	right := func() string {
		doc, err := html.Parse(strings.NewReader(b.do(http.MethodGet, "/cases/"+id, nil).body))
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(below(doc, labelledBy("side-alert")), "")
	}
	if !strings.Contains(right(), "CVE-2018-13379") {
		t.Fatal("the flaw isn't told")
	}
	b.do(http.MethodPost, "/cases/"+id+"/answers", url.Values{"reject": {"cve:CVE-2018-13379"}})
	if strings.Contains(right(), "CVE-2018-13379") {
		t.Error("the flaw is told though it was taken back")
	}
}

// What a sentence may say besides is asked under it, unticked; ticked, it is a fact of
// the alert, and nobody but the reporter hears of it before.
func TestAHintIsTickedOrNothing(t *testing.T) {
	h := hubtest.Start(t, 40)
	who, moderator := h.Person(0, hub.Reporter), h.Person(2, hub.Moderator)
	b := newBrowser(h)
	b.signIn(who)
	b.do(http.MethodPost, "/report", url.Values{
		"seen": {"だれかが届いたメールを開いてから動きがおかしい。共有フォルダの文書は名前の後ろに見慣れない文字が付いていて中身が読めない。ログは一週間分しかなく、後は追えない。"}, "indicators": {"203.0.114.97"},
		"entry": {"退職した人のIDが残っていて、それで入られた。VPNの機器は業者が入れたきりで、だれも更新していなかったらしい。"},
	})
	c := h.Case(who, 1)
	if len(c.Hints) == 0 {
		t.Fatal("no hints")
	}
	key := c.Hints[0].Key
	facts := func(c conveyor.CaseView) bool {
		return slices.ContainsFunc(c.Stages, func(s review.ReporterStage) bool { return bytes.Contains(s.Draft, []byte(hintValue(key))) })
	}
	page := b.do(http.MethodGet, "/cases/"+c.Case, nil).body
	if !strings.Contains(page, `name="hint" value="`+key+`">`) || !strings.Contains(page, c.Hints[0].Sentence) {
		t.Error("the hint isn't asked, or is ticked already")
	}
	b.do(http.MethodPost, "/cases/"+c.Case+"/answers", url.Values{"rest": {"right"}})
	c, err := h.Desk.Case(t.Context(), who.Person, c.Case)
	if err != nil || facts(c) {
		t.Fatalf("nobody ticked it, and the draft tells it: %v", err)
	}
	for _, reviews := range []string{"/reviews", "/cases/" + c.Case} {
		other := newBrowser(h)
		other.signIn(moderator)
		if strings.Contains(other.do(http.MethodGet, reviews, nil).body, key) {
			t.Error("a moderator sees a hint")
		}
	}
	b.do(http.MethodPost, "/cases/"+c.Case+"/answers", url.Values{"hint": {key}})
	c, err = h.Desk.Case(t.Context(), who.Person, c.Case)
	if err != nil || !facts(c) {
		t.Errorf("ticked, and the draft doesn't tell it: %v", err)
	}
	if strings.Contains(b.do(http.MethodGet, "/cases/"+c.Case, nil).body, `name="hint" value="`+key+`"`) {
		t.Error("it is asked again")
	}
}

// hintValue is the value of a fact by its key.
func hintValue(key string) string {
	_, value, _ := strings.Cut(key, ":")
	return `"value":"` + value + `"`
}

// Cards, files, update, comparison, judgement and consent, all in a browser: from a
// telephone when everything is down to the signature at a new computer.
func TestFromTheTelephoneToConsentInABrowser(t *testing.T) {
	h := hubtest.Start(t, 40)
	code := card(t, h, 0, 1)[0]
	phone := newPage(t, h)
	phone.open("/first")
	phone.run(
		chromedp.SendKeys("#code", code, chromedp.ByQuery), chromedp.SendKeys("#stopped", "電子カルテと部門システム", chromedp.ByQuery),
		chromedp.SendKeys("#seen", h.Members[0].NameJA+"のサーバーに脅迫文が表示され、ファイルが暗号化された。", chromedp.ByQuery),
		chromedp.SendKeys("#contact", callBack, chromedp.ByQuery), chromedp.Click("input[name=help][value=no]", chromedp.ByQuery),
	)
	phone.follow(chromedp.Click("form[data-keep] button.main", chromedp.ByQuery))
	if got := phone.text("h1"); got != "Received" {
		t.Fatalf("after the first report: %q", phone.text("main"))
	}
	who := h.Person(0, hub.Reporter)
	first := h.Case(who, 1)
	p := newPage(t, h)
	p.authenticator()
	p.invited(h, who)
	p.open("/cases/" + first.Case)
	p.follow(chromedp.Click(`a[href="/report?case=`+first.Case+`"]`, chromedp.ByQuery))
	p.run(
		chromedp.SetValue("#route", "vpn-appliance", chromedp.ByQuery), chromedp.SendKeys("#cves", "CVE-2018-13379", chromedp.ByQuery),
		chromedp.SendKeys("#indicators", "203[.]0[.]114[.]97", chromedp.ByQuery),
	)
	p.follow(chromedp.Click("form[data-keep] button.main", chromedp.ByQuery))
	h.Poll("the next version", func() bool { return h.Case(who, 1).Stages[0].Version > first.Stages[0].Version })
	p.narrow("/cases/"+first.Case, "/help")
	p.open("/cases/" + first.Case + "#sides")
	p.picture("case")
	left, right := p.text("[aria-labelledby=side-report]"), p.text("[aria-labelledby=side-alert]")
	if !strings.Contains(left, callBack) || strings.Contains(right, h.Members[0].NameJA) || !strings.Contains(right, "203[.]0[.]114[.]97") {
		t.Fatalf("left %q\nright %q", left, right)
	}
	if strings.Contains(left, "not releasable") {
		t.Error("what is told as one of a list is shown as not releasable")
	}
	if strings.Contains(right, "through a VPN appliance (confirmed)") {
		t.Error("a way in of which nobody said how sure it is is told as confirmed")
	}
	var undecided int
	p.run(chromedp.Evaluate(`document.querySelectorAll("input[type=radio][value=open]:checked").length`, &undecided))
	if undecided == 0 {
		t.Fatal("no sentence waits to be judged")
	}
	p.follow(chromedp.Click("button[name=rest]", chromedp.ByQuery))
	p.follow(chromedp.Click("section[aria-labelledby=stage-full] form[data-passkey] button", chromedp.ByQuery))
	view, err := h.Desk.Case(t.Context(), who.Person, first.Case)
	if err != nil || view.Stages[1].Consent == "" {
		t.Errorf("after consenting: %v, %v", view.Stages[1].State, err)
	}
}
