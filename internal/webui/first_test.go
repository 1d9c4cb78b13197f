package webui_test

import (
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"isac/hub"
	"isac/hub/anonymize"
	"isac/internal/hubtest"
)

// callBack is a number that no list has, to be looked for everywhere.
const callBack = "070-5550-1742 内線31"

func six(code string, more ...string) url.Values {
	v := url.Values{
		"code": {code}, "stopped": {"電子カルテが止まった。"}, "since": {"今朝"}, "seen": {"ファイルが暗号化され、脅迫文が表示された。"},
		"entry": {"VPN 装置から侵入された疑いがある。"}, "contact": {callBack}, "help": {"no"},
	}
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return v
}

func card(t *testing.T, h *hubtest.Hub, i, n int) []string {
	t.Helper()
	codes, _, err := h.Roster.IssueCard(t.Context(), h.Members[i].ID, n, h.Now())
	if err != nil {
		t.Fatal(err)
	}
	return codes
}

var receiptNumber = regexp.MustCompile(`<dd class="code">([a-z2-7]{26})</dd>`)

func receiptOf(t *testing.T, a answer) string {
	t.Helper()
	found := receiptNumber.FindStringSubmatch(a.body)
	if a.status != http.StatusOK || found == nil {
		t.Fatalf("no receipt: %d %s", a.status, a.body)
	}
	return found[1]
}

// A member whose every credential is revoked and whose people are gone reports from
// any telephone; the next code continues the case; and the number to call back is the
// secretariat's alone.
func TestAFirstReportWhenEverythingIsDown(t *testing.T) {
	h := hubtest.Start(t, 40)
	who := h.Person(0, hub.Reporter)
	office := h.Person(-1, hub.Secretariat)
	h.Credentials(0)
	codes := card(t, h, 0, 4)
	if _, err := h.Roster.Revoke(t.Context(), h.Members[0].ID, h.Now()); err != nil {
		t.Fatal(err)
	}
	if err := h.Roster.RemovePerson(t.Context(), who.ID); err != nil {
		t.Fatal(err)
	}
	phone := newBrowser(h)
	first := receiptOf(t, phone.do(http.MethodPost, "/first", six(strings.ToLower(strings.ReplaceAll(codes[0], "-", " ")))))
	later := h.Person(0, hub.Reporter) // when they can sign in again
	view := h.Case(later, 1)
	if len(view.Prose) == 0 {
		t.Error("nothing was read from the first report")
	}
	receiptOf(t, phone.do(http.MethodPost, "/first", six(codes[1], "continues", strings.ToUpper(first), "seen", "CVE-2018-13379 が悪用された。")))
	h.Poll("the second version of the same case", func() bool {
		ids, err := h.Desk.Cases(t.Context(), later.Person)
		if err != nil || len(ids) != 1 {
			t.Fatalf("%d cases, %v", len(ids), err)
		}
		next, err := h.Desk.Case(t.Context(), later.Person, ids[0])
		return err == nil && slices.ContainsFunc(next.Prose, func(f anonymize.ProseFact) bool { return f.Key == "cve:CVE-2018-13379" })
	})
	desk := newBrowser(h)
	desk.signIn(office)
	if a := desk.do(http.MethodGet, "/desk", nil); strings.Count(a.body, callBack) != 2 || !strings.Contains(a.body, h.Members[0].NameJA) {
		t.Error("the secretariat doesn't read whom to call back")
	}
	view = h.Case(later, 1)
	for _, s := range view.Stages {
		if strings.Contains(string(s.Draft), callBack) || strings.Contains(string(s.Draft), "5550") {
			t.Error("the number stands in a draft")
		}
	}
	for _, plain := range []string{callBack, codes[0], strings.ReplaceAll(codes[0], "-", "")} {
		if h.OnDisk(plain) || strings.Contains(h.Log.String(), plain) {
			t.Errorf("%q stands on the disk or in the log", plain)
		}
	}
}

// Every code that isn't taken gets the same answer, and the report isn't lost by it.
func TestTheCodePageIsNoOracle(t *testing.T) {
	h := hubtest.Start(t, 40)
	mine, ended, left := card(t, h, 0, 3), card(t, h, 1, 1), card(t, h, 2, 1)
	b := newBrowser(h)
	receiptOf(t, b.do(http.MethodPost, "/first", six(mine[0])))
	if _, err := h.Roster.RevokeCards(t.Context(), h.Members[1].ID); err != nil {
		t.Fatal(err)
	}
	renewed := card(t, h, 2, 1)
	wrong := []string{"AAAA-BBBB-CCCC-DDDD", mine[0], ended[0], left[0], mine[1][:14] + "0000", "x", strings.Repeat("A", 5000)}
	want := ""
	for _, code := range wrong {
		a := b.do(http.MethodPost, "/first", six(code))
		got := strings.ReplaceAll(a.body, `value="`+code+`"`, "")
		if want == "" {
			want = got
		}
		if a.status != http.StatusOK || got != want || !strings.Contains(a.body, "isn&#39;t accepted") || !strings.Contains(a.body, "脅迫文が表示された") {
			t.Errorf("%.20q is answered in another way, or loses what was written: %d", code, a.status)
		}
	}
	if a := b.do(http.MethodPost, "/first", six(mine[1], "seen", "")); strings.Contains(a.body, "accepted") || !strings.Contains(a.body, "This is needed") {
		t.Error("what is missing is told after the code")
	}
	if a := b.do(http.MethodPost, "/first", six("AAAA-BBBB-CCCC-DDDD", "continues", strings.Repeat("a", 26))); strings.Contains(a.body, "no open report") {
		t.Error("a wrong code is told of a receipt")
	}
	if a := b.do(http.MethodPost, "/first", six(mine[1], "continues", strings.Repeat("a", 26))); !strings.Contains(a.body, "no open report") {
		t.Error("a receipt that nobody has is taken")
	}
	receiptOf(t, b.do(http.MethodPost, "/first", six(mine[1]))) // it wasn't spent by that
	receiptOf(t, b.do(http.MethodPost, "/first", six(renewed[0])))
}

// Somebody else's receipt is unknown.
func TestAFirstReportContinuesOwnCasesOnly(t *testing.T) {
	h := hubtest.Start(t, 40)
	one, two := card(t, h, 0, 1), card(t, h, 1, 1)
	b := newBrowser(h)
	receipt := receiptOf(t, b.do(http.MethodPost, "/first", six(one[0])))
	h.Case(h.Person(0, hub.Reporter), 1)
	if a := b.do(http.MethodPost, "/first", six(two[0], "continues", receipt)); !strings.Contains(a.body, "no open report") {
		t.Error("another member's receipt is known")
	}
}

// A code is good once, though two telephones send it at the same moment.
func TestACodeIsGoodOnce(t *testing.T) {
	h := hubtest.Start(t, 40)
	code := card(t, h, 0, 1)[0]
	const senders = 8
	took := make(chan bool, senders)
	for range senders {
		go func() {
			w, err := http.PostForm(h.BaseURL+"/first", six(code, "stopped", code))
			if err != nil {
				took <- false
				return
			}
			defer w.Body.Close()
			data, err := io.ReadAll(w.Body)
			took <- err == nil && receiptNumber.Match(data)
		}()
	}
	n := 0
	for range senders {
		if <-took {
			n++
		}
	}
	if n != 1 {
		t.Errorf("one code made %d reports", n)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	h.Open()
	if a := newBrowser(h).do(http.MethodPost, "/first", six(code)); receiptNumber.MatchString(a.body) {
		t.Error("after a restart the code is good again")
	}
}

// Who guesses at a card has ten tries an hour, and shuts out no other card.
func TestGuessing(t *testing.T) {
	h := hubtest.Start(t, 40)
	guessed, other := card(t, h, 0, 2), card(t, h, 1, 1)
	b := newBrowser(h)
	for range 10 {
		b.do(http.MethodPost, "/first", six(guessed[0][:15]+"ZZZZ"))
	}
	before := guessed[0]
	if a := b.do(http.MethodPost, "/first", six(before)); receiptNumber.MatchString(a.body) {
		t.Error("after ten wrong tries the right code is taken")
	}
	receiptOf(t, b.do(http.MethodPost, "/first", six(guessed[1])))
	receiptOf(t, b.do(http.MethodPost, "/first", six(other[0])))
	h.Advance(time.Hour)
	receiptOf(t, b.do(http.MethodPost, "/first", six(before)))
}

// What the secretariat writes on the telephone is taken after a call back alone, and
// is marked so for the member.
func TestADictatedReport(t *testing.T) {
	h := hubtest.Start(t, 40)
	office, reporter := h.Person(-1, hub.Secretariat), h.Person(0, hub.Reporter)
	b := newBrowser(h)
	b.signIn(reporter)
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		if a := b.do(method, "/dictate", six("", "member", h.Members[0].ID)); a.status != http.StatusForbidden {
			t.Errorf("a reporter's %s: %d", method, a.status)
		}
	}
	desk := newBrowser(h)
	desk.signIn(office)
	form := six("", "member", h.Members[0].ID, "step", "send")
	for _, incomplete := range [][2]string{{"", ""}, {"佐藤 次長", ""}, {"", "yes"}} {
		form.Set("with", incomplete[0])
		form.Set("called", incomplete[1])
		if a := desk.do(http.MethodPost, "/dictate", form); receiptNumber.MatchString(a.body) || !strings.Contains(a.body, h.Members[0].Phone) {
			t.Fatalf("without a call back (%q): %d", incomplete, a.status)
		}
	}
	form.Set("with", "佐藤 次長")
	form.Set("called", "yes")
	receiptOf(t, desk.do(http.MethodPost, "/dictate", form))
	view := h.Case(reporter, 1)
	if len(view.Dictated) != 1 || view.Dictated[0].With != "佐藤 次長" || view.Dictated[0].By != "" {
		t.Errorf("the case says %v of who wrote it", view.Dictated)
	}
	if a := b.do(http.MethodGet, "/cases/"+view.Case, nil); !strings.Contains(a.body, "佐藤 次長") {
		t.Error("the page of the case doesn't say that it was dictated")
	}
	for _, s := range view.Stages {
		if strings.Contains(string(s.Draft), "佐藤") {
			t.Error("who confirmed it stands in a draft")
		}
	}
	if log := h.Log.String(); !strings.Contains(log, "dictated report") || strings.Contains(log, "佐藤") || strings.Contains(log, h.Members[0].ID) {
		t.Error("the log doesn't tell that there was one, or tells whose")
	}
	gone := six("", "member", "nobody", "step", "send", "with", "x", "called", "yes")
	if a := desk.do(http.MethodPost, "/dictate", gone); receiptNumber.MatchString(a.body) {
		t.Error("a report for nobody")
	}
}

// The page is filled in on a telephone; what was written survives a lost connection,
// the code doesn't stay, and nothing stays once it has been sent.
func TestAFirstReportInABrowser(t *testing.T) {
	h := hubtest.Start(t, 40)
	code := card(t, h, 0, 1)[0]
	p := newPage(t, h)
	p.narrow("/first")
	p.open("/first")
	p.run(
		chromedp.SendKeys("#code", code, chromedp.ByQuery), chromedp.SendKeys("#stopped", "電子カルテ", chromedp.ByQuery),
		chromedp.SendKeys("#seen", "脅迫文が表示された。", chromedp.ByQuery), chromedp.SendKeys("#contact", callBack, chromedp.ByQuery),
	)
	p.open("/first")
	var kept []string
	p.run(chromedp.Evaluate(`["#code", "#seen", "#contact"].map((s) => document.querySelector(s).value)`, &kept))
	if kept[0] != "" || kept[1] != "脅迫文が表示された。" || kept[2] != callBack {
		t.Errorf("after loading the page again: %q", kept)
	}
	p.run(chromedp.SendKeys("#code", code, chromedp.ByQuery), chromedp.Click("input[name=help][value=yes]", chromedp.ByQuery))
	p.follow(chromedp.Click("form[data-keep] button.main", chromedp.ByQuery))
	if got := p.text("h1"); got != "Received" {
		t.Fatalf("after sending: %q", p.text("main"))
	}
	p.picture("first-receipt")
	var left string
	p.run(chromedp.Evaluate(`JSON.stringify(localStorage)`, &left))
	if strings.Contains(left, "脅迫文") || strings.Contains(left, "5550") {
		t.Errorf("the browser keeps %s", left)
	}
	p.open("/first")
	p.picture("first")
	h.Case(h.Person(0, hub.Reporter), 1)
}

// picture keeps a picture of the page where ISAC_PICTURES names a folder.
func (p *page) picture(name string) {
	p.t.Helper()
	folder := os.Getenv("ISAC_PICTURES")
	if folder == "" {
		return
	}
	var data []byte
	p.run(chromedp.EmulateViewport(1200, 1500), chromedp.CaptureScreenshot(&data), emulation.ClearDeviceMetricsOverride())
	err := os.WriteFile(folder+"/"+name+".png", data, 0o600)
	if err != nil {
		p.t.Fatal(err)
	}
}
